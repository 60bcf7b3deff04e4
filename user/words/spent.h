/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a task's life went, as people read it. Sinks and the rest of words include it.
 */
#ifndef PROCLIFE_SPENT_H
#define PROCLIFE_SPENT_H

#include "user/base/buffer.h"
#include "user/model/model.h"

/* "; running 12 ms, blocked 290 ms (pipe-read 288 ms, futex 2 ms)": of one that has ended. Nothing if its states were not
 * accounted for. */
void spent_words(struct buffer *out, const struct thread *thread);

/* Why it was blocked, the longest first: thread->blocked_count of them. */
void longest_reasons(const struct thread *thread, struct reason_total sorted[BLOCKED_SLOTS]);

#endif
