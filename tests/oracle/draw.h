/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Draws the oracle's plan from a seed: families that can all be lived to their end.
 */
#ifndef PROCLIFE_DRAW_H
#define PROCLIFE_DRAW_H

#include "tests/oracle/plan.h"

struct dice {
	unsigned long long state;
};

/* splitmix64: the next number is a mix of a counter (Steele, Lea, Flood 2014). */
static inline unsigned long long roll(struct dice *dice)
{
	unsigned long long mixed = dice->state += 0x9e3779b97f4a7c15ull;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9ull;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebull;
	return mixed ^ mixed >> 31;
}

static inline int below(struct dice *dice, int limit)
{
	return roll(dice) % limit;
}

static inline bool one_in(struct dice *dice, int chances)
{
	return !below(dice, chances);
}

static inline bool can_have_children(const struct node *node)
{
	return node->child_count < CHILDREN && node->depth < DEPTH && node->birth != BY_VFORK_ONLY;
}

static inline void draw_flags(struct dice *dice, struct node *node)
{
	if (one_in(dice, 6))
		node->flags |= LEADS_SESSION;
	if (one_in(dice, 5))
		node->flags |= ADOPTS;
	else if (one_in(dice, 8))
		node->flags |= IGNORES_CHILDREN;
	if (one_in(dice, 6))
		node->flags |= BORN_OF_THREAD;
	if (one_in(dice, 3))
		node->flags |= EXECS_IN_THREAD;
	if (one_in(dice, 2))
		node->flags |= THREADS_STAY;
	if (one_in(dice, 3))
		node->flags |= SLEEPS;
	if (node->birth <= BY_CLONE3 && one_in(dice, 4))
		node->flags |= READS;
}

static inline void draw_end(struct dice *dice, struct node *node)
{
	static const int raised[] = {SIGTERM, SIGUSR1, SIGHUP, SIGALRM, SIGKILL};
	static const int sent[] = {SIGTERM, SIGKILL, SIGINT, SIGUSR2, SIGSEGV};

	node->end = one_in(dice, 2) ? END_CODE : below(dice, END_WAYS);
	node->code = one_in(dice, 2) ? 0 : below(dice, 256);
	if (node->end == END_RAISE)
		node->signal = raised[below(dice, 5)];
	if (node->end == END_KILLED)
		node->signal = sent[below(dice, 5)];
	node->kill_call = below(dice, 3);
}

/* A process that only exits between vfork and its parent's going on; it has no memory of its own to do more in. */
static inline void make_brief(struct node *node)
{
	node->flags = 0;
	node->threads = node->execs = 0;
	node->end = END_CODE;
	if (node->wait == LEAVE_ALIVE)
		node->wait = WAIT_PID;
}

static inline void draw_node(struct dice *dice, struct node *node)
{
	node->birth = one_in(dice, 2) ? BY_FORK : below(dice, BIRTH_WAYS);
	node->wait = below(dice, WAIT_WAYS);
	node->threads = one_in(dice, 4) ? 1 + below(dice, 3) : 0;
	node->execs = one_in(dice, 5) ? 1 + below(dice, 2) : 0;
	draw_flags(dice, node);
	draw_end(dice, node);
	if (node->birth == BY_VFORK_ONLY)
		make_brief(node);
}

/* What can't be together: an adopter reaps all it has; who ignores its children reaps none. */
static inline void reconcile(struct node *node, const struct node *parent)
{
	bool leaves = node->wait == LEAVE_ALIVE || node->wait == LEAVE_ZOMBIE;

	if (leaves && parent->flags & (ADOPTS | IGNORES_CHILDREN))
		node->wait = WAIT_PID;
	if (node->wait == LEAVE_ALIVE && node->end == END_KILLED)
		node->end = END_CODE;
}

/* Its parent kills it, or a younger brother. */
static inline void choose_killer(struct dice *dice, struct shared_plan *plan, int number, int younger)
{
	struct node *node = &plan->nodes[number];
	bool can = younger >= 0 && plan->nodes[younger].birth != BY_VFORK_ONLY && one_in(dice, 2);
	struct node *killer;

	if (node->end != END_KILLED)
		return;
	node->killer = can ? younger : node->parent;
	killer = &plan->nodes[node->killer];
	killer->victims[killer->victim_count++] = number;
}

static inline void draw_killers(struct dice *dice, struct shared_plan *plan, struct node *parent)
{
	for (int i = 0; i < parent->child_count; i++) {
		int younger = i + 1 < parent->child_count ? parent->children[i + 1] : -1;
		/* A killer must have room for victims of its own children beside this one. */
		if (younger >= 0 && plan->nodes[younger].child_count == CHILDREN)
			younger = -1;
		choose_killer(dice, plan, parent->children[i], younger);
	}
}

/* A random parent among first … number - 1, or -1 when none may have another child. */
static inline int draw_parent(struct dice *dice, struct shared_plan *plan, int first, int number)
{
	int elders = number - first, at = below(dice, elders);

	for (int i = 0; i < elders; i++) {
		int parent = first + (at + i) % elders;

		if (can_have_children(&plan->nodes[parent]))
			return parent;
	}
	return -1;
}

/* A family's first is the root's own child: the root forks it, and reaps it. */
static inline void draw_first(struct dice *dice, struct node *node)
{
	draw_node(dice, node);
	node->parent = node->killer = -1;
	node->birth = BY_FORK;
	node->wait = WAIT_PID;
	node->flags &= ~(BORN_OF_THREAD | READS);
	if (node->end == END_KILLED)
		node->end = END_CODE;
}

static inline int draw_family(struct dice *dice, struct shared_plan *plan, int first)
{
	int size = 1 + below(dice, FAMILY), number;

	draw_first(dice, &plan->nodes[first]);
	for (number = first + 1; number < plan->count && number < first + size; number++) {
		struct node *node = &plan->nodes[number], *parent;

		node->killer = -1;
		node->parent = draw_parent(dice, plan, first, number);
		if (node->parent < 0)
			break;
		parent = &plan->nodes[node->parent];
		draw_node(dice, node);
		node->depth = parent->depth + 1;
		parent->children[parent->child_count++] = number;
		reconcile(node, parent);
	}
	for (int i = first; i < number; i++)
		draw_killers(dice, plan, &plan->nodes[i]);
	return number;
}

static inline void draw_plan(struct shared_plan *plan, unsigned long long seed)
{
	struct dice dice = {.state = seed};
	int number = 0;

	while (number < plan->count)
		number = draw_family(&dice, plan, number);
}

#endif
