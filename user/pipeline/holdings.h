/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Completing the list of leaks by what the machine tells. Only user/pipeline/ includes it.
 */
#ifndef PROCLIFE_PIPELINE_HOLDINGS_H
#define PROCLIFE_PIPELINE_HOLDINGS_H

#include "user/base/cgroups.h"
#include "user/finding/leaks.h"

/* What orphans and their families have open; then who waits at the other end of their pipes. */
void complete_holdings(struct leaks *leaks);
void complete_pipes(struct leaks *leaks);

#endif
