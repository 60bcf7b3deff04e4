/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the model knows of processes and threads: plain data that findings, sinks, screens and demos read and
 * never write. Whoever may include the model may include it.
 * Times are CLOCK_BOOTTIME nanoseconds; UNKNOWN_NS where not known. Strings and arrays belong to the model.
 */
#ifndef PROCLIFE_PROCESS_H
#define PROCLIFE_PROCESS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "bpf/event.h"
#include "bpf/reason.h"

#define UNKNOWN_NS (~(__u64)0)
#define BLOCKED_SLOTS (REASON_COUNT + 8) /* a reason each, and some system calls for REASON_OTHER */
#define WAKER_SLOTS 10			 /* what the kernel side keeps: 8 tasks, interrupts, and the rest */

/* clang-format off */
#define BIRTH_KINDS(_) \
	_(EXISTING, "existing") _(FORK, "fork") _(VFORK, "vfork") _(SPAWN, "spawn") _(CLONE, "clone") _(THREAD, "thread")
#define END_KINDS(_) \
	_(NONE, "none") _(NORMAL, "normal") _(ERROR, "error") _(FATAL, "fatal") _(KILLED, "killed") _(UNKNOWN, "unknown")
/* why a signal came: the kernel's occasions, and kill for any process's own doing */
#define SIGNAL_WHYS(_)                                                                                                 \
	_(UNKNOWN, "unknown") _(KILL, "kill") _(SELF, "self") _(FAULT, "fault") _(OOM, "oom")                          \
	_(PARENT_DEATH, "parent-death") _(HANGUP, "hangup") _(TERMINAL, "terminal") _(PIPE, "pipe") _(TIMER, "timer")  \
	_(CPU_LIMIT, "cpu-limit") _(FILE_LIMIT, "file-limit") _(NAMESPACE, "namespace-end") _(KERNEL, "kernel")
#define DAEMON_KINDS(_) _(NO, "no") _(DETACHED, "detached") _(ATTENDED, "attended")

#define ENUM_ID_BIRTH(id, name) BIRTH_##id,
#define ENUM_ID_ENDED(id, name) ENDED_##id,
#define ENUM_ID_WHY(id, name) WHY_##id,
#define ENUM_ID_DAEMON(id, name) DAEMON_##id,
enum birth_kind { BIRTH_KINDS(ENUM_ID_BIRTH) BIRTH_KIND_COUNT };
enum end_kind { END_KINDS(ENUM_ID_ENDED) END_KIND_COUNT };
enum signal_why { SIGNAL_WHYS(ENUM_ID_WHY) SIGNAL_WHY_COUNT };
enum daemon_kind { DAEMON_KINDS(ENUM_ID_DAEMON) DAEMON_KIND_COUNT };

struct reason_total { __u64 ns, longest_ns, count; enum reason reason; int call; /* of REASON_OTHER, else -1 */ };
struct waker_total { __u64 count, start_ns; __u32 pid, tid; bool irq, rest; };
/* clang-format on */

struct sender { /* of a signal */
	__u64 at_ns, start_ns;
	__u32 pid, tid, uid; /* pid 0: the kernel out of an interrupt */
	int signal, call;
	enum signal_why why;
	bool handled, blocked, ignored;
	char comm[COMM_LEN + 1];
};

/* clang-format off */
struct thread {
	struct process *process;
	struct thread *next; /* of the same process, in order of birth; the leader is first */
	__u32 tid, by_tid;   /* by_tid: the task that called clone; 0 unknown */
	__u64 birth_ns, end_ns;		    /* end_ns: UNKNOWN_NS while it lives */
	char comm[COMM_LEN + 1];
	struct totals totals;		    /* whole at its end; before that as of totals_ns */
	__u64 totals_ns, cpu_ns;	    /* cpu_ns: the kernel's own sum_exec_runtime */
	__u64 counted_ns;		    /* from when on totals count; 0: from birth; UNKNOWN_NS: they don't */
	struct reason_total *blocked;	    /* at most BLOCKED_SLOTS */
	struct waker_total *wakers;	    /* at most WAKER_SLOTS */
	int blocked_count, waker_count;
	bool breakdown_incomplete;	    /* a blocked or waker record was lost; totals are right all the same */
	enum state state;		    /* as last heard, since since_ns; meaningless once ended */
	enum reason reason;
	int call, fd;
	int awaited;			    /* of blocked(child), as last asked: struct alive */
	__u32 wait_flags;		    /* likewise: ALIVE_… */
	__u64 since_ns, heard_ns;	    /* heard_ns: at_ns of the last record of it */
	bool since_about;		    /* since_ns is by a clock that only nearly agrees */
};
/* clang-format on */

struct execution {
	__u64 at_ns;
	char *exe;
	char **argv;
	__u32 argc;
	bool argv_cut;
	__u32 uid;
	__u32 old_tid;
};

/* clang-format off */
struct process {
	int id;				    /* unique in the trace, from 1, in order of becoming known */
	__u32 pid, ppid, ns_pid, ns_level;  /* ppid: at birth; ns_pid: 0 unknown */
	__u64 birth_ns, parent_birth_ns;    /* birth_ns is its start_ns: known even if its birth event was lost */
	enum birth_kind birth;
	bool birth_seen;
	int birth_call, exit_signal;
	__u64 clone_flags;
	struct process *parent;		    /* at birth; NULL outside the trace */
	struct process *maker;		    /* whose call made it, where that is not the parent (CLONE_PARENT) and known */
	struct process *real_parent;	    /* now; NULL outside the trace */
	__u32 real_ppid;		    /* now */
	struct process **children;	    /* born of it, in order of birth */
	int child_count;
	int folded;			    /* of its descendants, by model_fold(): in no list any more */
	struct thread *threads;		    /* the leader first; never NULL */
	int thread_count, alive_count;
	char comm[COMM_LEN + 1];	    /* the leader's, as last heard */
	struct execution *execs;
	int exec_count;
	__u32 uid, session, group, tty, tracer_pid;
	__u64 cgroup;			    /* the id of its cgroup (version 2) at birth; 0 unknown */
	__u32 pid_namespace;		    /* inode number; 0: the initial one */
	struct execution *image;	    /* what it ran as we came, if it lived before us; NULL unknown */
	bool ignores_children, handles_children; /* what it has SIGCHLD do, as last seen; neither: the default */
	__u64 waits;			    /* wait calls of all its threads that have ended */

	enum end_kind end;		    /* ENDED_NONE while it lives */
	__u64 end_ns;
	int code, signal;		    /* code -1, signal 0 where they do not apply */
	bool core;
	struct sender killer;		    /* of ENDED_KILLED; why WHY_UNKNOWN if it was not seen */
	struct sender first_killer;	    /* the signal it caught before raising the same on itself; at_ns 0: none */
	struct sender asked;		    /* the latest SIGTERM, SIGINT or SIGQUIT that it has a handler for; at_ns 0: none */
	bool told;			    /* its parent got SIGCHLD */
	int told_result;

	__u64 reaped_ns;		    /* UNKNOWN_NS: not reaped */
	__u64 zombie_ns;		    /* end to reap, or UNKNOWN_NS while it is one */
	bool reap_auto, reap_bound;	    /* bound: reaped_ns is the latest it can have been */
	__u32 reaper_pid, reaper_tid;
	struct process *reaper;

	__u64 orphaned_ns;		    /* 0: never was one. The first time */
	struct process *orphaned_from;
	__u32 adopter_pid;		    /* the last adopter */
	bool adopter_is_init;
	int adoptions;
	enum daemon_kind daemon;
	__u64 daemon_ns;		    /* when it had become one */
	bool existing;			    /* lived before the trace began; was orphaned then if at the first look */
	bool end_bound;			    /* it was found a zombie: end_ns is the latest it can have been */
	bool ended_before;		    /* and that when we came */
	bool end_lost;			    /* gone, and its end event was lost */
	struct sender signals[4];	    /* the latest of each kind, for findings: oldest overwritten */
	int signal_count;		    /* of all signals told of */
	void *notes;			    /* model's own */
};
/* clang-format on */

struct wait { /* of a process that can't go on: its first thread's */
	struct process *process, *on;
	enum reason reason;
	__u64 since_ns;
};

struct deadlock { /* processes that wait for each other: each for the next, the last for the first */
	struct wait *circle;
	struct wait *held_up; /* others, who wait for them in the end */
	int count, held_up_count;
	__u64 since_ns, seen_ns; /* when the last of them came to wait; when a look last saw it */
	__u64 over_ns;		 /* when a later look saw it no more; 0: it lasts */
};

#endif
