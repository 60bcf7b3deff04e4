// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each traced task does with its life: totals by state and reason, kept here to the nanosecond, and, where a sink
 * wants it, the timeline of its spells off the CPU. The hot path: every switch and wake-up of the machine comes by.
 */
#include "bpf/meet.h"
#include "bpf/totals.h"
#include "bpf/reasons.h"

const volatile __u32 switch_tells_state = 1; /* sched_switch has prev_state as its 4th argument (6.1 on) */

static __always_inline void add_spell(struct spell *spell, __u64 ns)
{
	spell->ns += ns;
	spell->count++;
	if (ns > spell->longest_ns)
		spell->longest_ns = ns;
}

/* Totals of other system calls: a slot each for the first few, the rest together. */
static __always_inline void add_other(struct task *task, __u64 ns)
{
	for (int i = 0; i < OTHER_CALLS; i++) {
		if (task->others[i].count && task->other_calls[i] != task->call)
			continue;
		task->other_calls[i] = task->call;
		add_spell(&task->others[i], ns);
		return;
	}
	add_spell(&task->spells[REASON_OTHER], ns);
}

static __always_inline void add_blocked(struct task *task, __u64 ns)
{
	__u32 reason = task->reason;

	task->totals.blocked_ns += ns;
	if (reason == REASON_OTHER)
		add_other(task, ns);
	else if (reason < REASON_COUNT)
		add_spell(&task->spells[reason], ns);
}

static __always_inline void count_waker(struct task *task)
{
	if (task->waker_flags & WAKER_IRQ) {
		task->waker_irqs++;
		return;
	}
	for (int i = 0; i < TASK_WAKERS; i++) {
		struct who *known = &task->wakers[i];

		if (!known->pid)
			*known = task->waker;
		if (known->tid != task->waker.tid || known->start_ns != task->waker.start_ns)
			continue;
		task->waker_counts[i]++;
		return;
	}
	task->waker_rest++;
}

static __always_inline void add_short(struct task *task, __u64 out, __u64 woken, __u64 now)
{
	task->short_ready_ns += now - woken;
	task->short_blocked_ns += woken - out;
	if (woken - out > task->short_longest_ns) {
		task->short_longest_ns = woken - out;
		task->short_reason = task->reason;
	}
}

/* One spell off the CPU, from out to now, woken at woken: told on the timeline, or added to the short ones. */
static __always_inline void tell_spell(struct task_struct *p, struct task *task, __u64 out, __u64 woken, __u64 now)
{
	RECORD(OFFCPU, struct offcpu, spell, p, now);

	if (now - out < detail_ns && now - task->sent_ns < 100 * detail_ns) {
		add_short(task, out, woken, now);
		return;
	}
	spell->out_ns = out;
	spell->woken_ns = task->state == STATE_READY ? 0 : woken;
	spell->short_ready_ns = task->short_ready_ns;
	spell->short_blocked_ns = task->short_blocked_ns;
	spell->short_reason = task->short_reason;
	spell->waker_start_ns = task->waker.start_ns;
	spell->waker_pid = task->waker.pid;
	spell->waker_tid = task->waker.tid;
	spell->waker_flags = task->waker_flags;
	spell->state = task->state;
	spell->reason = task->state == STATE_BLOCKED ? task->reason : REASON_NONE;
	spell->call = task->state == STATE_BLOCKED ? task->call : -1;
	spell->fd = task->state == STATE_BLOCKED ? task->fd : -1;
	if (SEND(timeline, spell)) {
		add_short(task, out, woken, now);
	} else {
		task->short_ready_ns = task->short_blocked_ns = task->short_longest_ns = 0;
		task->short_reason = 0;
	}
	task->sent_ns = now;
}

/* p is about to run. A sleeper woken before it had quite left the CPU has woken_ns < since_ns: it never slept. */
static __always_inline void switch_in(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 out = task->since_ns, woken = out;

	if (now < out)
		now = out;
	task->seq++;
	if (task->state == STATE_BLOCKED || task->state == STATE_STOPPED) {
		if (task->woken_ns > out)
			woken = task->woken_ns;
		if (woken > now)
			woken = now;
		if (task->state == STATE_STOPPED)
			task->totals.stopped_ns += woken - out;
		else
			add_blocked(task, woken - out);
		if (task->waker.pid | task->waker_flags)
			count_waker(task);
	}
	task->totals.ready_ns += now - woken;
	if (detail_ns != ~0ull)
		tell_spell(p, task, out, woken, now);
	task->waker.pid = 0;
	task->waker_flags = 0;
	task->since_ns = now;
	task->state = STATE_RUNNING;
	task->seq++;
}

/* Changes of identity since the last look: pointers tell that something is new, the events what. */
static __noinline void tell_identity(struct task_struct *p, struct task *task, __u64 now)
{
	struct task_struct *parent = p->real_parent;

	if ((__u64)parent != task->real_parent) {
		struct task_struct *leader = parent->group_leader;
		__u32 level = leader->thread_pid->level;
		RECORD(REPARENT, struct reparent, reparent, p, now);

		task->real_parent = (__u64)parent;
		reparent->parent_start_ns = leader->start_boottime;
		reparent->parent_pid = parent->tgid;
		reparent->init = number_of(leader->thread_pid, level) == 1;
		SEND(lifecycle, reparent);
	}
	if (task->session != (__u64)p->signal->pids[3] || task->group != (__u64)p->signal->pids[2] ||
	    task->tty != (__u64)p->signal->tty) {
		RECORD(SESSION, struct session, session, p, now);

		task->session = (__u64)p->signal->pids[3];
		task->group = (__u64)p->signal->pids[2];
		task->tty = (__u64)p->signal->tty;
		read_session(p, &session->session, &session->group, &session->tty);
		SEND(lifecycle, session);
	}
}

static __noinline void tell_owner(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 tracer = p->ptrace ? (__u64)p->parent : 0;
	__u32 uid = p->real_cred->uid.val;

	if (task->uid != uid) {
		RECORD(USER, struct user, user, p, now);

		user->uid = uid;
		user->gid = p->real_cred->gid.val;
		user->old_uid = task->uid;
		SEND(lifecycle, user);
		task->uid = uid;
	}
	task->real_cred = (__u64)p->real_cred;
	if (task->tracer != tracer) {
		RECORD(TRACER, struct tracer, told, p, now);

		task->tracer = tracer;
		told->tracer_start_ns = tracer ? p->parent->group_leader->start_boottime : 0;
		told->tracer_pid = tracer ? p->parent->tgid : 0;
		SEND(lifecycle, told);
	}
}

/* Within an exec, which may sleep once the new name is set, the exec's own event is about to tell. */
static __noinline void tell_name(struct task_struct *p, struct task *task, __u64 now)
{
	__u32 call = call_of(p);
	RECORD(RENAME, struct rename_to, to, p, now);

	if (call == CALL_EXECVE || call == CALL_EXECVEAT)
		return;
	__builtin_memcpy(task->comm, p->comm, sizeof(task->comm));
	__builtin_memcpy(to->comm, task->comm, sizeof(to->comm));
	SEND(lifecycle, to);
}

/* The owner before the name: who asks for a user's processes is told of what they do as that user's. */
static __always_inline void notice_changes(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 *comm = (__u64 *)p->comm;

	if ((__u64)p->real_parent != task->real_parent || (__u64)p->signal->pids[3] != task->session ||
	    (__u64)p->signal->pids[2] != task->group || (__u64)p->signal->tty != task->tty)
		tell_identity(p, task, now);
	if ((__u64)p->real_cred != task->real_cred || (p->ptrace ? (__u64)p->parent : 0) != task->tracer)
		tell_owner(p, task, now);
	if (comm[0] != task->comm[0] || comm[1] != task->comm[1])
		tell_name(p, task, now);
}

/* p leaves a CPU that we did not see it get: some kernels do not tell of switches away from certain tasks, nor of whom
 * they wake. The scheduler knows for how long it ran (kernel/sched/fair.c, set_next_entity()). */
static __noinline void catch_up(struct task_struct *p, struct task *task, __u64 now)
{
	__u64 ran = p->se.sum_exec_runtime - p->se.prev_sum_exec_runtime;
	__u64 in = task->since_ns;

	if (now > in && ran < now - in)
		in = now - ran;
	if (task->woken_ns <= task->since_ns)
		task->woken_ns = in;
	switch_in(p, task, in > task->woken_ns ? in : task->woken_ns);
}

/* p leaves the CPU; preempted or still runnable it is ready. kernel/sched/core.c, __schedule(). */
static __always_inline void switch_out(struct task_struct *p, struct task *task, bool preempted, __u32 state, __u64 now)
{
	if (task->flags & TASK_ENDED)
		return;
	if (task->state != STATE_RUNNING)
		catch_up(p, task, now);
	if (state & TASK_DEAD) {
		end_running(p, task, now, 0, 0);
		return;
	}
	if (now < task->since_ns)
		now = task->since_ns;
	task->seq++;
	task->totals.running_ns += now - task->since_ns;
	task->since_ns = now;
	if (preempted || !(state & 0xff)) {
		task->state = STATE_READY;
	} else if (state & TASK_STOPPED_OR_TRACED) {
		task->state = STATE_STOPPED;
	} else {
		task->state = STATE_BLOCKED;
		find_reason(p, task, state);
	}
	task->seq++;
	if (!(task->flags & TASK_EXITING))
		notice_changes(p, task, now);
}

/* What it changed just before its end is told before that: SIGCHLD tells the end, the last switch comes after, when
 * session and group may have been given back. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(last_changes, struct task_struct *p)
{
	struct task *task = task_of(p);

	if (task)
		notice_changes(p, task, bpf_ktime_get_boot_ns());
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempted, struct task_struct *prev, struct task_struct *next)
{
	struct task *task = task_met(prev);
	__u64 now = 0;

	if (task) {
		now = bpf_ktime_get_boot_ns();
		switch_out(prev, task, preempted, switch_tells_state ? (__u32)ctx[3] : prev->__state, now);
	}
	task = task_of(next);
	if (!task && (follow_all || follow_roots) && is_counted(next))
		task = remember(next, STATE_READY, now ? now : bpf_ktime_get_boot_ns());
	if (task)
		switch_in(next, task, now ? now : bpf_ktime_get_boot_ns());
	return 0;
}

/* kernel/sched/core.c, try_to_wake_up(): in the waker's context, under p's pi_lock. */
SEC("tp_btf/sched_waking")
int BPF_PROG(sched_waking, struct task_struct *p)
{
	struct task *task = task_of(p);
	struct task_struct *current;

	if (!task)
		return 0;
	current = bpf_get_current_task_btf();
	if (!current->pid || in_interrupt(ctx, current, &task->mark)) {
		task->waker.pid = task->waker.tid = 0;
		task->waker.start_ns = 0;
		task->waker_flags = WAKER_IRQ;
	} else {
		who_is(&task->waker, current);
		task->waker_flags = 0;
	}
	task->woken_ns = bpf_ktime_get_boot_ns();
	return 0;
}
