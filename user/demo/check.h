/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A finished run held against its lab's expectations: a verdict on each. Pure. The command `demo` includes it.
 */
#ifndef PROCLIFE_CHECK_H
#define PROCLIFE_CHECK_H

#include "user/demo/demo.h"

struct observation { /* of one expectation */
	const struct expectation *expectation;
	struct buffer words; /* what was observed */
	enum verdict verdict;
};

struct check { /* all zero before */
	struct observation *list;
	int count, confirmed, refuted, inconclusive; /* count: all of them */
	bool passed;				     /* none was refuted, and there is one */
};

/* Checks every expectation of lab->demo. Where events were lost, what was not seen may have happened all the same: no
 * expectation is refuted then. 0, or -1: memory was short. The check is to be freed in any case. */
int check_lab(struct check *check, const struct lab *lab);
void check_free(struct check *check);

#endif
