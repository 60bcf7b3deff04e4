/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scheduler keeps of a task: when it got its CPU, since when it had been ready. For what we were not shown. Only bpf/
 * includes this file.
 */
#ifndef PROCLIFE_SCHEDULER_H
#define PROCLIFE_SCHEDULER_H

#include "bpf/task.h"

/* What the scheduler's clock lacks to ours, on whichever CPU; 0: not known. */
extern __u64 scheduler_ns;

/*
 * kernel/sched/stats.h, sched_info_arrive(), sched_info_enqueue(): the scheduler keeps when a task last got a CPU, and, until then,
 * when it became ready for that. Our clock's time for one of its, at most now; 0: not known.
 */
static __always_inline __u64 our_time(__u64 scheduler, __u64 now)
{
	__u64 time = scheduler + scheduler_ns;

	if (!scheduler || !scheduler_ns)
		return 0;
	return time < now ? time : now;
}

/* As p leaves a CPU that it was seen to get, its first and every now and then: since_ns and last_arrival are the same moment. */
static __always_inline void compare_clocks(struct task_struct *p, struct task *task)
{
	if (bpf_core_field_exists(p->sched_info) && task->seq && !(task->seq & 0x3c))
		scheduler_ns = task->since_ns - p->sched_info.last_arrival;
}

/* kernel/sched/fair.c, set_next_entity(): for how long p has run, exactly as it leaves, otherwise as of a tick ago. Only the
 * fair class keeps it. */
static __always_inline __u64 has_run(struct task_struct *p)
{
	bool fair = p->policy == SCHED_NORMAL || p->policy == SCHED_BATCH || p->policy == SCHED_IDLE;

	return fair ? p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime : 0;
}

/* When p got the CPU, by how long it has run; who ends is taken to have run since it is known to have been ready. */
static __always_inline __u64 about_in(struct task_struct *p, struct task *task, __u64 now, bool leaves)
{
	bool ready = task->woken_ns || task->state == STATE_READY;
	__u64 in = task->since_ns, ran = has_run(p);

	if (!leaves && task->woken_ns > in)
		in = task->woken_ns;
	if (now > in && ran < now - in && (leaves || !ready))
		in = now - ran;
	return in;
}

#endif
