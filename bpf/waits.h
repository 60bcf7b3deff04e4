/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of a task that waits for others: for whom, and what beside them could end its sleep. For those who look for deadlocks:
 * in doubt it may wake. Only snapshot.bpf.c includes it.
 */
#ifndef PROCLIFE_WAITS_H
#define PROCLIFE_WAITS_H

#include "bpf/emit.h"

#define WAIT_P_PID 1 /* include/uapi/linux/wait.h */

/* Signals whose handlers nobody counts on for going on: those by which one from outside has a program end, or job control
 * has it stop and go on; those that a thread brings upon itself; SIGCHLD, of which more is known; and the two that are the
 * C library's own. INT ILL TRAP ABRT BUS FPE KILL SEGV PIPE TERM CHLD CONT STOP TSTP TTIN TTOU XCPU XFSZ SYS 32 33. */
#define SIGNAL_BIT(number) (1ull << ((number)-1))
#define UNLIKELY_SIGNALS                                                                                               \
	(SIGNAL_BIT(2) | SIGNAL_BIT(4) | SIGNAL_BIT(5) | SIGNAL_BIT(6) | SIGNAL_BIT(7) | SIGNAL_BIT(8) |               \
	 SIGNAL_BIT(9) | SIGNAL_BIT(11) | SIGNAL_BIT(13) | SIGNAL_BIT(15) | SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(18) |     \
	 SIGNAL_BIT(19) | SIGNAL_BIT(20) | SIGNAL_BIT(21) | SIGNAL_BIT(22) | SIGNAL_BIT(24) | SIGNAL_BIT(25) |         \
	 SIGNAL_BIT(31) | SIGNAL_BIT(32) | SIGNAL_BIT(33))

static __always_inline bool waits_for_others(__u32 reason)
{
	return reason == REASON_CHILD || reason == REASON_VFORK || reason == REASON_PIPE_READ ||
	       reason == REASON_PIPE_WRITE || reason == REASON_FILE_LOCK;
}

/* kernel/exit.c: whom wait4(pid, …) or waitid(idtype, id, …) waits for, if it is one process. */
static __always_inline __s32 awaited_by(struct task_struct *p, __s32 call)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(p);

	if (call == CALL_wait4)
		return (__s32)ARGUMENT_1(regs) > 0 ? ARGUMENT_1(regs) : 0;
	return call == CALL_waitid && ARGUMENT_1(regs) == WAIT_P_PID ? ARGUMENT_2(regs) : 0;
}

struct handlers {
	struct task_struct *p;
	int found;
};

/* bpf_loop's way: 1 ends the loop. */
static long look_at_handler(__u32 index, struct handlers *handlers)
{
	__u32 number = index + 1;

	if (UNLIKELY_SIGNALS >> (index & 63) & 1 || handler_of(handlers->p, number) <= 1) /* SIG_DFL 0, SIG_IGN 1 */
		return 0;
	handlers->found = 1;
	return 1;
}

static __always_inline bool handles_likely_signals(struct task_struct *p)
{
	struct handlers handlers = {.p = p};

	bpf_loop(64, look_at_handler, &handlers, 0);
	return handlers.found;
}

/* A list is empty when it leads to itself; an hlist, which posix_timers is since 6.13, when it leads nowhere. */
static __always_inline bool has_any(void *list)
{
	void *first = pointer_at(list);

	return first && first != list;
}

/* Of alarm() and setitimer(). A kernel that has neither field is one of which we cannot say: user/source/kernel_facts.c. */
static __always_inline bool real_timer_runs(struct signal_struct *signal)
{
	if (bpf_core_field_exists(signal->real_timer.state))
		return signal->real_timer.state;
	return !bpf_core_field_exists(signal->real_timer.is_queued) || signal->real_timer.is_queued;
}

/* kernel/time/itimer.c and posix-timers.c: may a timer send a signal without action of another process? */
static __always_inline bool has_timer(struct signal_struct *signal)
{
	return real_timer_runs(signal) ||
	       has_any((void *)signal + bpf_core_field_offset(struct signal_struct, posix_timers));
}

/* By ptrace(2): its tracer may meddle with it; it waits for those whom it traces as for children. */
static __always_inline bool traces_or_is_traced(struct task_struct *p)
{
	return p->ptrace || has_any((void *)p + bpf_core_field_offset(struct task_struct, ptraced));
}

static __always_inline bool has_io_uring(struct task_struct *p)
{
	return bpf_core_field_exists(p->io_uring) && READ(p, io_uring);
}

/* It may get children that are not its own by now. */
static __always_inline bool adopts(struct task_struct *p)
{
	struct signal_struct *signal = READ(p, signal);
	struct pid *pid = READ(p, thread_pid);

	return BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper) || number_of(pid, READ(pid, level)) == 1;
}

/* Does its call wait for nothing but what the reason says? splice(2) and its kin have two files; and all but the wait
 * after vfork(2) sleep so that a signal wakes them, else they are at something else just now. */
static __always_inline bool waits_plainly(struct task_struct *p, const struct alive *alive)
{
	if (alive->reason == REASON_VFORK)
		return true;
	if (!(p->__state & TASK_INTERRUPTIBLE))
		return false;
	if (alive->reason == REASON_PIPE_READ)
		return alive->call == CALL_read || alive->call == CALL_readv;
	if (alive->reason == REASON_PIPE_WRITE)
		return alive->call == CALL_write || alive->call == CALL_writev;
	return true;
}

/* Tells whom p, blocked, waits for, and by what else it may wake. */
static __always_inline void fill_wait(struct alive *alive, struct task_struct *p, struct task *task)
{
	if (alive->state != STATE_BLOCKED || !waits_for_others(alive->reason))
		return;
	if (alive->reason == REASON_CHILD)
		alive->awaited = awaited_by(p, alive->call);
	if (handler_of(p, SIGCHLD) > 1)
		alive->flags |= ALIVE_CHILD_WAKES;
	if (woken_since(p, task, ~0ull) > alive->since_ns || !waits_plainly(p, alive) || has_timer(FOLLOW(p, signal)) ||
	    traces_or_is_traced(p) || has_io_uring(p) || handles_likely_signals(p) ||
	    (alive->reason == REASON_CHILD && !alive->awaited && adopts(p)))
		alive->flags |= ALIVE_MAY_WAKE;
}

#endif
