/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How long something took, in the digits that matter: 1.234 s, 12.3 ms, 45 µs. Anyone in user/ but the model may
 * include it.
 */
#ifndef PROCLIFE_DURATION_H
#define PROCLIFE_DURATION_H

#include <linux/types.h>

struct duration {
	char text[24];
};

/* By value, so that it can stand among the arguments of a printf: duration(ns).text */
struct duration duration(__u64 ns);

#endif
