/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words for what was observed; see observe.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "user/base/signals.h"
#include "user/demo/observe.h"

void say(struct buffer *observed, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		observed->failed = true;
		return;
	}
	buffer_add(observed, text, (size_t)length);
	free(text);
}

void say_name(struct buffer *observed, const struct process *process)
{
	say(observed, "%s[%u]", process->comm, process->pid);
}

void say_end(struct buffer *observed, const struct process *process)
{
	const struct sender *killer = &process->killer;

	if (process->end == ENDED_NONE)
		say(observed, _("it still lives"));
	else if (!process->signal)
		say(observed, _("exit %d"), process->code);
	else if (process->end != ENDED_KILLED)
		say(observed, _("%s, its own fault"), signal_name(process->signal));
	else if (killer->why == WHY_UNKNOWN)
		say(observed, _("%s, from somebody unknown"), signal_name(process->signal));
	else
		say(observed, _("%s by %s[%u] (%s)"), signal_name(process->signal), killer->comm, killer->pid,
		    signal_why_name(killer->why));
}

void say_reap(struct buffer *observed, const struct process *process)
{
	if (process->end == ENDED_NONE)
		say(observed, _("it still lives"));
	else if (process->reaped_ns == UNKNOWN_NS)
		say(observed, _("nobody has reaped it yet"));
	else if (process->reap_auto)
		say(observed, _("gone by itself"));
	else if (process->reaper)
		say(observed, _("reaped by %s[%u]"), process->reaper->comm, process->reaper_pid);
	else if (process->reaper_pid)
		say(observed, _("reaped by pid %u"), process->reaper_pid);
	else
		say(observed, _("reaped by its adopter, pid %u"), process->real_ppid);
}

bool say_missing(struct buffer *observed, const struct process *process, const char *name)
{
	if (!process)
		say(observed, _("no process of the name %s"), name);
	return !process;
}
