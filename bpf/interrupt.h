/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does a probe run in an interrupt? Then `current` is only the task that was interrupted. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_INTERRUPT_H
#define PROCLIFE_INTERRUPT_H

#include "bpf/task.h"

/* The address as a number, by way of *room: the verifier does not subtract or compare pointers. */
static __always_inline __u64 address_of(void *pointer, __u64 *room)
{
	*(volatile __u64 *)room = (__u64)pointer;
	return *(volatile __u64 *)room;
}

/* An interrupt uses another stack than current's kernel stack, which ends at its saved registers. On x86-64 it may also use
 * that one, when it came in user mode: not of a task that exits, whose saved registers may be those of the fault that ended it.
 * ctx lies on the stack in use. */
static __always_inline bool in_interrupt(void *ctx, struct task_struct *current, __u64 *room)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(current);
	__u64 stack = (__u64)current->stack, used = address_of(ctx, room) - stack;

	if (used >= address_of(regs, room) - stack)
		return true;
	return !(current->flags & (PF_KTHREAD | PF_EXITING)) && INTERRUPTED_IN_USER_MODE(regs);
}

#endif
