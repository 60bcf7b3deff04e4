/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a task blocks: read from its saved registers and its open file as it leaves the CPU. Only states.bpf.c includes
 * it. The numbers are x86-64's (arch/x86/entry/syscalls/syscall_64.tbl).
 */
#ifndef PROCLIFE_REASONS_H
#define PROCLIFE_REASONS_H

#include "bpf/task.h"

#define CALL_RESTART 219
#define CALL_EXIT_GROUP 231
#define CALL_IO_URING_ENTER 426
#define CALLS 512

/* What a system call says of a sleep in it; READS and WRITES depend on the file, FILES on how it sleeps. */
enum { SAYS_NOTHING, SAYS_READS = REASON_COUNT, SAYS_WRITES, SAYS_LOCKS, SAYS_FILES, SAYS_CLONES };

/* clang-format off */
static const __u8 call_says[CALLS] = {
	[0] = SAYS_READS,    [17] = SAYS_READS,	  [19] = SAYS_READS,   [45] = SAYS_READS,   [47] = SAYS_READS,
	[275] = SAYS_READS,  [276] = SAYS_READS,  [295] = SAYS_READS,  [299] = SAYS_READS,  [327] = SAYS_READS,
	[1] = SAYS_WRITES,   [18] = SAYS_WRITES,  [20] = SAYS_WRITES,  [40] = SAYS_WRITES,  [44] = SAYS_WRITES,
	[46] = SAYS_WRITES,  [278] = SAYS_WRITES, [296] = SAYS_WRITES, [307] = SAYS_WRITES, [328] = SAYS_WRITES,
	[61] = REASON_CHILD, [247] = REASON_CHILD, [58] = REASON_VFORK, [56] = SAYS_CLONES, [435] = SAYS_CLONES,
	[43] = REASON_ACCEPT, [288] = REASON_ACCEPT, [42] = REASON_CONNECT,
	[7] = REASON_POLL,   [23] = REASON_POLL,  [208] = REASON_POLL, [232] = REASON_POLL, [270] = REASON_POLL,
	[271] = REASON_POLL, [281] = REASON_POLL, [333] = REASON_POLL, [426] = REASON_POLL, [441] = REASON_POLL,
	[202] = REASON_FUTEX, [449] = REASON_FUTEX, [455] = REASON_FUTEX,
	[73] = REASON_FILE_LOCK, [72] = SAYS_LOCKS,
	[65] = REASON_SEMAPHORE, [220] = REASON_SEMAPHORE,
	[69] = REASON_MESSAGE_QUEUE, [70] = REASON_MESSAGE_QUEUE, [242] = REASON_MESSAGE_QUEUE, [243] = REASON_MESSAGE_QUEUE,
	[35] = REASON_SLEEP, [230] = REASON_SLEEP,
	[34] = REASON_SIGNAL, [128] = REASON_SIGNAL, [130] = REASON_SIGNAL,
	[74] = REASON_DISK,  [75] = REASON_DISK,  [26] = REASON_DISK,  [162] = REASON_DISK, [187] = REASON_DISK,
	[277] = REASON_DISK, [306] = REASON_DISK, [326] = REASON_DISK,
	[2] = SAYS_FILES,    [4] = SAYS_FILES,	  [5] = SAYS_FILES,    [6] = SAYS_FILES,    [3] = SAYS_FILES,
	[21] = SAYS_FILES,   [59] = SAYS_FILES,	  [76] = SAYS_FILES,   [77] = SAYS_FILES,   [78] = SAYS_FILES,
	[80] = SAYS_FILES,   [82] = SAYS_FILES,	  [83] = SAYS_FILES,   [84] = SAYS_FILES,   [85] = SAYS_FILES,
	[86] = SAYS_FILES,   [87] = SAYS_FILES,	  [88] = SAYS_FILES,   [89] = SAYS_FILES,   [90] = SAYS_FILES,
	[92] = SAYS_FILES,   [217] = SAYS_FILES,  [257] = SAYS_FILES,  [258] = SAYS_FILES,  [262] = SAYS_FILES,
	[263] = SAYS_FILES,  [264] = SAYS_FILES,  [265] = SAYS_FILES,  [266] = SAYS_FILES,  [285] = SAYS_FILES,
	[316] = SAYS_FILES,  [322] = SAYS_FILES,  [332] = SAYS_FILES,  [437] = SAYS_FILES,
};
/* clang-format on */

#define NAME_TIMERFD 0x646672656d69745b	 /* "[timerfd", little-endian */
#define NAME_SIGNALFD 0x666c616e6769735b /* "[signalf" */

/* fs/timerfd.c, signalfd.c: their files share one inode and are told apart by name. */
static __always_inline __u32 anonymous_reason(struct file *file)
{
	__u64 name = 0;

	bpf_probe_read_kernel(&name, sizeof(name), READ(file, f_path.dentry, d_name.name));
	if (name == NAME_TIMERFD)
		return REASON_SLEEP;
	if (name == NAME_SIGNALFD)
		return REASON_SIGNAL;
	return REASON_OTHER;
}

/* Character devices with a terminal behind them: admin-guide/devices.txt. */
static __always_inline bool is_tty(__u32 rdev)
{
	__u32 major = rdev >> 20;

	return major == 4 || major == 5 || (major >= 128 && major <= 143) || major == 188 || major == 204;
}

/* A read or write of open file fd by p. */
static __noinline __u32 file_reason(struct task_struct *p, __u32 fd, int writes)
{
	struct fdtable *table = FOLLOW(p, files, fdt);
	struct file *file;
	struct inode *inode;
	__u32 mode;

	if (fd >= table->max_fds)
		return REASON_OTHER;
	file = pointer_at((void *)table->fd + (__u64)fd * sizeof(file));
	if (!file)
		return REASON_OTHER;
	inode = READ(file, f_inode);
	mode = READ(inode, i_mode) & S_IFMT;
	if (mode == S_IFIFO)
		return writes ? REASON_PIPE_WRITE : REASON_PIPE_READ;
	if (mode == S_IFSOCK)
		return writes ? REASON_SOCKET_WRITE : REASON_SOCKET_READ;
	if (mode == S_IFCHR)
		return is_tty(READ(inode, i_rdev)) ? REASON_TTY : REASON_OTHER;
	if (READ(inode, i_sb, s_magic) == ANON_INODE_FS_MAGIC)
		return anonymous_reason(file);
	return mode == S_IFREG || mode == S_IFBLK || mode == S_IFDIR ? REASON_DISK : REASON_OTHER;
}

static __always_inline bool waits_for_lock(struct pt_regs *regs)
{
	__u32 command = regs->si;

	return command == 7 || command == 38; /* F_SETLKW, F_OFD_SETLKW */
}

static __always_inline bool waits_for_io(struct task_struct *sleeper)
{
	return BPF_CORE_READ_BITFIELD(sleeper, in_iowait);
}

static __always_inline __u32 call_reason(struct task_struct *p, struct task *task, struct pt_regs *regs, __u32 state)
{
	__u32 says = task->call >= 0 && task->call < CALLS ? call_says[task->call & (CALLS - 1)] : SAYS_NOTHING;

	if (says == SAYS_READS || says == SAYS_WRITES) {
		task->fd = regs->di;
		return file_reason(p, task->fd, says == SAYS_WRITES);
	}
	if (says == SAYS_LOCKS)
		return waits_for_lock(regs) ? REASON_FILE_LOCK : REASON_OTHER;
	if (says == SAYS_CLONES) /* wait_for_vfork_done() in kernel/fork.c sleeps killably */
		return state & TASK_WAKEKILL ? REASON_VFORK : REASON_OTHER;
	if (says == SAYS_FILES)
		return state & TASK_UNINTERRUPTIBLE ? REASON_DISK : REASON_OTHER;
	if (says == SAYS_NOTHING)
		return (state & TASK_UNINTERRUPTIBLE) && waits_for_io(p) ? REASON_DISK : REASON_OTHER;
	return says;
}

/* By its control group, of either version, or for a suspend. */
static __always_inline bool is_frozen(struct task_struct *sleeper, __u32 state)
{
	return state & TASK_FROZEN || BPF_CORE_READ_BITFIELD(sleeper, frozen);
}

/* Sets task->reason, call and fd for p, which is leaving the CPU to sleep. */
static __always_inline void find_reason(struct task_struct *p, struct task *task, __u32 state)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(p);
	long call = (long)regs->orig_ax;

	task->fd = -1;
	task->reason = REASON_OTHER;
	if (p->flags & (PF_EXITING | PF_DUMPCORE)) {
		task->call = CALL_EXIT_GROUP; /* the registers are stale */
		return;
	}
	if (p->flags & (PF_IO_WORKER | PF_KTHREAD)) {
		task->call = CALL_IO_URING_ENTER;
		return;
	}
	if (p->thread_info.status & TS_COMPAT) {
		task->call = -1;
		return;
	}
	task->call = call == CALL_RESTART ? task->kept_call : call;
	task->kept_call = task->call;
	if (call != -1)
		task->reason = call_reason(p, task, regs, state);
	else if (!is_frozen(p, state))
		task->reason = REASON_PAGE_FAULT;
}

#endif
