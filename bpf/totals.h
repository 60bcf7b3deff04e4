/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending a task's totals: its reasons, its wakers, then its end. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_TOTALS_H
#define PROCLIFE_TOTALS_H

#include "bpf/adopter.h"
#include "bpf/shares.h"
#include "bpf/spell.h"

/* Of p, which is ending: do its leader and its parent still exist? In its group they do; past that, as long as it holds the lock
 * on the list of tasks: while it notifies its parent or releases itself. */
static __always_inline bool has_relatives(struct task_struct *p, struct task *task, __u32 told_pid)
{
	return !p->exit_state || told_pid || task->flags & TASK_REAPED;
}

/* The wait status of p's process, as far as p tells: include/linux/sched/signal.h, wait_task_zombie() in kernel/exit.c. */
static __always_inline __u32 status_of(struct task_struct *p, struct task *task)
{
	if (FOLLOW(p, signal, flags) & SIGNAL_GROUP_EXIT)
		return FOLLOW(p, signal, group_exit_code);
	return task->flags & TASK_LAST ? FOLLOW(p, group_leader, exit_code) : p->exit_code;
}

/* What is to be asked of p's leader and its parent while they exist. */
static __always_inline void ask_relatives(struct task_struct *p, struct task *task)
{
	task->last_parent_pid = FOLLOW(p, real_parent, tgid);
	task->status = status_of(p, task);
}

/* mm/oom_kill.c marks the process that it chose, then kills it. */
static __always_inline bool is_oom_kill(struct task_struct *p, __u32 status)
{
	return (status & 0x7f) == SIGKILL && READ(p, signal, oom_mm);
}

/* Where a child of p's was remembered: with p, or, left by another thread for the end of the process to tell, with the
 * leader. That one also learns that this end was told. */
static __always_inline struct task *who_had_a_child(struct task_struct *p, struct task *task, bool relatives)
{
	struct task *of_leader;

	if (!(task->flags & TASK_LAST) || !relatives)
		return task;
	of_leader = p == FOLLOW(p, group_leader) ? task : task_of(p->group_leader);
	if (!of_leader)
		return task;
	of_leader->flags |= TASK_TOLD;
	return task->children[0].address ? task : of_leader;
}

/* What is left of the short spells goes out with the end of the timeline. */
static __noinline void send_rest(struct task_struct *p, struct task *task, __u64 now)
{
	RECORD_AS(OFFCPU, struct offcpu, rest, p, now, task->process_start_ns);

	if (!(task->short_ready_ns | task->short_blocked_ns))
		return;
	rest->out_ns = now;
	rest->state = STATE_READY;
	rest->short_ready_ns = task->short_ready_ns;
	rest->short_blocked_ns = task->short_blocked_ns;
	rest->short_reason = task->short_reason;
	rest->call = rest->fd = -1;
	SEND(timeline, rest);
}

/* What comes before a task's end. Not from within send_end(): the frames of a chain of calls share 512 bytes. */
static __always_inline void send_shares(struct task_struct *p, struct task *task, __u64 now)
{
	send_rest(p, task, now);
	task->sent_reasons = send_reasons(NULL, p, task, 0, now);
	task->sent_wakers = with_wakers ? send_wakers(NULL, p, task, now) : 0;
}

/* Tells p's end, once: p is current, running since task->since_ns. told_pid: the parent that is being told, or 0. */
static __noinline void send_end(struct task_struct *p, struct task *task, __u64 now, __u32 told_pid, __s32 told_result)
{
	bool relatives = has_relatives(p, task, told_pid);
	RECORD_AS(END, struct end, end, p, now, task->process_start_ns);

	task->flags |= TASK_ENDED;
	if (relatives)
		ask_relatives(p, task);
	if (with_states) {
		end->totals = task->totals;
		end->reasons = task->sent_reasons;
		end->wakers = task->sent_wakers;
	}
	end->task_start_ns = task->born_ns;
	end->parent_start_ns = task->parent_start_ns;
	end->cpu_ns = p->se.sum_exec_runtime;
	end->waits = task->waits;
	end->status = task->status;
	end->flags = (p == FOLLOW(p, group_leader) ? END_LEADER : 0) | (task->flags & TASK_LAST ? END_GROUP_DEAD : 0) |
		     (told_pid ? END_TOLD : 0) | (is_oom_kill(p, end->status) ? END_OOM : 0) |
		     (task->flags & TASK_REAPED ? END_REAPED : 0);
	end->parent_pid = task->parent_pid;
	end->real_parent_pid = task->last_parent_pid;
	end->told_pid = told_pid;
	end->told_result = told_result;
	end->uid = READ(p, real_cred, uid.val);
	end->session = task->flags & TASK_EXITING ? task->last_session : SESSION_UNKNOWN;
	end->group = task->last_group;
	end->tty = task->last_tty;
	end->counted_ns = with_states ? task->counted_ns : ~0ull;
	__builtin_memcpy(end->comm, p->comm, sizeof(end->comm));
	tell_adopter(end, p, who_had_a_child(p, task, relatives));
	SEND(lifecycle, end);
}

/* Ends the running spell at now; then p's end is told. For probes in which p is current and past its exit. A switch that preempts
 * this probe must not end it as well. */
static __always_inline void end_running(struct task_struct *p, struct task *task, __u64 now, __u32 told_pid,
					__s32 told_result)
{
	if (with_states) {
		if (task->flags & TASK_ENDED)
			return;
		*(volatile __u32 *)&task->flags |= TASK_ENDED;
	}
	if (with_states && task->state != STATE_RUNNING)
		catch_up(p, task, now, false);
	if (now < task->since_ns)
		now = task->since_ns;
	if (with_states) { /* else the verifier need not walk through it, which takes it long */
		task->totals.running_ns += now - task->since_ns;
		send_shares(p, task, now);
	}
	task->since_ns = now;
	send_end(p, task, now, told_pid, told_result);
}

#endif
