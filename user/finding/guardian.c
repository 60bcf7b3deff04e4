/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who had to reap a process, and how long that took. A process that was adopted while it ran is its adopter's to reap,
 * never to be charged to the parent that had ended.
 */
#include "user/finding/kinds.h"

const struct process *guardian_of(const struct process *process)
{
	if (!process->orphaned_ns)
		return process->parent;
	if (process->real_parent && process->real_parent->pid == process->adopter_pid)
		return process->real_parent;
	return NULL;
}

bool outlived(const struct process *process, __u64 at_ns)
{
	return process->end == ENDED_NONE || (process->end_ns != UNKNOWN_NS && process->end_ns > at_ns);
}

bool collected(const struct process *process)
{
	const struct process *guardian = guardian_of(process);

	if (process->reaped_ns == UNKNOWN_NS)
		return false;
	return process->reap_auto || !guardian || process->reaper == guardian || outlived(guardian, process->reaped_ns);
}

__u64 awaited_ns(const struct process *process, const struct model *model)
{
	const struct process *guardian = guardian_of(process);
	const struct model_stats *stats = model_stats(model);
	__u64 until = process->reaped_ns;

	if (process->end == ENDED_NONE || process->end_ns == UNKNOWN_NS || !guardian)
		return 0;
	if (until == UNKNOWN_NS)
		until = stats->finished_ns ? stats->finished_ns : stats->last_ns; /* it goes on */
	if (guardian->end != ENDED_NONE && guardian->end_ns < until)
		until = guardian->end_ns;
	if (guardian->end_lost) /* nobody knows until when it lived */
		return 0;
	return until > process->end_ns ? until - process->end_ns : 0;
}

int index_of(const struct model *model, const struct process *process)
{
	int low = 0, high = model_count(model) - 1;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (model_process(model, middle)->id < process->id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
