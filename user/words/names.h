/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of processes and what they run, as people read them. All of it comes from the traced, so it is escaped. Sinks and the
 * screen include it.
 */
#ifndef PROCLIFE_NAMES_H
#define PROCLIFE_NAMES_H

#include "user/base/buffer.h"
#include "user/model/model.h"

void name_words(struct buffer *out, const char *name, __u32 pid);		  /* cc1[123] */
void process_words(struct buffer *out, const struct process *process, __u32 pid); /* the same; of NULL: pid 123 */
void argument_words(struct buffer *out, const char *argument);			  /* 'two words' */
void command_words(struct buffer *out, const struct process *process);		  /* gcc -c a.c */
/* The thread's own name and number; process: whose it is, or NULL. */
void waker_words(struct buffer *out, const struct waker_total *waker, const struct process *process);

#endif
