/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scheduler keeps of a task: when it got its CPU, since when it had been ready. For what we were not shown. Only bpf/
 * includes this file.
 */
#ifndef PROCLIFE_SCHEDULER_H
#define PROCLIFE_SCHEDULER_H

#include "bpf/task.h"

#define COMPARE_NS 100000000 /* the clocks drift apart: no comparison is used longer */

/* What the scheduler's clock lacks to ours, on whichever CPU; 0: not known. compared_ns: since when. */
extern __u64 scheduler_ns, compared_ns;

/* Does this kernel keep any of it (CONFIG_SCHED_INFO)? */
#define KEEPS_SCHED_INFO bpf_core_field_exists(((struct task_struct *)NULL)->sched_info.last_queued)

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

/* As p leaves a CPU that it was seen to get. The scheduler read its clock for that (last_arrival) just before we read ours
 * (since_ns): of several comparisons the smallest is nearest. */
static __always_inline void compare_clocks(struct task_struct *p, struct task *task)
{
	__u64 lacks;

	if (!KEEPS_SCHED_INFO || !task->seq)
		return;
	lacks = task->since_ns - p->sched_info.last_arrival;
	if (task->since_ns > compared_ns + COMPARE_NS) {
		compared_ns = task->since_ns;
		scheduler_ns = lacks;
	} else if ((__s64)(lacks - scheduler_ns) < 0) {
		scheduler_ns = lacks;
	}
}

/* For how long p has been ready in all its life, but for this time. */
static __always_inline __u64 was_ready(struct task_struct *p)
{
	return KEEPS_SCHED_INFO ? p->sched_info.run_delay : 0;
}

/* Since when p is ready for a CPU, after a sleep; 0: not known. It may have changed its queue: what it spent in another one
 * is counted already. To be asked before it has got the CPU. */
static __always_inline __u64 ready_since(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 queued = 0, before = was_ready(p) - task->was_ready;

	if (KEEPS_SCHED_INFO)
		queued = our_time(p->sched_info.last_queued, now);
	return queued > before ? queued - before : queued;
}

/* When p, off the CPU after a sleep, was woken; 0: it was not, or nobody was seen to. */
static __always_inline __u64 woken_since(struct task_struct *p, struct task *task, __u64 now)
{
	return task->woken_ns ?: ready_since(p, task, now);
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
