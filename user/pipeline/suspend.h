/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Job control for the command: what a shell does that waits for its job. Only pipeline.c includes it.
 */
#ifndef PROCLIFE_SUSPEND_H
#define PROCLIFE_SUSPEND_H

#include <sys/types.h>

/*
 * The command, which leads a process group of its own as an interactive shell does, was stopped by `signal`. Where that leaves the
 * terminal to nobody who could use it, our own group is stopped, too, so that the shell which started us gets the terminal;
 * returns when both go on.
 */
void suspend_with(pid_t command, int signal);

#endif
