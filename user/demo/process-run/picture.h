/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Simulation and reality side by side, tick by tick. Only the demo `process-run` includes it.
 */
#ifndef PROCLIFE_PICTURE_H
#define PROCLIFE_PICTURE_H

#include "user/demo/process-run/simulation.h"

/* The process pid-N, or NULL. */
const struct process *numbered(const struct lab *lab, int number);
__u64 tick_ns(const struct lab *lab);
/* A strip a process and, if asked for, both tables; and why the two differ where they do. */
void draw_run(const struct lab *lab, const struct process_list *list, bool table, int width, struct buffer *out);

#endif
