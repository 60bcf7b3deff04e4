/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * daemon-ended: a daemon came to its end, detached or attended, and by whom.
 */
#include <signal.h>

#include "user/finding/kinds.h"

/* The signal that asked it to end, which it then did by itself; NULL: none. */
static const struct sender *request_to(const struct process *process)
{
	const struct sender *asked = &process->asked;

	if (process->end == ENDED_KILLED || process->end_ns == UNKNOWN_NS)
		return NULL;
	return asked->at_ns && asked->at_ns <= process->end_ns ? asked : NULL;
}

/* An end that nobody means a daemon to come to. */
static bool is_violent(const struct process *process)
{
	if (process->daemon == DAEMON_ATTENDED)
		return false;
	if (process->end == ENDED_KILLED)
		return process->signal == SIGKILL || process->killer.why == WHY_UNKNOWN;
	return process->end == ENDED_ERROR || process->end == ENDED_FATAL;
}

static int say(struct finding *finding, const struct process *process)
{
	const char *kind = daemon_kind_name(process->daemon);
	const struct sender *asked = request_to(process);

	if (process->daemon == DAEMON_ATTENDED)
		return finding_say(finding,
				   "attended daemon %s was ended with %s by its parent %s as that came to its own end",
				   name_of(process).text, fate_of(process).text,
				   process->parent ? name_of(process->parent).text : process->killer.comm);
	if (process->end == ENDED_KILLED)
		return finding_say(finding, "%s daemon %s was killed: %s from %s", kind, name_of(process).text,
				   fate_of(process).text, sender_words(&process->killer).text);
	if (asked)
		return finding_say(finding, "%s daemon %s ended, %s after it was sent %s by %s: %s", kind,
				   name_of(process).text, duration(process->end_ns - asked->at_ns).text,
				   signal_name(asked->signal), sender_words(asked).text, fate_of(process).text);
	return finding_say(finding, "%s daemon %s ended by itself: %s", kind, name_of(process).text,
			   fate_of(process).text);
}

static int advise(struct finding *finding, const struct process *process)
{
	if (process->daemon == DAEMON_ATTENDED)
		return finding_advise(
			finding,
			"Meant so by whoever started it so: daemon=True in Python's multiprocessing, timeout. If its work "
			"must be finished, wait for it first.");
	if (is_violent(process))
		return finding_advise(finding, "A daemon has no parent that would notice: look into its log, and let a "
					       "supervisor (systemd, runit) start it again.");
	return finding_advise(finding, "No problem if it was told to stop or had nothing left to do.");
}

static int report(struct findings *findings, const struct process *process)
{
	enum severity severity = is_violent(process) ? SEVERITY_WARNING : SEVERITY_INFO;
	struct finding *finding = finding_add(findings, "daemon-ended", severity, process);
	int failed = 0;

	failed |= say(finding, process);
	failed |= advise(finding, process);
	failed |= finding_text(finding, "daemon", daemon_kind_name(process->daemon));
	failed |= finding_text(finding, "end", fate_of(process).text);
	if (process->end == ENDED_KILLED)
		failed |= finding_text(finding, "by", sender_words(&process->killer).text);
	if (request_to(process)) {
		failed |= finding_text(finding, "asked_with", signal_name(process->asked.signal));
		failed |= finding_text(finding, "asked_by", sender_words(&process->asked).text);
	}
	if (process->end_ns != UNKNOWN_NS && process->end_ns > process->daemon_ns)
		failed |= finding_number(finding, "daemon_for_ns", (long long)(process->end_ns - process->daemon_ns));
	return failed;
}

int detect_daemon_ended(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (process->daemon != DAEMON_NO && process->end != ENDED_NONE)
			failed |= report(findings, process);
	}
	return failed ? -1 : 0;
}
