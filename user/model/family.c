/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parents, children and wards. A child is born of its parent for ever; a ward's real parent is whoever the kernel says
 * it is now. A child may be heard of before its parent: it waits among the missing.
 */
#include "user/model/internal.h"

struct missing { /* a parent not heard of yet, and those born of it */
	struct identity_key key;
	UT_hash_handle hh;
	struct tracked *children;
};

/* Children in order of birth: nearly always the last place is the right one. */
static int add_child(struct process *parent, struct process *child)
{
	int at;

	if (array_grow(&parent->children, parent->child_count, sizeof(*parent->children)))
		return -1;
	for (at = parent->child_count; at > 0 && parent->children[at - 1]->birth_ns > child->birth_ns; at--)
		parent->children[at] = parent->children[at - 1];
	parent->children[at] = child;
	parent->child_count++;
	if (child->birth_ns > tracked_of(parent)->bore_ns)
		tracked_of(parent)->bore_ns = child->birth_ns;
	return 0;
}

static void leave_guardian(struct tracked *ward)
{
	struct process *guardian = ward->process.real_parent;

	if (!guardian)
		return;
	if (ward->ward_previous)
		ward->ward_previous->ward_next = ward->ward_next;
	else
		tracked_of(guardian)->wards = ward->ward_next;
	if (ward->ward_next)
		ward->ward_next->ward_previous = ward->ward_previous;
	ward->ward_next = ward->ward_previous = NULL;
	ward->process.real_parent = NULL;
}

void family_entrust(struct process *ward, struct process *parent, __u32 parent_pid)
{
	struct tracked *tracked = tracked_of(ward), *guardian;

	leave_guardian(tracked);
	ward->real_ppid = parent_pid;
	ward->real_parent = parent;
	if (!parent)
		return;
	guardian = tracked_of(parent);
	tracked->ward_next = guardian->wards;
	if (guardian->wards)
		guardian->wards->ward_previous = tracked;
	guardian->wards = tracked;
}

static int await_parent(struct model *model, struct process *process, struct identity_key key)
{
	struct missing *missing;

	HASH_FIND(hh, model->missing, &key, sizeof(key), missing);
	if (!missing) {
		missing = calloc(1, sizeof(*missing));
		if (!missing)
			return -1;
		missing->key = key;
		HASH_ADD(hh, model->missing, key, sizeof(key), missing);
		if (!missing->hh.tbl) {
			free(missing);
			return -1;
		}
	}
	tracked_of(process)->missing_next = missing->children;
	missing->children = tracked_of(process);
	return 0;
}

int family_born(struct model *model, struct process *process, __u32 parent_pid, __u64 parent_start_ns)
{
	struct identity_key key = {.start_ns = parent_start_ns, .pid = parent_pid};
	struct process *parent = NULL;
	/* Pid 1 has none, and in a broken record a family might have a circle. */
	bool possible = parent_pid && parent_start_ns < process->birth_ns;

	process->ppid = parent_pid;
	process->parent_birth_ns = parent_start_ns;
	if (possible)
		parent = process_known(model, parent_pid, parent_start_ns);
	if (!process->real_ppid)
		family_entrust(process, parent, parent_pid);
	if (!parent)
		return possible ? await_parent(model, process, key) : 0;
	if (add_child(parent, process))
		return -1;
	process->parent = parent;
	return 0;
}

void family_arrived(struct model *model, struct process *process)
{
	struct missing *missing;
	struct tracked *next;

	HASH_FIND(hh, model->missing, &tracked_of(process)->key, sizeof(struct identity_key), missing);
	if (!missing)
		return;
	for (struct tracked *child = missing->children; child; child = next) {
		next = child->missing_next;
		child->missing_next = NULL;
		if (add_child(process, &child->process))
			continue;
		child->process.parent = process;
		if (!child->process.real_parent && child->process.real_ppid == process->pid)
			family_entrust(&child->process, process, process->pid);
	}
	HASH_DELETE(hh, model->missing, missing);
	free(missing);
}

/* Removes it from those who wait for a parent that was never heard of. */
static void stop_missing(struct model *model, struct tracked *tracked)
{
	struct identity_key key = {.start_ns = tracked->process.parent_birth_ns, .pid = tracked->process.ppid};
	struct missing *missing;
	struct tracked **at;

	HASH_FIND(hh, model->missing, &key, sizeof(key), missing);
	if (!missing)
		return;
	for (at = &missing->children; *at && *at != tracked;)
		at = &(*at)->missing_next;
	if (*at)
		*at = tracked->missing_next;
	if (missing->children)
		return;
	HASH_DELETE(hh, model->missing, missing);
	free(missing);
}

void family_leave(struct model *model, struct tracked *tracked)
{
	leave_guardian(tracked);
	while (tracked->wards)
		family_entrust(&tracked->wards->process, NULL, tracked->process.pid);
	if (!tracked->process.parent)
		stop_missing(model, tracked);
}

void family_free(struct model *model)
{
	struct missing *missing, *next;

	HASH_ITER(hh, model->missing, missing, next)
	{
		HASH_DELETE(hh, model->missing, missing);
		free(missing);
	}
}
