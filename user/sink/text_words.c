/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a text says of a process beside its words: how its fate looks, how long it lived.
 */
#include "user/sink/text.h"

enum style fate_style(const struct process *process)
{
	static const enum style styles[END_KIND_COUNT] = {
		[ENDED_NONE] = LOOKS_BLOCKED, [ENDED_NORMAL] = LOOKS_GOOD, [ENDED_ERROR] = LOOKS_ODD,
		[ENDED_FATAL] = LOOKS_BAD,    [ENDED_KILLED] = LOOKS_BAD,  [ENDED_UNKNOWN] = FAINT,
	};

	return process->end < END_KIND_COUNT ? styles[process->end] : PLAIN;
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
