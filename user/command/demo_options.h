/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the user asked of the command `demo`. Only demo*.c include it.
 */
#ifndef PROCLIFE_DEMO_OPTIONS_H
#define PROCLIFE_DEMO_OPTIONS_H

#include "user/demo/demo.h"

struct request {
	bool list, all, as_json, source, table, predict, brief, no_pager;
	bool chosen; /* the names are not the user's, but those that everybody sees first */
	int verbose;
	const char *broken, *language, *quiz_file; /* NULL: not asked for */
	struct settings settings;
	const char *const *names; /* NULL-ended */
};

void demo_help(void);

/* Reads the command line, and sees to the language. -1: go on; else the exit status, why was said. */
int demo_options(struct request *request, int argc, char **argv);

#endif
