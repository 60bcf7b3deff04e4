/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * zombie-unreaped: a process ended, and its parent lived on without ever waiting for it. Not told of: short spells,
 * processes that a debugger holds, zombies that init inherits when the parent ends soon after, and orphans whose adopter
 * leaves them (zombie-adopted).
 */
#include <stdlib.h>

#include "user/finding/kinds.h"

#define LEFT_NS 500000000u    /* a parent that is merely busy collects its child sooner */
#define ADOPTER_NS 3000000000 /* an init that polls for zombies may be as slow as that */
#define MANY 10		      /* zombies of one parent that are no accident any more */

static bool is_unreaped(const struct process *process, const struct model *model)
{
	const struct process *guardian = guardian_of(process);
	__u64 limit = process->orphaned_ns ? ADOPTER_NS : LEFT_NS;

	if (process->end == ENDED_NONE || process->end_lost || !guardian || collected(process))
		return false;
	if (process->orphaned_ns && process->reaped_ns == UNKNOWN_NS)
		return false;
	if (process->tracer_pid && process->tracer_pid != guardian->pid)
		return false;
	return awaited_ns(process, model) > limit;
}

/* signal_generate's result, as include/trace/events/signal.h numbers them, in words. */
static const char *notice(const struct process *process)
{
	static const char *const results[] = {"delivered", "default: parent not told", "already pending: merged"};

	if (!process->told)
		return "none sent";
	if (process->told_result < 0 || process->told_result > 2)
		return "lost";
	return results[process->told_result];
}

static const char *whether_reaped(const struct process *process)
{
	return process->reaped_ns == UNKNOWN_NS ? "it is a zombie still" : "another reaped it after the parent's end";
}

static int add_facts(struct finding *finding, const struct process *process, const struct process *guardian,
		     __u64 zombie_ns, int siblings, bool counts_waits)
{
	int failed = 0;

	failed |= finding_number(finding, "zombie_ns", (long long)zombie_ns);
	failed |= finding_text(finding, "status", fate_of(process).text);
	failed |= finding_number(finding, "parent_pid", guardian->pid);
	failed |= finding_text(finding, "parent", guardian->comm);
	failed |= finding_text(finding, "parent_was", doing_of(guardian).text);
	failed |= finding_text(finding, "sigchld", notice(process));
	if (guardian->end != ENDED_NONE && counts_waits)
		failed |= finding_number(finding, "parent_wait_calls", (long long)guardian->waits);
	failed |= finding_number(finding, "zombies_of_parent", siblings);
	return failed;
}

static int report(struct findings *findings, const struct model *model, const struct process *process, int siblings)
{
	const struct process *guardian = guardian_of(process);
	enum severity severity = siblings >= MANY ? SEVERITY_ERROR : SEVERITY_WARNING;
	struct finding *finding = finding_add(findings, "zombie-unreaped", severity, process);
	__u64 zombie_ns = awaited_ns(process, model);
	int failed = 0;

	failed |= finding_say(finding,
			      "%s ended (%s) and stayed a zombie for %s: its parent %s never waited for it; %s",
			      name_of(process).text, fate_of(process).text, duration(zombie_ns).text,
			      name_of(guardian).text, whether_reaped(process));
	failed |= finding_advise(
		finding,
		"In %s, wait for every child: waitpid() for each fork, `with Popen(…)` or .wait() in "
		"Python, `wait` in a shell. If the status does not matter: SA_NOCLDWAIT, or ignore SIGCHLD.",
		guardian->comm);
	return failed | add_facts(finding, process, guardian, zombie_ns, siblings, !model_stats(model)->lost_waits);
}

/* siblings[index] counts the unreaped of each guardian. */
static void count_siblings(const struct model *model, int *siblings)
{
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_unreaped(process, model))
			siblings[index_of(model, guardian_of(process))]++;
	}
}

bool tells_of_zombie_unreaped(const struct findings *findings, const struct model *model, const struct process *process)
{
	(void)findings;
	return is_unreaped(process, model);
}

int detect_zombie_unreaped(const struct model *model, struct findings *findings)
{
	int *siblings = calloc((size_t)model_count(model) + 1, sizeof(*siblings));
	int failed = 0;

	if (!siblings)
		return -1;
	count_siblings(model, siblings);
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_unreaped(process, model))
			failed |= report(findings, model, process, siblings[index_of(model, guardian_of(process))]);
	}
	free(siblings);
	return failed ? -1 : 0;
}
