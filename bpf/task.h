/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What we remember of each traced task (task storage), the maps, and the settings. Only bpf/ includes this file.
 *
 * Who writes what: switch handlers alone write totals, state and since_ns (the kernel orders them per task); waking
 * writes only woken_ns and the waker (ordered by the task's pi_lock), which the switch that follows takes and clears. So
 * nothing is counted twice, without a lock. Unless wakers are asked for there is no probe on waking: since when a task is
 * ready the scheduler knows (scheduler.h).
 */
#ifndef PROCLIFE_TASK_H
#define PROCLIFE_TASK_H

#include "bpf/kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "bpf/event.h"
#include "bpf/reason.h"
#include "bpf/read.h"

#define OTHER_CALLS 4 /* system calls of REASON_OTHER that get a total of their own */
#define TASK_WAKERS 8
#define PID_SLOTS 65536 /* pids are counted modulo this */

struct spell {
	__u64 ns, longest_ns, count;
};

struct who { /* a task that did something to another */
	__u64 start_ns;
	__u32 pid, tid;
};

struct child {
	__u64 address, start_ns; /* address 0: none */
	__u32 pid, zero;
};

#define TASK_EXITING (1 << 0)
#define TASK_LAST (1 << 1)	   /* the last of its thread group */
#define TASK_ENDED (1 << 2)	   /* its end was sent */
#define TASK_REAPED (1 << 3)	   /* it is being reaped, by itself */
#define TASK_TOLD (1 << 4)	   /* of a leader: its process's end was sent */
#define TASK_PID_COUNTED (1 << 5)  /* traced_pids counts it */
#define TASK_REAP_SENT (1 << 6)	   /* of a leader: the reap of its process was sent */
#define TASK_REAP_UNSEEN (1 << 7)  /* of a leader: no probe will see the reap of its process; its free is the bound */
#define TASK_REAPS_ITSELF (1 << 8) /* of a leader: as its process exited, the parent wanted no zombies */

struct task { /* all zero: room was made for it, and nothing is known yet */
	__u64 born_ns, since_ns, parent_start_ns;
	__u64 process_start_ns; /* read from the leader while the task was in the thread group: later the leader may be gone */
	__u64 sighand, waits, last_signal;
	struct child children[2]; /* as it exits: the oldest and the youngest */
	__u64 mark;		  /* room for in_interrupt(), under the task's pi_lock */
	__u64 elected;		  /* of a leader: not 0 once a thread of its process is known to be the last */
	__u32 flags, parent_pid, last_session, last_group, last_tty;
	__u32 last_parent_pid, status, zero; /* as it exited: its parent's pid, the wait status as known to it */

	__u64 counted_ns; /* from when on totals count, if not from birth; ~0: they do not */
	__u64 sent_ns;	  /* up to when the timeline has been told */
	struct totals totals;
	__u32 seq; /* odd while a switch handler writes */
	__u32 state, reason, uid;
	__s32 call, fd, kept_call; /* kept_call: what restart_syscall restarts */
	__u32 waker_flags;
	__u64 woken_ns, was_ready; /* was_ready: the scheduler's count of time spent so, as it last left its CPU */
	__u64 moved_ns; /* when it was moved to another CPU, in whose queue it was though it slept; 0: it was not */
	struct who waker;
	__u64 short_ready_ns, short_blocked_ns, short_longest_ns, short_reason;

	__u64 comm[2], real_parent, real_cred, session, group, tty, tracer; /* as last told: bytes and addresses */
	__u64 renamed_ns; /* when the latest new name was reported, before the kernel wrote it */
	struct spell spells[REASON_COUNT];
	struct spell others[OTHER_CALLS];
	__s32 other_calls[OTHER_CALLS];
	struct who wakers[TASK_WAKERS];
	__u32 waker_counts[TASK_WAKERS];
	__u64 waker_rest, waker_irqs;
	__u32 sent_reasons, sent_wakers; /* how many shares went before its end */
};

struct tasks_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task);
};

struct ending_task {
	__u64 words[__builtin_offsetof(struct task, counted_ns) / sizeof(__u64)];
};

/* Where states do not count the task's end alone is remembered: what comes before counted_ns. The verifier sees to it that
 * nothing behind is touched. A tenth of the memory to be found and cleared at each exit. */
struct ends_map {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct ending_task);
};

struct ring_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
};

struct roots_map { /* tasks that lived before us and are to be followed: tid -> start, in clock ticks as /proc has it */
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u64);
};

extern struct tasks_map tasks SEC(".maps");
extern struct ends_map ends SEC(".maps");
extern struct roots_map roots SEC(".maps");
extern struct ring_map lifecycle SEC(".maps");
extern struct ring_map timeline SEC(".maps");

/* Settings, written before the programs are loaded. */
extern const volatile __u64 detail_ns;	     /* shortest off-CPU spell told one by one; ~0: no timeline at all */
extern const volatile __u32 exact_reaps;     /* release_task is watched through kmem_cache_free */
extern const volatile __u32 ring_wake_bytes; /* unread bytes at which the collector is woken */
extern const volatile __u32 follow_all;	     /* every process of the machine; else a tree, from its root */
extern const volatile __u32 follow_roots;    /* the tree has roots that lived before us */
extern const volatile __u32 own_namespace;   /* the pid namespace that we are in, by its inode number */
extern const volatile __u32 with_states;     /* states are accounted for: switches are watched */
extern const volatile __u32 with_wakers;     /* who wakes whom is watched */
extern const volatile __u32 with_threads;    /* births and ends of threads are told */
extern const volatile __u32 count_uid;	     /* of all, states count for this user's processes; ~0: for everybody's */
extern const volatile __u64 count_cgroup;    /* … for those in the control group of that id, or below it; 0: in any */
extern const volatile __u32 count_level;     /* how far below the root that one is */

/* Shared with the collector while we run. */
extern __u32
	traced_pids[PID_SLOTS];	 /* how many traced tasks have a pid of that slot: mostly 0, which saves a look-up */
extern __u32 endings[PID_SLOTS]; /* see bound.h */
extern __u64 lost_lifecycle, lost_timeline;
/* The next child of process root_parent, as our own pid namespace numbers it, is the root of the traced tree; 0: none is. */
extern __u32 root_parent;
extern __u32 root_pid; /* as all namespaces know it, once it is born */

static __always_inline bool may_be_traced(struct task_struct *p)
{
	return traced_pids[p->pid & (PID_SLOTS - 1)];
}

static __always_inline void count_pid(struct task_struct *p, __s32 change)
{
	__sync_fetch_and_add(&traced_pids[p->pid & (PID_SLOTS - 1)], change);
}
/* The kernel's own threads, and the idle tasks. */
static __always_inline bool is_kernels(struct task_struct *p)
{
	return p->flags & (PF_KTHREAD | PF_IO_WORKER) || !p->pid;
}

static __always_inline struct task *stored(struct task_struct *p, __u64 flags)
{
	if (with_states)
		return bpf_task_storage_get(&tasks, p, NULL, flags);
	return bpf_task_storage_get(&ends, p, NULL, flags);
}

/* What we remember of p, or NULL if that is nothing: one load for nearly all others. */
static __always_inline struct task *task_of(struct task_struct *p)
{
	if (!follow_all && !may_be_traced(p))
		return NULL;
	return stored(p, 0);
}

/*
 * kernel/exit.c, exit_notify(): from then on, exit_state is set, a thread may be out of its thread group, and its leader's
 * memory may be used again. p is current, or cannot pass that point now.
 */
static __always_inline bool left_group(struct task_struct *p)
{
	return p->exit_state && p != FOLLOW(p, group_leader);
}

/* The start of p's process; 0: not known. p is current. volatile: one load for both pointers is not for the verifier. */
static __always_inline __u64 process_start(struct task_struct *p)
{
	struct task *task;

	if (!left_group(p))
		return FOLLOW(p, group_leader, start_boottime);
	task = task_of(p);
	return task ? *(volatile __u64 *)&task->process_start_ns : 0;
}

static __always_inline void who_is(struct who *who, struct task_struct *p)
{
	who->start_ns = process_start(p);
	who->pid = p->tgid;
	who->tid = p->pid;
}
#endif
