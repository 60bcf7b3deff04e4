/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a process ended, and by whom: its wait status against the signals it was sent.
 */
#include <signal.h>

#include "user/model/internal.h"

#define CORE_DUMPED 0x80

static bool is_fault(int number)
{
	return number == SIGSEGV || number == SIGFPE || number == SIGILL || number == SIGBUS || number == SIGABRT ||
	       number == SIGSYS || number == SIGTRAP;
}

static const struct seen_signals *seen_signals_of(const struct process *process)
{
	const struct tracked *tracked = tracked_of(process);

	for (int i = 0; i < tracked->seen_count; i++)
		if (tracked->seen[i].number == process->signal)
			return &tracked->seen[i];
	return NULL;
}

/* One that met a handler may still have killed: the handler was taken away before it was delivered. */
static void find_killer(struct process *process)
{
	const struct seen_signals *seen = seen_signals_of(process);

	if (!seen)
		return;
	process->killer = seen->deadly.at_ns ? seen->deadly : seen->handled;
	if (process->killer.why == WHY_SELF && seen->handled.at_ns && seen->handled.why != WHY_SELF)
		process->first_killer = seen->handled;
}

static void conclude_signal(struct process *process, __u32 flags)
{
	struct sender *killer = &process->killer;
	bool by_itself;

	find_killer(process);
	if (flags & END_OOM && process->signal == SIGKILL && (killer->why == WHY_KERNEL || killer->why == WHY_UNKNOWN))
		killer->why = WHY_OOM;
	/* A fault that nobody sent leaves no record when the kernel ends the process at once, as seccomp does. */
	by_itself = killer->why == WHY_FAULT || killer->why == WHY_SELF || killer->why == WHY_UNKNOWN;
	process->end = is_fault(process->signal) && by_itself ? ENDED_FATAL : ENDED_KILLED;
}

void conclude_end(struct process *process, __u32 status, __u32 flags)
{
	process->signal = (int)(status & 0x7f);
	process->core = process->signal && status & CORE_DUMPED;
	if (process->signal) {
		conclude_signal(process, flags);
		return;
	}
	process->code = (int)(status >> 8 & 0xff);
	process->end = process->code ? ENDED_ERROR : ENDED_NORMAL;
}

void killer_heard_late(struct process *process)
{
	const struct seen_signals *seen = seen_signals_of(process);

	if (seen && seen->deadly.at_ns && seen->deadly.at_ns <= process->end_ns)
		conclude_signal(process, tracked_of(process)->last_flags);
}
