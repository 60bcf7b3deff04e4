/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the lives of some threads were spent on, added up. Whoever may include the model may include it.
 */
#ifndef PROCLIFE_SUMS_H
#define PROCLIFE_SUMS_H

#include "user/model/process.h"

struct sums { /* all zero: of nobody */
	int processes, threads;
	struct totals totals;
	__u64 cpu_ns;					/* the kernel's own sum_exec_runtime */
	struct reason_total blocked[2 * BLOCKED_SLOTS]; /* the longest first, after sums_sort() */
	int blocked_count;
};

void sums_add(struct sums *sums, const struct process *process);
void sums_add_thread(struct sums *sums, const struct thread *thread);
void sums_join(struct sums *sums, const struct sums *others);
void sums_sort(struct sums *sums);
__u64 sums_life_ns(const struct sums *sums);

#endif
