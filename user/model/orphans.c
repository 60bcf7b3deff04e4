/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Orphans and their adopters: forget_original_parent() in kernel/exit.c gives all children of an ending process to the
 * nearest subreaper, else to the init of its pid namespace. The end tells of the adopter; what it could not tell shows
 * when the orphan next leaves the CPU.
 */
#include "user/model/internal.h"

static void adopt(struct model *model, struct process *orphan, const struct adoption *adoption, struct process *adopter)
{
	struct change change;
	struct process *from = orphan->real_parent;
	__u32 from_pid = orphan->real_ppid;

	family_entrust(orphan, adopter, adoption->adopter_pid);
	if (orphan->end != ENDED_NONE) {
		tracked_of(orphan)->handed_on = true;
		return; /* it did not outlive anybody */
	}
	if (!orphan->orphaned_ns) {
		orphan->orphaned_ns = adoption->at_ns;
		orphan->orphaned_from = from;
		model->stats.orphans++;
	}
	orphan->adopter_pid = adoption->adopter_pid;
	orphan->adopter_is_init = adoption->to_init;
	orphan->adoptions++;
	change = change_of(CHANGE_ORPHAN, adoption->at_ns, orphan, NULL);
	change.orphan.from_pid = from_pid;
	change.orphan.from = from;
	tell(model, change);
	daemon_consider(model, orphan, adoption->at_ns);
}

void orphans_adopt(struct model *model, struct process *dead, const struct adoption *adoption)
{
	struct process *adopter = process_known(model, adoption->adopter_pid, adoption->adopter_start_ns);
	struct tracked *next;

	if (adopter == dead)
		return;
	for (struct tracked *ward = tracked_of(dead)->wards; ward; ward = next) {
		next = ward->ward_next;
		adopt(model, &ward->process, adoption, adopter);
	}
}

void orphan_noticed(struct model *model, struct process *process, __u64 at_ns, __u32 parent_pid, __u64 parent_start_ns,
		    bool to_init)
{
	struct adoption adoption = {
		.at_ns = at_ns, .adopter_pid = parent_pid, .adopter_start_ns = parent_start_ns, .to_init = to_init};
	struct process *adopter = parent_start_ns ? process_known(model, parent_pid, parent_start_ns)
						  : model_find_pid(model, parent_pid);

	if (parent_pid == process->real_ppid || adopter == process)
		return;
	adopt(model, process, &adoption, adopter);
}

int take_reparent(struct model *model, struct subject subject, const struct reparent *reparent)
{
	orphan_noticed(model, subject.process, subject.head->at_ns, reparent->parent_pid, reparent->parent_start_ns,
		       reparent->init);
	return 0;
}

void model_adopted_before(struct model *model, struct process *process, __u64 at_ns, bool init)
{
	process->orphaned_ns = at_ns;
	process->adopter_pid = process->real_ppid;
	process->adopter_is_init = init;
	process->adoptions = 1;
	model->stats.orphans++;
	tell(model, change_of(CHANGE_ORPHAN, at_ns, process, NULL));
}

/* Nothing in the kernel tells of whom it was born. But who is neither in its parent's session nor leads one of its own
 * was born in a session that its parent never was in: of somebody else, who has ended. Of session 0 that is not certain:
 * each first process is born in it, and may have left it after it bore a child. */
void orphan_found(struct model *model, struct process *process, __u64 at_ns, __u32 flags)
{
	if (!(flags & (ALIVE_OF_INIT | ALIVE_OF_SUBREAPER)) || flags & ALIVE_OF_SESSION ||
	    process->session == process->pid || !process->session || process->orphaned_ns)
		return;
	model_adopted_before(model, process, at_ns, flags & ALIVE_OF_INIT);
}
