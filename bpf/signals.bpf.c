// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals to traced tasks: who sent them, and what the target would do. SIGCHLD at a child's end is told as part of
 * that end: it is the moment when the process becomes a zombie.
 */
#include "bpf/bound.h"
#include "bpf/interrupt.h"
#include "bpf/preempted.h"

#define SIGSTOP 19
#define SI_KERNEL 0x80
#define SEND_SIG_PRIV 1 /* include/linux/sched/signal.h: NULL is "no information", 1 "from the kernel" */

/* Sets of signals as bits: asked for one by one, the verifier would follow each answer to the end. */
#define BIT(number) (1ull << (number))
#define FAULTS (BIT(4) | BIT(5) | BIT(7) | BIT(8) | BIT(11) | BIT(31)) /* SIGILL, TRAP, BUS, FPE, SEGV, SYS */
#define REQUESTS (BIT(1) | BIT(2) | BIT(3) | BIT(6) | BIT(15))	       /* SIGHUP, INT, QUIT, ABRT, TERM */
#define UNCAUGHT (BIT(SIGKILL) | BIT(SIGSTOP))

static __always_inline bool is_among(__u64 set, int number)
{
	return set >> (number & 63) & 1;
}

/* The same value, of which the verifier knows nothing: it need not follow each way by which it came about. */
static __always_inline __u64 any(__u64 *room, __u64 value)
{
	*(volatile __u64 *)room = value;
	return *(volatile __u64 *)room;
}

static __always_inline __s32 code_of(struct kernel_siginfo *info)
{
	if ((__u64)info == SEND_SIG_PRIV)
		return SI_KERNEL;
	return info ? READ(info, si_code) : 0;
}

/* kernel/signal.c, do_notify_parent(): current, ending, tells about itself. It may also hand on zombies it leaves. */
static __always_inline bool tells_own_end(int number, struct kernel_siginfo *info, __s32 code,
					  struct task_struct *current, struct task_struct *to)
{
	struct task_struct *leader = FOLLOW(current, group_leader);
	__s32 about = 0;

	if (!(current->flags & PF_EXITING) || (__u64)info <= SEND_SIG_PRIV || code < 1 || code > 3)
		return false;
	if (number != SIGCHLD && (__u32)number != leader->exit_signal)
		return false;
	/* _sigchld._pid follows the three ints and the alignment of the union (include/uapi/asm-generic/siginfo.h) */
	bpf_probe_read_kernel(&about, sizeof(about), (void *)info + 16);
	return about == (__s32)number_of(FOLLOW(leader, thread_pid), FOLLOW(to, thread_pid, level));
}

static __always_inline __u32 disposition(struct task_struct *p, int number)
{
	__u64 handler = handler_of(p, number);
	__u32 flags = 0;

	if (handler == SIG_IGN)
		flags |= SIGNAL_IGNORED;
	else if (handler != SIG_DFL && !is_among(UNCAUGHT, number))
		flags |= SIGNAL_HANDLED;
	if (p->blocked.sig[0] & (1ull << ((number - 1) & 63)))
		flags |= SIGNAL_BLOCKED;
	return flags;
}

static __always_inline __u32 sender_flags(struct task_struct *current, struct task_struct *p, int number)
{
	__u32 flags = 0;

	if (current->flags & PF_EXITING) {
		flags |= SIGNAL_EXITING;
		if (p->pdeath_signal == (__u32)number && FOLLOW(p, real_parent) != current)
			flags |= SIGNAL_PARENT_DEATH;
	}
	return flags;
}

/* What a task brings upon itself by an exception, which looks like an interrupt: SIGILL, TRAP, BUS, FPE, SEGV, SYS. */
static __always_inline bool is_fault(int number)
{
	return is_among(FAULTS, number);
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

/* Room for in_interrupt() and any(): this CPU's, for signals are sent with interrupts disabled. */
static __always_inline __u64 *mark_of_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&marks, &zero);
}

/* Signals that somebody may send to end a program, and that it may catch to end in its own way. */
static __always_inline bool asks_to_end(int number)
{
	return is_among(REQUESTS, number);
}

/* A program's own chatter: told once, or, where nothing is remembered, never. */
static __always_inline bool is_chatter(struct task *task, struct task_struct *sender, __u32 flags, int number)
{
	__u64 key = ((__u64)(__u32)sender->pid << 32) | ((__u64)flags << 8) | (number & 0xff);
	bool again;

	if (!(flags & (SIGNAL_HANDLED | SIGNAL_IGNORED)))
		return false;
	if (!task)
		return !asks_to_end(number);
	again = task->last_signal == key;
	task->last_signal = key;
	return again;
}

/* A frame of its own: the record of an end, on the other way through the probe, needs the stack as well. */
static __noinline void send_signal(struct task_struct *p, int number, __s32 code, __u32 flags, int result)
{
	struct task_struct *current = bpf_get_current_task_btf();
	RECORD(SIGNAL, struct signal, signal, p, bpf_ktime_get_boot_ns());

	signal->number = number;
	signal->code = code;
	signal->flags = flags;
	signal->result = result;
	signal->call = -1;
	if (!(flags & SIGNAL_IRQ)) {
		signal->sender_start_ns = FOLLOW(current, group_leader, start_boottime);
		signal->sender_pid = current->tgid;
		signal->sender_tid = current->pid;
		signal->call = call_of(current);
		signal->sender_uid = FOLLOW(current, real_cred, uid.val);
		bpf_probe_read_kernel(signal->sender_comm, sizeof(signal->sender_comm), current->comm);
	}
	SEND(lifecycle, signal);
}

static __always_inline void tell_end(struct task_struct *p, struct task_struct *parent, int result)
{
	struct task *task = task_of(p);

	if (!task && follow_all && !with_states)
		task = stand_in(p, STAND_IN_NOTICE);
	if (task && !reaps_are_bounds())
		make_up_exit(p, task);
	if (task)
		task->flags |= TASK_LAST; /* whichever thread was the last to exit: it is the last to leave the group */
	if (reaps_are_bounds())
		end_bound(p, task, parent->tgid, result);
	else if (task)
		end_process(p, task, bpf_ktime_get_boot_ns(), parent->tgid, result);
}

/* kernel/signal.c, __send_signal_locked() and, for what is ignored, the callers: result says what came of it. */
SEC("tp_btf/signal_generate")
int BPF_PROG(signal_generate, int number, struct kernel_siginfo *info, struct task_struct *p, int group, int result)
{
	struct task_struct *current = bpf_get_current_task_btf();
	__s32 code = code_of(info);
	struct task *task;
	__u64 *mark;
	__u32 flags;

	if (current->flags & PF_EXITING && tells_own_end(number, info, code, current, p)) {
		tell_end(current, p, result);
		return 0;
	}
	if (number == SIGCHLD)
		return 0;
	task = task_of(p);
	if (!task && !is_followed(p))
		return 0;
	mark = mark_of_cpu();
	if (!mark)
		return 0;
	flags = any(mark, disposition(p, number)) | (group ? SIGNAL_GROUP : 0);
	if ((__u64)info == SEND_SIG_PRIV || code > 0)
		flags |= SIGNAL_KERNEL;
	if (!(p == current && is_fault(number)) && in_interrupt(ctx, current, mark))
		flags |= SIGNAL_IRQ;
	else
		flags |= sender_flags(current, p, number);
	flags = any(mark, flags);
	code = any(mark, (__u32)code);
	if (is_chatter(task, current, flags, number))
		return 0;
	send_signal(p, number, code, flags, result);
	return 0;
}
