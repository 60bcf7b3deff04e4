/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sources of events. Only pipeline and doctor include it. A source knows no model and no sink: it hands on events.
 */
#ifndef PROCLIFE_SOURCE_H
#define PROCLIFE_SOURCE_H

#include <linux/types.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bpf/event.h"

/* Hears each event, in the order of time as far as that can be had. 0, or -1 when it could not be taken. */
typedef int (*event_fn)(void *ctx, const struct event *event);

struct live;

struct live_options {
	size_t lifecycle_bytes, timeline_bytes; /* rings; 0: default. Rounded up to a power of two of pages */
	__u64 detail_ns;			/* shortest off-CPU spell told one by one; ~0: no timeline */
	bool follows_all;   /* every process of the machine; else the tree of live_follow_child_of(), or live_adopt() */
	bool follows_roots; /* live_adopt() will be called */
	bool states;	    /* states are accounted for */
	bool wakers;	    /* … and who wakes whom */
	bool exact_reaps; /* reaps are told as they happen, where this kernel can: whoever gives back kernel memory pays a
			       little for it. Else as bounds, tens of milliseconds late */
	const __u32 *uid;   /* states count for this user's processes only; NULL: for everybody's. With follows_all */
	__u64 cgroup;	    /* … for those in the control group of that id, or below it; 0: in any */
	__u32 cgroup_level; /* how far that is below the root */
	bool threads;	    /* births and ends of threads are told; goes with states */
	bool verbose;	    /* if the probes cannot be loaded: print all that libbpf and the verifier said */
};

struct live_ability {	  /* what this kernel let us have */
	bool exact_reaps; /* else reaps are known by their latest time only */
	bool releases;	  /* … seen at release_task(); else at each free of kernel memory, which costs more */
	bool open_files;  /* it tells who has what open; else nobody looks for deadlocks */
	bool keeps_cpu; /* sweeps and looks run at real-time priority, which takes CAP_SYS_NICE: without it probes may miss
			       an end meanwhile */
};

struct live_refusal { /* why the kernel does not take the probes, and what to do */
	char why[400];
	const char *remedy;
};

/* Loads and attaches the probes. NULL: refused. */
struct live *live_try(const struct live_options *options, struct live_ability *ability, struct live_refusal *refusal);

/* The same, and says on standard error why it was refused. */
struct live *live_open(const struct live_options *options, struct live_ability *ability);
void live_close(struct live *live);

/* The next child of process pid becomes the root of the traced tree; 0: no more. pid as our own pid namespace has it. */
void live_follow_child_of(struct live *live, __u32 pid);

/* The pid of that root as events have it, in the initial pid namespace; 0 before it is born. */
__u32 live_root(const struct live *live);

/* Process pid, which lives already, and all its descendants are followed from now on; with follows_roots. 0, or -1 with
 * errno: ESRCH if there is no such process. */
int live_adopt(struct live *live, __u32 pid);

/* A descriptor that is readable when there is much to drain. */
int live_fd(const struct live *live);

/* Hands on, sorted by time, what has happened up to now, and the losses where they grew. `all`: nothing is held back for the
 * sake of order. 0, or -1 as `hear` did. */
int live_drain(struct live *live, bool all, event_fn hear, void *ctx);

/* Has the kernel tell of every traced task that lives (alive events, then swept), and drains. 0 or -1. */
int live_sweep(struct live *live, event_fn hear, void *ctx);

/* A look at who might wait for whom: a sweep; if somebody waits for a pipe or a file lock, all locks, and all ends of
 * pipes and locked files that anybody has open, and another sweep. `looked` ends it. Only a sweep where this kernel can't be asked.
 * 0 or -1. */
int live_look(struct live *live, event_fn hear, void *ctx);

/* Are our pids the kernel's? Not in a container. */
bool sees_host_pids(void);
__u32 own_pid_namespace(void);	     /* its inode number; 0: not known */
__u32 own_namespace_in_events(void); /* the same as events have it: 0: the initial one; ~0: not known */

/* Hands on what process (pid, start_ns), which lived before us, runs: an image event, if it is still there. 0, or -1 as
 * `hear` did. */
int image_tell(__u32 pid, __u64 start_ns, __u64 at_ns, event_fn hear, void *ctx);

/* Hands on every lock in a file of /proc/locks' form, as of at_ns. 0, or -1 as `hear` did. */
int locks_tell(FILE *locks, __u64 at_ns, event_fn hear, void *ctx);

/* The child that `run` starts: forked and ready, held before its exec until it is let go. */
struct child {
	int pid, go_fd, error_fd;
};

struct child_plan {
	char *const *argv;
	char *const *environment; /* NULL: ours */
	const char *folder;	  /* NULL: ours */
	const sigset_t *
		blocked; /* signals that it begins with blocked, and SIGPIPE and SIGXFSZ as their default; NULL: as we have them */
	bool changes_user;
	unsigned int uid, gid;
	const unsigned int *groups;
	int group_count;
};

/* Forks the held child. 0, or -1 with errno. */
int child_fork(struct child *child, const struct child_plan *plan);

/* Ends it in place of child_go(): it never was the command. */
void child_cancel(struct child *child);

/* Lets it exec, and waits until it has or could not: 0, or the errno of the exec (of the identity change: negative). */
int child_go(struct child *child);

#endif
