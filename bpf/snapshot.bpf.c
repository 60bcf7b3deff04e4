// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at every traced task that lives now: totals so far and its present state. For the end of a trace, and for
 * repairing the picture after a loss.
 */
#include "bpf/bound.h"
#include "bpf/preempted.h"
#include "bpf/reasons.h"
#include "bpf/totals.h"
#include "bpf/waits.h"

#define TRIES 16

__u64 snapshot_missed; /* tasks that kept switching while we looked at them */

/* The state it is in lasts until now; a sleeper that was woken, if woken is not 0, has been ready since. Returns how long it is
 * blocked. */
static __always_inline __u64 add_present(struct totals *totals, __u64 woken, __u64 since, __u32 state, __u64 now)
{
	if (state == STATE_RUNNING)
		totals->running_ns += now - since;
	else if (state == STATE_READY)
		totals->ready_ns += now - since;
	else {
		__u64 asleep = woken > since && woken < now ? woken : now;

		totals->ready_ns += now - asleep;
		if (state == STATE_BLOCKED) {
			totals->blocked_ns += asleep - since;
			return asleep - since;
		}
		totals->stopped_ns += asleep - since;
	}
	return 0;
}

struct alive_record {
	struct event head;
	struct alive alive;
};

struct paper { /* room to write on that the stack has not; one iterator runs at a time */
	struct task task;
	struct alive_record record;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct paper);
} papers SEC(".maps");

static __always_inline struct paper *paper(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&papers, &zero);
}

/* A copy of what the probes remember of a task, taken again while one of the scheduler's writes: the totals and the shares of a copy
 * belong together. NULL: it keeps switching. */
static __noinline struct task *copy_whole(struct task *from)
{
	struct paper *on = paper();

	if (!on)
		return NULL;
	for (int i = 0; i < TRIES; i++) {
		__u32 writes = writes_of(from);

		bpf_probe_read_kernel(&on->task, sizeof(on->task), from);
		if (!(writes & 1) && writes_of(from) == writes)
			return &on->task;
	}
	return NULL;
}

/* As catch_up() does at the next switch, but in a copy: p is on a CPU that it was not seen to get. One that is leaving its CPU is
 * still on it for a moment (kernel/sched/core.c, finish_task()), but got it before it left. */
static __noinline int catch_up_copy(struct task_struct *p, struct task *copy, __u64 now)
{
	__u64 waited = was_ready(p) - copy->was_ready, in = 0;

	if (KEEPS_SCHED_INFO)
		in = our_time(p->sched_info.last_arrival, now);
	if (!p->on_cpu || in <= copy->since_ns)
		return 0;
	end_spell(copy, copy->woken_ns ?: in - waited, in);
	copy->woken_ns = 0;
	copy->since_ns = in;
	copy->state = STATE_RUNNING;
	return 0;
}

/* kernel/sched/fair.c, update_curr(): a task's exec_start is the scheduler's time of its last moment on a CPU. Ours, who
 * runs now, tells what time that clock has. Nearly: it may be a tick behind, and knows nothing of suspends. */
static __always_inline __u64 about_since(struct task_struct *p, __u64 now)
{
	__u64 clock = bpf_get_current_task_btf()->se.exec_start, seen = p->se.exec_start;
	__u64 ago = clock > seen ? clock - seen : 0, since = now > ago ? now - ago : 0;

	return since > p->start_boottime ? since : p->start_boottime;
}

/* A task whose state is not followed, as it shows itself now. */
static __noinline struct task *look_at(struct task_struct *p, struct task *known, __u64 now)
{
	struct paper *on = paper();
	__u32 state = p->__state;
	struct task *task;

	if (!on)
		return NULL;
	task = &on->task;
	begin_task(task, p, STATE_BLOCKED, about_since(p, now));
	begin_state(task, STATE_BLOCKED, task->since_ns);
	if (known) {
		task->parent_pid = known->parent_pid;
		task->parent_start_ns = known->parent_start_ns;
	}
	task->waits = known ? known->waits : 0;
	task->counted_ns = ~0ull;
	task->woken_ns = 0;
	if (p->on_cpu)
		task->state = STATE_RUNNING;
	else if (!(state & TASK_OFF_QUEUE))
		task->state = STATE_READY;
	else if (state & TASK_STOPPED_OR_TRACED)
		task->state = STATE_STOPPED;
	else
		find_reason(p, task, state);
	return task;
}

static __always_inline __u32 chld_flags(struct task_struct *p)
{
	__u64 handler = handler_of(p, SIGCHLD);

	if (handler == SIG_IGN || READ(action_of(p, SIGCHLD), sa.sa_flags) & SA_NOCLDWAIT)
		return ALIVE_CHLD_IGNORED;
	return handler ? ALIVE_CHLD_HANDLED : 0;
}

/* What may be known of a parent even of somebody who was born before us. */
static __always_inline __u32 parent_flags(struct task_struct *p)
{
	struct task_struct *parent = READ(p, real_parent);
	struct pid *pid = READ(parent, group_leader, thread_pid);
	struct signal_struct *signal = READ(parent, signal);
	__u32 flags = 0;

	if (number_of(pid, READ(pid, level)) == 1)
		flags |= ALIVE_OF_INIT;
	if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper))
		flags |= ALIVE_OF_SUBREAPER;
	if (READ(parent, signal, pids[3]) == READ(p, signal, pids[3]))
		flags |= ALIVE_OF_SESSION;
	return flags;
}

static __always_inline void fill_alive(struct alive *alive, struct task_struct *p, struct task *task)
{
	struct pid *pid = READ(p, thread_pid);

	alive->task_start_ns = task->born_ns;
	alive->parent_start_ns = task->parent_start_ns;
	alive->cpu_ns = p->se.sum_exec_runtime;
	alive->waits = task->waits;
	alive->parent_pid = task->parent_pid;
	alive->real_parent_pid = READ(p, real_parent, tgid);
	alive->reason = alive->state == STATE_BLOCKED ? task->reason : REASON_NONE;
	alive->call = alive->state == STATE_BLOCKED ? task->call : -1;
	alive->fd = alive->state == STATE_BLOCKED ? task->fd : -1;
	alive->uid = READ(p, real_cred, uid.val);
	read_session(p, &alive->session, &alive->group, &alive->tty);
	alive->ns_level = READ(pid, level);
	alive->ns_pid = number_of(pid, alive->ns_level);
	if (with_states)
		fill_wait(alive, p, task);
	alive->pid_namespace = alive->ns_level ? namespace_of(pid, alive->ns_level) : 0;
	alive->cgroup = READ(p, cgroups, dfl_cgrp, kn, id);
	alive->flags |= parent_flags(p) | chld_flags(p);
	alive->counted_ns = with_states ? task->counted_ns : ~0ull;
	bpf_probe_read_kernel(alive->comm, sizeof(alive->comm), p->comm);
}

static __always_inline bool counts(struct task *task)
{
	return with_states && task->counted_ns != ~0ull;
}

/* The task's state, and, where they are counted, its totals up to now. */
static __always_inline void fill_state(struct alive *alive, struct task_struct *p, struct task *task, __u64 *now,
				       __u64 *present)
{
	alive->state = task->state;
	alive->since_ns = task->since_ns;
	if (!counts(task)) {
		alive->flags = ALIVE_SINCE_ABOUT;
		return;
	}
	alive->totals = task->totals;
	if (*now < alive->since_ns)
		*now = alive->since_ns;
	*present = add_present(&alive->totals, woken_since(p, task, *now), alive->since_ns, alive->state, *now);
}

/* Through the iterator's own channel, not the ring: a look at 30,000 tasks at once would not fit there. ended: p is a
 * leader that has ended. Either others of its group live, or the end of its process has told the rest, or is about to. */
static __noinline int send_alive(struct seq_file *seq, struct task_struct *p, struct task *task, __u64 now, bool ended)
{
	struct paper *on = paper();
	struct alive *alive;
	__u64 present = 0;

	if (!on)
		return -1;
	__builtin_memset(&on->record, 0, sizeof(on->record));
	alive = &on->record.alive;
	if (ended) {
		alive->state = STATE_COUNT;
		alive->flags = FOLLOW(p, signal, live.counter) ? ALIVE_BY_OTHERS : 0;
	} else {
		fill_state(alive, p, task, &now, &present);
	}
	fill_head_as(&on->record.head, p, EVENT_ALIVE, sizeof(*alive), now, task->process_start_ns);
	fill_alive(alive, p, task);
	if (!ended && counts(task)) {
		alive->reasons = send_reasons(seq, p, task, present, now);
		alive->wakers = with_wakers ? send_wakers(seq, p, task, now) : 0;
	}
	return bpf_seq_write(seq, &on->record, sizeof(on->record));
}

/* It is a zombie: since before we came, or else since an end that the reader may have missed. At this time, so that it comes
 * behind the record of that end, if there is one. */
static __noinline int send_earlier_end(struct seq_file *seq, struct task_struct *p, __u64 now)
{
	struct {
		struct event head;
		struct end end;
	} out = {};
	struct end *end = &out.end;

	fill_head(&out.head, p, EVENT_END, sizeof(out.end), now);
	end->task_start_ns = p->start_boottime;
	end->parent_start_ns = READ(p, real_parent, group_leader, start_boottime);
	end->parent_pid = end->real_parent_pid = READ(p, real_parent, tgid);
	end->cpu_ns = p->se.sum_exec_runtime;
	end->status = FOLLOW(p, signal, flags) & SIGNAL_GROUP_EXIT ? FOLLOW(p, signal, group_exit_code) : p->exit_code;
	end->flags = END_LEADER | END_GROUP_DEAD | END_TOLD | END_EARLIER;
	end->uid = READ(p, real_cred, uid.val);
	read_session(p, &end->session, &end->group, &end->tty);
	end->counted_ns = ~0ull;
	__builtin_memcpy(end->comm, p->comm, sizeof(end->comm));
	return bpf_seq_write(seq, &out, sizeof(out));
}

/* So that the reap of one that was a zombie when we came is seen as any other. */
static __always_inline void expect_reap(struct task_struct *p, __u64 now)
{
	__u64 sighand = (__u64)FOLLOW(p, sighand);
	struct task *task;

	bpf_preempt_disable();
	task = remember(p, STATE_READY, now);
	bpf_preempt_enable();
	if (!task || !sighand)
		return;
	task->sighand = sighand;
	task->flags |= TASK_EXITING | TASK_LAST | TASK_ENDED | TASK_TOLD;
	if (exact_reaps)
		await_reap(p, sighand, task);
}

/* kernel/exit.c, exit_notify(): a leader that ended before its threads is no zombie for others to reap. */
static __always_inline bool is_zombie(struct task_struct *p)
{
	return p->exit_state && p == FOLLOW(p, group_leader) && !FOLLOW(p, signal, live.counter);
}

/* Its end was told, or happened before we came; else it is about to be told. */
static __always_inline bool is_told_of(struct task_struct *p, struct task *task)
{
	__u32 bits = ending_of(p, p->start_boottime);

	if (reaps_are_bounds())
		return !(bits & ENDING_SEEN) || bits & ENDING_TOLD;
	return !task || !(task->flags & TASK_EXITING) || task->flags & TASK_TOLD;
}

static __always_inline bool is_wanted(struct task_struct *p)
{
	if (follow_all && is_kernels(p))
		return false;
	return is_followed(p) && (with_threads || p->pid == p->tgid);
}

/* p is a zombie, and its end was sent before, or happened before we came. */
static __always_inline void send_zombie(struct seq_file *seq, struct task_struct *p, struct task *task, __u64 now)
{
	if (reaps_are_bounds())
		note_ending(p, p->start_boottime, ending_of(p, p->start_boottime) | ENDING_SEEN | ENDING_TOLD);
	else if (!task)
		expect_reap(p, now);
	send_earlier_end(seq, p, now);
}

/* The probes of the scheduler remember what happens to tasks for which there is room: for those that were not born before them,
 * or did not count then, it is made here. */
static __always_inline void make_room_for_states(struct task_struct *p)
{
	if (with_states && !(p->flags & PF_EXITING) && is_counted(p))
		make_room(p);
}

/* Is p to be reported? *task: what was remembered of it before. A birth finds no room while the same CPU uses the storage
 * (kernel/bpf/bpf_task_storage.c, bpf_task_storage_trylock(), before 7.0), so an iterator must not be preempted then. */
static __always_inline bool find_wanted(struct task_struct *p, struct task **task)
{
	bool wanted;

	bpf_preempt_disable();
	wanted = is_wanted(p);
	*task = wanted ? task_of(p) : NULL;
	if (wanted && !*task)
		make_room_for_states(p);
	bpf_preempt_enable();
	return wanted;
}

/* What is known of p; NULL: it keeps switching, or is being released. */
static __always_inline struct task *known_of(struct task_struct *p, struct task *task, bool ended, __u64 now)
{
	if (with_states && !ended && task && task->born_ns) {
		task = copy_whole(task);
		if (task && task->state != STATE_RUNNING)
			catch_up_copy(p, task, now);
		return task;
	}
	task = look_at(p, task, now);
	return left_group(p) ? NULL : task;
}

/* fs/exec.c, de_thread(): a thread has taken its place, its pid and its start, maybe while the iterator held this task for that
 * pid. */
static __always_inline bool was_leader(struct task_struct *p, struct task *task)
{
	return task && p->start_boottime == task->process_start_ns;
}

SEC("iter/task")
int snapshot(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *p = ctx->task;
	struct task *task;
	bool ended;
	__u64 now;

	if (!p || !find_wanted(p, &task))
		return 0;
	now = bpf_ktime_get_boot_ns();
	if (is_zombie(p) && is_told_of(p, task)) {
		send_zombie(seq, p, task, now);
		return 0;
	}
	ended = p->exit_state || (task && task->flags & TASK_ENDED);
	if (ended && p != FOLLOW(p, group_leader)) {
		if (was_leader(p, task))
			__sync_fetch_and_add(&snapshot_missed, 1);
		return 0;
	}
	task = known_of(p, task, ended, now);
	if (task)
		send_alive(seq, p, task, now, ended);
	else if (!left_group(p))
		__sync_fetch_and_add(&snapshot_missed, 1);
	return 0;
}
