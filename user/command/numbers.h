/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers among options. Commands include it.
 */
#ifndef PROCLIFE_NUMBERS_H
#define PROCLIFE_NUMBERS_H

#include <linux/types.h>

/* A whole number from 0 to `most`. 0, or -1: said why. */
int take_number(const char *text, unsigned long most, unsigned long *number);

/* The pid of a process: not 0. 0, or -1: said why. */
int take_pid(const char *text, __u32 *pid);

/* Seconds, perhaps with a fraction, more than 0 and no more than some years, as nanoseconds. 0, or -1: said why. */
int take_seconds(const char *text, __u64 *ns);

#endif
