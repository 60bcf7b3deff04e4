/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of output formats. A new one is a file with its struct sink_kind, a declaration in kinds.h and a row here.
 */
#include <string.h>

#include "user/sink/kinds.h"

const struct sink_kind *const sink_kinds[] = {&sink_text, &sink_json, &sink_jsonl, NULL};

const struct sink_kind *const stream_kinds[] = {&sink_stream, &sink_json, &sink_jsonl, NULL};

static const struct sink_kind *named(const struct sink_kind *const *kinds, const char *name)
{
	for (; *kinds; kinds++)
		if (!strcmp((*kinds)->name, name))
			return *kinds;
	return NULL;
}

const char *sink_at(const void *kinds, int i)
{
	const struct sink_kind *kind = ((const struct sink_kind *const *)kinds)[i];

	return kind ? kind->name : NULL;
}

__s64 trace_realtime_ns(const struct trace *trace, __u64 at_ns)
{
	return trace->started_realtime_ns + trace->clock_step_ns + (__s64)(at_ns - trace->started_ns);
}

const struct sink_kind *sink_kind_named(const char *name)
{
	return named(sink_kinds, name);
}

const struct sink_kind *stream_kind_named(const char *name)
{
	return named(stream_kinds, name);
}
