/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What there is to say of each kind of change to somebody who looks at the process that it is about.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/model/model.h"
#include "user/screen/words.h"

static void somebody(struct buffer *out, const struct process *process, __u32 pid)
{
	if (process)
		write_name(out, process->comm, process->pid);
	else
		buffer_printf(out, "pid %u", pid);
}

static void say_birth(struct buffer *out, const struct change *change)
{
	const struct process *process = change->process;

	if (change->thread != process->threads) {
		buffer_printf(out, "thread %u", change->thread->tid);
		return;
	}
	buffer_text(out, birth_kind_name(process->birth));
	if (!process->existing) {
		buffer_text(out, " by ");
		somebody(out, process->parent, process->ppid);
	}
}

static void say_exec(struct buffer *out, const struct change *change)
{
	const struct execution *exec = change->exec.exec;

	if (exec->exe)
		escape_terminal(out, exec->exe, strlen(exec->exe));
	for (__u32 i = 1; i < exec->argc; i++) {
		buffer_char(out, ' ');
		escape_terminal(out, exec->argv[i], strlen(exec->argv[i]));
	}
}

static void say_end(struct buffer *out, const struct change *change)
{
	if (change->thread != change->process->threads)
		buffer_printf(out, "thread %u", change->thread->tid);
	else
		write_fate(out, change->process);
}

static void say_zombie(struct buffer *out, const struct change *change)
{
	buffer_text(out, "until reaped by ");
	write_parent(out, change->process);
}

static void say_reap(struct buffer *out, const struct change *change)
{
	const struct process *process = change->process;

	if (process->reap_auto) {
		buffer_text(out, "by itself: its parent ignores SIGCHLD");
		return;
	}
	buffer_text(out, "by ");
	somebody(out, process->reaper, process->reaper_pid);
}

static void say_orphan(struct buffer *out, const struct change *change)
{
	buffer_text(out, "of ");
	if (change->orphan.from_pid)
		somebody(out, change->orphan.from, change->orphan.from_pid);
	else
		buffer_text(out, "somebody before we came");
	buffer_printf(out, ", adopted by pid %u (%s)", change->process->adopter_pid,
		      change->process->adopter_is_init ? "init" : "subreaper");
}

static void say_signal(struct buffer *out, const struct change *change)
{
	const struct sender *sender = change->signal;

	buffer_printf(out, "%s from ", signal_name(sender->signal));
	if (sender->pid)
		write_name(out, sender->comm, sender->pid);
	else
		buffer_text(out, "the kernel");
	buffer_printf(out, " (%s)%s", signal_why_name(sender->why),
		      sender->handled	? ", handled"
		      : sender->ignored ? ", ignored"
					: "");
}

static void say_rename(struct buffer *out, const struct change *change)
{
	escape_terminal(out, change->rename.old, strlen(change->rename.old));
	buffer_text(out, " → ");
	escape_terminal(out, change->thread->comm, strlen(change->thread->comm));
}

static void say_session(struct buffer *out, const struct change *change)
{
	buffer_printf(out, "session %u → %u, group %u → %u", change->session.old_session, change->process->session,
		      change->session.old_group, change->process->group);
}

static void say_user(struct buffer *out, const struct change *change)
{
	buffer_printf(out, "uid %u → %u", change->user.old_uid, change->process->uid);
}

static void say_tracer(struct buffer *out, const struct change *change)
{
	if (change->process->tracer_pid)
		buffer_printf(out, "traced by pid %u", change->process->tracer_pid);
	else
		buffer_text(out, "no longer traced");
}

static void say_daemon(struct buffer *out, const struct change *change)
{
	buffer_text(out, daemon_kind_name(change->process->daemon));
}

static void say_deadlock(struct buffer *out, const struct change *change)
{
	const struct deadlock *deadlock = change->deadlock;

	for (int i = 0; i < deadlock->count; i++) {
		buffer_text(out, i ? " waits for " : "");
		somebody(out, deadlock->circle[i].process, 0);
	}
	buffer_text(out, " waits for the first");
}

void write_change(struct buffer *out, const struct change *change)
{
	static void (*const words[CHANGE_COUNT])(struct buffer *, const struct change *) = {
		[CHANGE_BIRTH] = say_birth,	  [CHANGE_EXEC] = say_exec,	  [CHANGE_END] = say_end,
		[CHANGE_ZOMBIE] = say_zombie,	  [CHANGE_REAP] = say_reap,	  [CHANGE_ORPHAN] = say_orphan,
		[CHANGE_RENAME] = say_rename,	  [CHANGE_SESSION] = say_session, [CHANGE_USER] = say_user,
		[CHANGE_TRACER] = say_tracer,	  [CHANGE_SIGNAL] = say_signal,	  [CHANGE_DAEMON] = say_daemon,
		[CHANGE_DEADLOCK] = say_deadlock,
	};

	if (words[change->kind])
		words[change->kind](out, change);
}

enum look look_of_change(const struct change *change)
{
	static const enum look looks[CHANGE_COUNT] = {
		[CHANGE_BIRTH] = LOOK_GOOD,   [CHANGE_EXEC] = LOOK_BLOCKED, [CHANGE_ZOMBIE] = LOOK_ZOMBIE,
		[CHANGE_ORPHAN] = LOOK_ODD,   [CHANGE_DAEMON] = LOOK_ODD,   [CHANGE_SIGNAL] = LOOK_STOPPED,
		[CHANGE_DEADLOCK] = LOOK_BAD,
	};

	if (change->kind != CHANGE_END)
		return looks[change->kind];
	return change->process->end == ENDED_NORMAL ? LOOK_GOOD : LOOK_BAD;
}
