/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A task's states, and the reasons that it was blocked for longest; see spent.h.
 */
#include "user/base/duration.h"
#include "user/base/syscalls.h"
#include "user/words/spent.h"

#define REASONS_SHOWN 3

static void add_part(struct buffer *out, const char *name, __u64 ns, int *parts)
{
	if (!ns)
		return;
	buffer_printf(out, "%s%s %s", (*parts)++ ? ", " : "", name, duration(ns).text);
}

/* The longest after `before`, which is NULL for the longest of all; those of the same length in their order. */
static const struct reason_total *next_longest(const struct thread *thread, const struct reason_total *before)
{
	const struct reason_total *next = NULL;

	for (int i = 0; i < thread->blocked_count; i++) {
		const struct reason_total *total = &thread->blocked[i];
		bool is_later = !before || total->ns < before->ns || (total->ns == before->ns && total > before);

		if (is_later && total->ns && (!next || total->ns > next->ns))
			next = total;
	}
	return next;
}

static void add_reasons(struct buffer *out, const struct thread *thread)
{
	const struct reason_total *total = next_longest(thread, NULL);
	int shown = 0;

	if (!total)
		return;
	buffer_text(out, " (");
	for (; total && shown < REASONS_SHOWN; total = next_longest(thread, total), shown++) {
		buffer_text(out, shown ? ", " : "");
		reason_text(out, total->reason, total->call);
		buffer_printf(out, " %s", duration(total->ns).text);
	}
	buffer_text(out, total ? ", …)" : ")");
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
	add_part(out, "running", totals->running_ns, &parts);
	add_part(out, "ready", totals->ready_ns, &parts);
	add_part(out, "stopped", totals->stopped_ns, &parts);
	add_part(out, "blocked", totals->blocked_ns, &parts);
	if (totals->blocked_ns)
		add_reasons(out, thread);
}
