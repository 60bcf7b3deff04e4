/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How the oracle's processes end, are killed and are waited for.
 */
#ifndef PROCLIFE_ORACLE_ENDS_H
#define PROCLIFE_ORACLE_ENDS_H

#include "tests/oracle/births.h"

static inline void kill_one(struct node *victim)
{
	await(&victim->ready, 1);
	victim->killer_pid = getpid();
	victim->leaving = now_ns();
	if (victim->kill_call == 0)
		kill(victim->pid, victim->signal);
	else if (victim->kill_call == 1)
		syscall(SYS_tgkill, victim->pid, victim->pid, victim->signal);
	else
		syscall(SYS_pidfd_send_signal, open_pidfd(victim->pid), victim->signal, NULL, 0);
}

static inline void note_reap(struct node *child, struct bracket reaped)
{
	child->reaped = reaped;
	child->reaper = getpid();
}

static inline void *wait_plainly(void *data)
{
	struct task *task = data;
	struct bracket reaped;

	reap_at(task->child->pid, &reaped);
	note_reap(task->child, reaped);
	return NULL;
}

static inline void wait_by_id(struct node *child, idtype_t kind, id_t id, int options)
{
	struct bracket reaped;
	siginfo_t info;

	do {
		info.si_pid = 0;
		reaped.from = now_ns();
		if (waitid(kind, id, &info, WEXITED | options))
			die("waitid");
	} while (!info.si_pid);
	reaped.to = now_ns();
	note_reap(child, reaped);
}

static inline void wait_for(struct self *self, struct node *child)
{
	struct task task = {.self = self, .child = child};

	switch (child->wait) {
	case WAIT_ID:
		wait_by_id(child, P_PID, child->pid, 0);
		break;
	case WAIT_PIDFD:
		wait_by_id(child, P_PIDFD, open_pidfd(child->pid), 0);
		break;
	case WAIT_POLL:
		wait_by_id(child, P_PID, child->pid, WNOHANG);
		break;
	case WAIT_IN_THREAD:
		run_thread(self, wait_plainly, &task, false);
		break;
	case LEAVE_ZOMBIE:
		await_end(child->pid);
		break;
	case LEAVE_ALIVE:
		break;
	case WAIT_AFTER_LOOK:
		await_end(child->pid);
		/* fall through */
	default:
		wait_plainly(&task);
	}
}

/*
 * With SIGCHLD ignored a wait only tells that no child is left: those that take their leave are not counted any more
 * (EXIT_DEAD in kernel/exit.c). One is gone when its pid is, which it gives back under the lock that waits take, too.
 */
static inline void wait_until_gone(struct self *self)
{
	while (waitpid(-1, NULL, 0) > 0)
		;
	for (int i = 0; i < self->node->child_count; i++) {
		struct node *child = &self->plan->nodes[self->node->children[i]];

		while (!kill(child->pid, 0))
			sched_yield();
		waitpid(-1, NULL, WNOHANG);
		child->reaped = (struct bracket){child->leaving, now_ns()};
	}
}

/* Reaps one child, whoever's it was at birth. A look first tells who it is while its pid is still its own. */
static inline struct node *reap_any(struct shared_plan *plan)
{
	struct bracket reaped;
	struct node *node;
	siginfo_t info;

	if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT))
		return NULL;
	node = &plan->nodes[plan->node_of[info.si_pid] - 1];
	if (node->pid != info.si_pid)
		die("a child that nobody knows");
	reap_at(info.si_pid, &reaped);
	note_reap(node, reaped);
	return node;
}

static inline void *leave_in_thread(void *data)
{
	struct node *node = data;

	node->leaving = now_ns();
	_exit(node->code);
}

static inline void outlive_parent(struct node *node, pid_t parent)
{
	for (;;) {
		ns_t now = now_ns();

		if (getppid() != parent)
			break;
		node->last_seen_parent = now;
		sched_yield();
	}
	node->adopter = getppid();
}

static inline _Noreturn void end(struct self *self)
{
	struct node *node = self->node;

	node->leaving = now_ns();
	switch (node->end) {
	case END_RAISE:
		raise(node->signal);
		break;
	case END_ABORT:
		abort();
	case END_FAULT:
		*(volatile int *)16 = 1;
		break;
	case END_KILLED:
		atomic_store(&node->ready, 1);
		stay(NULL);
		break;
	case END_CODE_BY_THREAD:
		run_thread(self, leave_in_thread, node, true);
		stay(NULL);
		break;
	default:
		break;
	}
	_exit(node->code);
}

#endif
