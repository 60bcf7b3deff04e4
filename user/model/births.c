/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Births of processes and threads. A process may have been heard of before its birth was: the birth then fills in what
 * was missing.
 */
#include <linux/sched.h>
#include <signal.h>

#include "user/model/internal.h"

/* What fork(3) of any C library may ask for beside a signal: where ids are written, and what only concerns those who watch. */
#define FORK_FLAGS                                                                                                     \
	(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | CLONE_PIDFD | CLONE_DETACHED |              \
	 CLONE_UNTRACED | CLONE_PTRACE | CSIGNAL)

static enum birth_kind kind_of(__u64 flags, int exit_signal)
{
	if (flags & CLONE_VFORK && flags & CLONE_VM)
		return BIRTH_VFORK;
	if (!(flags & ~(__u64)FORK_FLAGS) && exit_signal == SIGCHLD)
		return BIRTH_FORK;
	return BIRTH_CLONE;
}

/* With CLONE_PARENT the caller is a sibling. Its birth was heard of before it can have called. */
static struct process *maker_of(const struct model *model, const struct process *born, __u32 by_tid)
{
	struct process *leader = model_find_pid(model, by_tid);

	if (leader && leader->end == ENDED_NONE && leader != born)
		return leader;
	for (struct tracked *tracked = model->living; tracked; tracked = tracked->living_next)
		if (thread_known(model, &tracked->process, by_tid))
			return &tracked->process;
	return NULL;
}

static int process_born(struct model *model, struct process *process, const struct birth *birth)
{
	if (process->birth_seen)
		return 0;
	process->birth_seen = true;
	process->existing = false;
	process->clone_flags = birth->clone_flags;
	process->exit_signal = birth->exit_signal;
	process->birth_call = birth->call;
	if (birth->clone_flags & CLONE_PARENT)
		process->maker = maker_of(model, process, birth->by_tid);
	process->birth = kind_of(birth->clone_flags, birth->exit_signal);
	process->ns_pid = birth->ns_pid;
	process->ns_level = birth->ns_level;
	process->uid = birth->uid;
	process->session = birth->session;
	process->group = birth->group;
	process->tty = birth->tty;
	process->cgroup = birth->cgroup;
	process->pid_namespace = birth->pid_namespace;
	model->stats.births++;
	if (process->parent || process->ppid)
		return 0;
	return family_born(model, process, birth->parent_pid, birth->parent_start_ns);
}

int take_birth(struct model *model, struct subject subject, const struct birth *birth)
{
	struct process *process = subject.process;
	struct thread *thread = thread_of(model, process, subject.head->tid, birth->task_start_ns);
	bool leader = subject.head->tid == subject.head->pid;
	__u64 listed_ns = subject.head->at_ns + 1000ull * birth->listed_after_us;
	int result = 0;

	if (!thread)
		return -1;
	if (thread->by_tid || (leader && process->birth_seen))
		return 0; /* told twice */
	thread->by_tid = birth->by_tid;
	if (!thread->heard_ns)
		copy_comm(thread->comm, birth->comm);
	if (leader) {
		memcpy(process->comm, thread->comm, sizeof(process->comm));
		result = process_born(model, process, birth);
	} else {
		model->stats.thread_births++;
	}
	if (listed_ns > thread->heard_ns)
		thread->heard_ns = listed_ns;
	tell(model, change_of(CHANGE_BIRTH, subject.head->at_ns, process, thread));
	return result;
}
