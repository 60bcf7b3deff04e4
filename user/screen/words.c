/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words of the screen; see words.h. Whatever comes from a process is escaped here.
 */
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/model/model.h"
#include "user/screen/words.h"

#define ARGUMENTS_SHOWN 400 /* bytes of a command line that anybody reads */
#define SECOND 1000000000u

struct span_words span_words(__u64 ns)
{
	struct span_words words;
	unsigned long long seconds = ns / SECOND;

	if (ns < 1000000)
		snprintf(words.text, sizeof(words.text), "%lluus", ns / 1000);
	else if (ns < SECOND)
		snprintf(words.text, sizeof(words.text), "%llums", ns / 1000000);
	else if (seconds < 100)
		snprintf(words.text, sizeof(words.text), "%llu.%llus", seconds, ns % SECOND / (SECOND / 10));
	else if (seconds < 6000)
		snprintf(words.text, sizeof(words.text), "%llum%02llus", seconds / 60, seconds % 60);
	else if (seconds < 100 * 3600)
		snprintf(words.text, sizeof(words.text), "%lluh%02llum", seconds / 3600, seconds / 60 % 60);
	else
		snprintf(words.text, sizeof(words.text), "%llud%lluh", seconds / 86400, seconds / 3600 % 24);
	return words;
}

void write_name(struct buffer *out, const char *name, __u32 pid)
{
	escape_terminal(out, name, strlen(name));
	buffer_printf(out, "[%u]", pid);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static const struct execution *image_of(const struct process *process)
{
	return process->exec_count ? &process->execs[process->exec_count - 1] : process->image;
}

/* A forked child that has run nothing of its own has its parent's arguments, but a name may say more. */
void write_command(struct buffer *out, const struct process *process)
{
	const struct execution *image = image_of(process);

	if (!image || !image->argc) {
		escape_terminal(out, process->comm, strlen(process->comm));
		return;
	}
	escape_terminal(out, base_name(image->argv[0]), strlen(base_name(image->argv[0])));
	for (__u32 i = 1; i < image->argc && out->size < ARGUMENTS_SHOWN; i++) {
		buffer_char(out, ' ');
		escape_terminal(out, image->argv[i], strlen(image->argv[i]));
	}
}

static void sender_words(struct buffer *out, const struct sender *sender)
{
	if (sender->pid) {
		write_name(out, sender->comm, sender->pid);
		return;
	}
	buffer_text(out, sender->why == WHY_UNKNOWN ? "?" : "the kernel");
	if (sender->why != WHY_UNKNOWN && sender->why != WHY_KERNEL)
		buffer_printf(out, " (%s)", signal_why_name(sender->why));
}

void write_fate(struct buffer *out, const struct process *process)
{
	const struct sender *killer = process->first_killer.at_ns ? &process->first_killer : &process->killer;

	if (process->end == ENDED_NORMAL || process->end == ENDED_ERROR) {
		buffer_printf(out, "exit %d", process->code);
	} else if (process->end == ENDED_FATAL || process->end == ENDED_KILLED) {
		buffer_printf(out, "%s%s", signal_name(process->signal), process->core ? ", core" : "");
		if (process->end == ENDED_KILLED) {
			buffer_text(out, " by ");
			sender_words(out, killer);
		}
	} else {
		buffer_text(out, process->end == ENDED_NONE ? "alive" : "end not seen");
	}
}

void write_parent(struct buffer *out, const struct process *process)
{
	if (process->real_parent)
		write_name(out, process->real_parent->comm, process->real_ppid);
	else
		buffer_printf(out, "pid %u", process->real_ppid);
}

void write_waker(struct buffer *out, const struct waker_total *waker, const struct process *process)
{
	if (waker->irq)
		buffer_text(out, "interrupt");
	else if (waker->rest)
		buffer_text(out, "others");
	else if (process)
		write_name(out, process->comm, waker->pid);
	else
		buffer_printf(out, "pid %u", waker->pid);
}

const struct thread *thread_in_charge(const struct process *process)
{
	const struct thread *chosen = NULL;

	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		if (thread->end_ns != UNKNOWN_NS)
			continue;
		if (thread->state == STATE_RUNNING)
			return thread;
		if (!chosen || (thread->state == STATE_READY && chosen->state != STATE_READY))
			chosen = thread;
	}
	return chosen ? chosen : process->threads;
}

enum look look_of_state(int state)
{
	static const enum look looks[] = {
		[STATE_RUNNING] = LOOK_RUNNING, [STATE_READY] = LOOK_READY,  [STATE_BLOCKED] = LOOK_BLOCKED,
		[STATE_STOPPED] = LOOK_STOPPED, [STATE_COUNT] = LOOK_ZOMBIE,
	};

	return looks[state];
}
