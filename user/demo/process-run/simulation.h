/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The textbook's process-run.py, by its rules. Only the demos `states` and `process-run` include it.
 */
#ifndef PROCLIFE_SIMULATION_H
#define PROCLIFE_SIMULATION_H

#include "user/demo/ticks.h"

#define TICK_NS (10 * MS) /* as the program has it */
#define IO_TICKS 5
#define INSTRUCTIONS_MOST 50

struct instructions { /* of one process */
	int count;
	bool cpu[INSTRUCTIONS_MOST]; /* uses the CPU; else it is an IO: begin, IO_TICKS of waiting, take what came */
};

struct process_list {
	int count;
	struct instructions list[COLUMNS_MOST];
};

/* "5:100,1:0". False: malformed, or too long to run, and says so. NULL is well formed, and empty. */
bool process_list_of(const char *text, struct process_list *list, struct buffer *complaint);
bool understands_process_list(const struct settings *settings, struct buffer *complaint);
/* The instructions that run, one after the other: of a tick each. How many there are. */
int running_ticks(const struct instructions *instructions, unsigned char *running, int most);
int count_ios(const struct instructions *instructions);
/* Who runs keeps the CPU until it ends or begins an IO; then the next by number that is ready. */
void simulate(const struct process_list *list, struct ticks *ticks);

#endif
