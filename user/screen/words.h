/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What only the screen says of processes and of changes, and how they look there; the rest is in user/words/. Only
 * user/screen/ includes it.
 */
#ifndef PROCLIFE_WORDS_H
#define PROCLIFE_WORDS_H

#include "user/model/change.h"
#include "user/screen/line.h"

struct span_words {
	char text[16];
};
/* How long, in at most 6 columns: 120ms 3.2s 4m05s 3h12m 12d3h */
struct span_words span_words(__u64 ns);

enum look look_of_change(const struct change *change);
enum look look_of_state(int state); /* STATE_COUNT: a zombie */

/* The thread that the process is said to be like: one that runs, else one that is ready, else its first that lives. */
const struct thread *thread_in_charge(const struct process *process);

#endif
