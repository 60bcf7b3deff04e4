/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tree: the textbook's fork.py, done by real processes.
 */
#include "user/demo/kinds.h"
#include "user/demo/tree/steps.h"

static bool understands(const struct settings *settings, struct buffer *complaint)
{
	struct steps steps;

	return steps_of(settings, &steps, complaint);
}

static bool steps_of_lab(const struct lab *lab, struct steps *steps)
{
	struct buffer complaint = {0};
	bool understood = steps_of(lab->settings, steps, &complaint);

	buffer_free(&complaint);
	return understood;
}

/* Separates the items of a list in a sentence. */
static void say_next(struct buffer *observed)
{
	if (observed->size)
		say(observed, "; ");
}

static enum verdict forks_as_told(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct steps steps;
	int right = 0, births = 0;

	(void)expectation;
	for (int i = 0; steps_of_lab(lab, &steps) && i < steps.count; i++) {
		const struct step *step = &steps.list[i];
		const struct process *child = step->whom < 0 ? NULL : lettered(lab, step->whom);

		births += step->whom >= 0;
		right += child && child->parent && child->parent == lettered(lab, step->who);
	}
	say(observed, _("%d of %d were born of whom the action names"), right, births);
	return right == births;
}

/* Does each step that ends a process end it, and nobody else? */
static enum verdict ends_alone(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct steps steps;
	struct tree expected, seen;
	int right = 0, ends = 0;

	(void)expectation;
	for (int i = 0; steps_of_lab(lab, &steps) && i < steps.count; i++) {
		bool same = steps.list[i].whom < 0;

		ends += same;
		tree_by_rule(&expected, &steps, i + 1, RULE_KERNEL);
		same = same && tree_observed(&seen, lab, &steps, i + 1);
		for (int who = 0; same && who < NAMES; who++)
			same = (expected.parent[who] == GONE) == (seen.parent[who] == GONE);
		right += same;
	}
	say(observed, _("%d of %d ended alone"), right, ends);
	return right == ends;
}

static void say_adopter(struct buffer *observed, const struct lab *lab, const struct tree *tree, int who)
{
	int parent = tree->parent[who];
	const struct process *process = lettered(lab, who);

	say_next(observed);
	if (parent >= 0)
		say(observed, _("%c hangs on %c"), 'a' + who, 'a' + parent);
	else if (parent == GONE)
		say(observed, _("%c is gone"), 'a' + who);
	else if (process && process->adopter_is_init)
		say(observed, _("%c was adopted by init, pid %u"), 'a' + who, tree->adopter[who]);
	else
		say(observed, _("%c was adopted by pid %u"), 'a' + who, tree->adopter[who]);
}

/* The trees right before and right after each step that ends a process; false: there is no such step, or not seen. */
static bool trees_around(const struct lab *lab, const struct steps *steps, int step, struct tree *before,
			 struct tree *after)
{
	return steps->list[step].whom < 0 && tree_observed(before, lab, steps, step) &&
	       tree_observed(after, lab, steps, step + 1);
}

static enum verdict children_go_to_a(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	struct steps steps;
	struct tree before, after;
	bool right = true;

	(void)expectation;
	for (int i = 0; steps_of_lab(lab, &steps) && i < steps.count; i++) {
		if (!trees_around(lab, &steps, i, &before, &after))
			continue;
		for (int who = 0; who < NAMES; who++)
			if (before.parent[who] == steps.list[i].who) {
				say_adopter(observed, lab, &after, who);
				right &= after.parent[who] == 0;
			}
	}
	if (!observed->size)
		say(observed, _("nobody who ended had children"));
	return right;
}

static enum verdict others_stay(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct steps steps;
	struct tree before, after;
	bool right = true;

	(void)expectation;
	for (int i = 0; steps_of_lab(lab, &steps) && i < steps.count; i++) {
		int ended = steps.list[i].who;

		if (!trees_around(lab, &steps, i, &before, &after))
			continue;
		for (int who = 0; who < NAMES; who++)
			if (before.parent[who] != ended && is_below(&before, who, ended)) {
				say_adopter(observed, lab, &after, who);
				right &= after.parent[who] == before.parent[who];
			}
	}
	if (!observed->size)
		say(observed, _("nobody who ended had grandchildren"));
	return right;
}

static bool is_same(const struct tree *one, const struct tree *other)
{
	for (int i = 0; i < NAMES; i++)
		if (one->parent[i] != other->parent[i])
			return false;
	return true;
}

static enum verdict every_step(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct steps steps = {0};
	struct tree expected, seen;
	int right = 0, wrong = 0;

	(void)expectation;
	for (int i = 1; steps_of_lab(lab, &steps) && i <= steps.count; i++) {
		tree_by_rule(&expected, &steps, i, RULE_KERNEL);
		if (tree_observed(&seen, lab, &steps, i) && is_same(&expected, &seen))
			right++;
		else if (!wrong)
			wrong = i;
	}
	say(observed, _("so after %d of %d steps"), right, steps.count);
	if (!wrong)
		return true;
	say(observed, _("; not so after "));
	say_step(observed, &steps.list[wrong - 1]);
	return false;
}

static enum verdict reaped_by_parent(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	struct steps steps;
	struct tree before, after;
	bool right = true;

	(void)expectation;
	for (int i = 0; steps_of_lab(lab, &steps) && i < steps.count; i++) {
		int who = steps.list[i].who;
		const struct process *ended = lettered(lab, who);

		if (!trees_around(lab, &steps, i, &before, &after) || before.parent[who] < 0)
			continue; /* of whoever adopted it from outside we know nothing */
		say_next(observed);
		say(observed, "%c: ", 'a' + who);
		say_reap(observed, ended);
		right &= ended->reaper && ended->reaper == lettered(lab, before.parent[who]);
	}
	if (!observed->size)
		say(observed, _("nobody ended before the last step"));
	return right;
}

static enum verdict orphans_keep_all(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *root = lettered(lab, 0);
	int same = 0, orphans = 0;

	(void)expectation;
	if (say_missing(observed, root, "a"))
		return false;
	for (int i = 1; i < NAMES; i++) {
		const struct process *process = lettered(lab, i);

		if (!process || !process->orphaned_ns)
			continue;
		orphans++;
		same += process->session == root->session && process->group == root->group;
	}
	say(observed, _("%d of %d orphans are in a's session and process group"), same, orphans);
	return same == orphans;
}

static const struct expectation expectations[] = {
	{N_("x+y: y is born, a child of x"), forks_as_told, NULL, NULL, 0},
	{N_("x-: x ends, and nobody with it"), ends_alone, NULL, NULL, 0},
	{N_("its children go to the nearest subreaper above it: a"), children_go_to_a, NULL, NULL, 0},
	{N_("its grandchildren stay where they are"), others_stay, NULL, NULL, 0},
	{N_("after each step the tree is what these rules make of it"), every_step, NULL, NULL, 0},
	{N_("who ended is a zombie until its parent of then waits for it"), reaped_by_parent, NULL, NULL, 0},
	{N_("for an orphan nothing changes but its parent"), orphans_keep_all, NULL, NULL, 0},
	{0}};

static bool last_tree(const struct lab *lab, struct tree *tree)
{
	struct steps steps;

	return steps_of_lab(lab, &steps) && tree_observed(tree, lab, &steps, steps.count);
}

static bool children_of_a(const struct lab *lab, struct accepted *accepted)
{
	struct tree tree;

	if (!last_tree(lab, &tree))
		return false;
	for (int i = 0; i < NAMES; i++)
		accepted->low += tree.parent[i] == 0;
	accepted->high = accepted->low;
	return true;
}

static bool parent_of_d(const struct lab *lab, struct accepted *accepted)
{
	struct tree tree;

	if (!last_tree(lab, &tree) || tree.parent[3] == GONE || tree.parent[3] > 2)
		return false;
	accepted->choices = 1u << (tree.parent[3] == OUTSIDE ? 3 : tree.parent[3]);
	return true;
}

/* By the first orphan there was. */
static bool fate_of_orphans(const struct lab *lab, struct accepted *accepted)
{
	const struct moment *orphan = moment_of(lab, NULL, CHANGE_ORPHAN);

	if (!orphan || !orphan->change.orphan.from)
		return false;
	accepted->choices = orphan->change.process->end_ns > orphan->change.orphan.from->end_ns ? 1u << 2 : 1u << 0;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("When a process ends, what happens to its children?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("they end with it"), N_("they become zombies"), N_("they go on, with another parent")},
	 .answer = fate_of_orphans,
	 .because = N_("An orphan only gets another parent. Orphan and zombie are opposites: the one lost its parent, "
		       "the other has ended and its parent has not asked.")},
	{.ask = N_("After the last step, how many children has a?"),
	 .kind = QUESTION_NUMBER,
	 .answer = children_of_a,
	 .because = N_("a gets the children of who ends, being the nearest subreaper above; their children stay with "
		       "them.")},
	{.ask = N_("After the last step, who is the parent of d?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"a", "b", "c", N_("a process that is not in the tree")},
	 .answer = parent_of_d,
	 .because = N_("Only the children of who ends change hands. The textbook's fork.py hangs all descendants on "
		       "the root; the kernel does not.")},
	{0}};

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct steps steps;

	if (!steps_of_lab(lab, &steps))
		return;
	draw_trees(lab, &steps, width, out);
	if (!table)
		return;
	buffer_char(out, '\n');
	draw_as_textbook(lab, &steps, width, out);
}

const struct demo demo_tree = {
	.name = "tree",
	.chapter = N_("The textbook's notation"),
	.title = N_("The tree of processes, step by step"),
	.idea = N_(
		"Each process has one parent. When the parent ends, the nearest subreaper above it becomes the parent, "
		"or init."),
	.happens = N_("Real processes do the actions of the textbook's fork.py: a+b, a forks b; b-, b ends.\n"
		      "Unless you ask for others (-A): a+b,b+c,c+d,b-.\n"
		      "a is the root: a subreaper, so that orphans below it come to it."),
	.broken = N_("a is no subreaper"),
	.learned = N_("Only direct children change hands, and the adopter is the nearest subreaper, not always pid 1. "
		      "fork.py hangs all descendants on the root; its -R hands children to their grandparent, which "
		      "is right only where that is the root."),
	.calls = "fork(2), _exit(2), wait(2), prctl(2) (PR_SET_CHILD_SUBREAPER)",
	.takes = TAKES_ACTIONS,
	.understands = understands,
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
