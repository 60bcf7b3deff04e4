/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The forest of processes, folded so far as it must be to fit: brothers of the same name, fate and offspring become one
 * branch, and what is below them is folded together in turn. So a build of 400 files is a handful of rows.
 */
#include <stdlib.h>
#include <string.h>

#include "user/sink/text.h"

#define FEW_ROWS 16    /* with no more than that nothing is folded at all */
#define FEW_BROTHERS 4 /* fewer of a kind are told of one by one while there is room */
#define DEEP 14	       /* levels that a reader follows; and those that -v shows */
#define DEEPEST 60

enum strength { NOTHING, SAME_SHAPE, SAME_FATE, SAME_NAME, STRENGTH_COUNT };

struct folding {
	const struct model *model;
	enum strength strength;
	__u64 *shapes; /* by id: a hash of a process's name, fate and offspring */
	int *below;    /* by id: how many descend from it */
	int deepest;
};

struct keyed {
	__u64 key;
	int order;
	const struct process *process;
};

static __u64 mix(__u64 hash, __u64 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

static __u64 name_hash(const struct process *process)
{
	__u64 hash = 1;

	for (const char *c = process->comm; *c; c++)
		hash = mix(hash, (unsigned char)*c);
	return hash;
}

static __u64 fate_hash(const struct process *process)
{
	__u64 hash = name_hash(process);

	hash = mix(hash, (__u64)process->end << 32 | (__u64)(process->code + 1) << 16 | (__u64)process->signal << 1 |
				 process->core);
	return mix(hash, (__u64)process->daemon << 1 | !!process->orphaned_ns);
}

static int by_value(const void *one, const void *other)
{
	__u64 a = *(const __u64 *)one, b = *(const __u64 *)other;

	return (a > b) - (a < b);
}

/* The kinds of its children, however many there are of each. */
static int shape(struct folding *folding, const struct process *process)
{
	__u64 hash = fate_hash(process), *kinds;

	if (process->child_count) {
		kinds = malloc((size_t)process->child_count * sizeof(*kinds));
		if (!kinds)
			return -1;
		for (int i = 0; i < process->child_count; i++)
			kinds[i] = folding->shapes[process->children[i]->id];
		qsort(kinds, (size_t)process->child_count, sizeof(*kinds), by_value);
		for (int i = 0; i < process->child_count; i++)
			if (!i || kinds[i] != kinds[i - 1])
				hash = mix(hash, kinds[i]);
		free(kinds);
	}
	folding->shapes[process->id] = hash;
	return 0;
}

static int by_birth(const void *one, const void *other)
{
	const struct process *a = *(const struct process *const *)one, *b = *(const struct process *const *)other;

	if (a->birth_ns != b->birth_ns)
		return a->birth_ns > b->birth_ns ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Children before parents: without recursion, so that no chain of births is too long. */
static int survey(struct folding *folding)
{
	int count = model_count(folding->model), failed = 0;
	size_t ids = (size_t)model_last_id(folding->model); /* they count from 1 */
	const struct process **all = malloc(((size_t)count + 1) * sizeof(*all));

	folding->shapes = calloc(ids + 1, sizeof(*folding->shapes));
	folding->below = calloc(ids + 1, sizeof(*folding->below));
	if (!all || !folding->shapes || !folding->below) {
		free(all);
		return -1;
	}
	for (int i = 0; i < count; i++)
		all[i] = model_process(folding->model, i);
	qsort(all, (size_t)count, sizeof(*all), by_birth);
	for (int i = count - 1; i >= 0; i--) {
		failed |= shape(folding, all[i]);
		if (all[i]->parent)
			folding->below[all[i]->parent->id] += folding->below[all[i]->id] + 1;
	}
	free(all);
	return failed;
}

static __u64 key_of(const struct folding *folding, const struct process *process)
{
	switch (folding->strength) {
	case NOTHING:
		return (__u64)process->id;
	case SAME_SHAPE:
		return folding->shapes[process->id];
	case SAME_FATE:
		return fate_hash(process);
	default:
		return name_hash(process);
	}
}

static int by_key(const void *one, const void *other)
{
	const struct keyed *a = one, *b = other;

	if (a->key != b->key)
		return a->key > b->key ? 1 : -1;
	return a->order - b->order;
}

/* By the birth of the first in each, as one would meet them. */
static int by_first(const void *one, const void *other)
{
	return by_birth(((const struct branch *)one)->members, ((const struct branch *)other)->members);
}

static int add_branch(struct branch *parent, const struct keyed *from, int count)
{
	struct branch *branch = &parent->children[parent->child_count];

	*branch = (struct branch){.count = count};
	branch->members = malloc((size_t)count * sizeof(*branch->members));
	if (!branch->members)
		return -1;
	for (int i = 0; i < count; i++)
		branch->members[i] = from[i].process;
	parent->child_count++;
	return 0;
}

static int add_run(const struct folding *folding, struct branch *parent, const struct keyed *from, int count)
{
	int failed = 0;

	if (count >= FEW_BROTHERS || folding->strength > SAME_SHAPE || parent->count > 1)
		return add_branch(parent, from, count);
	for (int i = 0; i < count; i++)
		failed |= add_branch(parent, from + i, 1);
	return failed;
}

static int divide(const struct folding *folding, struct branch *parent, struct keyed *brothers, int count)
{
	int failed = 0, next;

	parent->children = calloc((size_t)count, sizeof(*parent->children));
	if (!parent->children)
		return -1;
	qsort(brothers, (size_t)count, sizeof(*brothers), by_key);
	for (int i = 0; i < count && !failed; i = next) {
		for (next = i + 1; next < count && brothers[next].key == brothers[i].key;)
			next++;
		failed |= add_run(folding, parent, brothers + i, next - i);
	}
	qsort(parent->children, (size_t)parent->child_count, sizeof(*parent->children), by_first);
	return failed;
}

static int count_children(const struct branch *branch)
{
	int count = 0;

	for (int i = 0; i < branch->count; i++)
		count += branch->members[i]->child_count;
	return count;
}

static int fold_below(const struct folding *folding, struct branch *branch, int depth)
{
	int count = count_children(branch), at = 0, failed = 0;
	struct keyed *brothers;

	if (!count)
		return 0;
	if (depth == folding->deepest) {
		for (int i = 0; i < branch->count; i++)
			branch->cut += folding->below[branch->members[i]->id];
		return 0;
	}
	brothers = malloc((size_t)count * sizeof(*brothers));
	if (!brothers)
		return -1;
	for (int i = 0; i < branch->count; i++)
		for (int c = 0; c < branch->members[i]->child_count; c++, at++) {
			const struct process *child = branch->members[i]->children[c];

			brothers[at] = (struct keyed){key_of(folding, child), at, child};
		}
	failed = divide(folding, branch, brothers, count);
	free(brothers);
	for (int i = 0; i < branch->child_count; i++)
		failed |= fold_below(folding, &branch->children[i], depth + 1);
	return failed;
}

/* The root's branches: those whose parents nobody knows. */
static int fold_all(const struct folding *folding, struct branch *root)
{
	int count = model_count(folding->model), at = 0, failed;
	struct keyed *brothers = malloc(((size_t)count + 1) * sizeof(*brothers));

	if (!brothers)
		return -1;
	for (int i = 0; i < count; i++) {
		const struct process *process = model_process(folding->model, i);

		if (!process->parent) {
			brothers[at] = (struct keyed){key_of(folding, process), at, process};
			at++;
		}
	}
	root->count = 1; /* for add_run(): not a merged one */
	failed = at ? divide(folding, root, brothers, at) : 0;
	free(brothers);
	for (int i = 0; i < root->child_count; i++)
		failed |= fold_below(folding, &root->children[i], 1);
	return failed;
}

static int count_rows(const struct branch *branch)
{
	int count = branch->child_count;

	for (int i = 0; i < branch->child_count; i++)
		count += count_rows(&branch->children[i]);
	return count;
}

static void lay_flat(struct forest *forest, const struct branch *branch, int depth, __u64 more)
{
	for (int i = 0; i < branch->child_count; i++) {
		bool last = i == branch->child_count - 1;
		__u64 here = last ? more : more | (__u64)1 << depth;

		forest->rows[forest->row_count++] = (struct row){&branch->children[i], depth, here};
		if (depth > forest->depth)
			forest->depth = depth;
		lay_flat(forest, &branch->children[i], depth + 1, here);
	}
}

static void free_branch(struct branch *branch)
{
	for (int i = 0; i < branch->child_count; i++)
		free_branch(&branch->children[i]);
	free(branch->children);
	free(branch->members);
	*branch = (struct branch){0};
}

/* Folds ever more until it fits. */
static int fold_to_fit(struct folding *folding, struct forest *forest, int budget)
{
	int rows;

	for (int strength = NOTHING; strength < STRENGTH_COUNT; strength++) {
		folding->strength = strength;
		forest->by_name_only = strength == SAME_NAME;
		free_branch(&forest->root);
		if (fold_all(folding, &forest->root))
			return -1;
		rows = count_rows(&forest->root);
		if (rows <= (strength == NOTHING && budget > FEW_ROWS ? FEW_ROWS : budget))
			return 0;
	}
	return 0;
}

int forest_grow(struct forest *forest, const struct model *model, int budget, bool verbose)
{
	struct folding folding = {.model = model, .deepest = verbose ? DEEPEST : DEEP};
	int failed = survey(&folding);

	if (!failed)
		failed = verbose ? fold_all(&folding, &forest->root) : fold_to_fit(&folding, forest, budget);
	free(folding.shapes);
	free(folding.below);
	if (failed)
		return -1;
	forest->rows = malloc(((size_t)count_rows(&forest->root) + 1) * sizeof(*forest->rows));
	if (!forest->rows)
		return -1;
	lay_flat(forest, &forest->root, 0, 0);
	return 0;
}

void forest_free(struct forest *forest)
{
	free_branch(&forest->root);
	free(forest->rows);
	*forest = (struct forest){0};
}
