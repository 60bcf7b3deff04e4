/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What only the screen says, and how it looks; see words.h.
 */
#include <stdio.h>

#include "user/model/model.h"
#include "user/screen/words.h"

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

enum look look_of_change(const struct change *change)
{
	static const enum look looks[CHANGE_COUNT] = {
		[CHANGE_BIRTH] = LOOK_GOOD,   [CHANGE_EXEC] = LOOK_BLOCKED, [CHANGE_ZOMBIE] = LOOK_ZOMBIE,
		[CHANGE_ORPHAN] = LOOK_ODD,   [CHANGE_DAEMON] = LOOK_ODD,   [CHANGE_SIGNAL] = LOOK_STOPPED,
		[CHANGE_DEADLOCK] = LOOK_BAD,
	};

	if (change->kind != CHANGE_END)
		return looks[change->kind];
	return change->process->end == ENDED_NORMAL ? LOOK_GOOD : LOOK_BAD;
}
