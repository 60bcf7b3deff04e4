/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a task blocks: read from its saved registers and its open file as it leaves the CPU. Only states.bpf.c includes
 * it.
 */
#ifndef PROCLIFE_REASONS_H
#define PROCLIFE_REASONS_H

#include "bpf/emit.h"

#define CALLS 512

/* What a system call says about a sleep in it: a reason, or a rule of call_reason(). See calls.h. */
enum says {
#define SAYS_REASON(id, name) SAYS_##id,
	REASONS(SAYS_REASON)
#undef SAYS_REASON
		SAYS_READS,
	SAYS_WRITES,
	SAYS_LOCKS,
	SAYS_PPOLL,
	SAYS_FILES,
	SAYS_CLONES,
};

static const __u8 call_says[CALLS] = {
#define CALL_SAYS(name, number, says) [number] = SAYS_##says,
	SYSTEM_CALLS(CALL_SAYS)
#undef CALL_SAYS
};

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
	__u32 command = ARGUMENT_2(regs);

	return command == 7 || command == 38; /* F_SETLKW, F_OFD_SETLKW */
}

/* ppoll(NULL, 0, NULL, …), as the C library calls it for pause(3) where the kernel has no pause(2). */
static __always_inline bool pauses(struct pt_regs *regs)
{
	return !ARGUMENT_2(regs) && !ARGUMENT_3(regs);
}

static __always_inline bool waits_for_io(struct task_struct *sleeper)
{
	return BPF_CORE_READ_BITFIELD(sleeper, in_iowait);
}

static __always_inline __u32 call_reason(struct task_struct *p, struct task *task, struct pt_regs *regs, __u32 state)
{
	__u32 says = task->call >= 0 && task->call < CALLS ? call_says[task->call & (CALLS - 1)] : SAYS_NONE;

	if (says == SAYS_READS || says == SAYS_WRITES) {
		task->fd = ARGUMENT_1(regs);
		return file_reason(p, task->fd, says == SAYS_WRITES);
	}
	if (says == SAYS_LOCKS)
		return waits_for_lock(regs) ? REASON_FILE_LOCK : REASON_OTHER;
	if (says == SAYS_PPOLL)
		return pauses(regs) ? REASON_SIGNAL : REASON_POLL;
	if (says == SAYS_CLONES) /* wait_for_vfork_done() in kernel/fork.c sleeps killably */
		return state & TASK_WAKEKILL ? REASON_VFORK : REASON_OTHER;
	if (says == SAYS_FILES)
		return state & TASK_UNINTERRUPTIBLE ? REASON_DISK : REASON_OTHER;
	if (says == SAYS_NONE)
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
	__s32 call = SAVED_CALL(regs);

	task->fd = -1;
	task->reason = REASON_OTHER;
	if (p->flags & (PF_EXITING | PF_DUMPCORE)) {
		task->call = CALL_exit_group; /* the registers are stale */
		return;
	}
	if (p->flags & (PF_IO_WORKER | PF_KTHREAD)) {
		task->call = CALL_io_uring_enter;
		return;
	}
	if (IN_32BIT_CALL(p)) { /* its numbers are another table's */
		task->call = NO_CALL;
		return;
	}
	task->call = call == CALL_restart_syscall ? task->kept_call : call;
	task->kept_call = task->call;
	if (call != NO_CALL)
		task->reason = call_reason(p, task, regs, state);
	else if (!is_frozen(p, state))
		task->reason = REASON_PAGE_FAULT;
}

#endif
