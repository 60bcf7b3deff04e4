/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who could end a wait: for a child, for the other end of a pipe, for a lock. In doubt, somebody unknown.
 */
#include "user/model/internal.h"

/* wait4(2), waitid(2): any child, or the one it asked for. */
static bool may_be_awaited(const struct thread *thread, const struct process *child)
{
	const struct process *parent = thread->process;
	__u32 number = parent->ns_level ? child->ns_pid : child->pid;

	return thread->awaited <= 0 || parent->ns_level != child->ns_level || number == (__u32)thread->awaited;
}

static void children_of(const struct thread *thread, holder_fn visit, void *ctx)
{
	for (struct tracked *ward = tracked_of(thread->process)->wards; ward; ward = ward->ward_next)
		if (ward->process.end == ENDED_NONE && may_be_awaited(thread, &ward->process))
			visit(ctx, &ward->process);
}

/* kernel/fork.c, wait_for_vfork_done(): until the child has a memory of its own, or none. */
static void borrowers_of(const struct thread *thread, holder_fn visit, void *ctx)
{
	for (struct tracked *ward = tracked_of(thread->process)->wards; ward; ward = ward->ward_next)
		if (ward->process.end == ENDED_NONE && !ward->process.exec_count && ward->process.birth != BIRTH_FORK)
			visit(ctx, &ward->process);
}

static const struct seen_file *own_file(const struct look *look, const struct thread *thread)
{
	struct fd_key key = {.process_id = (__u32)thread->process->id, .fd = (__u32)thread->fd};
	struct seen_fd *fd = NULL;

	if (thread->fd >= 0)
		HASH_FIND(hh, look->fds, &key, sizeof(key), fd);
	return fd ? fd->file : NULL;
}

static void everybody_with(const struct seen_inode *inode, __u32 flag, bool more, holder_fn visit, void *ctx)
{
	if (more)
		visit(ctx, NULL);
	for (const struct seen_file *file = inode->files; file; file = file->next)
		for (const struct seen_fd *fd = file->fds; fd && (file->flags & flag); fd = fd->next)
			visit(ctx, fd->process);
}

/* fs/pipe.c: with nothing in it, a reader waits for those who can write; when it is full, a writer for those who can
 * read. */
static void other_ends(const struct look *look, const struct thread *thread, holder_fn visit, void *ctx)
{
	const struct seen_file *own = own_file(look, thread);
	const struct seen_inode *pipe = own ? own->inode : NULL;

	if (!pipe || !(pipe->flags & FILE_PIPE))
		return;
	if (thread->reason == REASON_PIPE_READ && (pipe->flags & FILE_EMPTY) && (own->flags & FILE_READS))
		everybody_with(pipe, FILE_WRITES, pipe->more_writers, visit, ctx);
	if (thread->reason == REASON_PIPE_WRITE && (pipe->flags & FILE_FULL) && (own->flags & FILE_WRITES))
		everybody_with(pipe, FILE_READS, pipe->more_readers, visit, ctx);
}

static bool is_in_shared_table(const struct seen_inode *inode)
{
	for (const struct seen_file *file = inode->files; file; file = file->next)
		if (file->flags & FILE_SHARED)
			return true;
	return false;
}

/* fs/locks.c: one by flock(2) belongs to the open file, and so to all who share it; one by fcntl(2) to the process. */
static void holders_of(const struct look *look, const struct seen_lock *held, holder_fn visit, void *ctx)
{
	struct inode_key key = {.inode = held->lock.inode, .device = held->lock.device};
	struct seen_inode *inode;

	HASH_FIND(hh, look->inodes, &key, sizeof(key), inode);
	if (!inode)
		visit(ctx, NULL);
	else if (held->lock.flags & LOCK_FLOCK)
		everybody_with(inode, FILE_FLOCKED, inode->more_flockers, visit, ctx);
	else if (!held->process || held->process->end != ENDED_NONE || is_in_shared_table(inode))
		visit(ctx, NULL);
	else
		visit(ctx, held->process);
}

static int lock_waits_of(const struct process *process)
{
	int waits = 0;

	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		waits += thread->end_ns == UNKNOWN_NS && thread->state == STATE_BLOCKED &&
			 thread->reason == REASON_FILE_LOCK;
	return waits;
}

/* The kernel tells which process waits for a lock, not which of its threads: all its waits together. */
static void holders_of_locks(const struct look *look, const struct thread *thread, holder_fn visit, void *ctx)
{
	int waits = lock_waits_of(thread->process);

	for (int i = 0; i < look->lock_count; i++) {
		const struct seen_lock *wanted = &look->locks[i];

		if (wanted->process != thread->process || !(wanted->lock.flags & LOCK_WAITS))
			continue;
		waits--;
		if (wanted->holder < 0)
			visit(ctx, NULL);
		else
			holders_of(look, &look->locks[wanted->holder], visit, ctx);
	}
	if (waits > 0)
		visit(ctx, NULL);
}

void look_holders(const struct look *look, const struct thread *thread, holder_fn visit, void *ctx)
{
	switch (thread->reason) {
	case REASON_CHILD:
		children_of(thread, visit, ctx);
		break;
	case REASON_VFORK:
		borrowers_of(thread, visit, ctx);
		break;
	case REASON_PIPE_READ:
	case REASON_PIPE_WRITE:
		other_ends(look, thread, visit, ctx);
		break;
	case REASON_FILE_LOCK:
		holders_of_locks(look, thread, visit, ctx);
		break;
	default:
		break; /* a timeout, the world outside, or a lock whose holder the kernel does not know */
	}
}
