// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each traced task does with its life: totals by state and reason, kept here to the nanosecond, and, where a sink
 * wants it, the timeline of its spells off the CPU. The hot path: every switch of the machine comes by, and, where wakers are
 * asked for, every wake-up.
 */
#include "bpf/interrupt.h"
#include "bpf/meet.h"
#include "bpf/preempted.h"
#include "bpf/totals.h"
#include "bpf/reasons.h"

#define WRITE_NS 1000000 /* by then the kernel has written a name that it announced */
#define EARLY_NS 100000	 /* a wake-up that long before one sleeps was for a sleep that did not come to be */

__u64 scheduler_ns, compared_ns;

/* Changes of identity since the last look: pointers tell that something is new, the events what. */
static __noinline void tell_identity(struct task_struct *p, struct task *task, __u64 now)
{
	struct task_struct *parent = FOLLOW(p, real_parent);

	if ((__u64)parent != task->real_parent) {
		struct task_struct *leader = FOLLOW(parent, group_leader);
		__u32 level = FOLLOW(leader, thread_pid, level);
		RECORD(REPARENT, struct reparent, reparent, p, now);

		task->real_parent = (__u64)parent;
		reparent->parent_start_ns = leader->start_boottime;
		reparent->parent_pid = parent->tgid;
		reparent->init = number_of(FOLLOW(leader, thread_pid), level) == 1;
		SEND(lifecycle, reparent);
	}
	if (task->session != (__u64)FOLLOW(p, signal, pids[3]) || task->group != (__u64)FOLLOW(p, signal, pids[2]) ||
	    task->tty != (__u64)FOLLOW(p, signal, tty)) {
		RECORD(SESSION, struct session, session, p, now);

		task->session = (__u64)FOLLOW(p, signal, pids[3]);
		task->group = (__u64)FOLLOW(p, signal, pids[2]);
		task->tty = (__u64)FOLLOW(p, signal, tty);
		read_session(p, &session->session, &session->group, &session->tty);
		SEND(lifecycle, session);
	}
}

static __noinline void tell_owner(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 tracer = p->ptrace ? (__u64)FOLLOW(p, parent) : 0;
	__u32 uid = FOLLOW(p, real_cred, uid.val);

	if (task->uid != uid) {
		RECORD(USER, struct user, user, p, now);

		user->uid = uid;
		user->gid = FOLLOW(p, real_cred, gid.val);
		user->old_uid = task->uid;
		SEND(lifecycle, user);
		task->uid = uid;
	}
	task->real_cred = (__u64)FOLLOW(p, real_cred);
	if (task->tracer != tracer) {
		RECORD(TRACER, struct tracer, told, p, now);

		task->tracer = tracer;
		told->tracer_start_ns = tracer ? FOLLOW(p, parent, group_leader, start_boottime) : 0;
		told->tracer_pid = tracer ? FOLLOW(p, parent, tgid) : 0;
		SEND(lifecycle, told);
	}
}

/* Within an exec, which may sleep once the new name is set, the exec's own event is about to tell. */
static __noinline void tell_name(struct task_struct *p, struct task *task, __u64 now)
{
	bool in_exec = is_in_exec(p);
	RECORD(RENAME, struct rename_to, to, p, now);

	if (in_exec || now - task->renamed_ns < WRITE_NS)
		return;
	__builtin_memcpy(task->comm, p->comm, sizeof(task->comm));
	__builtin_memcpy(to->comm, task->comm, sizeof(to->comm));
	SEND(lifecycle, to);
}

/* The owner before the name: who asks for a user's processes is told of what they do as that user's. */
static __always_inline void notice_changes(struct task_struct *p, struct task *task, __u64 now)
{
	struct task_struct *seen = FOLLOWED(p);
	struct signal_struct *signal = seen->signal;
	__u64 *comm = (__u64 *)p->comm;

	if ((__u64)seen->real_parent != task->real_parent || (__u64)signal->pids[3] != task->session ||
	    (__u64)signal->pids[2] != task->group || (__u64)signal->tty != task->tty)
		tell_identity(p, task, now);
	if ((__u64)seen->real_cred != task->real_cred || (p->ptrace ? (__u64)seen->parent : 0) != task->tracer)
		tell_owner(p, task, now);
	if ((comm[0] != task->comm[0] || comm[1] != task->comm[1]))
		tell_name(p, task, now);
}

static __always_inline void tell_name_change(struct task_struct *p, const char *comm)
{
	bool in_exec = is_in_exec(bpf_get_current_task_btf());
	__u64 now = bpf_ktime_get_boot_ns();
	struct task *task = task_of(p);
	RECORD(RENAME, struct rename_to, to, p, now);

	if (!task || in_exec)
		return;
	notice_changes(p, task, now);
	bpf_probe_read_kernel_str(to->comm, sizeof(to->comm), comm);
	__builtin_memcpy(task->comm, to->comm, sizeof(task->comm));
	task->renamed_ns = now;
	SEND(lifecycle, to);
}

/* fs/exec.c, __set_task_comm(), which calls this before it writes the name. A task may have several names between two switches. */
SEC("tp_btf/task_rename")
int BPF_PROG(name_changes, struct task_struct *p, const char *comm)
{
	probe_preempt_disable();
	tell_name_change(p, comm);
	probe_preempt_enable();
	return 0;
}

/* p leaves the CPU; preempted or still runnable it is ready. kernel/sched/core.c, __schedule(). One that has been through
 * exit_notify() is no longer in its thread group, and has ended: if it loses the CPU after that, it may get it back long after its
 * process was reaped. */
static __always_inline void switch_out(struct task_struct *p, struct task *task, bool preempted, __u32 state, __u64 now)
{
	if (task->flags & TASK_ENDED)
		return;
	if (task->state != STATE_RUNNING)
		catch_up(p, task, now, true);
	else
		compare_arrival(p, task, now);
	if (state & TASK_DEAD || ((probes_preemptible || task->flags & TASK_EXITING) && p->exit_state)) {
		end_running(p, task, now, 0, 0);
		return;
	}
	if (now < task->since_ns)
		now = task->since_ns;
	if (task->woken_ns && task->woken_ns + EARLY_NS < now)
		task->woken_ns = 0;
	task->was_ready = was_ready(p);
	count_write(task);
	task->totals.running_ns += now - task->since_ns;
	task->since_ns = now;
	if (preempted || !(state & TASK_OFF_QUEUE)) {
		task->state = STATE_READY;
	} else if (state & TASK_STOPPED_OR_TRACED) {
		task->state = STATE_STOPPED;
	} else {
		task->state = STATE_BLOCKED;
		find_reason(p, task, state);
	}
	count_write(task);
	if (!(task->flags & TASK_EXITING))
		notice_changes(p, task, now);
}

/* What it changed just before its end is told before that: SIGCHLD tells the end, the last switch comes after, when
 * session and group may have been given back. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(last_changes, struct task_struct *p)
{
	struct task *task;

	probe_preempt_disable();
	task = task_of(p);
	if (task)
		notice_changes(p, task, bpf_ktime_get_boot_ns());
	probe_preempt_enable();
	return 0;
}

/* One whose states did not count so far may have changed its user or its group since. */
static __always_inline struct task *task_at_switch(struct task_struct *p)
{
	struct task *task = task_of(p);

	if (!task && some_are_counted() && MAKES_ROOM_ANYWHERE && is_counted(p))
		task = make_room(p);
	return task;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempted, struct task_struct *prev, struct task_struct *next, __u32 prev_state)
{
	struct task *task = task_at_switch(prev);
	__u64 now = 0;

	if (task) {
		now = bpf_ktime_get_boot_ns();
		compare_clocks(prev, now);
		begin_if_new(prev, task, STATE_RUNNING, now);
		switch_out(prev, task, preempted, prev_state, now);
	}
	task = task_at_switch(next);
	if (!task || task->flags & TASK_ENDED)
		return 0;
	if (!now) {
		now = bpf_ktime_get_boot_ns();
		compare_clocks(next, now);
	}
	begin_if_new(next, task, STATE_READY, now);
	switch_in(next, task, now, true);
	return 0;
}

/*
 * kernel/sched/core.c, set_task_cpu(). From 6.12 on one who falls asleep may stay in the queue for a while, and be moved to
 * another CPU's: that counts as being queued for that CPU, from then on until it has got one.
 */
SEC("tp_btf/sched_migrate_task")
int BPF_PROG(migrate_task, struct task_struct *p)
{
	struct task *task;

	if (!bpf_core_field_exists(p->se.sched_delayed) || !p->se.sched_delayed)
		return 0;
	task = task_of(p);
	if (task)
		task->moved_ns = bpf_ktime_get_boot_ns();
	return 0;
}

static __always_inline void note_waker(struct task *task, void *ctx)
{
	struct task_struct *current = bpf_get_current_task_btf();

	if (!current->pid || in_interrupt(ctx, current, &task->mark)) {
		task->waker.pid = task->waker.tid = 0;
		task->waker.start_ns = 0;
		task->waker_flags = WAKER_IRQ;
	} else {
		who_is(&task->waker, current);
		task->waker_flags = 0;
	}
}

/* kernel/sched/core.c, try_to_wake_up(): in the waker's context, under p's pi_lock. */
SEC("tp_btf/sched_waking")
int BPF_PROG(sched_waking, struct task_struct *p)
{
	struct task *task = task_of(p);

	if (!task)
		return 0;
	if (with_wakers)
		note_waker(task, ctx);
	task->woken_ns = bpf_ktime_get_boot_ns();
	return 0;
}
