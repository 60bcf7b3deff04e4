/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What /proc tells of processes that live now. Only user/source/ includes it.
 */
#ifndef PROCLIFE_PROC_H
#define PROCLIFE_PROC_H

#include <linux/types.h>

#define CLOCK_TICK_NS                                                                                                  \
	10000000u /* of /proc's times: 100 a second on every machine (proc_pid_stat() in fs/proc/array.c) */

struct proc_stat {
	__u32 pid, parent;
	__u64 start_ticks;
};

/* Reads the file "stat" of a task's folder below `folder`. 0, or -1: it is gone. */
int proc_stat(int folder, const char *name, struct proc_stat *stat);

/* The folder of that very process, as a descriptor that stays with it even when its pid is reused. -1: it is gone. */
int proc_open(__u32 pid, __u64 start_ns);

/* Visits process `pid`, all that descend from it, and all their threads. 0, or -1 with errno. */
typedef void (*task_fn)(void *ctx, __u32 tid, __u64 start_ticks);
int proc_family(__u32 pid, task_fn visit, void *ctx);

#endif
