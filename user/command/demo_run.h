/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One run of a demo: its program traced, what theory expects held against it. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_RUN_H
#define PROCLIFE_DEMO_RUN_H

#include "user/demo/check.h"
#include "user/pipeline.h"

struct demo_run { /* all zero before */
	struct pipeline_result result;
	struct log log;
	struct lab lab;
	struct check check;
};

/* Traces the demo's program, with a report by `sink` (NULL: none) to `options`, and checks it. Whatever the program has
 * left behind is ended. 0; else an exit status, why was said: EXIT_FAILED, or 128 + a signal that ended it all.
 * The result is to be freed in any case. */
int demo_run(struct demo_run *run, const struct demo *demo, const struct settings *settings,
	     const struct sink_kind *sink, const struct sink_options *options);
void demo_run_free(struct demo_run *run);

/* Where the demo's program ("zombie") or its source ("zombie.c") lies: beside proclife as built, or as installed.
 * 0, or -1: said so. */
int demo_find(const struct demo *demo, const char *suffix, char *path, size_t size);

#endif
