/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The oracle's plan: random families of processes, drawn from a seed, in memory that all of them share. Each process
 * finds there what to do, and writes there what it did.
 */
#ifndef PROCLIFE_PLAN_H
#define PROCLIFE_PLAN_H

#include "tests/programs/truth.h"

#define FAMILY 40  /* processes at most */
#define CHILDREN 6 /* of one process */
#define DEPTH 6
#define PIDS (1 << 22) /* PID_MAX_LIMIT */

enum birth_way { BY_FORK, BY_CLONE, BY_CLONE3, BY_VFORK_ONLY, BY_VFORK_EXEC, BY_SPAWN, BIRTH_WAYS };

enum end_way { END_CODE, END_CODE_BY_THREAD, END_RAISE, END_ABORT, END_FAULT, END_KILLED, END_WAYS };

enum wait_way {
	WAIT_PID,
	WAIT_ID,
	WAIT_PIDFD,
	WAIT_POLL,
	WAIT_IN_THREAD,
	WAIT_AFTER_LOOK,
	LEAVE_ZOMBIE, /* the parent sees it end, and ends without reaping it */
	LEAVE_ALIVE,  /* it outlives its parent */
	WAIT_WAYS
};

#define LEADS_SESSION (1 << 0)
#define ADOPTS (1 << 1)		  /* is a subreaper */
#define IGNORES_CHILDREN (1 << 2) /* SIGCHLD is ignored: nobody has to reap its children */
#define BORN_OF_THREAD (1 << 3)	  /* not the parent's main thread calls fork */
#define EXECS_IN_THREAD (1 << 4)
#define THREADS_STAY (1 << 5) /* its threads are still there as it ends */
#define SLEEPS (1 << 6)
#define READS (1 << 7) /* waits for a byte that its parent writes */

struct node {
	/* the plan */
	int parent; /* -1: a family's first */
	int children[CHILDREN], child_count, depth;
	int threads, execs, code, signal, killer; /* killer: the node that does it; kill_call: how */
	int victims[CHILDREN], victim_count, kill_call;
	enum birth_way birth;
	enum end_way end;
	enum wait_way wait;
	unsigned int flags;

	/* the truth */
	pid_t pid, session, reaper, adopter, killer_pid;
	int execs_done, threads_born, pipe[2];
	struct bracket born, reaped;
	ns_t leaving, last_seen_parent; /* leaving: it had not ended then */
	atomic_int ready;		/* to be killed */
};

struct shared_plan {
	int count, memory; /* memory: its open file */
	int node_of[PIDS]; /* the latest process of that pid: its number + 1 */
	struct node nodes[];
};

#endif
