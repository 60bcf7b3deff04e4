/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of processes and what they run; see names.h.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/words/names.h"

#define ARGUMENTS_SHOWN 400 /* bytes of a command line that anybody reads */

void name_words(struct buffer *out, const char *name, __u32 pid)
{
	escape_terminal(out, name, strlen(name));
	buffer_printf(out, "[%u]", pid);
}

void process_words(struct buffer *out, const struct process *process, __u32 pid)
{
	if (process)
		name_words(out, process->comm, process->pid);
	else
		buffer_printf(out, "pid %u", pid);
}

static const char *thread_name(const struct process *process, __u32 tid)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread->tid == tid)
			return thread->comm;
	return process->comm;
}

void waker_words(struct buffer *out, const struct waker_total *waker, const struct process *process)
{
	if (waker->irq)
		buffer_text(out, "interrupts");
	else if (waker->rest)
		buffer_text(out, "others");
	else
		name_words(out, process ? thread_name(process, waker->tid) : "?", waker->tid);
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

/* What it runs: by its last exec, or, of one that was there before us, as it was found. */
static const struct execution *shown_image_of(const struct process *process)
{
	return process->exec_count ? &process->execs[process->exec_count - 1] : process->image;
}

void command_words(struct buffer *out, const struct process *process)
{
	const struct execution *exec = shown_image_of(process);

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
