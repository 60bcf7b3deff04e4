/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the scheduler keeps of a task: when it got its CPU, since when it had been ready. For what we were not shown. Only bpf/
 * includes this file.
 */
#ifndef PROCLIFE_SCHEDULER_H
#define PROCLIFE_SCHEDULER_H

#include "bpf/task.h"

#define COMPARE_NS 100000000 /* the clocks drift apart: so long a comparison stands against less near ones */
#define MOVE_NS 1000000	     /* whoever is moved is in the other queue by then */

/* What the scheduler's clock lacks to ours; 0: not known. compared_ns: since when. Where its clocks differ by CPU, as with an
 * unstable TSC, that is nearly so. */
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

/* Of several comparisons the smallest is nearest: the scheduler read its clock before we read ours. */
static __always_inline void note_lack(__u64 lacks, __u64 now)
{
	if (now > compared_ns + COMPARE_NS) {
		compared_ns = now;
		scheduler_ns = lacks;
	} else if ((__s64)(lacks - scheduler_ns) < 0) {
		scheduler_ns = lacks;
	}
}

#define KNOWS_QUEUE bpf_core_field_exists(((struct task_struct *)NULL)->se.cfs_rq) /* CONFIG_FAIR_GROUP_SCHED */

/* At a switch, of whichever task of this CPU. kernel/sched/core.c, __schedule(): the scheduler's clock is of just before, or of the
 * wake-up that led to it. */
static __always_inline void compare_clocks(struct task_struct *p, __u64 now)
{
	if (KNOWS_QUEUE)
		note_lack(now - FOLLOW(p, se.cfs_rq, rq, clock), now);
}

/* The same where that is not to be had: p leaves a CPU that it was seen to get, not long ago. */
static __always_inline void compare_arrival(struct task_struct *p, struct task *task, __u64 now)
{
	if (!KNOWS_QUEUE && KEEPS_SCHED_INFO && task->seq && now - task->since_ns < COMPARE_NS)
		note_lack(task->since_ns - p->sched_info.last_arrival, now);
}

/* For how long p has been ready in all its life, but for this time. */
static __always_inline __u64 was_ready(struct task_struct *p)
{
	return KEEPS_SCHED_INFO ? p->sched_info.run_delay : 0;
}

/*
 * Since when a task is ready for a CPU, after a sleep, by what the scheduler notes of it; 0: not known. It may have changed its
 * queue: what it spent in another one is counted already. To be asked before it has got the CPU. If it was moved as it slept the
 * kernel may have noted that. The verifier walks a global function once, an inlined one on each path that leads to it.
 */
__noinline __u64 ready_by(struct task *task, __u64 run_delay, __u64 last_queued, __u64 now)
{
	__u64 queued = our_time(last_queued, now), before;

	if (!task || (task->moved_ns && queued < task->moved_ns + MOVE_NS))
		return 0;
	before = run_delay - task->was_ready;
	return queued > before ? queued - before : queued;
}

static __always_inline __u64 ready_since(struct task_struct *p, struct task *task, __u64 now)
{
	return ready_by(task, was_ready(p), KEEPS_SCHED_INFO ? p->sched_info.last_queued : 0, now);
}

/* When p, off the CPU, was woken from its sleep; 0: it was not, or nobody was seen to. For whoever looks at p. */
static __always_inline __u64 woken_since(struct task_struct *p, struct task *task, __u64 now)
{
	if (task->woken_ns)
		return task->woken_ns;
	return p->__state & TASK_OFF_QUEUE ? 0 : ready_since(p, task, now);
}

/* kernel/sched/fair.c, set_next_entity(): for how long p has run, exactly as it leaves, otherwise as of a tick ago. Only the
 * fair class keeps it. */
static __always_inline __u64 has_run(struct task_struct *p)
{
	bool fair = p->policy == SCHED_NORMAL || p->policy == SCHED_BATCH || p->policy == SCHED_IDLE;

	return fair ? p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime : 0;
}

/* When a task got the CPU on which it has run for ran; who ends is taken to have run since it is known to have been ready. */
__noinline __u64 about_in(struct task *task, __u64 ran, __u64 now, bool leaves)
{
	bool ready;
	__u64 in;

	if (!task)
		return now;
	ready = task->woken_ns || task->state == STATE_READY;
	in = task->since_ns;
	if (!leaves && task->woken_ns > in)
		in = task->woken_ns;
	if (now > in && ran < now - in && (leaves || !ready))
		in = now - ran;
	return in;
}

#endif
