/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The log: every change of a run in the order in which the model concluded it, kept for questions that the finished
 * model can't answer: what overlapped what, what came before what. demo.h and the command `demo` include it.
 */
#ifndef PROCLIFE_LOG_H
#define PROCLIFE_LOG_H

#include "user/finding/finding.h"

struct moment { /* a change, and copies of what a change points to for the call's duration only */
	struct change change;
	char name[COMM_LEN + 1], old_name[COMM_LEN + 1]; /* of the thread by then; the old one of a rename */
	struct sender sender;				 /* of a signal */
	int exec;					 /* of an exec: its index among the process's; else -1 */
	__u32 pid, ppid, session, group, tty;		 /* of the process by then */
};

struct log { /* all zero: empty */
	struct moment *list;
	int count, room;
	bool failed; /* memory was short: some are missing */
};

/* A change_fn: ctx is the log. */
void log_take(void *ctx, const struct change *change);
void log_free(struct log *log);

#endif
