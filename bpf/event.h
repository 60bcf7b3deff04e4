/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The event record: what the kernel side sends, a recording stores and the model eats. Facts only.
 * Both sides include it; it needs u8..s64 style types (bpf/kernel.h there, <linux/types.h> here).
 *
 * All times are nanoseconds of CLOCK_BOOTTIME. A process is (pid, start_ns): pid is its thread group id as
 * the initial pid namespace numbers it, start_ns its leader's start_boottime; tid names the task. Padding is
 * explicit and zero; no pointer, bool, enum, long or packed field. A reader takes a shorter record as if
 * filled with zeros and ignores a longer one's tail.
 */
#ifndef PROCLIFE_EVENT_H
#define PROCLIFE_EVENT_H

#define COMM_LEN 16
#define EXEC_PATH_MAX 1024 /* an exec event: where its path stops (after the part that crosses it) */
#define EXEC_ARGV_MAX 4095 /* and its arguments */

struct event { /* the head of every record */
	__u16 kind, size;
	__u32 cpu;
	__u64 at_ns, start_ns;
	__u32 pid, tid;
};

struct totals { /* where a task's life went; they sum to the time from its birth to the record's at_ns */
	__u64 running_ns, ready_ns, blocked_ns, stopped_ns;
};

struct birth { /* task_newtask; head: the new task */
	__u64 task_start_ns, parent_start_ns, clone_flags;
	__u32 parent_pid, by_tid; /* the process it is a child of (CLONE_PARENT: not the caller's); the calling task */
	__u32 exit_signal, uid, session, group, tty; /* tty: its device number, 0 for none */
	__u32 ns_pid, ns_level; /* its pid in its own namespace, and how deep that lies: 0 = initial */
	__s32 call;		/* number of the system call that made it */
	char comm[COMM_LEN];
	__u64 cgroup;	       /* id of its cgroup (version 2); 0: not known */
	__u32 pid_namespace;   /* inode number; 0: the initial one */
	__u32 listed_after_us; /* at most so long after its start it was in the kernel's table of processes */
};

struct exec { /* sched_process_exec; data: exe path, leaf first, each part NUL-ended; then argv, each NUL-ended */
	__u32 old_tid, uid;
	__u32 exe_len, argv_len, argv_total; /* argv_total > argv_len: cut short */
	__u32 session, group, tty;
	__u32 number; /* of this exec, as the task counts them, never 0; 0: not known */
	char comm[COMM_LEN];
	__u8 data[];
};

#define END_LEADER (1 << 0)	  /* the task led its thread group */
#define END_GROUP_DEAD (1 << 1)	  /* the last thread of its process to exit */
#define END_TOLD (1 << 2)	  /* sent as the parent was told: the process is a zombie from now on */
#define END_OOM (1 << 3)	  /* the out-of-memory killer chose it */
#define END_ADOPTED (1 << 4)	  /* it had children, which went to adopter_* */
#define END_ADOPTER_INIT (1 << 5) /* the adopter is pid 1 of its pid namespace */
#define END_REAPED (1 << 6)	  /* sent as it was reaped, by itself: it never was a zombie */
#define END_EARLIER (1 << 7)	  /* it was found a zombie: at_ns is the latest it can have ended */

/* EVENT_IMAGE, by the collector: what a process that lived before us runs, as /proc tells; path whole, old_tid 0. */

/* The session was given back already. 0 is one: that of a first process that never called setsid(). */
#define SESSION_UNKNOWN (~0u)

struct end { /* a task ended: SIGCHLD sent, else reaped, else its last switch away, whichever came first */
	struct totals totals;
	__u64 task_start_ns, parent_start_ns, adopter_start_ns, cpu_ns, waits; /* cpu_ns: sum_exec_runtime */
	__u32 status, flags;		   /* status: the process's wait status as known to this task */
	__u32 parent_pid, real_parent_pid; /* at birth; now */
	__u32 adopter_pid, told_pid;
	__s32 told_result;	    /* signal_generate's result: 0 delivered, 1 ignored, 2 already pending */
	__u32 reasons, wakers, uid; /* how many blocked and waker records came just before */
	char comm[COMM_LEN];
	__u32 session, group, tty, padding;
	__u64 counted_ns; /* from when on totals count; 0: from its birth; ~0: they do not */
};

struct blocked { /* one reason's share of a task's blocked time; just before end or alive */
	__u64 task_start_ns, ns, longest_ns, count;
	__u32 reason;
	__s32 call; /* for REASON_OTHER: the system call */
};

#define WAKER_IRQ (1 << 0)  /* woken out of an interrupt: no task did it */
#define WAKER_REST (1 << 1) /* all wakers that had no room of their own */

struct waker { /* who woke a task, how often; just before end or alive */
	__u64 task_start_ns, count, start_ns;
	__u32 pid, tid, flags, padding;
};

#define REAP_AUTO (1 << 0)  /* by itself: its parent ignores SIGCHLD or set SA_NOCLDWAIT */
#define REAP_BOUND (1 << 1) /* at_ns is the latest it can have been; the reaper may be known all the same */

struct reap { /* the process is gone from the table */
	__u64 reaper_start_ns;
	__u32 reaper_pid, reaper_tid, flags, padding;
};

#define SIGNAL_HANDLED (1 << 0) /* the target has a handler */
#define SIGNAL_IGNORED (1 << 1) /* the target ignores it */
#define SIGNAL_BLOCKED (1 << 2)
#define SIGNAL_KERNEL (1 << 3)	     /* sent by the kernel (SEND_SIG_PRIV, or si_code > 0) */
#define SIGNAL_IRQ (1 << 4)	     /* out of an interrupt: the sender fields are zero */
#define SIGNAL_EXITING (1 << 5)	     /* the sender was past its exit: parent death, hang-up */
#define SIGNAL_PARENT_DEATH (1 << 6) /* and it is the target's PR_SET_PDEATHSIG */
#define SIGNAL_GROUP (1 << 7)	     /* to the process, not to one thread */

struct signal { /* signal_generate; head: the target */
	__u64 sender_start_ns;
	__u32 sender_pid, sender_tid, flags, result;
	__s32 number, code, call; /* call: the system call the sender was in, -1 for none */
	__u32 sender_uid;
	char sender_comm[COMM_LEN];
};

struct reparent { /* noticed when the task left the CPU: another process is its parent now */
	__u64 parent_start_ns;
	__u32 parent_pid, init; /* init: 1 when the parent is pid 1 of its namespace */
};
struct rename_to {
	char comm[COMM_LEN];
};
struct session {
	__u32 session, group, tty, padding;
};
struct user {
	__u32 uid, gid, old_uid, padding;
};
struct tracer {
	__u64 tracer_start_ns;
	__u32 tracer_pid, padding;
};

/* clang-format off */
#define STATES(_) _(RUNNING, "running") _(READY, "ready") _(BLOCKED, "blocked") _(STOPPED, "stopped")
enum state {
#define STATE_ID(id, name) STATE_##id,
	STATES(STATE_ID)
#undef STATE_ID
	STATE_COUNT
};
/* clang-format on */

struct offcpu {			/* a task is back on a CPU (at_ns), having left it at out_ns in `state` */
	__u64 out_ns, woken_ns; /* blocked or stopped until woken_ns, ready from then to at_ns */
	__u64 short_ready_ns, short_blocked_ns; /* spells too short to be sent, since the last of these records */
	__u64 waker_start_ns;
	__u32 waker_pid, waker_tid, waker_flags, state, reason, short_reason;
	__s32 call, fd; /* -1: none */
};

#include "bpf/look.h"

/* clang-format off */
#define EVENT_KINDS(_)                                                                                                 \
	_(BIRTH, "birth", struct birth, 96)                                                                            \
	_(EXEC, "exec", struct exec, 52)                                                                               \
	_(END, "end", struct end, 152)                                                                                 \
	_(BLOCKED, "blocked", struct blocked, 40)                                                                      \
	_(WAKER, "waker", struct waker, 40)                                                                            \
	_(REAP, "reap", struct reap, 24)                                                                               \
	_(SIGNAL, "signal", struct signal, 56)                                                                         \
	_(REPARENT, "reparent", struct reparent, 16)                                                                   \
	_(RENAME, "rename", struct rename_to, 16)                                                                      \
	_(SESSION, "session", struct session, 16)                                                                      \
	_(USER, "user", struct user, 16)                                                                               \
	_(TRACER, "tracer", struct tracer, 16)                                                                         \
	_(OFFCPU, "offcpu", struct offcpu, 72)                                                                         \
	_(ALIVE, "alive", struct alive, 176)                                                                           \
	_(LOST, "lost", struct lost, 24)                                                                               \
	_(SWEPT, "swept", struct swept, 16)                                                                            \
	_(OPEN_FILE, "open-file", struct open_file, 40)                                                                \
	_(FILE_LOCK, "file-lock", struct file_lock, 24)                                                                \
	_(LOOKED, "looked", struct looked, 16)                                                                         \
	_(IMAGE, "image", struct exec, 52)

enum event_kind {
	EVENT_NONE,
#define EVENT_ID(id, name, type, size) EVENT_##id,
	EVENT_KINDS(EVENT_ID)
#undef EVENT_ID
	EVENT_KIND_COUNT
};
/* clang-format on */

#define EVENT_SIZE(id, name, type, size) _Static_assert(sizeof(type) == size, "size of " name);
EVENT_KINDS(EVENT_SIZE)
#undef EVENT_SIZE
_Static_assert(sizeof(struct event) == 32, "size of the head");

#define PAYLOAD(event_) ((const void *)((const struct event *)(event_) + 1))

#endif
