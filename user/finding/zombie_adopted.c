/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * zombie-adopted: an orphan has ended, and the init or subreaper that had adopted it does not reap it. Not told of: one that
 * ended a moment ago, for an init may look for zombies only every few seconds.
 */
#include "user/finding/kinds.h"

#define LEFT_NS 3000000000u

static bool is_left(const struct process *process, __u64 now_ns)
{
	if (process->end == ENDED_NONE || process->end_lost || process->end_ns == UNKNOWN_NS || !process->orphaned_ns)
		return false;
	if (process->tracer_pid && process->tracer_pid != process->adopter_pid)
		return false;
	return process->reaped_ns == UNKNOWN_NS && now_ns > process->end_ns + LEFT_NS;
}

static int report(struct findings *findings, const struct process *process, __u64 zombie_ns)
{
	bool in_container = process->pid_namespace, traced = guardian_of(process);
	enum severity severity = in_container ? SEVERITY_ERROR : traced ? SEVERITY_WARNING : SEVERITY_INFO;
	struct finding *finding = finding_add(findings, "zombie-adopted", severity, process);
	const struct process *from = process->orphaned_from;
	int failed = 0;

	failed |= finding_say(
		finding, "%s ended (%s) and has been a zombie for %s: %s adopted it and does not wait for it",
		name_of(process).text, fate_of(process).text, duration(zombie_ns).text, adopter_of(process).text);
	failed |= finding_advise(
		finding,
		"%sWho adopts has to wait for children that it did not start: waitpid(-1, …, WNOHANG) in "
		"a loop; in a container an init that does so (docker run --init, tini).",
		in_container || traced ? "" : "No fault of the program that was traced. ");
	failed |= finding_number(finding, "zombie_ns", (long long)zombie_ns);
	failed |= finding_text(finding, "status", fate_of(process).text);
	failed |= finding_number(finding, "adopter_pid", process->adopter_pid);
	if (from)
		failed |= finding_text(finding, "started_by", name_of(from).text);
	return failed;
}

int detect_zombie_adopted(const struct model *model, struct findings *findings)
{
	__u64 now_ns = model_stats(model)->finished_ns;
	int failed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_left(process, now_ns))
			failed |= report(findings, process, now_ns - process->end_ns);
	}
	return failed ? -1 : 0;
}
