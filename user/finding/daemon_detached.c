/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * daemon-detached: a process made itself a daemon: a session without a terminal, and a parent that is not its own.
 */
#include "user/finding/kinds.h"

static int report(struct findings *findings, const struct process *process)
{
	struct finding *finding = finding_add(findings, "daemon-detached", SEVERITY_INFO, process);
	bool alive = process->end == ENDED_NONE;
	int failed = 0;

	failed |= finding_say(finding, "%s made itself a daemon: session %u, no terminal, adopted by %s%s",
			      name_of(process).text, process->session, adopter_of(process).text,
			      alive ? "; it lives on" : "");
	if (alive)
		failed |= finding_advise(
			finding, "No problem if it is meant to serve on. Nobody waits for it any more; to stop it: %s.",
			kill_of(findings, process).text);
	else
		failed |= finding_advise(finding,
					 "No problem: it was to be expected that nobody waits for it. Its pid was %u.",
					 process->pid);
	failed |= finding_text_if(finding, "exe", program_of(process));
	failed |= finding_number(finding, "session", process->session);
	failed |= finding_number(finding, "adopter_pid", process->adopter_pid);
	if (process->orphaned_from)
		failed |= finding_text(finding, "started_by", name_of(process->orphaned_from).text);
	return failed;
}

int detect_daemon_detached(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++)
		if (model_process(model, i)->daemon == DAEMON_DETACHED)
			failed |= report(findings, model_process(model, i));
	return failed ? -1 : 0;
}
