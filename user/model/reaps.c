/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reaps: the process is gone from the kernel's table. A reap may overtake the record of the end: it waits for it.
 */
#include "user/model/internal.h"

void reap_settle(struct model *model, struct process *process)
{
	struct tracked *tracked = tracked_of(process);
	__u64 at_ns = tracked->pending_reap_ns;

	if (!tracked->reap_pending)
		return;
	tracked->reap_pending = false;
	if (process->end_ns != UNKNOWN_NS) {
		if (at_ns < process->end_ns)
			at_ns = process->end_ns;
		process->zombie_ns = at_ns - process->end_ns;
	}
	process->reaped_ns = at_ns;
	model->stats.reaps++;
	tell(model, change_of(CHANGE_REAP, at_ns, process, NULL));
}

/* Nobody but its parent can have reaped it, if that is certain to be the same since: it lives, or left no child as it
 * ended. Init never ends. */
static bool is_certain(const struct model *model, const struct process *process)
{
	const struct process *parent = process->real_parent;

	if (process->real_ppid == 1)
		return true;
	if (!parent || parent->end_lost || tracked_of(process)->handed_on || model->stats.lost_lifecycle)
		return false;
	return parent->end == ENDED_NONE || !tracked_of(parent)->adoption.adopter_pid;
}

static void infer_reaper(const struct model *model, struct process *process)
{
	struct tracked *tracked = tracked_of(process);
	const struct process *parent = process->real_parent;

	if (!is_certain(model, process))
		return;
	process->reaper_pid = process->real_ppid;
	process->reaper = process->real_parent;
	if (parent && parent->end != ENDED_NONE && parent->end_ns < tracked->pending_reap_ns)
		tracked->pending_reap_ns = parent->end_ns;
}

int take_reap(struct model *model, struct subject subject, const struct reap *reap)
{
	struct process *process = subject.process;
	struct tracked *tracked = tracked_of(process);

	if (process->reaped_ns != UNKNOWN_NS || tracked->reap_pending)
		return 0;
	tracked->reap_pending = true;
	tracked->pending_reap_ns = subject.head->at_ns;
	process->reap_auto = reap->flags & REAP_AUTO;
	process->reap_bound = reap->flags & REAP_BOUND;
	if (!process->reap_auto && reap->reaper_pid) {
		process->reaper_pid = reap->reaper_pid;
		process->reaper_tid = reap->reaper_tid;
		process->reaper = process_known(model, reap->reaper_pid, reap->reaper_start_ns);
	} else if (!process->reap_auto && process->reap_bound) {
		infer_reaper(model, process);
	}
	if (process->end == ENDED_NONE)
		return 0;
	model->stats.zombies -= !(tracked->last_flags & END_REAPED) && !process->end_lost;
	reap_settle(model, process);
	return 0;
}
