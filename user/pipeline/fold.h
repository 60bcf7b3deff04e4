/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A bound for what the trace of a command keeps. Only pipeline.c includes it.
 */
#ifndef PROCLIFE_FOLD_H
#define PROCLIFE_FOLD_H

#include "user/pipeline/trace.h"

/* Folds ordinary processes when more than `most` are kept: neither the command itself nor whom a finding may tell of.
 * ended_ns: when the command did, or 0. To be called after every event. */
void fold(const struct tracing *tracing, int most, __u64 ended_ns);

#endif
