/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pieces of demos' pictures; see cells.h.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/wrap.h"
#include "user/demo/cells.h"

void say_cell(struct buffer *out, int columns, const char *format, ...)
{
	int wanted = columns < 0 ? -columns : columns, missing;
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (!text) {
		out->failed = true;
		return;
	}
	missing = wanted - text_width(text, strlen(text));
	if (missing < 0)
		missing = 0;
	buffer_printf(out, "%*s%s%*s", columns > 0 ? missing : 0, "", text, columns < 0 ? missing : 0, "");
	free(text);
}

void say_wrapped(struct buffer *out, int width, int indent, const char *format, ...)
{
	va_list args;
	char *text;
	const char *rest;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (!text) {
		out->failed = true;
		return;
	}
	for (rest = text; *rest;) {
		int margin = rest == text ? 0 : indent;
		const char *next;
		size_t length = wrap_line(rest, width - margin, &next);

		buffer_printf(out, "%*s%.*s\n", margin, "", (int)length, rest);
		rest = next;
	}
	free(text);
}

static __u64 within(__u64 from_ns, __u64 to_ns, __u64 first_ns, __u64 last_ns)
{
	__u64 from = from_ns > first_ns ? from_ns : first_ns, to = to_ns < last_ns ? to_ns : last_ns;

	return to > from ? to - from : 0;
}

struct doing doing_within(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns)
{
	struct doing doing = {.unborn = process->birth_ns >= to_ns,
			      .ended = process->end != ENDED_NONE && process->end_ns <= from_ns};
	__u64 longest = 0;

	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;
		__u64 ns;

		if (change->kind != CHANGE_STATE || change->thread != process->threads)
			continue;
		ns = within(change->state.from_ns, change->state.to_ns, from_ns, to_ns);
		doing.ns[change->state.state] += ns;
		if (change->state.state == STATE_BLOCKED && ns > longest) {
			longest = ns;
			doing.reason = change->state.reason;
		}
	}
	return doing;
}

enum state mostly(const struct doing *doing)
{
	int most = 0;

	for (int state = 1; state < STATE_COUNT; state++)
		if (doing->ns[state] > doing->ns[most])
			most = state;
	return (enum state)most;
}
