/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who adopts the children of one that ends: some are remembered as it exits, and asked for their parent once they are
 * handed over. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_ADOPTER_H
#define PROCLIFE_ADOPTER_H

#include "bpf/emit.h"

static __always_inline bool is_childless(struct task_struct *p)
{
	return (void *)FOLLOW(p, children.next) == (void *)p + bpf_core_field_offset(struct task_struct, children);
}

static __always_inline void note_child(struct child *note, struct list_head *sibling)
{
	struct task_struct *child = (void *)sibling - bpf_core_field_offset(struct task_struct, sibling);

	note->address = (__u64)child;
	note->pid = READ(child, pid);
	note->start_ns = READ(child, start_boottime);
}

/* Whoever is the new parent of one of p's children is the adopter of all. Two of them, for one may end and reap itself
 * before they are handed over. */
static __always_inline void remember_children(struct task *task, struct task_struct *p)
{
	if (is_childless(p))
		return;
	note_child(&task->children[0], FOLLOW(p, children.next));
	note_child(&task->children[1], FOLLOW(p, children.prev));
}

/* The new parent of a child of p's that was remembered, if that child still is what it was: not reaped by itself meanwhile.
 * The list is not locked, so reads that may fail (forget_original_parent() in kernel/exit.c gives all to one). */
static __always_inline struct task_struct *adopter_of(struct child *note, struct task_struct *p)
{
	struct task_struct *child = (void *)note->address, *parent;

	if (!child || READ(child, start_boottime) != note->start_ns || (__u32)READ(child, pid) != note->pid)
		return NULL;
	parent = READ(child, real_parent);
	return READ(parent, tgid) == p->tgid ? NULL : parent;
}

static __always_inline void tell_adopter(struct end *end, struct task_struct *p, struct task *task)
{
	struct task_struct *parent = adopter_of(&task->children[0], p), *leader;
	struct pid *pid;

	if (!parent)
		parent = adopter_of(&task->children[1], p);
	if (!parent)
		return;
	leader = READ(parent, group_leader);
	end->adopter_pid = READ(parent, tgid);
	end->adopter_start_ns = READ(leader, start_boottime);
	pid = READ(leader, thread_pid);
	end->flags |= END_ADOPTED | (number_of(pid, READ(pid, level)) == 1 ? END_ADOPTER_INIT : 0);
}

#endif
