/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * orphan-left-behind: alive though the traced command has ended. Told of the head of what was left behind, not of its
 * descendants; not of daemons and theirs, which are meant to stay, nor of one that was seen to end soon after.
 */
#include <signal.h>
#include <stdio.h>

#include "user/finding/kinds.h"

#define GRACE_NS 200000000u

/* Sent SIGKILL, it is only not gone yet. */
static bool is_dying(const struct process *process)
{
	int kept = process->signal_count < 4 ? process->signal_count : 4;

	for (int i = 0; i < kept && process->end == ENDED_NONE; i++)
		if (process->signals[i].signal == SIGKILL)
			return true;
	return false;
}

/* Where the trace ended with the command, one that still runs may be about to end: only those at rest are sure to stay. */
static bool is_sure(const struct process *process, const struct findings *findings, const struct model *model)
{
	enum state state = process->threads->state;

	if (process->end != ENDED_NONE || process->thread_count > 1)
		return true;
	return state == STATE_BLOCKED || state == STATE_STOPPED ||
	       model_stats(model)->finished_ns > findings->ended_ns + GRACE_NS;
}

static bool stayed(const struct findings *findings, const struct process *process)
{
	__u64 limit = findings->ended_ns;

	if (process == findings->command || process->existing || process->birth_ns > limit || is_dying(process))
		return false;
	return outlived(process, process->end == ENDED_NONE ? limit : limit + GRACE_NS);
}

/* Not in the train of another that stayed, and no daemon. */
static bool is_head(const struct findings *findings, const struct process *process)
{
	const struct process *parent = process->real_parent;

	return process->daemon != DAEMON_DETACHED && stayed(findings, process) &&
	       !(parent && parent != process && stayed(findings, parent));
}

static int children_left(const struct findings *findings, const struct process *process)
{
	int count = 0;

	for (int i = 0; i < process->child_count; i++)
		count += stayed(findings, process->children[i]);
	return count;
}

/* Until when it was seen to live. */
static __u64 watched_until(const struct process *process, const struct model *model)
{
	return process->end == ENDED_NONE ? model_stats(model)->finished_ns : process->end_ns;
}

static int add_facts(struct finding *finding, const struct findings *findings, const struct model *model,
		     const struct process *process)
{
	__u64 until = watched_until(process, model);
	int failed = 0;

	failed |= finding_text_if(finding, "exe", program_of(process));
	if (process->parent)
		failed |= finding_text(finding, "born_of", name_of(process->parent).text);
	if (process->orphaned_ns)
		failed |= finding_text(finding, "adopter", adopter_of(process).text);
	if (process->end == ENDED_NONE)
		failed |= finding_text(finding, "now", doing_of(process).text);
	failed |= finding_number(finding, process->end == ENDED_NONE ? "outlived_at_least_ns" : "outlived_ns",
				 (long long)(until - findings->ended_ns));
	failed |= finding_number(finding, "session", process->session);
	failed |= finding_number(finding, "group", process->group);
	if (children_left(findings, process))
		failed |= finding_number(finding, "children_left", children_left(findings, process));
	return failed;
}

/* Its group is only to be killed if it was made within the trace: else it may be that of the shell that runs us. */
static struct words how_to_end(const struct findings *findings, const struct model *model,
			       const struct process *process)
{
	const struct process *leader = model_find_pid(model, process->group);
	__u32 group = leader && !leader->existing ? pid_within(leader, findings->pid_namespace) : 0;
	struct words words;

	if (!group)
		return kill_of(findings, process);
	snprintf(words.text, sizeof(words.text), "kill -- -%u", group);
	return words;
}

static int advise(struct finding *finding, const struct findings *findings, const struct model *model,
		  const struct process *process)
{
	return finding_advise(
		finding,
		"What it holds open (pipes, ports, files) stays open: a reader may wait for ever. Wait for it, or "
		"end it with the command: `%s`, `trap 'kill 0' EXIT` in a shell, PR_SET_PDEATHSIG, "
		"cgroup.kill.",
		how_to_end(findings, model, process).text);
}

static int report(struct findings *findings, const struct model *model, const struct process *process)
{
	bool sure = is_sure(process, findings, model);
	struct finding *finding = finding_add(findings, "orphan-left-behind", sure ? SEVERITY_WARNING : SEVERITY_INFO,
					      process);
	const struct process *command = findings->command;
	__u64 outlived_ns = watched_until(process, model) - findings->ended_ns;
	int failed = 0;

	if (process->end == ENDED_NONE)
		failed |= finding_say(finding, "%s was still alive when the command %s had ended%s",
				      name_of(process).text, name_of(command).text,
				      sure ? "" : "; it was running, perhaps about to end: run with -w to see");
	else
		failed |= finding_say(finding, "%s outlived the command %s by %s", name_of(process).text,
				      name_of(command).text, duration(outlived_ns).text);
	failed |= advise(finding, findings, model, process);
	return failed | add_facts(finding, findings, model, process);
}

/* Whoever stayed counts as a child left. */
bool tells_of_orphan_left_behind(const struct findings *findings, const struct model *model,
				 const struct process *process)
{
	(void)model;
	return findings->command && stayed(findings, process);
}

int detect_orphan_left_behind(const struct model *model, struct findings *findings)
{
	int failed = 0;

	/* A command that lives on left nobody: the trace was ended before it. */
	if (!findings->command || findings->command->end == ENDED_NONE)
		return 0;
	for (int i = 0; i < model_count(model); i++)
		if (is_head(findings, model_process(model, i)))
			failed |= report(findings, model, model_process(model, i));
	return failed ? -1 : 0;
}
