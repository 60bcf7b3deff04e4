/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * crashed: a process ended by its own fault. A SIGSEGV that somebody sent with kill is no crash: see killed-by.
 */
#include <signal.h>

#include "user/finding/kinds.h"

static const char *meaning(const struct process *process)
{
	if (process->killer.why == WHY_SELF && process->signal != SIGABRT)
		return "it sent the signal to itself (raise, kill)";
	switch (process->signal) {
	case SIGSEGV:
		return "it touched memory that is not its own (a NULL or stale pointer, a stack without end)";
	case SIGBUS:
		return "it touched memory that has nothing behind it (a file cut short under a mapping, misalignment)";
	case SIGFPE:
		return "it divided an integer by zero, or overflowed a division";
	case SIGILL:
		return "it ran what is no instruction of this machine";
	case SIGABRT:
		return "it gave up: abort(), a failed assert, an uncaught exception, a broken heap";
	case SIGSYS:
		return "it made a system call that its seccomp filter forbids";
	default:
		return "it ran into a trap";
	}
}

static int advise(struct finding *finding, const struct process *process)
{
	if (process->core)
		return finding_advise(
			finding, "Open the core where it stopped: coredumpctl gdb %u, or gdb PROGRAM CORE, then bt.",
			process->pid);
	return finding_advise(finding,
			      "No core was written: allow one with `ulimit -c unlimited` and run it again, or run it "
			      "under gdb or with -fsanitize=address.");
}

static int report(struct findings *findings, const struct process *process)
{
	struct finding *finding = finding_add(findings, "crashed", SEVERITY_ERROR, process);
	const char *name = signal_name(process->signal);
	int failed = 0;

	failed |= finding_say(finding, "%s crashed after %s with %s: %s", name_of(process).text,
			      duration(process->end_ns - process->birth_ns).text, name, meaning(process));
	failed |= advise(finding, process);
	failed |= finding_text(finding, "signal", name);
	failed |= finding_text(finding, "core", process->core ? "dumped" : "not dumped");
	failed |= finding_text_if(finding, "exe", program_of(process));
	if (process->parent)
		failed |= finding_text(finding, "parent", name_of(process->parent).text);
	return failed;
}

int detect_crashed(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_count(model); i++)
		if (model_process(model, i)->end == ENDED_FATAL)
			failed |= report(findings, model_process(model, i));
	return failed ? -1 : 0;
}
