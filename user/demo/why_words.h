/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The sentences of `why`, each about one moment; nothing is added where there is nothing to tell. Only why*.c include it.
 */
#ifndef PROCLIFE_WHY_WORDS_H
#define PROCLIFE_WHY_WORDS_H

#include "user/demo/demo.h"

void words_of_birth(struct buffer *text, const struct moment *birth);
void words_of_exec(struct buffer *text, const struct moment *exec);
void words_of_end(struct buffer *text, const struct moment *end);
void words_of_reap(struct buffer *text, const struct moment *reap);
void words_of_adoption(struct buffer *text, const struct moment *adoption);
void words_of_deadlock(struct buffer *text, const struct deadlock *deadlock);
void words_of_blocking(struct buffer *text, const struct moment *spell);
void words_of_waiting(struct buffer *text, const struct lab *lab, const struct moment *spell);
void words_of_stop(struct buffer *text, const struct lab *lab, const struct moment *spell);
/* What ended a spell of blocked or stopped; by the wake-up that the log tells of at its end. */
void words_of_waking(struct buffer *text, const struct lab *lab, const struct moment *spell);

#endif
