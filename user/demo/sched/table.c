/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The same once more in the layout in which the textbook's scheduler.py and mlfq.py print, so that what a student has
 * from them can be laid beside it; see compare.h. Their "secs" are our ticks. No words of the layout are translated.
 */
#include "user/demo/cells.h"
#include "user/demo/sched/compare.h"

#define WIDE 78 /* columns that mlfq.py takes for all of a tick */

/* A turn, as scheduler.py has it; times in ticks. */
static void add_run(struct buffer *out, int job, double from, double to, bool done)
{
	buffer_printf(out, "  [ time %3.0f ] Run job %3d for %.2f secs", from, job, to - from);
	if (done)
		buffer_printf(out, " ( DONE at %.2f )", to);
	buffer_text(out, "\n");
}

static void trace_textbook(struct buffer *out, const struct textbook *textbook)
{
	for (int tick = 0, end; tick < textbook->count; tick = end) {
		int job = textbook->ticks[tick].job;

		for (end = tick; end < textbook->count && textbook->ticks[end].job == job;)
			end++;
		if (job != IDLE)
			add_run(out, job, tick, end, end == textbook->end[job]);
	}
}

static void trace_kernel(struct buffer *out, const struct turns *turns)
{
	double tick = (double)turns->tick_ns;

	for (int i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];

		if (turn->job != IDLE)
			add_run(out, turn->job, (double)turn->from_ns / tick, (double)turn->to_ns / tick,
				turn->to_ns == turns->times[turn->job].end_ns);
	}
}

/* mlfq.py's line for every tick. The kernel knows no queues of the dispatcher's: those are the textbook's alone. */
static void trace_textbook_ticks(struct buffer *out, const struct comparison *all, int width)
{
	const struct textbook *textbook = &all->textbook;
	int left[JOBS_MOST];

	for (int i = 0; i < all->jobs.count; i++)
		left[i] = all->jobs.job[i].burst;
	for (int now = 0; now < textbook->count; now++) {
		const struct tick *tick = &textbook->ticks[now];

		for (int i = 0; i < all->jobs.count; i++)
			if (all->jobs.job[i].arrival == now)
				buffer_printf(out, "[ time %d ] JOB BEGINS by JOB %d\n", now, i);
		if (tick->job == IDLE) {
			buffer_printf(out, "[ time %d ] IDLE\n", now);
			continue;
		}
		buffer_printf(out, "[ time %d ] Run JOB %d at PRIORITY %d", now, tick->job, tick->priority);
		left[tick->job]--;
		if (width >= WIDE)
			buffer_printf(out, " [ TICKS %d ALLOT 1 TIME %d (of %d) ]", tick->quantum_left, left[tick->job],
				      all->jobs.job[tick->job].burst);
		buffer_text(out, "\n");
		if (!left[tick->job])
			buffer_printf(out, "[ time %d ] FINISHED JOB %d\n", now + 1, tick->job);
	}
}

/* Whoever had the middle of the tick. */
static void trace_kernel_ticks(struct buffer *out, const struct turns *turns)
{
	__u64 end_ns = turns->count ? turns->list[turns->count - 1].to_ns : 0;
	int nth = 0;

	for (int now = 0; (__u64)now * turns->tick_ns + turns->tick_ns / 2 < end_ns; now++) {
		__u64 at_ns = (__u64)now * turns->tick_ns + turns->tick_ns / 2;

		while (turns->list[nth].to_ns <= at_ns)
			nth++;
		if (turns->list[nth].job == IDLE)
			buffer_printf(out, "[ time %d ] IDLE\n", now);
		else
			buffer_printf(out, "[ time %d ] Run JOB %d\n", now, turns->list[nth].job);
	}
}

static void add_statistics(struct buffer *out, const struct comparison *all, bool really)
{
	struct figures sum = really ? turns_averages(&all->turns) : textbook_averages(&all->textbook, &all->jobs);

	buffer_text(out, "\nFinal statistics:\n");
	for (int job = 0; job < all->jobs.count; job++) {
		struct figures one = really ? turns_figures(&all->turns, job)
					    : textbook_figures(&all->textbook, &all->jobs, job);

		if (all->policy == MLFQ)
			buffer_printf(out, "  Job %2d: startTime %3d - response %3.0f - turnaround %3.0f\n", job,
				      all->jobs.job[job].arrival, one.response, one.turnaround);
		else
			buffer_printf(out, "  Job %3d -- Response: %3.2f  Turnaround %3.2f  Wait %3.2f\n", job,
				      one.response, one.turnaround, one.waiting);
	}
	if (all->policy == MLFQ)
		buffer_printf(out, "\n  Avg %2d: startTime n/a - response %.2f - turnaround %.2f\n",
			      all->jobs.count - 1, sum.response, sum.turnaround);
	else
		buffer_printf(out, "\n  Average -- Response: %3.2f  Turnaround %3.2f  Wait %3.2f\n", sum.response,
			      sum.turnaround, sum.waiting);
}

static void add_heading(struct buffer *out, int width, const char *heading)
{
	buffer_text(out, "\n");
	say_wrapped(out, width, 0, "%s", heading);
	buffer_text(out, "\nExecution trace:\n");
}

void table_like_the_textbook(const struct comparison *all, int width, struct buffer *out)
{
	add_heading(out, width, _("By the textbook, as its own program prints it (a sec is a tick):"));
	if (all->policy == MLFQ)
		trace_textbook_ticks(out, all, width);
	else
		trace_textbook(out, &all->textbook);
	add_statistics(out, all, false);
	add_heading(out, width, _("The same, as the kernel saw it:"));
	if (all->policy == MLFQ)
		trace_kernel_ticks(out, &all->turns);
	else
		trace_kernel(out, &all->turns);
	add_statistics(out, all, true);
}
