/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a switch handler writes of a task while an iterator may copy it: seq is odd meanwhile, and another one afterwards. x86-64 keeps
 * the order of stores, and of loads; on arm64 an atomic operation that returns a value does (arch/arm64/net/bpf_jit_comp.c). Only
 * bpf/ includes this file.
 */
#ifndef PROCLIFE_SEQUENCE_H
#define PROCLIFE_SEQUENCE_H

#include "bpf/task.h"

/* Orders what is written to, or read of, *task before and after. */
static __always_inline void keep_order(struct task *task)
{
#ifdef __TARGET_ARCH_x86
	__asm__ volatile("" : : : "memory");
#else
	__u64 same = __sync_fetch_and_or(&task->elected, 0);

	__asm__ volatile("" : : "r"(same) : "memory");
#endif
}

static __always_inline void count_write(struct task *task)
{
	keep_order(task);
	task->seq++;
	keep_order(task);
}

static __always_inline __u32 writes_of(struct task *task)
{
	__u32 writes;

	keep_order(task);
	writes = *(volatile __u32 *)&task->seq;
	keep_order(task);
	return writes;
}

#endif
