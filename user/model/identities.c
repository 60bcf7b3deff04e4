/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Changes of name, session, user and tracer. Each thread notices for itself: what the process already is called or
 * belongs to is not told again.
 */
#include "user/model/internal.h"

int take_rename(struct model *model, struct subject subject, const struct rename_to *rename)
{
	struct process *process = subject.process;
	struct thread *thread = thread_of(model, process, subject.head->tid, 0);
	struct change change;
	char old[COMM_LEN + 1];

	if (!thread)
		return -1;
	memcpy(old, thread->comm, sizeof(old));
	copy_comm(thread->comm, rename->comm);
	if (!strcmp(old, thread->comm))
		return 0;
	if (thread == process->threads)
		memcpy(process->comm, thread->comm, sizeof(process->comm));
	change = change_of(CHANGE_RENAME, subject.head->at_ns, process, thread);
	change.rename.old = old;
	tell(model, change);
	return 0;
}

void session_noticed(struct model *model, struct process *process, struct thread *thread, __u64 at_ns,
		     struct session now)
{
	struct change change = change_of(CHANGE_SESSION, at_ns, process, thread);

	if (now.session == SESSION_UNKNOWN ||
	    (process->session == now.session && process->group == now.group && process->tty == now.tty))
		return;
	change.session.old_session = process->session;
	change.session.old_group = process->group;
	change.session.old_tty = process->tty;
	process->session = now.session;
	process->group = now.group;
	process->tty = now.tty;
	if (process->birth_seen || tracked_of(process)->met)
		tell(model, change);
	daemon_consider(model, process, at_ns);
}

int take_session(struct model *model, struct subject subject, const struct session *session)
{
	struct process *process = subject.process;

	tracked_of(process)->met = true;
	session_noticed(model, process, thread_known(model, process, subject.head->tid), subject.head->at_ns, *session);
	return 0;
}

void user_noticed(struct model *model, struct process *process, struct thread *thread, __u64 at_ns, __u32 uid)
{
	struct change change = change_of(CHANGE_USER, at_ns, process, thread);

	if (process->uid == uid)
		return;
	change.user.old_uid = process->uid;
	process->uid = uid;
	if (process->birth_seen || tracked_of(process)->met)
		tell(model, change);
}

int take_user(struct model *model, struct subject subject, const struct user *user)
{
	struct process *process = subject.process;

	tracked_of(process)->met = true;
	user_noticed(model, process, thread_known(model, process, subject.head->tid), subject.head->at_ns, user->uid);
	return 0;
}

int take_tracer(struct model *model, struct subject subject, const struct tracer *tracer)
{
	struct process *process = subject.process;
	struct change change = change_of(CHANGE_TRACER, subject.head->at_ns, process,
					 thread_known(model, process, subject.head->tid));

	if (process->tracer_pid == tracer->tracer_pid)
		return 0;
	change.tracer.old_tracer = process->tracer_pid;
	process->tracer_pid = tracer->tracer_pid;
	tell(model, change);
	return 0;
}
