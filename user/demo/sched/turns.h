/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel saw: which job had the CPU when, in turns. Time is the CPU time that the jobs had, and the time that
 * their dispatcher slept because there were none: what else the machine did does not count. A job arrives when it
 * stops itself: from then on it wants to be dispatched. Only the scheduling demos include it.
 */
#ifndef PROCLIFE_SCHED_TURNS_H
#define PROCLIFE_SCHED_TURNS_H

#include "user/demo/observe.h"
#include "user/demo/sched/textbook.h"

struct turn { /* all that a job ran until another did; ns of the jobs' time */
	int job;
	__u64 from_ns, to_ns;
};

struct times { /* of a job, ns of the jobs' time; UNKNOWN_NS for what never happened */
	__u64 arrival_ns, first_ns, end_ns, cpu_ns;
};

struct turns { /* all zero: empty */
	struct turn *list;
	int count, room, jobs;
	struct times times[JOBS_MOST];
	__u64 overlap_ns; /* how long two were running at once */
	__u64 tick_ns;
	bool failed;
};

/* Of these processes, which are numbered as they stand (NULL: was not there). Turns shorter than `least_ns` are none. */
void turns_find(struct turns *turns, const struct lab *lab, const struct process *const *jobs, int count,
		__u64 least_ns);
void turns_free(struct turns *turns);

/* In ticks of tick_ns. */
struct figures turns_figures(const struct turns *turns, int job);
struct figures turns_averages(const struct turns *turns);

#endif
