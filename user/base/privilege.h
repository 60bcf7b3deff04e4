/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Privileges that are no longer needed. Pipeline includes it.
 */
#ifndef PROCLIFE_PRIVILEGE_H
#define PROCLIFE_PRIVILEGE_H

#include <stdbool.h>

/* Is that capability (CAP_…) in our effective set? */
bool privilege_has(int capability);

/* Keeps what reading maps and iterators takes (CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN where the kernel has no CAP_BPF) and
 * drops all other capabilities for good. 0, or -1 with errno. */
int privilege_drop(void);

#endif
