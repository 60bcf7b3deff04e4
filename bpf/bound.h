/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ends and reaps where these are not watched exactly and states do not count: as cheap as they can be, for a machine that
 * is watched for weeks. Most ends leave nothing behind but a few bits. A reap is told when the kernel lets go of the task,
 * an RCU period after it (kernel/exit.c, delayed_put_task_struct()): a bound; by whom, the task still shows.
 * Only bpf/ includes this file.
 */
#ifndef PROCLIFE_BOUND_H
#define PROCLIFE_BOUND_H

#include "bpf/meet.h"
#include "bpf/reap.h"
#include "bpf/totals.h"

/* How far the end of a process has come: `endings` by pid, with a mark of its start above these bits. */
#define ENDING_SEEN 1	/* its last thread has begun to exit */
#define ENDING_TOLD 2	/* its end was sent */
#define ENDING_ALONE 4	/* its parent wants no zombies: it will reap itself */
#define ENDING_REAPED 8 /* and that was sent */
#define ENDING_BITS 15

static __always_inline bool reaps_are_bounds(void)
{
	return follow_all && !with_states && !exact_reaps;
}

static __always_inline __u32 *ending_at(struct task_struct *p)
{
	return &endings[p->tgid & (PID_SLOTS - 1)];
}

static __always_inline __u32 mark_of(__u64 process_start_ns)
{
	return (__u32)(process_start_ns >> 6) & ~ENDING_BITS;
}

/* Of p's process, which started at start_ns. 0 too when another process of the same slot has come in between. */
static __always_inline __u32 ending_of(struct task_struct *p, __u64 start_ns)
{
	__u32 ending = *ending_at(p);

	return (ending & ~ENDING_BITS) == mark_of(start_ns) ? ending & ENDING_BITS : 0;
}

static __always_inline void note_ending(struct task_struct *p, __u64 start_ns, __u32 bits)
{
	*ending_at(p) = mark_of(start_ns) | bits;
}

/* One for each probe that uses it, for one may interrupt or preempt another. */
enum stand_in_user {
	STAND_IN_EXIT,
	STAND_IN_EXIT_SECOND,
	STAND_IN_EXIT_THIRD,
	STAND_IN_EXIT_FOURTH,
	STAND_IN_RELEASE,
	STAND_IN_RELEASE_SECOND,
	STAND_IN_NOTICE,
	STAND_IN_FREE,
	STAND_IN_USERS
};

struct stand_ins_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, STAND_IN_USERS);
	__type(key, __u32);
	__type(value, struct ending_task);
};

extern struct stand_ins_map stand_ins SEC(".maps");

static __always_inline struct task *empty_task(__u32 probe)
{
	struct task *task = bpf_map_lookup_elem(&stand_ins, &probe);

	if (!task)
		return NULL;
	__builtin_memset(task, 0, sizeof(struct ending_task));
	task->flags = TASK_EXITING | TASK_LAST;
	return task;
}

/* Of p, whose process ends and of which nothing is remembered: what there is to tell of its end. */
static __always_inline struct task *stand_in(struct task_struct *p, __u32 probe)
{
	struct task *task = empty_task(probe);

	if (!task)
		return NULL;
	begin_task(task, p, STATE_RUNNING, p->start_boottime);
	read_session(p, &task->last_session, &task->last_group, &task->last_tty);
	return task;
}

/* The same of the leader p that has been released: its parent may be gone, its session was given back. It holds its signal_struct until
 * it is freed itself (kernel/fork.c, __put_task_struct()). */
static __always_inline struct task *stand_in_of_released(struct task_struct *p)
{
	struct task *task = empty_task(STAND_IN_FREE);

	if (!task)
		return NULL;
	task->process_start_ns = task->born_ns = task->since_ns = p->start_boottime;
	task->last_session = SESSION_UNKNOWN;
	task->status = status_of(p, task);
	return task;
}

/*
 * p's process has just been noted as ended. The bits are read anew: 6.1's verifier removes a branch on a register that is constant on
 * one way to a call of a function, and takes the other ways, where it is not, for equal (fixed in 6.4: kernel/bpf/verifier.c,
 * mark_all_scalars_precise()).
 */
static __always_inline void send_reap_alone(struct task_struct *p, __u64 now)
{
	__u32 *ending = ending_at(p), noted = *(volatile __u32 *)ending;
	struct who who;

	if (!(noted & ENDING_ALONE))
		return;
	who_is(&who, p);
	send_reap(p, &who, REAP_AUTO, now);
	*ending = noted | ENDING_REAPED;
}

static __always_inline void end_now(struct task_struct *p, struct task *task, __u32 bits, __u32 told_pid, __s32 result,
				    __u32 probe)
{
	__u64 now = bpf_ktime_get_boot_ns();

	if (!task)
		task = stand_in(p, probe);
	if (!task || bits & ENDING_TOLD)
		return;
	end_running(p, task, now, told_pid, result);
	note_ending(p, task->process_start_ns, bits | ENDING_TOLD);
	send_reap_alone(p, now);
}

/* p, the last of its process, exits. task: what is remembered of it, or NULL. */
static __always_inline void exit_bound(struct task_struct *p, struct task *task, __u32 probe)
{
	bool notified;
	__u32 bits = ENDING_SEEN | (reaps_itself(p, &notified) ? ENDING_ALONE : 0);

	note_ending(p, FOLLOW(p, group_leader, start_boottime), bits);
	if (!notified)
		end_now(p, task, bits, 0, 0, probe);
}

/* p notifies the parent of its process that this has ended. */
static __always_inline void end_bound(struct task_struct *p, struct task *task, __u32 told_pid, __s32 result)
{
	__u64 start_ns = FOLLOW(p, group_leader, start_boottime);

	end_now(p, task, ending_of(p, start_ns) | ENDING_SEEN, told_pid, result, STAND_IN_NOTICE);
}

/* The end of p's process, told by p, which runs past its exit; where switches are watched the end of p itself is the same. Where
 * threads are reported and states are not, the end of p itself may have been sent as it exited: that of its process was not. */
static __always_inline void end_process(struct task_struct *p, struct task *task, __u64 now, __u32 told_pid,
					__s32 result)
{
	if (with_states && task->flags & TASK_ENDED)
		return;
	end_running(p, task, now, told_pid, result);
	if (!with_states)
		note_ending(p, task->process_start_ns, ENDING_SEEN | ENDING_TOLD);
}

/* The kernel lets go of p, the leader of its process. Whose exit was not seen, and who was no zombie when we came, was reaped
 * before our time. */
static __always_inline void free_bound(struct task_struct *p, struct task *task, __u64 now)
{
	__u32 bits = ending_of(p, p->start_boottime);
	struct who dead, reaper;

	if (!bits || bits & ENDING_REAPED)
		return;
	if (!task && !(bits & ENDING_TOLD)) {
		task = stand_in_of_released(p);
		if (task)
			send_end(p, task, now, 0, 0);
	}
	*ending_at(p) = 0;
	who_is(&dead, p);
	reaper_of(&reaper, p);
	send_reap_by(&reaper, &dead, REAP_BOUND, p, now);
}

#endif
