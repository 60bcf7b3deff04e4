/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Forgetting: who is over and reaped is let go, so that a trace without end takes no more memory than what lives. A dead
 * parent stays as long as a child does: who bore an orphan is what people ask.
 */
#include "user/model/internal.h"

#define EXECS_KEPT 16 /* of a process that goes on executing one program after the other */

static bool is_over(const struct process *process, __u64 before_ns)
{
	if (process->end == ENDED_NONE)
		return false;
	before_ns -= before_ns > daemon_awaits_ns(process) ? daemon_awaits_ns(process) : before_ns;
	if (process->end_lost)
		return process->threads->heard_ns < before_ns;
	return process->reaped_ns != UNKNOWN_NS && process->reaped_ns < before_ns;
}

void forget_none(struct model *model)
{
	for (int i = 0; i < model->count; i++)
		model->list[i]->children_left = model->list[i]->process.child_count;
}

void forget_choose(struct tracked *tracked)
{
	tracked->forgotten = true;
	if (tracked->process.parent)
		tracked_of(tracked->process.parent)->children_left--;
}

/* Children are nearly always known after their parents, so those that go have gone before their parents are asked; else
 * the parent goes a round later. */
static void choose(struct model *model, __u64 before_ns)
{
	forget_none(model);
	for (int i = model->count - 1; i >= 0; i--)
		if (!model->list[i]->children_left && is_over(&model->list[i]->process, before_ns))
			forget_choose(model->list[i]);
}

static struct process *unless_forgotten(struct process *process)
{
	return process && tracked_of(process)->forgotten ? NULL : process;
}

static void keep_children(struct process *process)
{
	int kept = 0;

	for (int i = 0; i < process->child_count; i++)
		if (!tracked_of(process->children[i])->forgotten)
			process->children[kept++] = process->children[i];
	process->child_count = kept;
}

/* The first, and the last ones. */
static void trim_execs(struct process *process)
{
	int surplus = process->exec_count - EXECS_KEPT;

	if (surplus <= 0)
		return;
	for (int i = 1; i <= surplus; i++)
		execution_free(&process->execs[i]);
	memmove(&process->execs[1], &process->execs[1 + surplus], (EXECS_KEPT - 1) * sizeof(*process->execs));
	process->exec_count = EXECS_KEPT;
}

static void stay(struct tracked *tracked)
{
	struct process *process = &tracked->process;

	if (tracked->children_left != process->child_count)
		keep_children(process);
	process->maker = unless_forgotten(process->maker);
	process->reaper = unless_forgotten(process->reaper);
	process->orphaned_from = unless_forgotten(process->orphaned_from);
}

/* What a look has told so far points to those who may go: it comes to nothing. */
static void spoil_look(struct look *look)
{
	if (!look->inodes && !look->lock_count)
		return;
	look_forget(look);
	look->failed = true;
}

void forget_chosen(struct model *model)
{
	int kept = 0;

	spoil_look(&model->look);
	deadlocks_forget(model);
	for (int i = 0; i < model->count; i++)
		if (model->list[i]->forgotten)
			family_leave(model, model->list[i]);
	for (int i = 0; i < model->count; i++)
		if (!model->list[i]->forgotten)
			stay(model->list[i]);
	for (int i = 0; i < model->count; i++) {
		struct tracked *tracked = model->list[i];

		if (tracked->forgotten)
			process_free(model, tracked);
		else
			model->list[kept++] = tracked;
	}
	model->count = kept;
}

void model_forget(struct model *model, __u64 before_ns)
{
	if (before_ns > model->forgot_ns)
		model->forgot_ns = before_ns;
	choose(model, before_ns);
	forget_chosen(model);
	for (int i = 0; i < model->count; i++) {
		trim_execs(&model->list[i]->process);
		thread_trim(model, &model->list[i]->process, before_ns);
	}
}
