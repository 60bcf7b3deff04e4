/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * System calls that a running trace never makes, and that would be of use to an attacker who has taken it over.
 */
#ifndef PROCLIFE_SYSCALL_FILTER_H
#define PROCLIFE_SYSCALL_FILTER_H

/* From now on they fail with EPERM, for good: starting programs and processes (not threads), reading and changing other processes, loading
 * BPF programs and maps, mounts, modules, changes of identity. Takes no_new_privs. 0, or -1 with errno: the kernel has no seccomp
 * filters. */
int syscall_filter_set(void);

#endif
