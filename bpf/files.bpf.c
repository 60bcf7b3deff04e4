// SPDX-License-Identifier: GPL-2.0-only
/*
 * A look at every open end of a pipe and every open file that has been locked, whoever has it: for finding out who could
 * wake whom.
 */
#include "bpf/emit.h"

#define LOCKS_MOST 64 /* on one file; more are not told of, and the reader sees that some are missing */

const volatile __u64 file_salt = 1; /* odd: hides the kernel's addresses */
static volatile __u64 mark;	    /* where an address becomes a number; one iterator runs at a time */

/* How many hold it, the iterator itself apart. */
static __always_inline __u32 references_of(struct file *file)
{
	if (bpf_core_field_exists(file->f_ref))
		return READ(file, f_ref.refcnt.counter);
	if (bpf_core_field_exists(file->f_count))
		return READ(file, f_count.counter) - 1;
	return ~0u;
}

/* fs/pipe.c. False: the kernel writes into it as well. */
static __always_inline bool fill_pipe(struct open_file *out, struct file *file)
{
	struct pipe_inode_info *pipe = READ(file, private_data);
	__u32 used = READ(pipe, head) - READ(pipe, tail);

	if (bpf_core_field_exists(pipe->watch_queue) && READ(pipe, watch_queue))
		return false;
	out->flags |= FILE_PIPE | (used ? 0 : FILE_EMPTY) | (used >= READ(pipe, max_usage) ? FILE_FULL : 0);
	out->readers = READ(pipe, readers);
	out->writers = READ(pipe, writers);
	return true;
}

/* fs/locks.c: whose is the lock whose place in its file's list that is? Both flavours are of a struct that each kernel has:
 * libbpf searches the modules for one that it does not have, which takes CAP_SYS_ADMIN. */
static __always_inline struct file *locker(struct list_head *place)
{
	struct file_lock___before_6_9 *old;
	struct file_lock___from_6_9 *lock;

	if (bpf_core_field_exists(struct file_lock___from_6_9, c)) {
		lock = (void *)place - bpf_core_field_offset(struct file_lock___from_6_9, c.flc_list);
		return READ(lock, c.flc_file);
	}
	old = (void *)place - bpf_core_field_offset(struct file_lock___before_6_9, fl_list);
	return READ(old, fl_file);
}

static __noinline int is_flocked(struct file *file, struct file_lock_context *locks)
{
	struct list_head *head = (void *)locks + bpf_core_field_offset(struct file_lock_context, flc_flock);
	struct list_head *place = READ(head, next);

	for (int i = 0; i < LOCKS_MOST && place && place != head; i++) {
		if (locker(place) == file)
			return 1;
		place = READ(place, next);
	}
	return 0;
}

/* False: not of a kind that anybody could wait for. */
static __always_inline bool fill_kind(struct open_file *out, struct file *file, struct inode *inode)
{
	struct file_lock_context *locks;

	if (READ(inode, i_sb, s_magic) == PIPEFS_MAGIC)
		return fill_pipe(out, file);
	locks = READ(inode, i_flctx);
	if (!locks)
		return false;
	if (is_flocked(file, locks))
		out->flags |= FILE_FLOCKED;
	return true;
}

static __always_inline __u32 table_flags(struct task_struct *p)
{
	return p != p->group_leader || READ(p, files, count.counter) > p->signal->nr_threads ? FILE_SHARED : 0;
}

SEC("iter/task_file")
int open_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *p = ctx->task;
	struct file *file = ctx->file;
	struct inode *inode;
	__u64 start_ns;
	__u32 mode;
	struct {
		struct event head;
		struct open_file file;
	} out = {};

	if (!file || !p)
		return 0;
	start_ns = FOLLOW(p, group_leader, start_boottime);
	if (left_group(p))
		return 0;
	inode = READ(file, f_inode);
	if (!fill_kind(&out.file, file, inode))
		return 0;
	fill_head_as(&out.head, p, EVENT_OPEN_FILE, sizeof(out.file), bpf_ktime_get_boot_ns(), start_ns);
	mode = READ(file, f_mode);
	mark = (__u64)file;
	out.file.inode = READ(inode, i_ino);
	out.file.device = READ(inode, i_sb, s_dev);
	out.file.file = mark * file_salt;
	out.file.fd = ctx->fd;
	out.file.flags |= (mode & FMODE_READ ? FILE_READS : 0) | (mode & FMODE_WRITE ? FILE_WRITES : 0) |
			  table_flags(p);
	out.file.references = references_of(file);
	bpf_seq_write(ctx->meta->seq, &out, sizeof(out));
	return 0;
}
