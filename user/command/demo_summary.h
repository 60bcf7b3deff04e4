/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What came of many demos: a table, the expectations that were not confirmed, and a summary line. The command `demo`
 * includes it.
 */
#ifndef PROCLIFE_DEMO_SUMMARY_H
#define PROCLIFE_DEMO_SUMMARY_H

#include "user/command/demo_run.h"

struct row { /* one demo */
	const struct demo *demo;
	bool broken; /* its deliberately wrong variant */
	bool failed; /* it could not be run: the message was printed, there is no verdict */
	enum verdict verdict;
	__u64 took_ns;
};

struct difference { /* an expectation that was refuted, or is inconclusive */
	const struct demo *demo;
	const struct expectation *expectation;
	enum verdict verdict;
	char *observed; /* NULL: memory was short */
};

struct summary { /* all zero before */
	struct row *rows;
	struct difference *differences;
	int count, difference_count;
};

/* Adds the demo that `run` has run, or failed to run. 0, or -1: out of memory. */
int summary_add(struct summary *summary, const struct demo_run *run, bool failed, __u64 took_ns);

/* To standard output: the table's heading, one of its rows; the whole table; what was not confirmed, and the summary. */
void summary_print_heading(const struct sink_options *look);
void summary_print_row(const struct row *row, const struct sink_options *look);
void summary_print_table(const struct summary *summary, const struct sink_options *look);
void summary_print(const struct summary *summary, const struct sink_options *look);

void summary_free(struct summary *summary);

#endif
