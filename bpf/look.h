/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Records of a look: not what happened but what is, and what the collector has to say of the look itself. The part of
 * bpf/event.h that includes it; nobody else does.
 */
#ifndef PROCLIFE_LOOK_RECORDS_H
#define PROCLIFE_LOOK_RECORDS_H

/* Of one that is blocked and waits for others: */
#define ALIVE_MAY_WAKE (1 << 0)	   /* something else may end its sleep: a timer, a signal it handles, its tracer … */
#define ALIVE_CHILD_WAKES (1 << 1) /* it handles SIGCHLD: the end of any child may */
/* Of anybody: */
#define ALIVE_SINCE_ABOUT (1 << 8)   /* since_ns is by the scheduler's clock, which only nearly agrees */
#define ALIVE_OF_INIT (1 << 9)	     /* its parent is pid 1 of its namespace */
#define ALIVE_OF_SUBREAPER (1 << 10) /* its parent is a subreaper */
#define ALIVE_OF_SESSION (1 << 11)   /* its parent is in the same session */
#define ALIVE_CHLD_IGNORED                                                                                             \
	(1 << 12) /* what it has SIGCHLD do: ignored, or SA_NOCLDWAIT: its children are not zombies */
#define ALIVE_CHLD_HANDLED (1 << 13) /* a handler; neither: the default */
#define ALIVE_BY_OTHERS (1 << 14)    /* it led its thread group, has ended, and others of the group live */

struct alive { /* the task iterator met it: totals so far, its present state since since_ns included. Of a leader
		* that has ended state is STATE_COUNT: it is still there */
	struct totals totals;
	__u64 task_start_ns, parent_start_ns, since_ns, cpu_ns, waits;
	__u32 parent_pid, real_parent_pid, state, reason;
	__s32 call, fd;
	__u32 reasons, wakers, uid, session, group, tty, ns_pid, ns_level;
	char comm[COMM_LEN];
	__s32 awaited; /* of blocked(child): the pid it waits for, in its own namespace; 0: any, or not known */
	__u32 flags;
	__u64 counted_ns, cgroup; /* as in struct end and struct birth */
	__u32 pid_namespace, padding;
};

#define FILE_PIPE (1 << 0) /* an end of a pipe without a name; else a file that has been locked some time */
#define FILE_READS (1 << 1)
#define FILE_WRITES (1 << 2)
#define FILE_EMPTY (1 << 3)   /* the pipe is; */
#define FILE_FULL (1 << 4)    /* or is that */
#define FILE_FLOCKED (1 << 5) /* this open file has a lock by flock(2) */
#define FILE_SHARED (1 << 6)  /* the table with this descriptor is another process's as well, or one thread's alone */

struct open_file {	   /* a process, traced or not, has it open as fd */
	__u64 inode, file; /* file: the same number for all descriptors of one open file */
	__u32 device, fd, flags;
	__u32 references; /* to the open file: by descriptors, calls, messages on their way, the kernel; ~0: not known */
	__u32 readers, writers; /* of a pipe: how many open files there are of each kind */
};

#define LOCK_WAITS (1 << 0) /* else it has the lock */
#define LOCK_FLOCK (1 << 1) /* it belongs to an open file; else to the process */

struct file_lock { /* by the collector, from /proc/locks; head: the process, pid 0 if it is not known */
	__u64 inode;
	__u32 device, flags;
	__u32 number, padding; /* of the lock: who has it and who waits for it are told of with the same */
};

struct looked { /* by the collector: all files and locks that somebody might wait for were told of after began_ns, then all
		 * living tasks; ~0: not all */
	__u64 began_ns, padding;
};

struct lost { /* by the collector: events refused for want of room so far */
	__u64 lifecycle, timeline;
	__u64 waits; /* calls of wait that no probe was run for */
};

struct swept { /* by the collector: every traced task that lived all the time from began_ns to at_ns was told of as alive */
	__u64 began_ns, whole; /* whole: the machine is traced, not some family on it */
};

#endif
