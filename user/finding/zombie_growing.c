/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * zombie-growing: a parent that lives on leaves its children zombies, and they became more all through the trace. Not told
 * of: a burst, and what a slow parent will reap yet, for that is of the last part of the time only.
 */
#include <stdlib.h>

#include "user/finding/kinds.h"

static const struct process *leaky_guardian(const struct process *process)
{
	const struct process *guardian = guardian_of(process);

	if (process->end == ENDED_NONE || process->end_lost || process->ended_before ||
	    process->reaped_ns != UNKNOWN_NS || !guardian || guardian->end != ENDED_NONE)
		return NULL;
	return process->tracer_pid && process->tracer_pid != guardian->pid ? NULL : guardian;
}

static int report(struct findings *findings, const struct process *guardian, const struct thirds *thirds)
{
	struct finding *finding = finding_add(findings, "zombie-growing", SEVERITY_ERROR, guardian);
	int count = thirds->counts[0] + thirds->counts[1] + thirds->counts[2];
	__u64 period_ns = thirds->to_ns - thirds->from_ns;
	double per_minute = count * 60e9 / (double)period_ns;
	int failed = 0;

	failed |= finding_say(finding, "%s leaks: %d children became zombies in %s and none of them was reaped",
			      name_of(guardian).text, count, duration(period_ns).text);
	failed |= finding_advise(finding,
				 "Each takes a pid until %s waits for it or ends; at this rate, %.0f a minute. "
				 "Wait for every child, or set SA_NOCLDWAIT if the status does not matter.",
				 guardian->comm, per_minute);
	failed |= finding_number(finding, "zombies", count);
	failed |= finding_number(finding, "period_ns", (long long)period_ns);
	failed |= finding_text(finding, "parent_was", doing_of(guardian).text);
	return failed;
}

static int report_all(struct findings *findings, const struct model *model, const struct thirds *by_index)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *guardian = model_process(model, i);

		if (thirds_rise(&by_index[i]))
			failed |= report(findings, guardian, &by_index[i]);
	}
	return failed;
}

int detect_zombie_growing(const struct model *model, struct findings *findings)
{
	const struct model_stats *stats = model_stats(model);
	struct thirds *by_index = calloc((size_t)model_count(model) + 1, sizeof(*by_index));
	int failed;

	if (!by_index)
		return -1;
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i), *guardian = leaky_guardian(process);
		struct thirds *thirds;

		if (!guardian)
			continue;
		thirds = &by_index[index_of(model, guardian)];
		thirds->from_ns = stats->first_ns;
		thirds->to_ns = stats->finished_ns;
		thirds_add(thirds, process->end_ns);
	}
	failed = report_all(findings, model, by_index);
	free(by_index);
	return failed ? -1 : 0;
}
