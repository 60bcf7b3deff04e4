/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * States tick by tick, as the textbook's process-run.py has them: a row a tick, a column a process. Only demos that
 * speak its notation include it.
 */
#ifndef PROCLIFE_TICKS_H
#define PROCLIFE_TICKS_H

#include "user/demo/observe.h"

#define TICKS_MOST 400
#define COLUMNS_MOST 6

enum tick { TICK_NONE, TICK_READY, TICK_CPU, TICK_IO, TICK_IO_DONE, TICK_BLOCKED, TICK_STOPPED, TICK_DONE };

struct ticks { /* all zero: empty */
	int processes, count;
	unsigned char state[TICKS_MOST][COLUMNS_MOST]; /* enum tick */
	__u64 running_ns[TICKS_MOST][COLUMNS_MOST];    /* of what was observed */
};

bool is_running(unsigned char tick);
/* What `process` mostly did in each tick from that time on, as the next column; running is TICK_CPU. */
void ticks_observe(struct ticks *ticks, const struct lab *lab, const struct process *process, __u64 from_ns,
		   __u64 tick_ns);
/* Of those that share one CPU: in a tick whose greater part it was theirs, it was that one's who had it for longest. */
void ticks_share_cpu(struct ticks *ticks, __u64 tick_ns);
/* The textbook's table. `names` of the columns. */
void ticks_table(const struct ticks *ticks, const char *const *names, int width, struct buffer *out);
/* Ticks from first (from 0) to last of one process, a character each. */
void ticks_strip(const struct ticks *ticks, int process, int first, int last, struct buffer *out);
/* The textbook's word for it, or a shorter one if that is wider than so many columns. */
const char *tick_name(unsigned char tick, int columns);

#endif
