/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the screen says of processes and of changes, in few columns. Names in it are escaped. Only user/screen/ includes
 * it.
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

void write_name(struct buffer *out, const char *name, __u32 pid);      /* cc1[123] */
void write_command(struct buffer *out, const struct process *process); /* gcc -c a.c */
void write_fate(struct buffer *out, const struct process *process);    /* exit 0; SIGKILL by bash[12] */
void write_parent(struct buffer *out, const struct process *process);  /* make[12]; pid 1 */
void write_waker(struct buffer *out, const struct waker_total *waker, const struct process *process);
void write_change(struct buffer *out, const struct change *change);
enum look look_of_change(const struct change *change);
enum look look_of_state(int state); /* STATE_COUNT: a zombie */

/* The thread that the process is said to be like: one that runs, else one that is ready, else its first that lives. */
const struct thread *thread_in_charge(const struct process *process);

#endif
