/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why: a sentence for each change of state, naming the call and the counterpart. Pure. The command `demo` includes it.
 */
#ifndef PROCLIFE_WHY_H
#define PROCLIFE_WHY_H

#include "user/demo/demo.h"

struct sentence {
	__u64 at_ns; /* CLOCK_BOOTTIME */
	char *text;  /* names in it are raw bytes */
	int alike;   /* how many more there are that differ in numbers only; 0 if unfolded */
};

struct why { /* all zero: empty; in order of time */
	struct sentence *list;
	int count, room;
	bool failed;
};

/* A sentence for each birth, exec, blocking, wake-up, stop, end, reap and adoption of the run. Folded: what differs
 * in numbers only is told once, at its first time. */
void why_tell(struct why *why, const struct lab *lab, bool folded);
void why_free(struct why *why);

#endif
