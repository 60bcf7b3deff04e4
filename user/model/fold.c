/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Folding: of many short lives the oldest ordinary ones become figures, so that a trace is bounded by what is not ordinary.
 * A parent goes after its children, in a later round, so that whoever is kept has its ancestors.
 */
#include "user/model/internal.h"

#define REMEMBERED 4096 /* of those that went last, by pid: a late event brings none of them back */

struct fold {
	struct folded folded;
	int stayed; /* the last time */
	struct identity_key gone[REMEMBERED];
};

const struct folded *model_folded(const struct model *model)
{
	static const struct folded none;

	return model->fold ? &model->fold->folded : &none;
}

bool is_of_folded(const struct model *model, const struct event *event)
{
	const struct identity_key *gone;

	if (!model->fold)
		return false;
	gone = &model->fold->gone[event->pid % REMEMBERED];
	return gone->pid == event->pid && gone->start_ns == event->start_ns;
}

/* Those who adopted have wards, though no children, and a finding about these may name them. */
static bool is_ordinary(const struct process *process)
{
	bool by_itself = process->end == ENDED_NORMAL || process->end == ENDED_ERROR;

	return by_itself && process->reaped_ns != UNKNOWN_NS && !process->alive_count && !process->child_count &&
	       !tracked_of(process)->wards && !process->orphaned_ns && process->daemon == DAEMON_NO;
}

static void count(struct fold *fold, const struct tracked *tracked)
{
	const struct process *process = &tracked->process;

	sums_add(&fold->folded.sums, process);
	fold->folded.normal += process->end == ENDED_NORMAL;
	fold->folded.error += process->end == ENDED_ERROR;
	fold->gone[process->pid % REMEMBERED] = tracked->key;
	if (process->parent)
		process->parent->folded += process->folded + 1;
}

/* Where few are ordinary, as many as a quarter of those who stayed come before all are looked at again. */
static bool is_time(const struct model *model, int most)
{
	int stayed = model->fold ? model->fold->stayed : 0;

	return model->count > most && model->count > stayed + (stayed > most ? stayed : most) / 4;
}

void model_fold(struct model *model, int most, let_go_fn lets_go, void *ctx)
{
	int surplus = model->count - (most - most / 4);

	if (!is_time(model, most))
		return;
	if (!model->fold)
		model->fold = calloc(1, sizeof(*model->fold));
	if (!model->fold)
		return;
	forget_none(model);
	for (int i = 0; i < model->count && surplus > 0; i++) {
		struct tracked *tracked = model->list[i];

		if (!is_ordinary(&tracked->process) || !lets_go(ctx, &tracked->process))
			continue;
		count(model->fold, tracked);
		forget_choose(tracked);
		surplus--;
	}
	forget_chosen(model);
	model->fold->stayed = model->count;
}
