/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Steps and the trees they make; see steps.h.
 */
#include <string.h>

#include "user/demo/tree/steps.h"

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* One action of `length` bytes; what it means must fit the tree so far. */
static bool take_action(const char *action, size_t length, struct tree *tree, struct step *step,
			struct buffer *complaint)
{
	bool forks = length == 3 && action[1] == '+' && is_letter(action[2]);

	if (length < 2 || !is_letter(action[0]) || !(forks || (length == 2 && action[1] == '-'))) {
		say(complaint, _("'%.*s' is no action: a+b (a forks b) and b- (b ends) are, by letters from a to z"),
		    (int)length, action);
		return false;
	}
	*step = (struct step){action[0] - 'a', forks ? action[2] - 'a' : -1};
	if (tree->parent[step->who] == GONE)
		say(complaint, _("'%.*s': there is no process %c by then"), (int)length, action, action[0]);
	else if (forks && (!step->whom || tree->since[step->whom]))
		say(complaint, _("'%.*s': there is, or was, a process %c already"), (int)length, action, action[2]);
	else if (!forks && !step->who)
		say(complaint, _("'%.*s': the root of the tree can't end"), (int)length, action);
	else
		return true;
	return false;
}

static void start(struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
	for (int i = 0; i < NAMES; i++)
		tree->parent[i] = i ? GONE : OUTSIDE;
}

static void move(struct tree *tree, int who, int parent, __u64 *now)
{
	tree->parent[who] = parent;
	tree->since[who] = ++*now;
}

/* In the order in which the textbook lists them: each followed by its own. */
static void move_descendants(struct tree *tree, const struct tree *before, int of, __u64 *now)
{
	for (__u64 after = 0;;) {
		int next = -1;

		for (int i = 0; i < NAMES; i++)
			if (before->parent[i] == of && before->since[i] > after &&
			    (next < 0 || before->since[i] < before->since[next]))
				next = i;
		if (next < 0)
			return;
		after = before->since[next];
		move(tree, next, 0, now);
		move_descendants(tree, before, next, now);
	}
}

static void end_one(struct tree *tree, int who, enum rule rule, __u64 *now)
{
	struct tree before = *tree;

	if (rule == RULE_TEXTBOOK)
		move_descendants(tree, &before, who, now);
	for (int i = 0; i < NAMES && rule == RULE_KERNEL; i++)
		if (before.parent[i] == who)
			move(tree, i, 0, now);
	tree->parent[who] = GONE;
}

static void take_step(struct tree *tree, const struct step *step, enum rule rule, __u64 *now)
{
	if (step->whom >= 0)
		move(tree, step->whom, step->who, now);
	else
		end_one(tree, step->who, rule, now);
}

void tree_by_rule(struct tree *tree, const struct steps *steps, int count, enum rule rule)
{
	__u64 now = 0;

	start(tree);
	for (int i = 0; i < count; i++)
		take_step(tree, &steps->list[i], rule, &now);
}

bool steps_of(const struct settings *settings, struct steps *steps, struct buffer *complaint)
{
	const char *actions = settings->actions ? settings->actions : ACTIONS_DEFAULT;
	struct tree tree;
	__u64 now = 0;

	start(&tree);
	for (steps->count = 0;; actions++) {
		size_t length = strcspn(actions, ",");

		/* never full: each letter is born once at most, and ends once at most */
		if (!take_action(actions, length, &tree, &steps->list[steps->count], complaint))
			return false;
		take_step(&tree, &steps->list[steps->count++], RULE_KERNEL, &now);
		actions += length;
		if (!*actions)
			return true;
	}
}

void say_step(struct buffer *out, const struct step *step)
{
	if (step->whom >= 0)
		say(out, "%c+%c", 'a' + step->who, 'a' + step->whom);
	else
		say(out, "%c-", 'a' + step->who);
}

const struct process *lettered(const struct lab *lab, int who)
{
	char name[2] = {(char)('a' + who), 0};

	return process_named(lab, name);
}

static int letter_of(const struct lab *lab, __u32 pid)
{
	for (int i = 0; i < NAMES; i++) {
		const struct process *process = lettered(lab, i);

		if (process && process->pid == pid)
			return i;
	}
	return OUTSIDE;
}

static __u64 end_of(const struct process *process)
{
	return process->end == ENDED_NONE ? UNKNOWN_NS : process->end_ns;
}

/* When the first `count` steps had been taken. UNKNOWN_NS: not seen. */
static __u64 time_of(const struct lab *lab, const struct steps *steps, int count)
{
	static const struct step birth_of_root = {OUTSIDE, 0};
	const struct step *last = count ? &steps->list[count - 1] : &birth_of_root;
	const struct process *process = lettered(lab, last->whom >= 0 ? last->whom : last->who);

	if (!process)
		return UNKNOWN_NS;
	return last->whom >= 0 ? process->birth_ns : end_of(process);
}

/* When the next step was taken, or all ended for want of one. */
static __u64 time_after(const struct lab *lab, const struct steps *steps, int count)
{
	__u64 now = time_of(lab, steps, count), next = UNKNOWN_NS;

	if (count < steps->count)
		return time_of(lab, steps, count + 1);
	for (int i = 0; i < NAMES; i++) {
		const struct process *process = lettered(lab, i);

		if (process && end_of(process) > now && end_of(process) < next)
			next = end_of(process);
	}
	return next;
}

/* Where each adoption until then left its orphan. */
static void adopt(struct tree *tree, const struct lab *lab, __u64 until_ns)
{
	for (int i = 0; i < lab->log->count; i++) {
		const struct moment *moment = &lab->log->list[i];
		int who = moment->change.kind == CHANGE_ORPHAN ? letter_of(lab, moment->pid) : OUTSIDE;

		if (who < 0 || tree->parent[who] == GONE || moment->change.at_ns >= until_ns)
			continue;
		tree->parent[who] = letter_of(lab, moment->ppid);
		tree->since[who] = moment->change.at_ns;
		tree->adopter[who] = moment->ppid;
	}
}

bool tree_observed(struct tree *tree, const struct lab *lab, const struct steps *steps, int count)
{
	__u64 now = time_of(lab, steps, count);

	start(tree);
	tree->parent[0] = GONE;
	if (now == UNKNOWN_NS)
		return false;
	for (int i = 0; i < NAMES; i++) {
		const struct process *process = lettered(lab, i);

		if (!process || process->birth_ns > now || end_of(process) <= now)
			continue;
		tree->parent[i] = process->parent ? letter_of(lab, process->parent->pid) : OUTSIDE;
		tree->since[i] = process->birth_ns;
	}
	adopt(tree, lab, time_after(lab, steps, count));
	return true;
}

bool is_below(const struct tree *tree, int who, int ancestor)
{
	for (int parent = tree->parent[who]; parent >= 0; parent = tree->parent[parent])
		if (parent == ancestor)
			return true;
	return false;
}
