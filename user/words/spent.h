/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a task's life went, as people read it. Sinks include it.
 */
#ifndef PROCLIFE_SPENT_H
#define PROCLIFE_SPENT_H

#include "user/base/buffer.h"
#include "user/model/model.h"

/* "; running 12 ms, blocked 290 ms (pipe-read 288 ms, futex 2 ms)": of one that has ended. Nothing if its states were not
 * accounted for. */
void spent_words(struct buffer *out, const struct thread *thread);

#endif
