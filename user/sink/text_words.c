/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words about a process. Whatever comes from it is escaped here.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/base/language.h"
#include "user/base/signals.h"
#include "user/sink/text.h"

#define ARGUMENTS_SHOWN 400 /* bytes of a command line that anybody reads */

void name_words(struct buffer *out, const char *name, __u32 pid)
{
	escape_terminal(out, name, strlen(name));
	buffer_printf(out, "[%u]", pid);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void argument_words(struct buffer *out, const char *argument)
{
	bool quoted = !*argument || strpbrk(argument, " \t\n'\"");

	if (quoted)
		buffer_char(out, '\'');
	escape_terminal(out, argument, strlen(argument));
	if (quoted)
		buffer_char(out, '\'');
}

void command_words(struct buffer *out, const struct process *process)
{
	const struct execution *exec = process->exec_count ? &process->execs[process->exec_count - 1] : NULL;

	if (!exec || !exec->argc) {
		escape_terminal(out, process->comm, strlen(process->comm));
		return;
	}
	escape_terminal(out, base_name(exec->argv[0]), strlen(base_name(exec->argv[0])));
	for (__u32 i = 1; i < exec->argc && out->size < ARGUMENTS_SHOWN; i++) {
		buffer_char(out, ' ');
		argument_words(out, exec->argv[i]);
	}
}

static const struct sender *first_of_killers(const struct process *process)
{
	return process->first_killer.at_ns ? &process->first_killer : &process->killer;
}

const struct sender *killer_named(const struct process *process)
{
	const struct sender *killer = first_of_killers(process);

	if (process->end != ENDED_KILLED || !killer->pid)
		return NULL;
	if (killer->why != WHY_KILL && killer->why != WHY_PARENT_DEATH && killer->why != WHY_HANGUP)
		return NULL;
	return killer;
}

static void killer_words(struct buffer *out, const struct process *process)
{
	const struct sender *killer = killer_named(process);

	if (killer) {
		buffer_text(out, " by ");
		name_words(out, killer->comm, killer->pid);
	}
	if (first_of_killers(process)->why == WHY_UNKNOWN)
		buffer_text(out, " by ?");
	else
		buffer_printf(out, " (%s)", signal_why_name(first_of_killers(process)->why));
}

void fate_words(struct buffer *out, const struct process *process)
{
	switch (process->end) {
	case ENDED_NONE:
		buffer_text(out, _("alive"));
		return;
	case ENDED_NORMAL:
	case ENDED_ERROR:
		buffer_printf(out, _("exit %d"), process->code);
		return;
	case ENDED_FATAL:
	case ENDED_KILLED:
		buffer_text(out, signal_name(process->signal));
		if (process->end == ENDED_KILLED)
			killer_words(out, process);
		if (process->core)
			buffer_text(out, ", core");
		return;
	default:
		buffer_text(out, _("end not seen"));
	}
}

enum style fate_style(const struct process *process)
{
	static const enum style styles[END_KIND_COUNT] = {
		[ENDED_NONE] = LOOKS_BLOCKED, [ENDED_NORMAL] = LOOKS_GOOD, [ENDED_ERROR] = LOOKS_ODD,
		[ENDED_FATAL] = LOOKS_BAD,    [ENDED_KILLED] = LOOKS_BAD,  [ENDED_UNKNOWN] = FAINT,
	};

	return process->end < END_KIND_COUNT ? styles[process->end] : PLAIN;
}

bool same_fate(const struct process *one, const struct process *other)
{
	return one->end == other->end && one->code == other->code && one->signal == other->signal &&
	       one->core == other->core && first_of_killers(one)->why == first_of_killers(other)->why;
}

bool same_killer(const struct process *one, const struct process *other)
{
	const struct sender *a = killer_named(one), *b = killer_named(other);

	return !a || !b ? a == b : a->pid == b->pid && a->start_ns == b->start_ns;
}

__u64 life_ns(const struct process *process, const struct trace *trace)
{
	__u64 end_ns = process->end_ns;

	if (end_ns == UNKNOWN_NS)
		end_ns = trace->ended_ns;
	return end_ns > process->birth_ns ? end_ns - process->birth_ns : 0;
}

__u64 zombie_for_ns(const struct process *process, const struct trace *trace)
{
	if (process->end == ENDED_NONE || process->end_ns == UNKNOWN_NS || process->reap_auto)
		return 0;
	if (process->reaped_ns != UNKNOWN_NS)
		return process->zombie_ns == UNKNOWN_NS ? 0 : process->zombie_ns;
	return trace->ended_ns > process->end_ns ? trace->ended_ns - process->end_ns : 0;
}

void put_count(struct buffer *out, __u64 number)
{
	if (number >= 1000) {
		put_count(out, number / 1000);
		buffer_printf(out, ",%03u", (unsigned int)(number % 1000));
	} else {
		buffer_printf(out, "%u", (unsigned int)number);
	}
}
