/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Handles of single processes, for signals that must not reach any other process. Commands include it.
 */
#ifndef PROCLIFE_HANDLE_H
#define PROCLIFE_HANDLE_H

#include <linux/types.h>
#include <stdbool.h>

/* Does /proc name processes by the pids of our own pid namespace? Not where it was mounted for an outer one. */
bool proc_is_of_our_namespace(void);

/*
 * A pidfd of the process that has this pid in our own pid namespace and was born at start_ns. -1: it is gone, or another
 * process has its pid by now, or its start time cannot be read: then no signal may be sent to that pid.
 */
int process_handle(__u32 pid, __u64 start_ns);

#endif
