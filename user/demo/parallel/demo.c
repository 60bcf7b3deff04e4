/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * parallel: two at once, by taking turns (concurrent) or at the same instant (parallel).
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>

#include "user/base/duration.h"
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

struct pair { /* of workers that began together, and what they shared */
	const struct process *one, *other;
	__u64 from_ns, to_ns; /* from when they were let go to when both had ended */
	__u64 running_ns, at_once_ns;
	int turns; /* how often one went on where the other had left off */
};

static const char *const shared[] = {"shared-1", "shared-2"}, *const apart[] = {"apart-1", "apart-2"};

/* How often the CPU went from one of them to the other. */
static int turns_of(const struct lab *lab, const struct process *one, const struct process *other)
{
	const struct change *last = NULL;
	int turns = 0;

	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;

		if (change->kind != CHANGE_STATE || change->state.state != STATE_RUNNING ||
		    (change->process != one && change->process != other))
			continue;
		turns += last && last->process != change->process && last->state.to_ns <= change->state.from_ns;
		last = change;
	}
	return turns;
}

/* When it went through the gate, where it may have been blocked. */
static __u64 start_of(const struct lab *lab, const struct process *worker)
{
	const struct moment *gate = next_spell(lab, NULL, worker, STATE_BLOCKED, REASON_PIPE_READ);

	return gate ? gate->change.state.to_ns : worker->birth_ns;
}

static bool pair_of(struct pair *pair, const struct lab *lab, const char *const *names, struct buffer *observed)
{
	__u64 one_from, other_from;

	pair->one = process_named(lab, names[0]);
	pair->other = process_named(lab, names[1]);
	if (say_missing(observed, pair->one, names[0]) || say_missing(observed, pair->other, names[1]))
		return false;
	one_from = start_of(lab, pair->one);
	other_from = start_of(lab, pair->other);
	pair->from_ns = one_from < other_from ? one_from : other_from;
	pair->to_ns = pair->one->end_ns > pair->other->end_ns ? pair->one->end_ns : pair->other->end_ns;
	pair->running_ns = pair->one->threads->totals.running_ns + pair->other->threads->totals.running_ns;
	pair->at_once_ns = overlap_ns(lab, pair->one, pair->other, STATE_RUNNING, REASON_NONE);
	pair->turns = turns_of(lab, pair->one, pair->other);
	return true;
}

/* If it does not hold: had other programs the CPUs that the pair waited for? */
static enum verdict confirmed_or_busy(const struct lab *lab, const struct pair *pair, bool holds,
				      struct buffer *observed)
{
	if (holds)
		return CONFIRMED;
	return was_starved(lab, pair->one, pair->from_ns, pair->to_ns, observed) ||
			       was_starved(lab, pair->other, pair->from_ns, pair->to_ns, observed)
		       ? INCONCLUSIVE
		       : REFUTED;
}

static enum verdict alternate(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct pair pair;

	if (!pair_of(&pair, lab, shared, observed))
		return false;
	say(observed, _("the CPU went from one to the other %d times"), pair.turns);
	return confirmed_or_busy(lab, &pair, pair.turns >= expectation->number, observed);
}

static enum verdict one_waits(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct pair pair;
	__u64 ready;

	(void)expectation;
	if (!pair_of(&pair, lab, shared, observed))
		return false;
	ready = pair.one->threads->totals.ready_ns + pair.other->threads->totals.ready_ns;
	say(observed, _("running %.0f ms, ready %.0f ms, both together"), ms_of(pair.running_ns), ms_of(ready));
	return confirmed_or_busy(lab, &pair, 2 * ready > pair.running_ns, observed);
}

/* Time on one CPU is the sum of what was done in it. */
static enum verdict take_the_sum(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct pair pair;

	(void)expectation;
	if (!pair_of(&pair, lab, shared, observed))
		return false;
	say(observed, _("%.0f ms of CPU time took %.0f ms"), ms_of(pair.running_ns), ms_of(pair.to_ns - pair.from_ns));
	return 100 * (pair.to_ns - pair.from_ns) >= 85 * pair.running_ns;
}

/* The CPUs on which it ran, a bit each. */
static __u64 cpus_of(const struct lab *lab, const struct process *worker)
{
	const struct moment *spell = NULL;
	__u64 cpus = 0;

	while ((spell = next_spell(lab, spell, worker, STATE_RUNNING, REASON_NONE)))
		if (spell->change.state.cpu >= 0)
			cpus |= 1ull << spell->change.state.cpu % 64;
	return cpus;
}

/* The program inherits the CPUs that proclife itself may use. */
static bool has_two_cpus(void)
{
	cpu_set_t mine;

	return !sched_getaffinity(0, sizeof(mine), &mine) && CPU_COUNT(&mine) > 1;
}

static enum verdict overlap(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool share_a_cpu;
	struct pair pair;

	(void)expectation;
	if (!pair_of(&pair, lab, apart, observed))
		return false;
	share_a_cpu = cpus_of(lab, pair.one) & cpus_of(lab, pair.other);
	if (share_a_cpu ? ran_at_once(lab, "apart-*") : 50 * pair.at_once_ns > pair.running_ns) {
		say(observed, _("both were on CPUs at once for %.0f ms"), ms_of(pair.at_once_ns));
		return CONFIRMED;
	}
	say(observed, _("never at once: they took turns, %d times"), pair.turns);
	if (!has_two_cpus()) {
		say(observed, _("; this run cannot decide: this machine has one CPU for them"));
		return INCONCLUSIVE;
	}
	return share_a_cpu ? REFUTED : confirmed_or_busy(lab, &pair, false, observed);
}

static enum verdict same_work(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct pair first, second;

	(void)expectation;
	if (!pair_of(&first, lab, shared, observed) || !pair_of(&second, lab, apart, observed))
		return false;
	say(observed, _("%.0f ms of CPU time, and %.0f ms"), ms_of(first.running_ns), ms_of(second.running_ns));
	return first.running_ns < 2 * second.running_ns && second.running_ns < 2 * first.running_ns;
}

static const struct expectation expectations[] = {
	{N_("on one CPU two take turns: it goes from one to the other at least 3 times"), alternate, NULL, NULL, 3},
	{N_("they never run at the same instant"), holds_never_run_at_once, "shared-*", NULL, 0},
	{N_("while one runs, the other is ready"), one_waits, NULL, NULL, 0},
	{N_("so the work of two takes as long as that of one and of the other"), take_the_sum, NULL, NULL, 0},
	{N_("on two CPUs they do run at the same instant (where there are two)"), overlap, NULL, NULL, 0},
	{N_("which takes as much CPU time: two CPUs do not save work"), same_work, NULL, NULL, 0},
	{N_("each life is the sum of its states, to the nanosecond"), holds_sums, NULL, NULL, 0},
	{0}};

static bool which_ran_at_once(const struct lab *lab, struct accepted *accepted)
{
	if (!process_named(lab, shared[0]) || !process_named(lab, apart[0]))
		return false;
	if (ran_at_once(lab, "shared-*"))
		accepted->choices |= 1u << 0;
	if (ran_at_once(lab, "apart-*"))
		accepted->choices |= 1u << 1;
	return true;
}

/* What shared-1 mostly is when it does not run, though nothing keeps it from computing. */
static bool what_it_was(const struct lab *lab, struct accepted *accepted)
{
	const struct process *worker = process_named(lab, shared[0]);
	const struct totals *totals = worker ? &worker->threads->totals : NULL;

	if (!totals || totals->ready_ns == totals->blocked_ns)
		return false;
	accepted->choices = totals->ready_ns > totals->blocked_ns ? 1u << 0 : 1u << 1;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Which two are ever on CPUs at the same instant?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"shared-1, shared-2", "apart-1, apart-2"},
	 .answer = which_ran_at_once,
	 .because = N_("A CPU runs one process at a time. Two on one CPU make progress together only because it goes "
		       "from one to the other every few milliseconds: concurrent, not parallel.")},
	{.ask = N_("While shared-2 has the CPU, what is shared-1?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("ready"), N_("blocked"), N_("stopped")},
	 .answer = what_it_was,
	 .because = N_("It could go on at once, if only it had a CPU: that is ready. Blocked would be waiting for "
		       "something else than a CPU.")},
	{0}};

#define LABEL 22
#define FIGURE 16

static void figure(struct buffer *out, const char *label, const char *first, const char *second)
{
	say_cell(out, -LABEL, "%s", label);
	say_cell(out, FIGURE, "%s", first);
	say_cell(out, FIGURE, "%s", second);
	buffer_char(out, '\n');
}

static void figure_ns(struct buffer *out, const char *label, __u64 first, __u64 second)
{
	figure(out, label, duration(first).text, duration(second).text);
}

static double cpus_used(const struct pair *pair)
{
	return pair->to_ns > pair->from_ns ? (double)pair->running_ns / (double)(pair->to_ns - pair->from_ns) : 0;
}

static void figures(const struct pair *first, const struct pair *second, struct buffer *out)
{
	char one[24], other[24];

	figure(out, "", _("SHARED"), _("APART"));
	figure_ns(out, _("CPU time of both"), first->running_ns, second->running_ns);
	figure_ns(out, _("took"), first->to_ns - first->from_ns, second->to_ns - second->from_ns);
	figure_ns(out, _("both running at once"), first->at_once_ns, second->at_once_ns);
	snprintf(one, sizeof(one), "%d", first->turns);
	snprintf(other, sizeof(other), "%d", second->turns);
	figure(out, _("taking turns"), one, other);
	snprintf(one, sizeof(one), "%.2f", cpus_used(first));
	snprintf(other, sizeof(other), "%.2f", cpus_used(second));
	figure(out, _("CPUs used"), one, other);
}

#define CLOSER_NS (300 * 1000ull) /* a column of the closer look */

/* The middle of their lives in slices so fine that their turns can be seen. */
static void closer_look(const struct lab *lab, const struct pair *pair, int columns, struct buffer *out)
{
	static const char *const glyphs[STATE_COUNT] = {
		[STATE_RUNNING] = "█", [STATE_READY] = "▒", [STATE_BLOCKED] = "─", [STATE_STOPPED] = "T"};
	__u64 middle = pair->from_ns + (pair->to_ns - pair->from_ns) / 3;

	for (int lane = 0; lane < 2; lane++) {
		const struct process *worker = lane ? pair->other : pair->one;

		say_cell(out, -10, "%s", worker->comm);
		for (int column = 0; column < columns; column++) {
			__u64 from = middle + (__u64)column * CLOSER_NS;
			struct doing doing = doing_within(lab, worker, from, from + CLOSER_NS);

			buffer_text(out, doing.ended ? " " : glyphs[mostly(&doing)]);
		}
		buffer_char(out, '\n');
	}
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct pair first, second;
	struct buffer complaint = {0};
	int columns = (width < 110 ? width : 110) - 10;

	(void)table;
	if (pair_of(&first, lab, shared, &complaint) && pair_of(&second, lab, apart, &complaint)) {
		figures(&first, &second, out);
		say(out, _("\nA closer look at %s of each:\n"), duration((__u64)columns * CLOSER_NS).text);
		closer_look(lab, &first, columns, out);
		closer_look(lab, &second, columns, out);
	}
	buffer_free(&complaint);
}

const struct demo demo_parallel = {
	.name = "parallel",
	.chapter = N_("States"),
	.title = N_("Concurrent is not parallel"),
	.idea = N_("Concurrent: both are under way. Parallel: both run at the same instant, which takes two CPUs."),
	.happens = N_("shared-1 and shared-2 compute for 200 ms each, on the same CPU.\n"
		      "Then apart-1 and apart-2 do the same, on two CPUs (if there are two)."),
	.broken = N_("the second CPU: apart-2 is sent to the first as well"),
	.learned = N_("On one CPU concurrent processes share the time; on several they also run in parallel, and what "
		      "they do overlaps for real. Programs must be right in either case."),
	.calls = "sched(7), sched_setaffinity(2), fork(2)",
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
