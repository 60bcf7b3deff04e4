/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * birth: how processes come to be; always by a call of one that is there already.
 */
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

static enum verdict was_there_before(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *root = root_of(lab);

	(void)expectation;
	if (!root)
		return false;
	say(observed, _("the program was born of pid %u, which nobody saw being born"), root->ppid);
	return root->ppid && !root->parent;
}

static enum verdict is_born_by(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("by %s, of pid %u"), birth_kind_name(process->birth), process->ppid);
	return (long long)process->birth == expectation->number && process->parent == root_of(lab);
}

/* The shells: one at a terminal, one without. Both lead a session that is not the program's. */
static const struct process *shell(const struct lab *lab, bool at_terminal)
{
	const struct process *process;

	for (int i = 0; (process = process_nth(lab, "sh", i)); i++)
		if (!!process->tty == at_terminal && process->parent == root_of(lab))
			return process;
	return NULL;
}

static enum verdict shell_at_terminal(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	const struct process *process = shell(lab, true);

	(void)expectation;
	if (!process) {
		say(observed, _("no shell with a terminal"));
		return false;
	}
	say(observed, _("sh[%u] leads session %u, on terminal %u:%u"), process->pid, process->session,
	    process->tty >> 20, process->tty & 0xfffff);
	return process->session == process->pid;
}

/* Job control: what is typed gets a process group of its own, which the shell makes the terminal's foreground group. */
static enum verdict command_in_group(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *process = shell(lab, true);
	const struct process *command = process && process->child_count ? process->children[0] : NULL;

	(void)expectation;
	if (!command) {
		say(observed, _("nothing was started from a terminal"));
		return false;
	}
	say(observed, _("%s[%u]: group %u, session %u, the shell's terminal"), command->comm, command->pid,
	    command->group, command->session);
	return command->group == command->pid && command->session == process->session && command->tty == process->tty;
}

static enum verdict shell_without_terminal(const struct lab *lab, const struct expectation *expectation,
					   struct buffer *observed)
{
	const struct process *process = shell(lab, false);

	(void)expectation;
	if (!process) {
		say(observed, _("no shell without a terminal"));
		return false;
	}
	say(observed, _("sh[%u]: session %u, no terminal; it started %d"), process->pid, process->session,
	    process->child_count);
	return process->session == process->pid && process->child_count > 0;
}

static enum verdict all_born_by_a_call(const struct lab *lab, const struct expectation *expectation,
				       struct buffer *observed)
{
	int called = 0, count = model_count(lab->model);

	(void)expectation;
	for (int i = 0; i < count; i++)
		called += model_process(lab->model, i)->birth_call >= 0 && model_process(lab->model, i)->ppid;
	say(observed, _("%d of %d were born in a system call of their parent"), called, count);
	return called == count && count;
}

static const struct expectation expectations[] = {
	{N_("some are there already: started by the system, before anybody looked"), was_there_before, NULL, NULL, 0},
	{N_("a running process forks"), is_born_by, "by-fork", NULL, BIRTH_FORK},
	{N_("or it vforks: the child borrows its memory"), is_born_by, "by-vfork", NULL, BIRTH_VFORK},
	{N_("or it spawns: vfork and exec in one"), is_born_by, "true", NULL, BIRTH_SPAWN},
	{N_("or it clones, and says what is shared"), is_born_by, "by-clone", NULL, BIRTH_CLONE},
	{N_("a person asks: a shell leads a session on a terminal"), shell_at_terminal, NULL, NULL, 0},
	{N_("what is typed runs in a process group of its own"), command_in_group, NULL, NULL, 0},
	{N_("a batch job: a shell without any terminal"), shell_without_terminal, NULL, NULL, 0},
	{N_("each was born by a call of a process that was there"), all_born_by_a_call, NULL, NULL, 0},
	{0}};

static bool who_is_blocked(const struct lab *lab, struct accepted *accepted)
{
	const struct process *root = root_of(lab);

	if (!root)
		return false;
	accepted->choices = blocked_for(root, REASON_VFORK) ? 2 : 0;
	return true;
}

static bool who_makes_processes(const struct lab *lab, struct accepted *accepted)
{
	for (int i = 0; i < model_count(lab->model); i++)
		if (!model_process(lab->model, i)->ppid)
			return false;
	accepted->choices = 1;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Which call keeps the parent blocked until its child executes another program or ends?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"fork", "vfork", "clone"},
	 .answer = who_is_blocked,
	 .because = N_(
		 "After vfork both use the same memory, so only one of them may run. posix_spawn does it that way.")},
	{.ask = N_("Somebody types a command. Who makes the process?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("a process, by a system call"), N_("the kernel, by itself"), N_("the terminal")},
	 .answer = who_makes_processes,
	 .because =
		 N_("The shell reads the line and forks. Every process but the first has a parent that asked for it.")},
	{0}};

const struct demo demo_birth = {
	.name = "birth",
	.chapter = N_("Creation and identity"),
	.title = N_("Four ways to come to be, and one call"),
	.idea = N_(
		"At boot, by a running process, at a person's request, as a batch job: it is always a process that calls."),
	.happens = N_("The program makes children by fork, vfork, posix_spawn and clone.\n"
		      "It plays a person at a terminal: a shell, a command, exit.\n"
		      "It runs a batch job: a shell without a terminal."),
	.broken = N_("the terminal of the person's shell"),
	.learned = N_(
		"`ps -o pid,ppid,pgid,sid,tty,comm` shows the same five numbers. Where a process came from is in ppid, as "
		"long as its parent lives."),
	.calls = "fork(2), vfork(2), posix_spawn(3), clone(2), setsid(2), pty(7), credentials(7)",
	.expectations = expectations,
	.questions = questions,
};
