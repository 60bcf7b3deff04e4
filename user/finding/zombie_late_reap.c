/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * zombie-late-reap: a parent did wait for its child, but long after the child's end. Not told of: a shell at its
 * prompt, an init that polls, and zombies that the parent's own end handed on.
 */
#include "user/finding/kinds.h"

#define LATE_NS 500000000u
#define ADOPTER_NS 3000000000 /* an init that polls for zombies may be as slow as that */
#define LONG_NS 5000000000    /* nobody means to wait that long */

/* A session leader with a terminal: it reaps when its user next presses a key. */
static bool is_at_prompt(const struct process *process)
{
	return process->tty && process->session == process->pid;
}

static bool is_late(const struct process *process, const struct model *model)
{
	const struct process *guardian = guardian_of(process);

	if (process->end == ENDED_NONE || process->end_lost || !guardian || process->reap_auto || !collected(process))
		return false;
	if (is_at_prompt(guardian) || (process->tracer_pid && process->tracer_pid != guardian->pid))
		return false;
	return awaited_ns(process, model) > (process->orphaned_ns ? ADOPTER_NS : LATE_NS);
}

static int report(struct findings *findings, const struct model *model, const struct process *process)
{
	const struct process *guardian = guardian_of(process);
	__u64 zombie_ns = awaited_ns(process, model);
	enum severity severity = zombie_ns > LONG_NS ? SEVERITY_WARNING : SEVERITY_INFO;
	struct finding *finding = finding_add(findings, "zombie-late-reap", severity, process);
	const char *how = process->reap_bound ? "at most " : "";
	int failed = 0;

	failed |= finding_say(finding, "%s ended (%s) and was a zombie for %s%s until %s waited for it",
			      name_of(process).text, fate_of(process).text, how, duration(zombie_ns).text,
			      name_of(guardian).text);
	failed |= finding_advise(finding,
				 "In %s, reap when a child ends, not when it happens to suit: on SIGCHLD loop over "
				 "waitpid(-1, …, WNOHANG), or poll a pidfd.",
				 guardian->comm);
	failed |= finding_number(finding, "zombie_ns", (long long)zombie_ns);
	failed |= finding_text(finding, "status", fate_of(process).text);
	failed |= finding_number(finding, "parent_pid", guardian->pid);
	failed |= finding_text(finding, "parent", guardian->comm);
	failed |= finding_text(finding, "parent_was", doing_of(guardian).text);
	return failed;
}

bool tells_of_zombie_late_reap(const struct findings *findings, const struct model *model,
			       const struct process *process)
{
	(void)findings;
	return is_late(process, model);
}

int detect_zombie_late_reap(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++)
		if (is_late(model_process(model, i), model))
			failed |= report(findings, model, model_process(model, i));
	return failed ? -1 : 0;
}
