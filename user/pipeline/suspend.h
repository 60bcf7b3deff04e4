/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Job control for the command: what a shell does that waits for its job. Only pipeline.c includes it.
 */
#ifndef PROCLIFE_SUSPEND_H
#define PROCLIFE_SUSPEND_H

#include <sys/types.h>

/*
 * The command was stopped by `signal`: it stopped itself, another process stopped it, or it leads a process group of its own, as an
 * interactive shell does, and suspended itself. Where the shell that started us would wait without end for its terminal, we stop
 * as well; returns when both are continued.
 */
void suspend_with(pid_t command, int signal);

#endif
