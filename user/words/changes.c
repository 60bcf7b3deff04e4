/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What there is to say of each kind of change; see changes.h.
 */
#include <string.h>

#include "user/base/duration.h"
#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/base/syscalls.h"
#include "user/words/changes.h"
#include "user/words/fates.h"
#include "user/words/names.h"
#include "user/words/spent.h"

struct say {
	struct buffer *out;
	const struct change *change;
	const struct process *process;
	struct cgroups *cgroups;
};

/* Where it lives, if that is not where everybody does. */
static void say_place(const struct say *say)
{
	const char *path = cgroups_path(say->cgroups, say->process->cgroup);
	char container[80];

	if (say->process->pid_namespace)
		buffer_printf(say->out, ", pid %u in namespace %u", say->process->ns_pid, say->process->pid_namespace);
	if (!path || !strcmp(path, "/"))
		return;
	if (cgroups_container(path, container, sizeof(container))) {
		buffer_text(say->out, ", container ");
		escape_terminal(say->out, container, strlen(container));
	}
	buffer_text(say->out, ", cgroup ");
	escape_terminal(say->out, path, strlen(path));
}

static void say_birth(const struct say *say)
{
	const struct thread *thread = say->change->thread;
	bool is_known = say->process->birth_seen || say->process->existing; /* else it was lost */

	if (thread != say->process->threads) {
		buffer_printf(say->out, "thread of %u", say->process->pid);
		return;
	}
	buffer_text(say->out, is_known ? birth_kind_name(say->process->birth) : "unseen, child");
	if (!say->process->existing) {
		buffer_text(say->out, is_known ? " by " : " of ");
		process_words(say->out, say->process->parent, say->process->ppid);
	}
	say_place(say);
}

static void say_exec(const struct say *say)
{
	const struct execution *exec = say->change->exec.exec;

	if (exec->exe)
		escape_terminal(say->out, exec->exe, strlen(exec->exe));
	for (__u32 i = 1; i < exec->argc; i++) {
		buffer_char(say->out, ' ');
		argument_words(say->out, exec->argv[i]);
	}
	if (exec->argv_cut)
		buffer_text(say->out, " …");
}

static void say_end(const struct say *say)
{
	const struct thread *thread = say->change->thread;

	if (thread != say->process->threads) {
		buffer_printf(say->out, "thread of %u, after %s", say->process->pid,
			      duration(say->change->at_ns - thread->birth_ns).text);
		spent_words(say->out, thread);
		return;
	}
	fate_words(say->out, say->process);
	if (say->change->at_ns > say->process->birth_ns)
		buffer_printf(say->out, " after %s", duration(say->change->at_ns - say->process->birth_ns).text);
	spent_words(say->out, thread);
}

static void say_zombie(const struct say *say)
{
	const struct process *process = say->process;

	fate_words(say->out, process);
	buffer_text(say->out, "; not reaped by ");
	process_words(say->out, process->real_parent, process->real_ppid);
	if (process->ended_before)
		buffer_text(say->out, " since before we came");
	else if (say->change->at_ns > process->end_ns)
		buffer_printf(say->out, " for %s", duration(say->change->at_ns - process->end_ns).text);
}

static void say_reap(const struct say *say)
{
	const struct process *process = say->process;

	if (process->reap_auto) {
		buffer_text(say->out, "by itself: its parent ignores SIGCHLD");
		return;
	}
	buffer_text(say->out, "by ");
	if (process->reaper_pid)
		process_words(say->out, process->reaper, process->reaper_pid);
	else
		buffer_text(say->out, "?");
	if (process->zombie_ns != UNKNOWN_NS)
		buffer_printf(say->out, ", a zombie for %s%s", process->reap_bound ? "at most " : "",
			      duration(process->zombie_ns).text);
}

static void say_orphan(const struct say *say)
{
	const struct process *process = say->process;

	buffer_text(say->out, "of ");
	if (say->change->orphan.from_pid)
		process_words(say->out, say->change->orphan.from, say->change->orphan.from_pid);
	else
		buffer_text(say->out, "somebody before we came");
	buffer_printf(say->out, ", adopted by pid %u (%s)", process->adopter_pid,
		      process->adopter_is_init ? "init" : "subreaper");
}

static void say_daemon(const struct say *say)
{
	buffer_text(say->out, daemon_kind_name(say->process->daemon));
	if (say->process->daemon == DAEMON_DETACHED)
		buffer_printf(say->out, ", session %u, no terminal", say->process->session);
}

static void say_rename(const struct say *say)
{
	buffer_text(say->out, "was ");
	escape_terminal(say->out, say->change->rename.old, strlen(say->change->rename.old));
}

static void say_session(const struct say *say)
{
	buffer_printf(say->out, "session %u → %u, group %u → %u", say->change->session.old_session,
		      say->process->session, say->change->session.old_group, say->process->group);
	if (say->change->session.old_tty && !say->process->tty)
		buffer_text(say->out, ", no terminal any more");
}

static void say_user(const struct say *say)
{
	buffer_printf(say->out, "uid %u → %u", say->change->user.old_uid, say->process->uid);
}

static void say_tracer(const struct say *say)
{
	if (say->process->tracer_pid)
		buffer_printf(say->out, "traced by pid %u", say->process->tracer_pid);
	else
		buffer_printf(say->out, "no longer traced by pid %u", say->change->tracer.old_tracer);
}

static void say_signal(const struct say *say)
{
	const struct sender *sender = say->change->signal;

	buffer_printf(say->out, "%s from ", signal_name(sender->signal));
	if (sender->pid)
		name_words(say->out, sender->comm, sender->pid);
	else
		buffer_text(say->out, "the kernel");
	buffer_printf(say->out, " (%s)%s", signal_why_name(sender->why),
		      sender->handled	? ", handled"
		      : sender->ignored ? ", ignored"
					: "");
}

static void say_state(const struct say *say)
{
	const struct span *span = &say->change->state;

	buffer_printf(say->out, "%s for %s", state_name(span->state), duration(span->to_ns - span->from_ns).text);
	if (span->state == STATE_BLOCKED) {
		buffer_text(say->out, " on ");
		reason_text(say->out, span->reason, span->call);
	}
}

static void say_wake(const struct say *say)
{
	if (say->change->wake.irq) {
		buffer_text(say->out, "by an interrupt");
		return;
	}
	buffer_text(say->out, "by ");
	process_words(say->out, say->change->wake.waker, say->change->wake.pid);
}

static void say_deadlock(const struct say *say)
{
	const struct deadlock *deadlock = say->change->deadlock;

	for (int i = 0; i < deadlock->count; i++) {
		const char *link = i + 1 < deadlock->count ? "" : deadlock->count > 1 ? "the first" : "itself";

		process_words(say->out, deadlock->circle[i].process, 0);
		buffer_printf(say->out, " (%s) waits for %s", reason_name(deadlock->circle[i].reason), link);
	}
}

static void say_lost(const struct say *say)
{
	buffer_printf(say->out, "%llu lifecycle events, %llu of the timeline so far", say->change->lost.lifecycle,
		      say->change->lost.timeline);
}

void change_words(struct buffer *out, const struct change *change, struct cgroups *cgroups)
{
	static void (*const words[CHANGE_COUNT])(const struct say *) = {
		[CHANGE_BIRTH] = say_birth,   [CHANGE_EXEC] = say_exec,	      [CHANGE_END] = say_end,
		[CHANGE_ZOMBIE] = say_zombie, [CHANGE_REAP] = say_reap,	      [CHANGE_ORPHAN] = say_orphan,
		[CHANGE_RENAME] = say_rename, [CHANGE_SESSION] = say_session, [CHANGE_USER] = say_user,
		[CHANGE_TRACER] = say_tracer, [CHANGE_SIGNAL] = say_signal,   [CHANGE_DAEMON] = say_daemon,
		[CHANGE_STATE] = say_state,   [CHANGE_WAKE] = say_wake,	      [CHANGE_DEADLOCK] = say_deadlock,
		[CHANGE_LOST] = say_lost,
	};
	struct say say = {out, change, change->process, cgroups};

	words[change->kind](&say);
}
