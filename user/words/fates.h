/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a process ended, and by whom, as people read it. Sinks and the screen include it.
 */
#ifndef PROCLIFE_FATES_H
#define PROCLIFE_FATES_H

#include "user/base/buffer.h"
#include "user/model/model.h"

void fate_words(struct buffer *out, const struct process *process);	/* exit 0; SIGKILL by bash[12] (kill) */
bool same_fate(const struct process *one, const struct process *other); /* the killer apart */
const struct sender *killer_named(const struct process *process);	/* the process that did it; NULL: none did */
bool same_killer(const struct process *one, const struct process *other);

#endif
