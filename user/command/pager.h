/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Long output on a terminal goes through a pager, as git's does. Commands include it.
 */
#ifndef PROCLIFE_PAGER_H
#define PROCLIFE_PAGER_H

#include <stdbool.h>
#include <sys/types.h>

struct pager {
	pid_t pid; /* 0: none, output goes where it went */
};

/* Starts $PAGER, or else less or more, and makes it the reader of standard output. Nothing is started, and that is no
 * failure, if standard output is no terminal that can move its cursor, PAGER is empty or "cat", or there is no pager. Call it
 * after look_at(), which asks the terminal. From then on SIGINT is for the pager. */
void pager_start(struct pager *pager);

/* Closes standard output, and waits until the user leaves the pager. */
void pager_wait(const struct pager *pager);

#endif
