/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the files of the list of leaks share. Only user/finding/leaks*.c include it.
 */
#ifndef PROCLIFE_LEAKS_JUDGE_H
#define PROCLIFE_LEAKS_JUDGE_H

#define HASH_NONFATAL_OOM 1 /* an entry that found no memory has no table afterwards */
#include <uthash.h>

#include "user/base/buffer.h"
#include "user/finding/kinds.h"
#include "user/finding/leaks.h"

struct identity { /* of a process; no padding: it is hashed as bytes. birth_ns 0: not known */
	__u64 birth_ns;
	__u32 pid, zero;
};

struct cpu_time { /* from_ns: since when it was accounted for; 0: it was not */
	__u64 running_ns, ready_ns, from_ns;
};

struct reaping { /* by one parent, within the period */
	struct identity key;
	UT_hash_handle hh;
	int reaped, earlier; /* earlier: of those that were zombies before the period */
	__u64 longest_ns;    /* how long the slowest of them took */
	struct cpu_time
		over; /* of all whom it has reaped, with those that they had, and of its own ended threads but the first */
};

/* That parent's record: NULL if there is none; reaping_of() makes it, NULL when memory was short. */
struct reaping *reaping_find(const struct leaks *leaks, struct identity parent);
struct reaping *reaping_of(struct leaks *leaks, struct identity parent);
/* Removes it, as its process has been reaped; adds its time to *time. */
void reaping_take(struct leaks *leaks, struct identity parent, struct cpu_time *time);

/* leaks_cpu.c */
void cpu_hear_end(struct leaks *leaks, const struct process *process, const struct thread *thread);
void cpu_hear_reap(struct leaks *leaks, const struct process *process);
void cpu_complete(const struct leaks *leaks, struct orphan *orphan);
void cpu_free(struct leaks *leaks);

/* Each adds its findings. 0, or -1 when memory was short. */
int judge_parent(struct leaks *leaks, struct zombie_parent *parent);
int judge_orphan(struct leaks *leaks, struct orphan *orphan);

#endif
