/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a demo that was interrupted leaves behind. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_LEFTOVERS_H
#define PROCLIFE_DEMO_LEFTOVERS_H

#include "user/model/model.h"

/* The trace is over: kills and reaps whatever of it still lives, those born since then as well. model: NULL: nothing
 * was traced. */
void leftovers_end(const struct model *model);

#endif
