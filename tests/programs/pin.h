/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs: processes that are bound to one CPU. Included behind truth.h, which asks for the GNU calls.
 */
#ifndef PROCLIFE_PIN_H
#define PROCLIFE_PIN_H

#include <sched.h>
#include <sys/types.h>

/* 0 is the caller. 0, or -1 with errno. */
static inline int pin(pid_t pid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(pid, sizeof(set), &set);
}

#endif
