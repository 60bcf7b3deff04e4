/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers among options. Commands include it.
 */
#ifndef PROCLIFE_NUMBERS_H
#define PROCLIFE_NUMBERS_H

#include <linux/types.h>

#define RING_MOST (1u << 30) /* bytes of a ring buffer */

struct range {
	unsigned long least, most;
};

/* All of them: 0, or -1 when `text` is no such number: the message names `option`. */

int take_number(const char *option, const char *text, struct range range, unsigned long *number);

/* The pid of a process. */
int take_pid(const char *option, const char *text, __u32 *pid);

/* Seconds, perhaps with a fraction, more than 0 and no more than some years, as nanoseconds. */
int take_seconds(const char *option, const char *text, __u64 *ns);

#endif
