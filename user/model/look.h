/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A look: who has which end of a pipe and which locked file open, and who waits for which lock. Kept from its first record
 * until it is judged. Only user/model/ includes this file.
 */
#ifndef PROCLIFE_MODEL_LOOK_H
#define PROCLIFE_MODEL_LOOK_H

#define HASH_NONFATAL_OOM 1 /* an entry that found no memory has no table afterwards */
#include <uthash.h>

#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 5U /* uthash lets chains grow to 10, and each link is a miss of the cache */

#include "user/model/model.h"

struct inode_key { /* no padding: it is hashed as bytes */
	__u64 inode;
	__u32 device, zero;
};

struct fd_key {
	__u32 process_id, fd;
};

struct seen_fd { /* a descriptor of a traced process */
	struct fd_key key;
	UT_hash_handle hh;
	struct process *process;
	struct seen_file *file;
	struct seen_fd *next; /* of the same open file */
};

struct seen_file { /* an open file */
	__u64 file;
	UT_hash_handle hh;
	struct seen_inode *inode;
	struct seen_file *next; /* of the same inode */
	struct seen_fd *fds;
	__u32 flags;			      /* whatever any of its records said */
	__u32 references, descriptors, calls; /* as told; those we know of: descriptors, and calls that are under way */
	bool outside;			      /* somebody who is not traced has it */
};

struct seen_inode { /* a pipe, or a file that has been locked */
	struct inode_key key;
	UT_hash_handle hh;
	struct seen_file *files;
	__u32 flags;					/* what all its records said */
	__u32 readers, writers, flocks;			/* as told: open files of each kind, and locks by flock(2) */
	bool more_readers, more_writers, more_flockers; /* there may be others than we have seen */
};

struct seen_lock {
	struct process *process; /* NULL: not traced, or not known */
	struct file_lock lock;
	int holder; /* of one that waits: the index of the lock it waits for; -1: not told */
};

struct look {
	struct seen_inode *inodes;
	struct seen_file *files;
	struct seen_fd *fds;
	struct seen_lock *locks;
	int lock_count;
	bool failed; /* memory was short: it is not whole */
};

/* Once all has been told: what has not been seen. */
void look_settle(struct model *model);
/* Visits everybody who could end this thread's wait, some of them more than once; NULL stands for somebody who is not
 * traced, or not known. Nobody is visited where nothing is known at all. */
typedef void (*holder_fn)(void *ctx, struct process *holder);
void look_holders(const struct look *look, const struct thread *thread, holder_fn visit, void *ctx);
void look_forget(struct look *look);

#endif
