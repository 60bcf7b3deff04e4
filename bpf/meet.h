/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks that lived before us, or that nothing had to be remembered of so far: how we come to know them. Only bpf/
 * includes this file.
 */
#ifndef PROCLIFE_MEET_H
#define PROCLIFE_MEET_H

#include "bpf/emit.h"
#include "bpf/scheduler.h"

#define CLOCK_TICK_NS 10000000 /* of /proc: 100 a second on every machine (include/linux/jiffies.h, USER_HZ) */

/* What states.bpf.c compares with at each switch away, to notice a change. */
static __always_inline void remember_identity(struct task *task, struct task_struct *p)
{
	__builtin_memcpy(task->comm, p->comm, sizeof(task->comm));
	task->real_parent = (__u64)FOLLOW(p, real_parent);
	task->real_cred = (__u64)FOLLOW(p, real_cred);
	task->session = (__u64)FOLLOW(p, signal, pids[3]);
	task->group = (__u64)FOLLOW(p, signal, pids[2]);
	task->tty = (__u64)FOLLOW(p, signal, tty);
	task->tracer = p->ptrace ? (__u64)FOLLOW(p, parent) : 0;
	task->uid = FOLLOW(p, real_cred, uid.val);
}

static __always_inline void begin_state(struct task *task, __u32 state, __u64 since_ns)
{
	task->sent_ns = since_ns;
	task->state = state;
	task->call = task->kept_call = task->fd = -1;
}

/* The first that is remembered of p, in that state since `since_ns`. p has not been released, so its leader and its parent exist. */
static __always_inline void begin_task(struct task *task, struct task_struct *p, __u32 state, __u64 since_ns)
{
	struct task_struct *parent = FOLLOW(p, real_parent);

	task->process_start_ns = FOLLOW(p, group_leader, start_boottime);
	task->born_ns = p->start_boottime;
	task->since_ns = since_ns;
	task->parent_pid = parent->tgid;
	task->parent_start_ns = FOLLOW(parent, group_leader, start_boottime);
	if (with_states) {
		task->was_ready = was_ready(p);
		begin_state(task, state, since_ns);
		remember_identity(task, p);
	}
}

/* include/linux/cgroup.h, cgroup_is_descendant(). */
static __always_inline bool is_in_cgroup(struct task_struct *p, __u64 id, __u32 level)
{
	struct cgroup *group = FOLLOW(p, cgroups, dfl_cgrp), *above;

	if (group->level < level)
		return false;
	above = pointer_at((void *)group + bpf_core_field_offset(struct cgroup, ancestors) +
			   (level & 31) * sizeof(above));
	return READ(above, kn, id) == id;
}

static __always_inline bool some_are_counted(void)
{
	return follow_all && with_states && (count_uid != ~0u || count_cgroup);
}

/* Do p's states count, if any do? */
static __always_inline bool is_counted(struct task_struct *p)
{
	if (!some_are_counted())
		return true;
	if (count_uid != ~0u && FOLLOW(p, real_cred, uid.val) != count_uid)
		return false;
	return !count_cgroup || is_in_cgroup(p, count_cgroup, count_level);
}

/* Nothing of it was told so far as it changed: the next switch away will tell all. */
static __always_inline void forget_identity(struct task *task)
{
	task->comm[0] = task->real_cred = task->session = 0;
	task->uid = ~0u;
}

/* Was p chosen before the probes could see it be born? */
static __always_inline bool is_root(struct task_struct *p)
{
	__u32 tid = p->pid;
	__u64 *ticks;

	if (!follow_roots || !may_be_traced(p))
		return false;
	ticks = bpf_map_lookup_elem(&roots, &tid);
	return ticks && *ticks == p->start_boottime / CLOCK_TICK_NS;
}

#ifdef HAS_RDONLY_CAST
#define STORAGE_MAY_BE_BUSY 0
#else /* before 6.2 a look-up, too, fails while a task that was preempted uses the storage of this CPU: bpf_task_storage_trylock() */
#define STORAGE_MAY_BE_BUSY 1
#endif

/* In a tree: nothing was found of p. Is that because nothing can be found now? No room can be made then, either. */
static __always_inline bool is_hidden(struct task_struct *p)
{
	struct task *task;

	if (!STORAGE_MAY_BE_BUSY || !may_be_traced(p))
		return false;
	task = stored(p, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!task)
		return true;
	if (task->born_ns)
		return false;
	if (with_states)
		bpf_task_storage_delete(&tasks, p);
	else
		bpf_task_storage_delete(&ends, p);
	return false;
}

static __always_inline bool is_followed(struct task_struct *p)
{
	if (follow_all)
		return !is_kernels(p);
	if (task_of(p) || is_root(p))
		return true;
	if (is_hidden(p))
		__sync_fetch_and_add(&lost_lifecycle, 1);
	return false;
}

/* The first that is remembered of p, which was not seen to be born. */
static __noinline int begin_late(struct task_struct *p, struct task *task, __u32 state, __u64 now)
{
	begin_task(task, p, state, now);
	if (with_states)
		task->counted_ns = is_counted(p) ? now : ~0ull;
	if (some_are_counted())
		forget_identity(task);
	return 0;
}

/* Kernels before 6.4 allocate it by kmalloc(), which may wake kswapd (kernel/bpf/bpf_local_storage.c, bpf_selem_alloc()): not with a
 * runqueue locked. 7.2, which has neither field, always allocates by kmalloc_nolock(). */
#define MAKES_ROOM_ANYWHERE                                                                                            \
	(bpf_core_field_exists(struct bpf_local_storage_map, bpf_ma) ||                                                \
	 bpf_core_field_exists(struct bpf_local_storage_map, use_kmalloc_nolock) || probes_preemptible /* 7.0 on */)

/* Is p followed even if nothing is remembered of it? */
static __always_inline bool is_met(struct task_struct *p)
{
	return follow_all ? !is_kernels(p) : is_root(p);
}

/* Makes room for what is to be remembered of p; NULL: p is not followed, or there is no memory. */
static __always_inline struct task *make_room(struct task_struct *p)
{
	return is_met(p) ? stored(p, BPF_LOCAL_STORAGE_GET_F_CREATE) : NULL;
}

static __always_inline void begin_if_new(struct task_struct *p, struct task *task, __u32 state, __u64 now)
{
	if (!task->born_ns)
		begin_late(p, task, state, now);
}

/* What we remember of p from now on; NULL: it is not followed, or there is no memory. */
static __noinline struct task *remember(struct task_struct *p, __u32 state, __u64 now)
{
	struct task *task = make_room(p);

	if (task)
		begin_if_new(p, task, state, now);
	return task;
}

/* Of p, which is running now and about to end: what we remember, or begin to. */
static __always_inline struct task *task_ending(struct task_struct *p)
{
	struct task *task = task_of(p);

	if (task && task->born_ns)
		return task;
	return follow_all || follow_roots ? remember(p, STATE_RUNNING, bpf_ktime_get_boot_ns()) : NULL;
}

/* The same of one that goes on; nothing begins for one whose states do not count. */
static __always_inline struct task *task_met(struct task_struct *p)
{
	return some_are_counted() && !is_counted(p) ? task_of(p) : task_ending(p);
}

#endif
