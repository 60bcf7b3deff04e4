/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Taking in what a look tells of open files and locks, and finding out what it did not tell: an open file with more
 * references than descriptors that we know is on its way to somebody, or in the kernel's hands.
 */
#include "user/model/internal.h"

static struct seen_inode *inode_known(const struct look *look, __u64 number, __u32 device)
{
	struct inode_key key = {.inode = number, .device = device};
	struct seen_inode *inode;

	HASH_FIND(hh, look->inodes, &key, sizeof(key), inode);
	return inode;
}

static struct seen_inode *inode_of(struct look *look, const struct open_file *open)
{
	struct seen_inode *inode = inode_known(look, open->inode, open->device);

	if (inode)
		return inode;
	inode = calloc(1, sizeof(*inode));
	if (!inode)
		return NULL;
	inode->key = (struct inode_key){.inode = open->inode, .device = open->device};
	inode->flags = ~0u;
	HASH_ADD(hh, look->inodes, key, sizeof(inode->key), inode);
	if (inode->hh.tbl)
		return inode;
	free(inode);
	return NULL;
}

static struct seen_file *file_of(struct look *look, const struct open_file *open)
{
	struct seen_inode *inode = inode_of(look, open);
	struct seen_file *file;

	HASH_FIND(hh, look->files, &open->file, sizeof(open->file), file);
	if (file || !inode)
		return file;
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->file = open->file;
	HASH_ADD(hh, look->files, file, sizeof(file->file), file);
	if (!file->hh.tbl) {
		free(file);
		return NULL;
	}
	file->inode = inode;
	file->next = inode->files;
	inode->files = file;
	return file;
}

/* 0, or -1. Told twice it is one descriptor all the same. */
static int add_fd(struct look *look, struct seen_file *file, struct process *process, __u32 number)
{
	struct fd_key key = {.process_id = (__u32)process->id, .fd = number};
	struct seen_fd *fd;

	HASH_FIND(hh, look->fds, &key, sizeof(key), fd);
	if (fd)
		return 0;
	fd = calloc(1, sizeof(*fd));
	if (!fd)
		return -1;
	fd->key = key;
	fd->process = process;
	HASH_ADD(hh, look->fds, key, sizeof(fd->key), fd);
	if (!fd->hh.tbl) {
		free(fd);
		return -1;
	}
	fd->file = file;
	fd->next = file->fds;
	file->fds = fd;
	file->descriptors++;
	return 0;
}

static __u32 greater(__u32 one, __u32 other)
{
	return one > other ? one : other;
}

static void note_open_file(struct seen_file *file, const struct open_file *open)
{
	struct seen_inode *inode = file->inode;

	file->flags |= open->flags;
	file->references = greater(file->references, open->references);
	inode->flags &= open->flags;
	inode->readers = greater(inode->readers, open->readers);
	inode->writers = greater(inode->writers, open->writers);
}

int take_open_file(struct model *model, const struct event *head, const struct open_file *open)
{
	struct process *process = process_known(model, head->pid, head->start_ns);
	struct look *look = &model->look;
	struct seen_file *file = file_of(look, open);

	if (!file || (process && add_fd(look, file, process, open->fd))) {
		look->failed = true;
		return -1;
	}
	note_open_file(file, open);
	model->stats.open_files++;
	if (!process)
		file->outside = true;
	else if (head->tid != head->pid)
		tracked_of(process)->many_tables = true;
	return 0;
}

int take_file_lock(struct model *model, const struct event *head, const struct file_lock *lock)
{
	struct look *look = &model->look;
	struct seen_lock *seen;

	if (array_grow(&look->locks, look->lock_count, sizeof(*look->locks))) {
		look->failed = true;
		return -1;
	}
	seen = &look->locks[look->lock_count++];
	*seen = (struct seen_lock){.lock = *lock, .holder = -1};
	if (head->pid)
		seen->process = model_find_pid(model, head->pid);
	for (int i = look->lock_count - 2; i >= 0 && (lock->flags & LOCK_WAITS) && seen->holder < 0; i--) {
		if (look->locks[i].lock.number != lock->number)
			break; /* who waits for a lock is told of right behind it */
		if (!(look->locks[i].lock.flags & LOCK_WAITS))
			seen->holder = i;
	}
	return 0;
}

/* While one thread of several is in a call on an open file, that counts as a reference. */
static void count_calls(const struct look *look, const struct process *process)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		struct fd_key key = {.process_id = (__u32)process->id, .fd = (__u32)thread->fd};
		struct seen_fd *fd = NULL;

		if (thread->end_ns == UNKNOWN_NS && thread->state == STATE_BLOCKED && thread->fd >= 0)
			HASH_FIND(hh, look->fds, &key, sizeof(key), fd);
		if (fd)
			fd->file->calls++;
	}
}

static bool may_have_others(const struct seen_file *file)
{
	return file->outside || (file->flags & FILE_SHARED) || file->references > file->descriptors + file->calls;
}

static void settle_inode(struct seen_inode *inode)
{
	__u32 readers = 0, writers = 0, flocks = 0;

	for (const struct seen_file *file = inode->files; file; file = file->next) {
		bool others = may_have_others(file);

		readers += !!(file->flags & FILE_READS);
		writers += !!(file->flags & FILE_WRITES);
		flocks += !!(file->flags & FILE_FLOCKED);
		inode->more_readers |= others && (file->flags & FILE_READS);
		inode->more_writers |= others && (file->flags & FILE_WRITES);
		inode->more_flockers |= others && (file->flags & FILE_FLOCKED);
	}
	inode->more_readers |= readers != inode->readers;
	inode->more_writers |= writers != inode->writers;
	inode->more_flockers |= flocks != inode->flocks;
}

void look_settle(struct model *model)
{
	struct look *look = &model->look;

	for (struct tracked *one = model->living; one; one = one->living_next)
		if (one->process.alive_count > 1)
			count_calls(look, &one->process);
	for (int i = 0; i < look->lock_count; i++) {
		const struct file_lock *lock = &look->locks[i].lock;
		struct seen_inode *inode = inode_known(look, lock->inode, lock->device);

		if (inode && (lock->flags & LOCK_FLOCK) && !(lock->flags & LOCK_WAITS))
			inode->flocks++;
	}
	for (struct seen_inode *inode = look->inodes; inode; inode = inode->hh.next)
		settle_inode(inode);
}

void look_forget(struct look *look)
{
	struct seen_inode *inode, *next_inode;
	struct seen_file *file, *next_file;
	struct seen_fd *fd, *next_fd;

	HASH_ITER(hh, look->fds, fd, next_fd)
	{
		HASH_DEL(look->fds, fd);
		free(fd);
	}
	HASH_ITER(hh, look->files, file, next_file)
	{
		HASH_DEL(look->files, file);
		free(file);
	}
	HASH_ITER(hh, look->inodes, inode, next_inode)
	{
		HASH_DEL(look->inodes, inode);
		free(inode);
	}
	free(look->locks);
	memset(look, 0, sizeof(*look));
}
