/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What theory expects of every policy: the textbook's order of turns and ends, and about its figures; see compare.h.
 */
#include "user/demo/sched/compare.h"

#define TURNS_SAID 24 /* beyond that "..." */

/* Two running for that long is a matter of clocks. */
#define BLINK_NS (MS / 5)

enum verdict holds_one_at_a_time(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct comparison all;
	__u64 overlap_ns;

	(void)expectation;
	compare(&all, lab);
	overlap_ns = all.turns.overlap_ns;
	if (!all.turns.count)
		say(observed, _("no job ever ran"));
	else if (overlap_ns > BLINK_NS)
		say(observed, _("two jobs ran at once for %.3f ms"), ms_of(overlap_ns));
	else
		say(observed, _("at no time were two jobs on CPUs"));
	comparison_free(&all);
	return all.jobs.count && overlap_ns <= BLINK_NS;
}

static void say_job(struct buffer *words, int nth, int job)
{
	if (nth == TURNS_SAID)
		say(words, " ...");
	if (nth >= TURNS_SAID)
		return;
	if (job == IDLE)
		say(words, "%s-", nth ? " " : "");
	else
		say(words, "%s%d", nth ? " " : "", job);
}

/* The nth turn in the textbook, or -2: there are no more. Moves *tick on to the next turn. */
static int next_in_textbook(const struct textbook *textbook, int *tick)
{
	int job;

	if (*tick >= textbook->count)
		return -2;
	for (job = textbook->ticks[*tick].job; *tick < textbook->count && textbook->ticks[*tick].job == job;)
		++*tick;
	return job;
}

/* Says both orders; are they the same? */
static bool same_turns(const struct comparison *all, struct buffer *seen, struct buffer *wanted)
{
	int tick = 0, job, nth;
	bool same = true;

	for (nth = 0; (job = next_in_textbook(&all->textbook, &tick)) != -2; nth++) {
		same &= nth < all->turns.count && all->turns.list[nth].job == job;
		say_job(wanted, nth, job);
	}
	for (int i = 0; i < all->turns.count; i++)
		say_job(seen, i, all->turns.list[i].job);
	return same && nth == all->turns.count;
}

static void say_orders(struct buffer *observed, bool same, struct buffer *seen, struct buffer *wanted)
{
	if (same)
		say(observed, _("jobs %s"), seen->data ? seen->data : "-");
	else
		say(observed, _("jobs %s; the textbook has %s"), seen->data ? seen->data : "-",
		    wanted->data ? wanted->data : "-");
	buffer_free(seen);
	buffer_free(wanted);
}

enum verdict holds_textbook_order(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct buffer seen = {0}, wanted = {0};
	struct comparison all;
	bool same;

	(void)expectation;
	compare(&all, lab);
	same = same_turns(&all, &seen, &wanted);
	say_orders(observed, same, &seen, &wanted);
	comparison_free(&all);
	return same;
}

/* The nth to end, by what each job's end is: -1 if there are not so many. */
static int nth_to_end(const double *ends, int count, int nth)
{
	for (int job = 0; job < count; job++) {
		int before = 0;

		for (int other = 0; other < count; other++)
			before += ends[other] < ends[job] || (other < job && ends[other] == ends[job]);
		if (before == nth)
			return job;
	}
	return -1;
}

enum verdict holds_textbook_ends(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct buffer seen = {0}, wanted = {0};
	double ends[JOBS_MOST], book[JOBS_MOST];
	struct comparison all;
	bool same = true;

	(void)expectation;
	compare(&all, lab);
	for (int job = 0; job < all.jobs.count; job++) {
		ends[job] = (double)all.turns.times[job].end_ns;
		book[job] = all.textbook.end[job];
	}
	for (int nth = 0; nth < all.jobs.count; nth++) {
		int really = nth_to_end(ends, all.jobs.count, nth), should = nth_to_end(book, all.jobs.count, nth);

		same &= really == should;
		say_job(&seen, nth, really);
		say_job(&wanted, nth, should);
	}
	say_orders(observed, same, &seen, &wanted);
	comparison_free(&all);
	return same;
}

enum verdict holds_bursts(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct comparison all;
	bool right = true;

	(void)expectation;
	compare(&all, lab);
	for (int job = 0; job < all.jobs.count; job++) {
		double ticks = (double)all.turns.times[job].cpu_ns / (double)all.turns.tick_ns;
		int burst = all.jobs.job[job].burst;

		if (all.turns.times[job].first_ns == UNKNOWN_NS)
			ticks = 0;
		right &= ticks > 0.75 * burst && ticks < 2 * burst + 1;
		say(observed, job ? _("; job %d %.1f") : _("ticks: job %d %.1f"), job, ticks);
	}
	comparison_free(&all);
	return right;
}

static bool is_about(double observed, double expected)
{
	double margin = 1 + expected / 2;

	return observed > expected - margin && observed < expected + margin;
}

enum verdict holds_averages(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct figures book, seen;
	struct comparison all;

	(void)expectation;
	compare(&all, lab);
	book = textbook_averages(&all.textbook, &all.jobs);
	seen = turns_averages(&all.turns);
	comparison_free(&all);
	say(observed, _("response %.2f (textbook %.2f), waiting %.2f (%.2f), turnaround %.2f (%.2f) ticks"),
	    seen.response, book.response, seen.waiting, book.waiting, seen.turnaround, book.turnaround);
	return is_about(seen.response, book.response) && is_about(seen.waiting, book.waiting) &&
	       is_about(seen.turnaround, book.turnaround);
}
