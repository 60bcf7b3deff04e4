/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A task's states, and the reasons that it was blocked for longest; see spent.h.
 */
#include <stdlib.h>

#include "user/base/duration.h"
#include "user/base/syscalls.h"
#include "user/words/spent.h"

#define REASONS_SHOWN 3

static void add_part(struct buffer *out, enum state state, __u64 ns, int *parts)
{
	if (!ns)
		return;
	buffer_printf(out, "%s%s %s", (*parts)++ ? ", " : "", state_name(state), duration(ns).text);
}

static int longest_first(const void *left, const void *right)
{
	const struct reason_total *a = left, *b = right;

	return (a->ns < b->ns) - (a->ns > b->ns);
}

void longest_reasons(const struct thread *thread, struct reason_total sorted[BLOCKED_SLOTS])
{
	for (int i = 0; i < thread->blocked_count; i++)
		sorted[i] = thread->blocked[i];
	qsort(sorted, (size_t)thread->blocked_count, sizeof(sorted[0]), longest_first);
}

static void add_reasons(struct buffer *out, const struct thread *thread)
{
	struct reason_total sorted[BLOCKED_SLOTS] = {0};
	int i = 0;

	longest_reasons(thread, sorted);
	if (!sorted[0].ns)
		return;
	for (; i < thread->blocked_count && sorted[i].ns && i < REASONS_SHOWN; i++) {
		buffer_text(out, i ? ", " : " (");
		reason_text(out, sorted[i].reason, sorted[i].call);
		buffer_printf(out, " %s", duration(sorted[i].ns).text);
	}
	buffer_text(out, i < thread->blocked_count && sorted[i].ns ? ", …)" : ")");
}

void spent_words(struct buffer *out, const struct thread *thread)
{
	const struct totals *totals = &thread->totals;
	__u64 known_ns = totals->running_ns + totals->ready_ns + totals->blocked_ns + totals->stopped_ns;
	int parts = 0;

	if (thread->counted_ns == UNKNOWN_NS || !known_ns)
		return;
	buffer_text(out, "; ");
	if (thread->counted_ns)
		buffer_printf(out, "of the last %s ", duration(known_ns).text);
	add_part(out, STATE_RUNNING, totals->running_ns, &parts);
	add_part(out, STATE_READY, totals->ready_ns, &parts);
	add_part(out, STATE_STOPPED, totals->stopped_ns, &parts);
	add_part(out, STATE_BLOCKED, totals->blocked_ns, &parts);
	if (totals->blocked_ns)
		add_reasons(out, thread);
}
