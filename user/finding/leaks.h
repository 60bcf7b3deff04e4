/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What leaks: parents with zombies, and orphans with what they hold. A list that is made in three steps: it is drawn up
 * from a finished model, completed by what only the machine knows (pipeline does that), and judged. Pure, as findings are:
 * pipeline makes it, sinks tell of it.
 */
#ifndef PROCLIFE_LEAKS_H
#define PROCLIFE_LEAKS_H

#include "user/finding/finding.h"

#define LEAK_PATIENCE_NS 3000000000u /* a zombie is no leak before: an init that polls may be as slow as that */
#define LEAK_SURE_NS 60000000000u    /* nor by the scheduler's clock alone before that */

struct zombie {
	const struct process *process;
	__u64 least_ns; /* it has been one for so long at least: as long as we watched it, or exactly that */
	__u64 about_ns; /* by the scheduler's clock; UNKNOWN_NS */
};

struct task_limit {	  /* how many more tasks there may be */
	const char *name; /* "pid_max", "pids.max"; NULL: not known */
	char *path;	  /* the control group of pids.max, else NULL */
	long long most, left;
};

struct zombie_parent { /* and all its zombies */
	__u32 pid;
	const struct process *process; /* NULL: not traced */
	char comm[COMM_LEN + 1];       /* "": not known */
	struct zombie *zombies;	       /* the oldest first */
	int count, leaked;	       /* leaked: so many are older than its patience */
	__u64 patience_ns;	       /* what it may take to reap a child, by its own habit */
	int reaped;		       /* by it, within the period */
	int grown;		       /* how many more there are than at the period's beginning; may be negative */
	bool adopter;		       /* an init or subreaper, and the zombies were not born of it */
	bool growing;		       /* they became more all through the period */
	struct task_limit limit;
	int finding; /* its index among the findings; -1: none */
};

enum holding_kind { HOLDS_PIPE, HOLDS_LISTENER, HOLDS_SOCKET, HOLDS_DELETED, HOLDS_TERMINAL, HOLDING_KIND_COUNT };

struct pipe_reader { /* waits for what is to come out of a pipe */
	__u32 pid, tid;
	int fd;
	char comm[COMM_LEN + 1];
	bool polls; /* it has the pipe open and is in a poll: perhaps not for this pipe */
	bool orphan;
	__u64 since_ns; /* UNKNOWN_NS */
	bool since_about;
};

struct holding { /* something an orphan, or a descendant of it, has open */
	enum holding_kind kind;
	const struct process *holder;
	__u64 inode;
	__u64 bytes; /* of a removed file: what it takes on its disk */
	char *name;  /* as the kernel names it; raw bytes */
	int port;    /* of a socket, on this side; 0: none */
	int fd, fds; /* the first descriptor, and how many */
	bool reads, writes;
	bool shared; /* of a pipe: somebody can write to it who is in no orphan's family */
	struct pipe_reader *readers;
	int reader_count;
};

struct cpu_use {
	__u64 running_ns, ready_ns, period_ns; /* period_ns 0: not measured */
};

struct orphan {
	const struct process *process;
	struct cpu_use cpu, cpu_lately;	 /* of its whole family, within the period and within its last part */
	bool seen;			 /* what it holds could be read */
	bool plain_stdio;		 /* its descriptors 0, 1 and 2 are no pipe and no terminal */
	bool leader_known, leader_alive; /* of its session */
	bool unit_over;			 /* its manager says that it is */
	char *unit; /* the service of systemd whose control group it is in; NULL: none, or not known */
	struct holding *holdings;
	int holding_count;
	int first_finding, finding_count;
};

struct leaks {
	const struct model *model;
	__u64 started_ns, ended_ns; /* of the period */
	struct zombie_parent *parents;
	int parent_count;
	struct orphan *orphans;
	int orphan_count;
	struct findings findings; /* process is NULL where the parent is not traced */
	struct reaping *reapings; /* leaks_hear()'s */
	struct family_use *uses;  /* leaks_sample()'s */
	bool failed;		  /* memory was short: something is missing */
};

/* Begins at started_ns; all zero before. Hears every change from then on. */
void leaks_hear(struct leaks *leaks, const struct change *change);

/* Measures what the families of orphans use; now and then, after a look at all that live. */
void leaks_sample(struct leaks *leaks, const struct model *model, __u64 now_ns);

/* Is there a zombie of which it is too early to tell? */
bool leaks_undecided(const struct leaks *leaks, const struct model *model, __u64 now_ns);

/* Step one, once the model is finished. */
void leaks_list(struct leaks *leaks, const struct model *model);

/* Whether a process is an orphan or descends from one: the orphan, or NULL. */
const struct process *leaks_family(const struct process *process);

/* For step two: adds a descriptor to what the orphan holds, or counts it if that is known already. NULL: memory is short. */
struct holding *leaks_hold(struct orphan *orphan, const struct holding *found);
struct pipe_reader *leaks_read(struct holding *holding, const struct pipe_reader *reader);

/* Step three. How many leaks there are: findings that are warnings or errors. */
int leaks_judge(struct leaks *leaks);

/* More of them a minute, and how long until the limit is reached; UNKNOWN_NS: never, as things go. */
double leaks_per_minute(const struct leaks *leaks, const struct zombie_parent *parent);
__u64 leaks_limit_ns(const struct leaks *leaks, const struct zombie_parent *parent);

/* The greater of what is known of its age. */
__u64 zombie_age_ns(const struct zombie *zombie);

/* Which part of one CPU an orphan's family used; below 0: not measured. */
double orphan_cpu(const struct orphan *orphan);
/* … and how much more it was ready to use, but waited for a CPU. */
double orphan_cpu_ready(const struct orphan *orphan);
/* A detached daemon: the model says so, or, of a family whose session's leader it does not know, what /proc says of that. */
bool orphan_is_daemon(const struct orphan *orphan);
/* A daemon with nothing of its parent's on its standard descriptors. */
bool orphan_is_deliberate(const struct orphan *orphan);

const char *holding_kind_name(enum holding_kind kind);

void leaks_free(struct leaks *leaks);

#endif
