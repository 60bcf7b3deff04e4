/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * killed-by: a process was killed by a signal, and who sent it. The out-of-memory killer has a finding of its own.
 */
#include <signal.h>

#include "user/base/syscalls.h"
#include "user/finding/kinds.h"

/* Who began it: one that was caught first and then raised again by the process itself counts as its sender's. */
static const struct sender *real_killer(const struct process *process)
{
	return process->first_killer.at_ns ? &process->first_killer : &process->killer;
}

static bool parent_lives(const struct process *process)
{
	return process->parent && outlived(process->parent, process->killer.at_ns);
}

static enum severity severity_of(const struct process *process)
{
	const struct sender *killer = real_killer(process);

	switch (killer->why) {
	case WHY_PARENT_DEATH:
		return parent_lives(process) ? SEVERITY_WARNING : SEVERITY_INFO;
	case WHY_UNKNOWN:
	case WHY_KERNEL:
	case WHY_CPU_LIMIT:
	case WHY_FILE_LIMIT:
		return SEVERITY_WARNING;
	case WHY_KILL: /* SIGKILL leaves no time to clean up; of an attended daemon it is its parent's business */
		return process->signal == SIGKILL && process->daemon != DAEMON_ATTENDED ? SEVERITY_WARNING
											: SEVERITY_INFO;
	default:
		return SEVERITY_INFO;
	}
}

static const char *advice_for(const struct process *process)
{
	switch (real_killer(process)->why) {
	case WHY_PIPE:
		return "No problem in a pipeline whose reader has read enough; else see why the reader ended early.";
	case WHY_PARENT_DEATH:
		return "PR_SET_PDEATHSIG fires when the thread that forked ends, though its process may live on: fork from a "
		       "thread that stays.";
	case WHY_TERMINAL:
	case WHY_HANGUP:
		return "No problem: that is what the terminal does to its foreground processes.";
	case WHY_TIMER:
		return "Its own timer (alarm, setitimer, timer_create) ran out, and it has no handler for it.";
	case WHY_UNKNOWN:
		return "The sender was not seen: the signal's record was lost, or came before the trace.";
	case WHY_SELF:
		return "It ended itself by a signal: shells and timeout pass on so what ended their child.";
	default:
		return process->signal == SIGKILL
			       ? "SIGKILL cannot be caught: nothing was cleaned up. Look at the sender for a time limit or a watchdog."
			       : "If that was not meant, look at the sender; to end in order, handle the signal.";
	}
}

/* What the same sender had asked for before it came to this, or NULL. */
static const struct sender *earlier_request(const struct process *process)
{
	int kept = process->signal_count < 4 ? process->signal_count : 4;

	for (int i = 0; i < kept; i++) {
		const struct sender *sender = &process->signals[i];

		if (sender->signal != process->signal && sender->pid == process->killer.pid && sender->pid &&
		    sender->at_ns < process->killer.at_ns && (sender->signal == SIGTERM || sender->signal == SIGINT))
			return sender;
	}
	return NULL;
}

static int add_facts(struct finding *finding, const struct process *process)
{
	const struct sender *killer = real_killer(process), *before = earlier_request(process);
	const char *call = syscall_name(killer->call);
	int failed = 0;

	failed |= finding_text(finding, "signal", signal_name(process->signal));
	failed |= finding_text(finding, "why", signal_why_name(killer->why));
	if (killer->pid && killer->why != WHY_SELF) {
		failed |= finding_number(finding, "sender_pid", killer->pid);
		failed |= finding_text(finding, "sender", killer->comm);
		if (killer->uid != process->uid)
			failed |= finding_number(finding, "sender_uid", killer->uid);
	}
	failed |= finding_text_if(finding, "call", killer->why == WHY_KILL || killer->why == WHY_SELF ? call : NULL);
	if (killer != &process->killer)
		failed |= finding_text(finding, "caught", "first, then raised on itself");
	if (before) {
		failed |= finding_text(finding, "asked_before", signal_name(before->signal));
		failed |= finding_number(finding, "given_ns", (long long)(process->killer.at_ns - before->at_ns));
	}
	return failed;
}

static int say(struct finding *finding, const struct process *process)
{
	const struct sender *before = earlier_request(process);
	struct words who = sender_words(real_killer(process));
	struct duration life = duration(process->end_ns - process->birth_ns);

	if (!before)
		return finding_say(finding, "%s was killed after %s: %s from %s", name_of(process).text, life.text,
				   fate_of(process).text, who.text);
	return finding_say(finding, "%s was killed after %s: %s from %s, %s after it was sent %s",
			   name_of(process).text, life.text, fate_of(process).text, who.text,
			   duration(process->killer.at_ns - before->at_ns).text, signal_name(before->signal));
}

static int report(struct findings *findings, const struct process *process)
{
	struct finding *finding = finding_add(findings, "killed-by", severity_of(process), process);
	int failed = 0;

	failed |= say(finding, process);
	failed |= finding_advise(finding, "%s", advice_for(process));
	return failed | add_facts(finding, process);
}

int detect_killed_by(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (process->end == ENDED_KILLED && process->killer.why != WHY_OOM)
			failed |= report(findings, process);
	}
	return failed ? -1 : 0;
}
