/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs that leak: each case makes one leak, tells what `proclife leaks -p` must say of it (parts of its
 * document, and the exit status), then "ready", and stays as it is until its input ends. Whoever it leaves behind ends
 * with it.
 */
#ifndef PROCLIFE_LEAKS_H
#define PROCLIFE_LEAKS_H

#include "truth.h"

static inline void ready(void)
{
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		die("write");
}

/* Ends by the signal that the test sends, or when its input ends: until then it does not move. */
static inline void stay(void)
{
	char byte;

	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

static inline pid_t named_child(const char *name)
{
	pid_t pid = fork_at(NULL);

	if (!pid && name)
		prctl(PR_SET_NAME, name);
	return pid;
}

#endif
