/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reaps. Where they are exact: the kernel's release_task() is seen at its entry, or, where the kernel can't attach a program to
 * a function, when it frees the sighand_struct of the ended process (kernel/fork.c, __cleanup_sighand()). Elsewhere, and of a
 * process that shares that structure with another (CLONE_SIGHAND), the free of the task is a bound. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_REAP_H
#define PROCLIFE_REAP_H

#include "bpf/emit.h"

struct unreaped { /* a process that has ended and is to be reaped */
	struct who who;
	__u64 leader; /* address of its task_struct */
};

struct sighands_map { /* sighand_struct -> the process that is ending with it */
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct unreaped);
};

extern struct sighands_map sighands SEC(".maps");
extern __u32 releases_seen; /* release_task() is watched; set before the other probes are attached */

static __always_inline void send_reap_by(struct who *by, struct who *dead, __u32 flags, struct task_struct *p,
					 __u64 now)
{
	RECORD_AS(REAP, struct reap, reap, p, now, dead->start_ns);

	reap->reaper_start_ns = by->start_ns;
	reap->reaper_pid = by->pid;
	reap->reaper_tid = by->tid;
	reap->flags = flags;
	reap_record.head.pid = dead->pid;
	reap_record.head.tid = dead->pid;
	SEND(lifecycle, reap);
}

/* By `by`, or, if it is but a bound, by an unknown process. */
static __always_inline void send_reap(struct task_struct *by, struct who *dead, __u32 flags, __u64 now)
{
	struct who reaper = {};

	if (!(flags & REAP_BOUND))
		who_is(&reaper, by);
	send_reap_by(&reaper, dead, flags, by, now);
}

/*
 * Does another process (CLONE_SIGHAND without CLONE_THREAD) have the sighand_struct of p, the last thread of its own? A thread that
 * is being released leaves the count of threads before it gives its reference back, and is in the sum of run times before both
 * (kernel/exit.c, __exit_signal() and release_task()).
 */
static __always_inline bool shares_sighand(struct task_struct *p)
{
	return FOLLOW(p, sighand, count.refs.counter) > FOLLOW(p, signal, nr_threads) &&
	       !FOLLOW(p, signal, sum_sched_runtime);
}

/* p's process is to be found when its sighand_struct is freed. False: it can't be. Another process that is found under that address
 * has it too, or was reaped where no probe ran, and the memory was used again. */
static __always_inline bool await_free(struct task_struct *p, __u64 sighand)
{
	struct unreaped this = {.leader = (__u64)FOLLOW(p, group_leader)}, *earlier, gone;
	struct task_struct *leader;

	if (shares_sighand(p))
		return false;
	who_is(&this.who, p);
	if (!bpf_map_update_elem(&sighands, &sighand, &this, BPF_NOEXIST))
		return true;
	earlier = bpf_map_lookup_elem(&sighands, &sighand);
	if (!earlier)
		return false; /* the map is full */
	if (earlier->who.pid == this.who.pid && earlier->who.start_ns == this.who.start_ns)
		return true;
	gone = *earlier;
	leader = (void *)gone.leader;
	if ((__u64)READ(leader, sighand) == sighand && READ(leader, start_boottime) == gone.who.start_ns)
		return false;
	send_reap(p, &gone.who, REAP_BOUND, bpf_ktime_get_boot_ns());
	return !bpf_map_update_elem(&sighands, &sighand, &this, BPF_ANY);
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

/* kernel/signal.c, do_notify_parent(): by what its parent has SIGCHLD do, p's process will reap itself. *notified: the parent is sent
 * a signal. */
static __always_inline bool reaps_itself(struct task_struct *p, bool *notified)
{
	struct sighand_struct *sighand = READ(p, real_parent, sighand);
	struct k_sigaction *action = action_in(sighand, SIGCHLD);
	__u32 exit_signal = READ(p, group_leader, exit_signal);
	bool ignored = (__u64)READ(action, sa.sa_handler) == SIG_IGN;

	*notified = exit_signal;
	if (exit_signal != SIGCHLD || READ(p, group_leader, ptrace))
		return false;
	*notified = !ignored;
	return ignored || READ(action, sa.sa_flags) & SA_NOCLDWAIT;
}

static __always_inline void await_reap(struct task_struct *p, __u64 sighand, struct task *of_leader)
{
	if (!releases_seen && !await_free(p, sighand) && of_leader)
		of_leader->flags |= TASK_REAP_UNSEEN;
}

/* The same as p, the last thread of its process, exits. */
static __always_inline void await_own_reap(struct task_struct *p, __u64 sighand, struct task *of_leader)
{
	bool notified;

	await_reap(p, sighand, of_leader);
	if (of_leader && reaps_itself(p, &notified))
		of_leader->flags |= TASK_REAPS_ITSELF;
}

/* kernel/exit.c: a process is released by its parent or its tracer, if not by itself. The sighand_struct that is being freed may be
 * another process's: this one's may have been freed where no probe ran. */
static __always_inline bool may_release(struct task_struct *current, struct unreaped *dead)
{
	struct task_struct *leader = (void *)dead->leader;

	if (READ(leader, start_boottime) != dead->who.start_ns || READ(leader, tgid) != dead->who.pid ||
	    READ(leader, sighand))
		return false;
	return READ(leader, real_parent, tgid) == current->tgid || READ(leader, parent, tgid) == current->tgid;
}

/* The task of the leader p is freed: is its reap still to be told? */
static __always_inline bool is_reap_missing(struct task_struct *p, struct task *task)
{
	struct unreaped *found;

	if (!exact_reaps || task->flags & TASK_REAP_UNSEEN)
		return true;
	if (releases_seen)
		return !(task->flags & TASK_REAP_SENT);
	found = bpf_map_lookup_elem(&sighands, &task->sighand);
	if (!found || found->leader != (__u64)p)
		return false;
	bpf_map_delete_elem(&sighands, &task->sighand);
	return true;
}

#endif
