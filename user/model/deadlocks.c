/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Deadlocks: processes that wait for each other, so that none can ever go on by what any of them does. At the end of a
 * look, those are stuck who were blocked throughout it, whose every thread waits, and waits only for others that are
 * stuck: whoever runs, sleeps, has a timer, waits for the world or is not traced might still wake somebody. A walk from
 * one stuck process to the next ends in a circle.
 */
#include "user/model/internal.h"

struct verdict { /* on one thread's wait */
	const struct process *self;
	struct process *first; /* whom it waits for, another than itself if it can be */
	int holders, free;     /* how many it waits for; how many of them are not stuck */
};

static void judge(void *ctx, struct process *holder)
{
	struct verdict *verdict = ctx;

	verdict->holders++;
	if (!holder || !tracked_of(holder)->stuck)
		verdict->free++;
	else if (!verdict->first || verdict->first == verdict->self)
		verdict->first = holder;
}

static struct verdict verdict_on(const struct model *model, const struct thread *thread)
{
	struct verdict verdict = {.self = thread->process};

	look_holders(&model->look, thread, judge, &verdict);
	return verdict;
}

/* Blocked before the look began, and met so at its end; nothing but those it waits for could wake it. */
static bool blocked_throughout(const struct model *model, const struct thread *thread, __u64 began_ns)
{
	return tracked_thread_of(thread)->sweep == model->sweep - 1 && thread->state == STATE_BLOCKED &&
	       thread->since_ns < began_ns && !(thread->wait_flags & ALIVE_MAY_WAKE);
}

static bool all_blocked(const struct model *model, const struct tracked *one, __u64 began_ns)
{
	int blocked = 0;

	for (const struct thread *thread = one->process.threads; thread; thread = thread->next) {
		if (thread->end_ns != UNKNOWN_NS)
			continue;
		if (!blocked_throughout(model, thread, began_ns))
			return false;
		blocked++;
	}
	return blocked && !one->many_tables;
}

static bool has_free_child(const struct tracked *one)
{
	for (const struct tracked *ward = one->wards; ward; ward = ward->ward_next)
		if (ward->process.end == ENDED_NONE && !ward->stuck)
			return true;
	return false;
}

static bool can_go_on(const struct model *model, const struct tracked *one)
{
	for (const struct thread *thread = one->process.threads; thread; thread = thread->next) {
		struct verdict verdict;

		if (thread->end_ns != UNKNOWN_NS)
			continue;
		verdict = verdict_on(model, thread);
		if (!verdict.holders || verdict.free)
			return true;
		if (thread->wait_flags & ALIVE_CHILD_WAKES && has_free_child(one))
			return true;
	}
	return false;
}

/* The greatest set in which everybody waits only for others in it. */
static void find_stuck(struct model *model, __u64 began_ns)
{
	bool changed = true;

	for (struct tracked *one = model->living; one; one = one->living_next)
		one->stuck = all_blocked(model, one, began_ns);
	while (changed) {
		changed = false;
		for (struct tracked *one = model->living; one; one = one->living_next) {
			if (!one->stuck || !can_go_on(model, one))
				continue;
			one->stuck = false;
			changed = true;
		}
	}
}

/* Its wait, as far as one can be shown: the first living thread's. */
static struct wait wait_of(const struct model *model, struct process *process)
{
	const struct thread *thread = process->threads;

	while (thread->end_ns != UNKNOWN_NS)
		thread = thread->next;
	return (struct wait){.process = process,
			     .on = verdict_on(model, thread).first,
			     .reason = thread->reason,
			     .since_ns = thread->since_ns};
}

/* The waits of all who are stuck, in an array of their own: *count of them. NULL: none, or no memory (-1). */
static struct wait *collect_waits(struct model *model, int *count)
{
	struct wait *waits = NULL;

	*count = 0;
	for (struct tracked *one = model->living; one; one = one->living_next) {
		if (!one->stuck)
			continue;
		if (array_grow(&waits, *count, sizeof(*waits))) {
			free(waits);
			*count = -1;
			return NULL;
		}
		one->wait = *count;
		waits[(*count)++] = wait_of(model, &one->process);
	}
	return waits;
}

static int next_of(const struct wait *waits, int one)
{
	return tracked_of(waits[one].on)->wait;
}

/* Where a walk from there ends: the eldest of a circle. */
static int circle_from(const struct wait *waits, int count, int from)
{
	int one = from, eldest;

	for (int step = 0; step < count; step++)
		one = next_of(waits, one);
	eldest = one;
	for (int other = next_of(waits, one); other != one; other = next_of(waits, other))
		if (waits[other].process->id < waits[eldest].process->id)
			eldest = other;
	return eldest;
}

static bool in_circle(const struct deadlock *deadlock, const struct process *process)
{
	for (int i = 0; i < deadlock->count; i++)
		if (deadlock->circle[i].process == process)
			return true;
	return false;
}

static int add_wait(struct wait **list, int *count, const struct wait *wait)
{
	if (array_grow(list, *count, sizeof(**list)))
		return -1;
	(*list)[(*count)++] = *wait;
	return 0;
}

static int fill_circle(struct deadlock *deadlock, const struct wait *waits, int eldest)
{
	int one = eldest;

	do {
		if (add_wait(&deadlock->circle, &deadlock->count, &waits[one]))
			return -1;
		if (waits[one].since_ns > deadlock->since_ns)
			deadlock->since_ns = waits[one].since_ns;
		one = next_of(waits, one);
	} while (one != eldest);
	return 0;
}

static struct deadlock *new_deadlock(struct model *model, const struct wait *waits, int eldest)
{
	struct deadlock *deadlock = calloc(1, sizeof(*deadlock));

	if (!deadlock || fill_circle(deadlock, waits, eldest) ||
	    array_grow(&model->deadlocks, model->deadlock_count, sizeof(struct deadlock *))) {
		if (deadlock)
			free(deadlock->circle);
		free(deadlock);
		return NULL;
	}
	model->deadlocks[model->deadlock_count++] = deadlock;
	return deadlock;
}

static bool same_circle(const struct deadlock *known, const struct wait *waits, int eldest)
{
	int one = eldest;

	for (int i = 0; i < known->count; i++, one = next_of(waits, one))
		if (known->circle[i].process != waits[one].process || known->circle[i].since_ns != waits[one].since_ns)
			return false;
	return one == eldest;
}

static struct deadlock *known_deadlock(const struct model *model, const struct wait *waits, int eldest)
{
	for (int i = 0; i < model->deadlock_count; i++)
		if (same_circle(model->deadlocks[i], waits, eldest))
			return model->deadlocks[i];
	return NULL;
}

static struct deadlock *tell_new(struct model *model, const struct wait *waits, int eldest, __u64 at_ns)
{
	struct deadlock *deadlock = new_deadlock(model, waits, eldest);
	struct change change = change_of(CHANGE_DEADLOCK, at_ns, waits[eldest].process, NULL);

	if (!deadlock)
		return NULL;
	change.deadlock = deadlock;
	tell(model, change);
	return deadlock;
}

/* What one process's wait leads to. */
static int note(struct model *model, const struct wait *waits, int count, int one, __u64 at_ns)
{
	int eldest = circle_from(waits, count, one);
	struct deadlock *deadlock = known_deadlock(model, waits, eldest);

	if (!deadlock)
		deadlock = tell_new(model, waits, eldest, at_ns);
	if (!deadlock)
		return -1;
	if (deadlock->seen_ns != at_ns)
		deadlock->held_up_count = 0;
	deadlock->seen_ns = at_ns;
	deadlock->over_ns = 0; /* a passing doubt is none: none of them has run since */
	if (in_circle(deadlock, waits[one].process))
		return 0;
	return add_wait(&deadlock->held_up, &deadlock->held_up_count, &waits[one]);
}

static int judge_look(struct model *model, __u64 at_ns, __u64 began_ns)
{
	struct wait *waits;
	int count, result = 0;

	look_settle(model);
	find_stuck(model, began_ns);
	waits = collect_waits(model, &count);
	for (int one = count - 1; one >= 0; one--) /* the latest to live is the first of the list */
		result |= note(model, waits, count, one, at_ns);
	for (int i = 0; i < model->deadlock_count && count >= 0; i++)
		if (model->deadlocks[i]->seen_ns != at_ns && !model->deadlocks[i]->over_ns)
			model->deadlocks[i]->over_ns = at_ns;
	free(waits);
	return count < 0 ? -1 : result;
}

static void end_look(struct model *model)
{
	for (struct tracked *one = model->living; one; one = one->living_next)
		one->many_tables = one->stuck = false;
	look_forget(&model->look);
}

int take_looked(struct model *model, const struct event *head, const struct looked *looked)
{
	bool whole = !model->look.failed && looked->began_ns <= model->swept_ns;
	int result = whole ? judge_look(model, head->at_ns, looked->began_ns) : 0;

	model->stats.looks += whole;
	end_look(model);
	return result;
}

static void free_deadlock(struct deadlock *deadlock)
{
	free(deadlock->circle);
	free(deadlock->held_up);
	free(deadlock);
}

static bool is_of_forgotten(const struct wait *waits, int count)
{
	for (int i = 0; i < count; i++)
		if (tracked_of(waits[i].process)->forgotten)
			return true;
	return false;
}

void deadlocks_forget(struct model *model)
{
	int kept = 0;

	for (int i = 0; i < model->deadlock_count; i++) {
		struct deadlock *deadlock = model->deadlocks[i];

		if (is_of_forgotten(deadlock->circle, deadlock->count) ||
		    is_of_forgotten(deadlock->held_up, deadlock->held_up_count))
			free_deadlock(deadlock);
		else
			model->deadlocks[kept++] = deadlock;
	}
	model->deadlock_count = kept;
}

void deadlocks_free(struct model *model)
{
	for (int i = 0; i < model->deadlock_count; i++)
		free_deadlock(model->deadlocks[i]);
	free(model->deadlocks);
}
