/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pieces of the sentences that findings say; see kinds.h.
 */
#include <stdio.h>

#include "user/base/syscalls.h"
#include "user/finding/kinds.h"

struct words name_of(const struct process *process)
{
	struct words words;

	snprintf(words.text, sizeof(words.text), "%s[%u]", process->comm, process->pid);
	return words;
}

struct words fate_of(const struct process *process)
{
	struct words words;

	if (process->signal)
		snprintf(words.text, sizeof(words.text), "%s%s", signal_name(process->signal),
			 process->core ? ", core dumped" : "");
	else if (process->code >= 0)
		snprintf(words.text, sizeof(words.text), "exit %d", process->code);
	else
		snprintf(words.text, sizeof(words.text), "end not seen");
	return words;
}

/* What to say of a signal that no process decided to send; NULL: the sender is to be named. */
static const char *occasion(enum signal_why why)
{
	static const char *const words[SIGNAL_WHY_COUNT] = {
		[WHY_UNKNOWN] = "a sender that was not seen",
		[WHY_SELF] = "itself",
		[WHY_FAULT] = "its own fault",
		[WHY_OOM] = "the kernel: out of memory",
		[WHY_TERMINAL] = "the terminal: a key",
		[WHY_PIPE] = "the kernel: nobody reads the pipe it wrote to",
		[WHY_TIMER] = "a timer",
		[WHY_CPU_LIMIT] = "the kernel: its CPU time was used up",
		[WHY_FILE_LIMIT] = "the kernel: a file grew beyond its limit",
		[WHY_NAMESPACE] = "the kernel: its pid namespace ended",
	};

	return why < SIGNAL_WHY_COUNT ? words[why] : NULL;
}

struct words sender_words(const struct sender *sender)
{
	struct words words;
	const char *said = occasion(sender->why);

	if (said)
		snprintf(words.text, sizeof(words.text), "%s", said);
	else if (!sender->pid)
		snprintf(words.text, sizeof(words.text), "the kernel (%s)", signal_why_name(sender->why));
	else
		snprintf(words.text, sizeof(words.text), "%s[%u] (%s)", sender->comm, sender->pid,
			 signal_why_name(sender->why));
	return words;
}

static const struct reason_total *longest_reason(const struct thread *thread)
{
	const struct reason_total *longest = NULL;

	for (int i = 0; i < thread->blocked_count; i++)
		if (!longest || thread->blocked[i].ns > longest->ns)
			longest = &thread->blocked[i];
	return longest;
}

static struct words blocked_words(const char *how, enum reason reason, int call)
{
	struct words words;
	struct buffer name = {0};

	reason_text(&name, reason, call);
	snprintf(words.text, sizeof(words.text), "%s %s", how, name.data ? name.data : reason_name(reason));
	buffer_free(&name);
	return words;
}

/* Of one that lives: what it does now. Of one that ended: what it did most. */
struct words doing_of(const struct process *process)
{
	const struct thread *thread = process->threads;
	const struct totals *totals = &thread->totals;
	const struct reason_total *longest = longest_reason(thread);
	struct words words;

	if (thread->end_ns == UNKNOWN_NS && thread->state == STATE_BLOCKED)
		return blocked_words("blocked in", thread->reason, thread->call);
	if (thread->end_ns == UNKNOWN_NS)
		snprintf(words.text, sizeof(words.text), "%s", state_name(thread->state));
	else if (longest && totals->blocked_ns > totals->running_ns + totals->ready_ns)
		return blocked_words("mostly blocked in", longest->reason, longest->call);
	else
		snprintf(words.text, sizeof(words.text), "mostly %s",
			 totals->running_ns >= totals->ready_ns ? "running" : "ready");
	return words;
}

struct words adopter_of(const struct process *process)
{
	struct words words;
	const char *kind = process->adopter_is_init ? "init" : "subreaper";
	const struct process *adopter = process->real_parent;

	if (adopter && adopter->pid == process->adopter_pid && adopter->comm[0])
		snprintf(words.text, sizeof(words.text), "%s[%u] (%s)", adopter->comm, adopter->pid, kind);
	else
		snprintf(words.text, sizeof(words.text), "pid %u (%s)", process->adopter_pid, kind);
	return words;
}

struct words kill_of(const struct findings *findings, const struct process *process)
{
	struct words words;
	__u32 pid = pid_within(process, findings->pid_namespace);

	if (pid)
		snprintf(words.text, sizeof(words.text), "kill %u", pid);
	else
		snprintf(words.text, sizeof(words.text),
			 "kill with its pid in this pid namespace, which is not known: %u is that of the host",
			 process->pid);
	return words;
}

const char *program_of(const struct process *process)
{
	return process->exec_count ? process->execs[process->exec_count - 1].exe : NULL;
}
