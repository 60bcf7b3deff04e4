/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs about ends: a child that waits to be killed, and what is true of its end.
 */
#ifndef PROCLIFE_VICTIM_H
#define PROCLIFE_VICTIM_H

#include "truth.h"

#include <sys/resource.h>

/* The name as the report gives it. */
static inline const char *signal_text(int number, char text[32])
{
	if (number >= SIGRTMIN)
		snprintf(text, 32, number > SIGRTMIN ? "SIGRTMIN+%d" : "SIGRTMIN", number - SIGRTMIN);
	else
		snprintf(text, 32, "SIG%s", sigabbrev_np(number));
	return text;
}

/* Tells how pid ended by what wait said, and by whom ("null", or an object's members). */
static inline void tell_signal_end(pid_t pid, int status, const char *kind, const char *by)
{
	char name[32];

	if (!WIFSIGNALED(status))
		die("it was to be killed");
	tell("'pid': %d, 'end': {'kind': '%s', 'code': null, 'signal': '%s', 'core': %s, 'by': %s}", pid, kind,
	     signal_text(WTERMSIG(status), name), WCOREDUMP(status) ? "true" : "false", by);
}

static inline void tell_killed_by(pid_t pid, int status, pid_t killer, const char *why, const char *call)
{
	char by[256];

	if (call)
		snprintf(by, sizeof(by), "{'pid': %d, 'process': {'pid': %d}, 'why': '%s', 'call': '%s'}", killer,
			 killer, why, call);
	else
		snprintf(by, sizeof(by), "{'pid': %d, 'process': {'pid': %d}, 'why': '%s'}", killer, killer, why);
	tell_signal_end(pid, status, "killed", by);
}

static inline void no_core(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* Forks a child that prepares itself, if told how, and waits for its death. It is ready when this returns. */
static inline pid_t victim(void (*prepare)(void))
{
	atomic_int *ready = shared(sizeof(*ready));
	pid_t child = fork_at(NULL);

	if (!child) {
		no_core();
		if (prepare)
			prepare();
		atomic_store(ready, 1);
		for (;;)
			pause();
	}
	await(ready, 1);
	return child;
}

#endif
