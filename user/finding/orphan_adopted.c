/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * orphan-adopted: a process outlived its parent and got another one. By itself that is no fault.
 */
#include "user/finding/kinds.h"

static int report(struct findings *findings, const struct process *process)
{
	const struct process *from = process->orphaned_from;
	struct finding *finding = finding_add(findings, "orphan-adopted", SEVERITY_INFO, process);
	int failed = 0;

	if (from)
		failed |= finding_say(finding, "%s outlived its parent %s (%s) and was adopted by %s",
				      name_of(process).text, name_of(from).text, fate_of(from).text,
				      adopter_of(process).text);
	else
		failed |= finding_say(finding, "%s outlived its parent and was adopted by %s", name_of(process).text,
				      adopter_of(process).text);
	failed |= finding_advise(finding,
				 "No problem if it is meant to live on. Its new parent is the nearest subreaper, "
				 "else init: not always pid 1. Whoever waits for the old parent does not wait for it.");
	if (from)
		failed |= finding_number(finding, "from_pid", from->pid);
	failed |= finding_number(finding, "adopter_pid", process->adopter_pid);
	failed |= finding_text(finding, "adopter", process->adopter_is_init ? "init" : "subreaper");
	if (process->orphaned_ns > process->birth_ns)
		failed |= finding_number(finding, "age_ns", (long long)(process->orphaned_ns - process->birth_ns));
	if (process->adoptions > 1)
		failed |= finding_number(finding, "adoptions", process->adoptions);
	return failed;
}

int detect_orphan_adopted(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++)
		if (model_process(model, i)->orphaned_ns)
			failed |= report(findings, model_process(model, i));
	return failed ? -1 : 0;
}
