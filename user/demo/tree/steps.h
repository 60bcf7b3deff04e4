/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Trees of processes, step by step: by the textbook's rule, by the kernel's, and as observed. Only the demo `tree`
 * includes it.
 */
#ifndef PROCLIFE_STEPS_H
#define PROCLIFE_STEPS_H

#include "user/demo/observe.h"

#define NAMES 26
#define STEPS_MOST (2 * NAMES)
#define ACTIONS_DEFAULT "a+b,b+c,c+d,b-"

struct step { /* "a+b": who forks whom; "b-": who ends, whom is -1 */
	int who, whom;
};

struct steps {
	struct step list[STEPS_MOST];
	int count;
};

enum { GONE = -1, OUTSIDE = -2 }; /* instead of a parent: it does not live; its parent is none of these processes */

struct tree {
	int parent[NAMES];    /* a's is OUTSIDE */
	__u64 since[NAMES];   /* when it came to its parent: the order of children */
	__u32 adopter[NAMES]; /* of OUTSIDE: who adopted it, 0 for nobody */
};

/* Of the actions wanted, or the default ones. False: malformed, and says in what. */
bool steps_of(const struct settings *settings, struct steps *steps, struct buffer *complaint);
void say_step(struct buffer *out, const struct step *step); /* "a+b" */

enum rule {
	RULE_TEXTBOOK, /* all descendants of who ends go to the root: fork.py, unless told otherwise */
	RULE_KERNEL    /* its children do, with all that hangs on them */
};
/* The tree after the first `count` steps. */
void tree_by_rule(struct tree *tree, const struct steps *steps, int count, enum rule rule);
/* As observed. False: a process of these steps was not seen. */
bool tree_observed(struct tree *tree, const struct lab *lab, const struct steps *steps, int count);
bool is_below(const struct tree *tree, int who, int ancestor);

/* The process of that letter, or NULL. */
const struct process *lettered(const struct lab *lab, int who);

/* The pictures. */
void draw_trees(const struct lab *lab, const struct steps *steps, int width, struct buffer *out);
void draw_as_textbook(const struct lab *lab, const struct steps *steps, int width, struct buffer *out);

#endif
