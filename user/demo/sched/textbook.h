/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the textbook says: the policies over a list of jobs, tick by tick, with real queues. Pure, and by design not
 * the program's way of doing it. Only the scheduling demos include it.
 */
#ifndef PROCLIFE_SCHED_TEXTBOOK_H
#define PROCLIFE_SCHED_TEXTBOOK_H

#include "user/demo/sched/jobs.h"

#define TICKS_MOST (ARRIVAL_MOST + JOBS_MOST * BURST_MOST)
#define IDLE (-1)

struct tick { /* who has the CPU in it: IDLE or a job; its queue (the highest is served first); what is left of its turn */
	signed char job, priority;
	int quantum_left;
};

struct figures { /* in ticks; of one job, or averages over all */
	double response, waiting, turnaround;
};

struct textbook {
	struct tick ticks[TICKS_MOST];
	int count;			      /* of ticks, until the last job has ended */
	int first[JOBS_MOST], end[JOBS_MOST]; /* when each began and ended */
};

/* A new arrival queues up before the job whose turn ends in the same tick. */
void textbook_work_out(struct textbook *textbook, const struct job_list *jobs, enum policy policy, int quantum);
struct figures textbook_figures(const struct textbook *textbook, const struct job_list *jobs, int job);
struct figures textbook_averages(const struct textbook *textbook, const struct job_list *jobs);

#endif
