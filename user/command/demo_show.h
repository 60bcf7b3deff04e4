/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Demos one after another. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_SHOW_H
#define PROCLIFE_DEMO_SHOW_H

#include "user/command/demo_options.h"
#include "user/sink/sink.h"

/* Which demo is the nth (from 0) to be shown, and whether its wrong variant; NULL: there are no more. */
const struct demo *demo_wanted(const struct request *request, int n, bool *broken);

/* Runs all that the request wants, and prints what came of them. `look`: of standard output. Returns the worst of all exit
 * statuses; a signal ends it at once. */
int demo_show(const struct request *request, const struct sink_options *look);

#endif
