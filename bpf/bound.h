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

/* One for process context, in which no probe that uses it interrupts another; one for the RCU callback, which may. */
struct stand_ins_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct ending_task);
};

extern struct stand_ins_map stand_ins SEC(".maps");

static __always_inline struct task *empty_task(__u32 context)
{
	struct task *task = bpf_map_lookup_elem(&stand_ins, &context);

	if (!task)
		return NULL;
	__builtin_memset(task, 0, sizeof(struct ending_task));
	task->flags = TASK_EXITING | TASK_LAST;
	return task;
}

/* Of p, whose process ends and of which nothing is remembered: what there is to tell of its end. */
static __always_inline struct task *stand_in(struct task_struct *p)
{
	struct task *task = empty_task(0);

	if (!task)
		return NULL;
	begin_task(task, p, STATE_RUNNING, p->start_boottime);
	read_session(p, &task->last_session, &task->last_group, &task->last_tty);
	return task;
}

/* The same of the leader p that has been released: its parent may be gone, its session was given back. */
static __always_inline struct task *stand_in_of_released(struct task_struct *p)
{
	struct task *task = empty_task(1);

	if (!task)
		return NULL;
	task->process_start_ns = task->born_ns = task->since_ns = p->start_boottime;
	task->last_session = SESSION_UNKNOWN;
	return task;
}

/* kernel/signal.c, do_notify_parent(): what p's parent has SIGCHLD do makes p reap itself, and, ignored, is not sent. */
static __always_inline __u32 alone_or_not(struct task_struct *p, bool *told)
{
	struct sighand_struct *sighand = READ(p, real_parent, sighand);
	struct k_sigaction *action = action_in(sighand, SIGCHLD);
	__u32 exit_signal = READ(p, group_leader, exit_signal);
	bool ignored = (__u64)READ(action, sa.sa_handler) == SIG_IGN;

	*told = exit_signal;
	if (exit_signal != SIGCHLD || p->ptrace)
		return 0;
	*told = !ignored;
	return ignored || READ(action, sa.sa_flags) & SA_NOCLDWAIT ? ENDING_ALONE : 0;
}

static __always_inline void send_reap_alone(struct task_struct *p, __u32 bits, __u64 now)
{
	struct who who;

	if (!(bits & ENDING_ALONE))
		return;
	who_is(&who, p);
	send_reap(p, &who, REAP_AUTO, now);
	note_ending(p, who.start_ns, bits | ENDING_REAPED);
}

static __always_inline void end_now(struct task_struct *p, struct task *task, __u32 bits, __u32 told_pid, __s32 result)
{
	__u64 now = bpf_ktime_get_boot_ns();

	if (!task)
		task = stand_in(p);
	if (!task || bits & ENDING_TOLD)
		return;
	end_running(p, task, now, told_pid, result);
	note_ending(p, task->process_start_ns, bits | ENDING_TOLD);
	send_reap_alone(p, bits | ENDING_TOLD, now);
}

/* p, the last of its process, exits. task: what is remembered of it, or NULL. */
static __always_inline void exit_bound(struct task_struct *p, struct task *task)
{
	bool told;
	__u32 bits = ENDING_SEEN | alone_or_not(p, &told);

	note_ending(p, FOLLOW(p, group_leader, start_boottime), bits);
	if (!told)
		end_now(p, task, bits, 0, 0);
}

/* p notifies the parent of its process that this has ended. */
static __always_inline void end_bound(struct task_struct *p, struct task *task, __u32 told_pid, __s32 result)
{
	__u64 start_ns = FOLLOW(p, group_leader, start_boottime);

	end_now(p, task, ending_of(p, start_ns) | ENDING_SEEN, told_pid, result);
}

/* p's parent, which has reaped it. Its memory may have been freed since, and used again: for a younger task, or for something else,
 * where hardly any two of these numbers agree. */
static __always_inline void reaper_of(struct who *who, struct task_struct *p)
{
	struct task_struct *parent = READ(p, real_parent, group_leader);
	__u32 pid = READ(parent, pid);

	who->start_ns = READ(parent, start_boottime);
	who->pid = READ(parent, tgid);
	who->tid = 0;
	if (who->start_ns > p->start_boottime || who->pid != pid || READ(parent, group_leader) != parent)
		who->pid = who->start_ns = 0;
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
