/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * process-run: what `states` is when it is given a list in the textbook's notation.
 */
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/evidence.h"
#include "user/demo/process-run/picture.h"

static void list_of(const struct lab *lab, struct process_list *list)
{
	struct buffer complaint = {0};

	process_list_of(lab->settings->list, list, &complaint);
	buffer_free(&complaint);
}

/* R for running and B for asleep in an IO, once for each spell, whoever was given the CPU in between. */
static void expected_path(const struct instructions *instructions, struct buffer *path)
{
	buffer_char(path, 'R');
	for (int i = 0; i < instructions->count; i++)
		if (!instructions->cpu[i])
			buffer_text(path, "BR");
}

static void observed_path(const struct lab *lab, const struct process *process, struct buffer *path)
{
	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;
		bool runs = change->state.state == STATE_RUNNING;

		if (change->kind != CHANGE_STATE || change->thread != process->threads)
			continue;
		if (!runs && change->state.reason != REASON_SLEEP)
			continue;
		if (!path->size || path->data[path->size - 1] != (runs ? 'R' : 'B'))
			buffer_char(path, runs ? 'R' : 'B');
	}
}

static bool same_path(const struct lab *lab, const struct process *process, const struct instructions *instructions)
{
	struct buffer expected = {0}, observed = {0};
	bool same;

	expected_path(instructions, &expected);
	observed_path(lab, process, &observed);
	same = expected.data && observed.data && !strcmp(expected.data, observed.data);
	buffer_free(&expected);
	buffer_free(&observed);
	return same;
}

static enum verdict take_their_path(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	struct process_list list;
	bool right = true;

	(void)expectation;
	list_of(lab, &list);
	for (int i = 0; i < list.count; i++) {
		const struct process *process = numbered(lab, i);

		if (say_missing(observed, process, "pid-*"))
			return false;
		say(observed, _("%s%s: running, then blocked and running again, %llu times"), i ? "; " : "",
		    process->comm, times_blocked(process, REASON_SLEEP));
		right &= same_path(lab, process, &list.list[i]);
	}
	return right;
}

/* The shortest sleep of all, in ns; UNKNOWN_NS: there was none. */
static __u64 shortest_io(const struct lab *lab)
{
	const struct process *process;
	__u64 shortest = UNKNOWN_NS;

	for (int i = 0; (process = numbered(lab, i)); i++)
		for (const struct moment *io = NULL;
		     (io = next_spell(lab, io, process, STATE_BLOCKED, REASON_SLEEP));) {
			__u64 ns = io->change.state.to_ns - io->change.state.from_ns;

			shortest = ns < shortest ? ns : shortest;
		}
	return shortest;
}

static int ios_of_list(const struct process_list *list)
{
	int ios = 0;

	for (int i = 0; i < list->count; i++)
		ios += count_ios(&list->list[i]);
	return ios;
}

static enum verdict io_takes_its_ticks(const struct lab *lab, const struct expectation *expectation,
				       struct buffer *observed)
{
	struct process_list list;
	__u64 shortest = shortest_io(lab);

	list_of(lab, &list);
	if (shortest == UNKNOWN_NS) {
		say(observed, _("nobody was blocked, in %d IOs"), ios_of_list(&list));
		return !ios_of_list(&list);
	}
	say(observed, _("blocked for %.1f ms at least: %.2f ticks"), ms_of(shortest),
	    (double)shortest / (double)tick_ns(lab));
	/* the clock starts a little before the process has left the CPU */
	return unless_starved(lab, 10 * shortest >= 9 * (__u64)expectation->number * tick_ns(lab), "pid-*", observed);
}

/* A woken process is ready first, be it for microseconds: nobody goes from blocked to running. */
static enum verdict ready_between(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process;
	int wakes = 0, ready = 0;

	(void)expectation;
	for (int i = 0; (process = numbered(lab, i)); i++)
		for (const struct moment *io = NULL, *next;
		     (io = next_spell(lab, io, process, STATE_BLOCKED, REASON_SLEEP));) {
			wakes++;
			next = next_spell(lab, io, process, STATE_READY, REASON_NONE);
			ready += next && next->change.state.from_ns == io->change.state.to_ns;
		}
	say(observed, _("%d of %d times"), ready, wakes);
	return 2 * ready >= wakes; /* one switch or another may have gone untold */
}

static enum verdict one_at_a_time(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	if (count_named(lab, "pid-*") != 1)
		return holds_never_run_at_once(lab, expectation, observed);
	say(observed, _("there is but one process"));
	return true;
}

static enum verdict computes_its_ticks(const struct lab *lab, const struct expectation *expectation,
				       struct buffer *observed)
{
	unsigned char running[2 * INSTRUCTIONS_MOST];
	struct process_list list;
	bool right = true;

	(void)expectation;
	list_of(lab, &list);
	for (int i = 0; i < list.count; i++) {
		const struct process *process = numbered(lab, i);
		int ticks = running_ticks(&list.list[i], running, 2 * INSTRUCTIONS_MOST);

		if (say_missing(observed, process, "pid-*"))
			return false;
		say(observed, _("%s%s: %d instructions, %.1f ms on the CPU"), i ? "; " : "", process->comm, ticks,
		    ms_of(process->threads->totals.running_ns));
		right &= 10 * process->threads->totals.running_ns >= 9 * (__u64)ticks * tick_ns(lab);
	}
	return right;
}

static const struct expectation expectations[] = {
	{N_("each goes through the states that its instructions ask for, in that order"), take_their_path, NULL, NULL,
	 0},
	{N_("an IO blocks who asked for it, for its 5 ticks (less the switch away)"), io_takes_its_ticks, NULL, NULL,
	 IO_TICKS},
	{N_("who wakes is ready first, and runs when it gets the CPU"), ready_between, NULL, NULL, 0},
	{N_("there is one CPU: no two run at once"), one_at_a_time, "pid-*", NULL, 0},
	{N_("each instruction takes its tick of 10 ms on the CPU (an IO two, and its wait)"), computes_its_ticks, NULL,
	 NULL, 0},
	{N_("each life is the sum of its states, to the nanosecond"), holds_sums, NULL, NULL, 0},
	{0}};

static bool io_count(const struct lab *lab, struct accepted *accepted)
{
	const struct process *process;

	for (int i = 0; (process = numbered(lab, i)); i++)
		accepted->low += (long long)times_blocked(process, REASON_SLEEP);
	accepted->high = accepted->low;
	return count_named(lab, "pid-*");
}

static bool who_ends_first(const struct lab *lab, struct accepted *accepted)
{
	const struct process *process;
	__u64 first = UNKNOWN_NS;

	for (int i = 0; i < COLUMNS_MOST && (process = numbered(lab, i)); i++)
		if (process->end_ns < first) {
			first = process->end_ns;
			accepted->choices = 1u << i;
		}
	return first != UNKNOWN_NS;
}

static const struct question questions[] = {
	{.ask = N_("Which of the processes is DONE first?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"pid-0", "pid-1", "pid-2", "pid-3", "pid-4", "pid-5"},
	 .answer = who_ends_first,
	 .because = N_("The CPU is free for the others while one is blocked: an IO costs the one that asked for it, "
		       "not all.")},
	{.ask = N_("How often, in all, is one of them BLOCKED?"),
	 .kind = QUESTION_NUMBER,
	 .answer = io_count,
	 .because = N_("A process is blocked only because of what it did itself: each IO once. Who merely waits for "
		       "the CPU is READY.")},
	{0}};

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct process_list list;

	list_of(lab, &list);
	draw_run(lab, &list, table, width, out);
}

const struct demo demo_process_run = {
	.name = "states",
	.chapter = N_("States"),
	.title = N_("The textbook's processes, simulated and real"),
	.idea = N_("A process runs until its time is up or it asks for something that takes time; then it is ready or "
		   "blocked."),
	.happens = N_("Real processes pid-0, pid-1, ... do the instructions of the list on one CPU, 10 ms a tick.\n"
		      "An IO is one tick on the CPU, 5 of sleep, and one more on the CPU when it is over.\n"
		      "First come, first served: who has the CPU keeps it until it blocks or ends."),
	.broken = N_("the waiting: who does an IO asks again and again whether it is over"),
	.learned = N_("Blocked is entered by the process itself, by what it asks for; ready and running are the "
		      "scheduler's choice. Between waking and running there is always ready."),
	.calls = "sched(7), sched_setscheduler(2), nanosleep(2)",
	.program = "process-run",
	.takes = TAKES_LIST,
	.understands = understands_process_list,
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
