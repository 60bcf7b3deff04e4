/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The list of what leaks: who is on it; see leaks.h. What to say of them is in leaks_zombies.c and leaks_orphans.c.
 */
#include <stdlib.h>
#include <string.h>

#include "user/finding/leaks_judge.h"

static struct identity key_of(const struct process *zombie)
{
	const struct process *parent = zombie->real_parent;

	return (struct identity){.birth_ns = parent ? parent->birth_ns : 0, .pid = zombie->real_ppid};
}

struct reaping *reaping_find(const struct leaks *leaks, struct identity key)
{
	struct reaping *reaping;

	HASH_FIND(hh, leaks->reapings, &key, sizeof(key), reaping);
	return reaping;
}

struct reaping *reaping_of(struct leaks *leaks, struct identity key)
{
	struct reaping *reaping = reaping_find(leaks, key);

	if (reaping)
		return reaping;
	reaping = calloc(1, sizeof(*reaping));
	if (!reaping) {
		leaks->failed = true;
		return NULL;
	}
	reaping->key = key;
	HASH_ADD(hh, leaks->reapings, key, sizeof(key), reaping);
	if (reaping->hh.tbl)
		return reaping;
	free(reaping);
	leaks->failed = true;
	return NULL;
}

void reaping_take(struct leaks *leaks, struct identity key, struct cpu_time *time)
{
	struct reaping *reaping = reaping_find(leaks, key);

	if (!reaping)
		return;
	*time = reaping->over;
	HASH_DEL(leaks->reapings, reaping);
	free(reaping);
}

static void hear_habit(struct leaks *leaks, const struct process *process)
{
	struct reaping *reaping;

	if (process->reap_auto || process->end_ns == UNKNOWN_NS)
		return;
	reaping = reaping_of(leaks, key_of(process));
	if (!reaping)
		return;
	reaping->reaped++;
	reaping->earlier += process->ended_before;
	if (!process->reap_bound && process->zombie_ns != UNKNOWN_NS && process->zombie_ns > reaping->longest_ns)
		reaping->longest_ns = process->zombie_ns;
}

void leaks_hear(struct leaks *leaks, const struct change *change)
{
	if (change->kind == CHANGE_END)
		cpu_hear_end(leaks, change->process, change->thread);
	if (change->kind != CHANGE_REAP)
		return;
	hear_habit(leaks, change->process);
	cpu_hear_reap(leaks, change->process);
}

/* A debugger that holds it has its reasons. */
static bool is_zombie(const struct process *process)
{
	return process->end != ENDED_NONE && !process->end_lost && process->end_ns != UNKNOWN_NS &&
	       process->reaped_ns == UNKNOWN_NS && (!process->tracer_pid || process->tracer_pid == process->real_ppid);
}

static __u64 since(__u64 from_ns, __u64 to_ns)
{
	return to_ns > from_ns ? to_ns - from_ns : 0;
}

/* One that takes long has a right to: twice what it was seen to take. */
static __u64 patience_with(const struct reaping *reaping)
{
	__u64 habit_ns = reaping ? 2 * reaping->longest_ns : 0;

	return habit_ns > LEAK_PATIENCE_NS ? habit_ns : LEAK_PATIENCE_NS;
}

bool leaks_undecided(const struct leaks *leaks, const struct model *model, __u64 now_ns)
{
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_zombie(process) &&
		    since(process->end_ns, now_ns) <= patience_with(reaping_find(leaks, key_of(process))))
			return true;
	}
	return false;
}

/* The last is asked first: zombies come in order of becoming known, those of one parent together more often than not. */
static struct zombie_parent *parent_of(struct leaks *leaks, const struct process *zombie)
{
	struct zombie_parent *parent;

	for (int i = leaks->parent_count - 1; i >= 0; i--) {
		parent = &leaks->parents[i];
		if (parent->pid == zombie->real_ppid && parent->process == zombie->real_parent)
			return parent;
	}
	if (array_grow(&leaks->parents, leaks->parent_count, sizeof(*leaks->parents)))
		return NULL;
	parent = &leaks->parents[leaks->parent_count++];
	*parent = (struct zombie_parent){.pid = zombie->real_ppid, .process = zombie->real_parent, .finding = -1};
	if (parent->process)
		memcpy(parent->comm, parent->process->comm, sizeof(parent->comm));
	return parent;
}

static int add_zombie(struct leaks *leaks, const struct process *process)
{
	struct zombie_parent *parent = parent_of(leaks, process);

	if (!parent || array_grow(&parent->zombies, parent->count, sizeof(*parent->zombies)))
		return -1;
	parent->zombies[parent->count++] = (struct zombie){
		.process = process, .least_ns = since(process->end_ns, leaks->ended_ns), .about_ns = UNKNOWN_NS};
	parent->grown += !process->ended_before;
	parent->adopter |= process->orphaned_ns != 0;
	return 0;
}

/* What a parent was seen to do. */
static void add_habit(const struct leaks *leaks, struct zombie_parent *parent)
{
	const struct reaping *reaping = reaping_find(leaks, key_of(parent->zombies[0].process));

	parent->patience_ns = patience_with(reaping);
	if (!reaping)
		return;
	parent->reaped = reaping->reaped;
	parent->grown -= reaping->earlier;
}

static int add_orphan(struct leaks *leaks, const struct process *process)
{
	if (array_grow(&leaks->orphans, leaks->orphan_count, sizeof(*leaks->orphans)))
		return -1;
	leaks->orphans[leaks->orphan_count++] = (struct orphan){.process = process};
	return 0;
}

void leaks_list(struct leaks *leaks, const struct model *model)
{
	leaks->model = model;
	leaks->ended_ns = model_stats(model)->finished_ns;
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_zombie(process))
			leaks->failed |= add_zombie(leaks, process);
		else if (process->end == ENDED_NONE && process->orphaned_ns)
			leaks->failed |= add_orphan(leaks, process);
	}
	for (int i = 0; i < leaks->parent_count; i++)
		add_habit(leaks, &leaks->parents[i]);
	leaks_sample(leaks, model, leaks->ended_ns);
	for (int i = 0; i < leaks->orphan_count; i++)
		cpu_complete(leaks, &leaks->orphans[i]);
}

/* Families have no circles, but an adopter may be a subreaper among those it adopts from: a bound all the same. */
const struct process *leaks_family(const struct process *process)
{
	for (int depth = 0; process && depth < 1000; depth++, process = process->real_parent)
		if (process->orphaned_ns && process->end == ENDED_NONE)
			return process;
	return NULL;
}

int leaks_judge(struct leaks *leaks)
{
	int count = 0;

	for (int i = 0; i < leaks->parent_count; i++)
		leaks->failed |= judge_parent(leaks, &leaks->parents[i]);
	for (int i = 0; i < leaks->orphan_count; i++)
		leaks->failed |= judge_orphan(leaks, &leaks->orphans[i]);
	for (int i = 0; i < leaks->findings.count; i++)
		count += leaks->findings.list[i].severity != SEVERITY_INFO;
	return count;
}

static void free_orphan(struct orphan *orphan)
{
	for (int i = 0; i < orphan->holding_count; i++) {
		free(orphan->holdings[i].name);
		free(orphan->holdings[i].readers);
	}
	free(orphan->holdings);
	free(orphan->unit);
}

void leaks_free(struct leaks *leaks)
{
	struct reaping *reaping, *next;

	HASH_ITER(hh, leaks->reapings, reaping, next)
	{
		HASH_DEL(leaks->reapings, reaping);
		free(reaping);
	}
	cpu_free(leaks);
	for (int i = 0; i < leaks->parent_count; i++) {
		free(leaks->parents[i].zombies);
		free(leaks->parents[i].limit.path);
	}
	for (int i = 0; i < leaks->orphan_count; i++)
		free_orphan(&leaks->orphans[i]);
	free(leaks->parents);
	free(leaks->orphans);
	findings_free(&leaks->findings);
	memset(leaks, 0, sizeof(*leaks));
}
