/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Daemons. Detached: in a session without a terminal that it leads, or whose leader has ended, and adopted. Attended:
 * terminated by its own parent as that ends, the way of Python's multiprocessing; not by the kernel because of that end.
 */
#include "user/model/internal.h"

#define ATTENDED_NS 1000000000u /* how long before its own end a parent may terminate what it attends */
#define SESSION_OF_INIT                                                                                                \
	1 /* of a first process, which some kernels show to nobody; 0: of the idle task. They never end. */

/* Since a look at the whole machine no birth can have been missed. */
static bool knows_all(const struct model *model)
{
	return model->all_known && model->known_lost == model->stats.lost_lifecycle;
}

/* Nobody leads a session whose leader is not among the living, once all of them are known. */
static bool leader_has_ended(const struct model *model, const struct process *process)
{
	const struct process *leader = model_find_pid(model, process->session);

	if (process->session <= SESSION_OF_INIT)
		return false;
	return leader ? leader->end != ENDED_NONE : knows_all(model);
}

void daemon_consider(struct model *model, struct process *process, __u64 at_ns)
{
	if (process->daemon != DAEMON_NO || process->end != ENDED_NONE || !process->orphaned_ns || process->tty)
		return;
	if (process->session != process->pid && !leader_has_ended(model, process))
		return;
	process->daemon = DAEMON_DETACHED;
	process->daemon_ns = at_ns;
	tell(model, change_of(CHANGE_DAEMON, at_ns, process, NULL));
}

void daemons_found(struct model *model, __u64 at_ns)
{
	model->all_known = true;
	model->known_lost = model->stats.lost_lifecycle;
	for (struct tracked *tracked = model->living; tracked; tracked = tracked->living_next)
		daemon_consider(model, &tracked->process, at_ns);
}

/* Whoever goes on to new work after the kill did not kill because it was about to end. */
static bool begins_after(const struct process *parent, __u64 at_ns)
{
	return tracked_of(parent)->bore_ns > at_ns;
}

/* Ended by its parent. */
static bool may_be_attended(const struct process *child)
{
	const struct sender *killer = &child->killer;

	return child->daemon == DAEMON_NO && child->end == ENDED_KILLED && killer->why == WHY_KILL && child->parent &&
	       killer->pid == child->parent->pid && killer->start_ns == child->parent->birth_ns;
}

__u64 daemon_awaits_ns(const struct process *child)
{
	return may_be_attended(child) ? ATTENDED_NS : 0;
}

static bool was_attended(const struct process *child)
{
	const struct process *parent = child->parent;
	__u64 killed_ns = child->killer.at_ns;

	return may_be_attended(child) && killed_ns <= parent->end_ns && parent->end_ns - killed_ns <= ATTENDED_NS &&
	       !begins_after(parent, killed_ns);
}

static void settle_attended(struct model *model, struct process *parent)
{
	for (int i = 0; i < parent->child_count; i++) {
		struct process *child = parent->children[i];

		if (!was_attended(child))
			continue;
		child->daemon = DAEMON_ATTENDED;
		child->daemon_ns = child->killer.at_ns;
		tell(model, change_of(CHANGE_DAEMON, parent->end_ns, child, NULL));
	}
}

/* An orphan may be known as one before its session's leader ends; or, where that was its parent, just before that is told. */
static void settle_led(struct model *model, const struct process *leader, __u64 at_ns)
{
	for (struct tracked *tracked = model->living; tracked; tracked = tracked->living_next)
		if (tracked->process.session == leader->pid)
			daemon_consider(model, &tracked->process, at_ns);
}

/* Whoever was born in a session descends from its leader. */
void daemons_settle(struct model *model, struct process *ended, __u64 at_ns)
{
	settle_attended(model, ended);
	if (ended->session == ended->pid && (ended->child_count || ended->existing))
		settle_led(model, ended, at_ns);
}
