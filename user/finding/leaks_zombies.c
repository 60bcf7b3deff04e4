/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Judging a parent with zombies: which of them are too old to be reaped yet, whether they become more, and what to do.
 */
#include <stdio.h>
#include <stdlib.h>

#include "user/finding/leaks_judge.h"

#define MANY 10 /* zombies of one parent that are no accident any more */

static int by_age(const void *one, const void *other)
{
	const struct zombie *a = one, *b = other;
	__u64 age_a = zombie_age_ns(a), age_b = zombie_age_ns(b);

	if (age_a != age_b)
		return age_a < age_b ? 1 : -1;
	return (a->process->birth_ns > b->process->birth_ns) - (a->process->birth_ns < b->process->birth_ns);
}

/* The scheduler's clock may be off by some seconds: by it alone only those are judged that are far older. */
static bool is_leaked(const struct zombie *zombie, __u64 patience_ns)
{
	if (zombie->least_ns > patience_ns)
		return true;
	return zombie->about_ns != UNKNOWN_NS && zombie->about_ns > LEAK_SURE_NS && zombie->about_ns > 4 * patience_ns;
}

static bool grows(const struct leaks *leaks, const struct zombie_parent *parent)
{
	struct thirds thirds = {.from_ns = leaks->started_ns, .to_ns = leaks->ended_ns};

	for (int i = 0; i < parent->count; i++)
		if (!parent->zombies[i].process->ended_before)
			thirds_add(&thirds, parent->zombies[i].process->end_ns);
	return parent->grown > 0 && thirds_rise(&thirds);
}

/* Of a parent that may be outside the trace. */
static struct words parent_words(const struct zombie_parent *parent)
{
	struct words words;

	if (parent->comm[0])
		snprintf(words.text, sizeof(words.text), "%s[%u]", parent->comm, parent->pid);
	else
		snprintf(words.text, sizeof(words.text), "pid %u", parent->pid);
	return words;
}

static struct words age_words(const struct zombie *zombie)
{
	struct words words;
	bool exact = !zombie->process->end_bound;

	snprintf(words.text, sizeof(words.text), "%s%s",
		 exact					    ? ""
		 : zombie_age_ns(zombie) > zombie->least_ns ? "about "
							    : "at least ",
		 duration(zombie_age_ns(zombie)).text);
	return words;
}

static struct words limit_words(const struct leaks *leaks, const struct zombie_parent *parent)
{
	__u64 until_ns = leaks_limit_ns(leaks, parent);
	struct words words = {""};

	if (until_ns != UNKNOWN_NS)
		snprintf(words.text, sizeof(words.text), ": %s (%lld) is reached in about %s", parent->limit.name,
			 parent->limit.most, duration(until_ns).text);
	return words;
}

static int say_growing(struct finding *finding, const struct leaks *leaks, const struct zombie_parent *parent)
{
	return finding_say(finding, "%s has %d zombie%s, and %.0f more each minute%s", parent_words(parent).text,
			   parent->count, parent->count == 1 ? "" : "s", leaks_per_minute(leaks, parent),
			   limit_words(leaks, parent).text);
}

static int say_unreaped(struct finding *finding, const struct zombie_parent *parent)
{
	const char *others = parent->reaped ? "; it does reap others" : "";

	if (parent->count == 1)
		return finding_say(finding, "%s has a zombie that it has not reaped for %s: %s%s",
				   parent_words(parent).text, age_words(&parent->zombies[0]).text,
				   name_of(parent->zombies[0].process).text, others);
	return finding_say(finding, "%s has %d zombies, and has not reaped the oldest for %s%s",
			   parent_words(parent).text, parent->count, age_words(&parent->zombies[0]).text, others);
}

static const char *call_for(const struct zombie_parent *parent)
{
	const struct process *process = parent->process;

	if (parent->adopter)
		return "It adopts orphans and has to wait for children that it did not start, too: waitpid(-1, …, WNOHANG) "
		       "in a loop. In a container: an init that does so (docker run --init, tini), or "
		       "shareProcessNamespace in Kubernetes.";
	if (process && process->handles_children)
		return "It handles SIGCHLD, but signals do not queue: one may stand for many ends. In the handler, loop: "
		       "while (waitpid(-1, …, WNOHANG) > 0).";
	if (process && process->ignores_children)
		return "It ignores SIGCHLD now, but did not yet when these ended: ignore it before the first fork, or wait "
		       "for those born earlier.";
	return "Wait for every child: waitpid() for each fork, `with Popen(…)` or .wait() in Python, `wait` in a shell. "
	       "If the status does not matter: SA_NOCLDWAIT, or ignore SIGCHLD.";
}

static int advise(struct finding *finding, const struct zombie_parent *parent)
{
	return finding_advise(finding, "%s A zombie can't be killed: it goes when %s waits for it or ends.",
			      call_for(parent), parent->comm[0] ? parent->comm : "its parent");
}

static int add_facts(struct finding *finding, const struct leaks *leaks, const struct zombie_parent *parent)
{
	int failed = 0;

	failed |= finding_number(finding, "zombies", parent->count);
	failed |= finding_number(finding, "leaked", parent->leaked);
	failed |= finding_number(finding, "grown", parent->grown);
	failed |= finding_number(finding, "reaped", parent->reaped);
	failed |= finding_number(finding, "oldest_ns", (long long)zombie_age_ns(&parent->zombies[0]));
	if (leaks_limit_ns(leaks, parent) != UNKNOWN_NS)
		failed |= finding_number(finding, "limit_reached_ns", (long long)leaks_limit_ns(leaks, parent));
	return failed;
}

static int report(struct leaks *leaks, struct zombie_parent *parent)
{
	const char *kind = parent->growing ? "zombie-growing" : parent->adopter ? "zombie-adopted" : "zombie-unreaped";
	bool in_container = parent->adopter && parent->process && parent->process->pid_namespace;
	bool grave = parent->growing || parent->leaked >= MANY || in_container;
	struct finding *finding = finding_add(&leaks->findings, kind, grave ? SEVERITY_ERROR : SEVERITY_WARNING,
					      parent->process);
	int failed = 0;

	if (finding)
		parent->finding = leaks->findings.count - 1;
	failed |= parent->growing ? say_growing(finding, leaks, parent) : say_unreaped(finding, parent);
	failed |= advise(finding, parent);
	return failed | add_facts(finding, leaks, parent);
}

/* Whoever is the init of a pid namespace has to reap what others leave, whether these were or not. */
static bool is_init(const struct zombie_parent *parent)
{
	return parent->pid == 1 || (parent->process && parent->process->ns_pid == 1);
}

int judge_parent(struct leaks *leaks, struct zombie_parent *parent)
{
	qsort(parent->zombies, (size_t)parent->count, sizeof(*parent->zombies), by_age);
	for (int i = 0; i < parent->count; i++)
		parent->leaked += is_leaked(&parent->zombies[i], parent->patience_ns);
	if (!parent->leaked)
		return 0;
	parent->adopter |= is_init(parent);
	parent->growing = grows(leaks, parent);
	return report(leaks, parent);
}
