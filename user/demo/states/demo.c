/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * states: running, ready, blocked, stopped; they sum to a life.
 */
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"
#include "user/demo/process-run/simulation.h"

static enum verdict is_busy(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *busy = process_named(lab, expectation->who);
	const struct process *root = root_of(lab);
	const struct totals *totals;

	if (say_missing(observed, busy, expectation->who))
		return false;
	totals = &busy->threads->totals;
	say(observed, _("running %.0f ms, ready %.0f ms"), ms_of(totals->running_ns), ms_of(totals->ready_ns));
	if (totals->running_ns > 200 * MS && totals->ready_ns > 100 * MS)
		return CONFIRMED;
	/* one may have been done before the program got a CPU to start the other */
	return was_starved(lab, root, busy->birth_ns, busy->end_ns, observed) ? INCONCLUSIVE : REFUTED;
}

static enum verdict is_asleep(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *sleeper = process_named(lab, expectation->who);

	if (say_missing(observed, sleeper, expectation->who))
		return false;
	say(observed, _("blocked on sleep for %.1f ms"), ms_of(blocked_for(sleeper, REASON_SLEEP)));
	/* the clock starts a little before the process has left the CPU, or long before if it is preempted there */
	if (blocked_for(sleeper, REASON_SLEEP) >= 350 * MS * (__u64)lab->settings->slow)
		return CONFIRMED;
	return was_starved(lab, sleeper, sleeper->birth_ns, sleeper->end_ns, observed) ? INCONCLUSIVE : REFUTED;
}

static enum verdict waits_for_data(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	const struct process *reader = process_named(lab, expectation->who);
	__u64 waited;

	if (say_missing(observed, reader, expectation->who))
		return false;
	waited = blocked_for(reader, REASON_PIPE_READ);
	say(observed, _("blocked on pipe-read for %.0f ms, running %.1f ms"), ms_of(waited),
	    ms_of(reader->threads->totals.running_ns));
	if (waited)
		return CONFIRMED;
	return had_no_chance(lab, reader, reader->birth_ns, reader->end_ns, observed) ? INCONCLUSIVE : REFUTED;
}

static enum verdict is_stopped(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *stopped = process_named(lab, expectation->who);

	if (say_missing(observed, stopped, expectation->who))
		return false;
	say(observed, _("stopped for %.0f ms"), ms_of(stopped->threads->totals.stopped_ns));
	return stopped->threads->totals.stopped_ns >= 150 * MS;
}

static const struct expectation expectations[] = {
	{N_("busy-1 runs, and is ready while the other runs"), is_busy, "busy-1", NULL, 0},
	{N_("busy-2 runs, and is ready while the other runs"), is_busy, "busy-2", NULL, 0},
	{N_("sleeper is blocked for the 400 ms it asked for (less the switch away)"), is_asleep, "sleeper", NULL, 0},
	{N_("reader is blocked on the empty pipe"), waits_for_data, "reader", NULL, 0},
	{N_("it is woken by who writes to the pipe"), holds_woken_by, "reader", "states", 0},
	{N_("stopped does nothing until SIGCONT"), is_stopped, "stopped", NULL, 0},
	{N_("each life is the sum of its states, to the nanosecond"), holds_sums, NULL, NULL, 0},
	{0}};

static const char *const names[] = {"busy-1", "busy-2", "sleeper", "reader", "stopped"};
#define NAMED 5

static bool who_was_blocked(const struct lab *lab, struct accepted *accepted)
{
	for (int i = 0; i < NAMED; i++) {
		const struct process *process = process_named(lab, names[i]);

		if (!process)
			return false;
		if (blocked_for(process, REASON_SLEEP) + blocked_for(process, REASON_PIPE_READ) > 50 * MS)
			accepted->choices |= 1u << i;
	}
	return true;
}

/* What busy-1 mostly was while busy-2 ran, in ps's letters: R for ready as for running. */
static bool letter_of_busy(const struct lab *lab, struct accepted *accepted)
{
	const struct process *one = process_named(lab, "busy-1"), *other = process_named(lab, "busy-2");

	if (!one || !other || !one->threads->totals.ready_ns)
		return false;
	accepted->choices = one->threads->totals.ready_ns > one->threads->totals.blocked_ns ? 1u << 0 : 1u << 1;
	return true;
}

/* Ends that lie close together may come in any order. */
static bool order_of_ends(const struct lab *lab, struct accepted *accepted)
{
	static const char *const enders[] = {"busy-1", "sleeper", "reader"};

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			const struct process *one = process_named(lab, enders[i]),
					     *other = process_named(lab, enders[j]);

			if (!one || !other || one->end == ENDED_NONE || other->end == ENDED_NONE)
				return false;
			if (one->end_ns + 20 * MS < other->end_ns)
				accepted->before[j] |= 1u << i;
		}
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Which of them are blocked for long?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"busy-1", "busy-2", "sleeper", "reader", "stopped"},
	 .answer = who_was_blocked,
	 .because = N_("Blocked is who waits for something else than a CPU, because of what it asked for itself. Who "
		       "merely has no CPU is ready; who was stopped is stopped, whatever it would do otherwise.")},
	{.ask = N_("busy-2 has the CPU. Which letter does ps show for busy-1 just then?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"R", "S", "D", "T"},
	 .answer = letter_of_busy,
	 .because = N_("R is running or ready: ps does not tell them apart. S is blocked; it does not mean waiting for "
		       "the CPU.")},
	{.ask = N_("In which order do these end?"),
	 .kind = QUESTION_ORDER,
	 .options = {"busy-1", "sleeper", "reader"},
	 .answer = order_of_ends,
	 .because = N_("Blocked ones wait for their time or their byte, however busy the CPU is. The busy ones need "
		       "300 ms of it each, and there are two of them.")},
	{0}};

#define NAME 9
#define FIGURE 10

/* Where each life went, in milliseconds. */
static void lives(const struct lab *lab, struct buffer *out)
{
	say_cell(out, -NAME, "%s", "ms");
	say_cell(out, FIGURE, "%s", _("RUNNING"));
	say_cell(out, FIGURE, "%s", _("READY"));
	say_cell(out, FIGURE, "%s", _("BLOCKED"));
	say_cell(out, FIGURE, "%s", _("STOPPED"));
	say_cell(out, FIGURE, "%s", _("= LIFE"));
	buffer_char(out, '\n');
	for (int i = 0; i < NAMED; i++) {
		const struct process *process = process_named(lab, names[i]);
		const struct totals *totals = process ? &process->threads->totals : NULL;

		if (!process || process->end == ENDED_NONE)
			continue;
		say_cell(out, -NAME, "%s", names[i]);
		say_cell(out, FIGURE, "%.1f", ms_of(totals->running_ns));
		say_cell(out, FIGURE, "%.1f", ms_of(totals->ready_ns));
		say_cell(out, FIGURE, "%.1f", ms_of(totals->blocked_ns));
		say_cell(out, FIGURE, "%.1f", ms_of(totals->stopped_ns));
		say_cell(out, FIGURE, "%.1f", ms_of(process->end_ns - process->birth_ns));
		buffer_char(out, '\n');
	}
}

/* All five in the textbook's layout, from when the first of them was born. */
static void tick_by_tick(const struct lab *lab, int width, struct buffer *out)
{
	const struct process *first = process_named(lab, "sleeper");
	__u64 tick_ns = 20 * MS * (__u64)lab->settings->slow;
	struct ticks ticks = {0};

	for (int i = 0; i < NAMED; i++) {
		const struct process *process = process_named(lab, names[i]);

		if (!process || !first)
			return;
		ticks_observe(&ticks, lab, process, first->birth_ns, tick_ns);
	}
	ticks_share_cpu(&ticks, tick_ns);
	say(out, _("As observed, in the layout of the textbook's process-run.py, %.0f ms a tick:\n\n"), ms_of(tick_ns));
	ticks_table(&ticks, names, width, out);
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	lives(lab, out);
	if (!table)
		return;
	buffer_char(out, '\n');
	tick_by_tick(lab, width, out);
}

const struct demo demo_states = {
	.name = "states",
	.chapter = N_("States"),
	.title = N_("Running, ready, blocked, stopped"),
	.idea = N_(
		"A process runs, or wants to and has to wait for a CPU (ready), or waits for something else (blocked)."),
	.happens = N_("busy-1 and busy-2 compute for 300 ms each, on the same CPU: they take turns.\n"
		      "sleeper sleeps for 400 ms; reader waits for a byte from a pipe.\n"
		      "stopped stops itself until the program continues it."),
	.broken = N_("the waiting: the reader asks again and again (O_NONBLOCK)"),
	.learned = N_(
		"Ready is the cost of sharing; blocked costs nothing. ps shows R for both running and ready, S and D "
		"for blocked, T for stopped."),
	.calls = "sched(7), pipe(7), nanosleep(2), signal(7)",
	.expectations = expectations,
	.questions = questions,
	.takes = TAKES_LIST,
	.understands = understands_process_list,
	.listed = &demo_process_run,
	.picture = picture,
};
