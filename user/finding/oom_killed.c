/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * oom-killed: the out-of-memory killer chose it. A SIGKILL that somebody sent is none, whatever memory it used.
 */
#include "user/finding/kinds.h"

static int report(struct findings *findings, const struct process *process)
{
	struct finding *finding = finding_add(findings, "oom-killed", SEVERITY_ERROR, process);
	const struct sender *killer = &process->killer;
	int failed = 0;

	failed |= finding_say(finding, "%s was killed after %s by the kernel: memory was short, and it was chosen",
			      name_of(process).text, duration(process->end_ns - process->birth_ns).text);
	failed |= finding_advise(finding,
				 "Give its cgroup more memory (memory.max, the container's limit), or let it use less; "
				 "`journalctl -k` tells the limit and the usage at that moment.");
	failed |= finding_text_if(finding, "exe", program_of(process));
	/* Who happened to ask for the memory that was not there. */
	if (killer->pid && killer->pid != process->pid)
		failed |= finding_text(finding, "while_allocating", killer->comm);
	failed |= finding_text(finding, "signal", signal_name(process->signal));
	return failed;
}

int detect_oom_killed(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (process->end == ENDED_KILLED && process->killer.why == WHY_OOM)
			failed |= report(findings, process);
	}
	return failed ? -1 : 0;
}
