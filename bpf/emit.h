/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending records: fill the head, send; count what was refused. Only bpf/ includes this file.
 *
 * The collector is woken only when much is unread: a wake-up at every event costs the traced program more than all
 * our probes together.
 */
#ifndef PROCLIFE_EMIT_H
#define PROCLIFE_EMIT_H

#include "bpf/task.h"
#include "bpf/calls.h"

#define CALL_ID(name, number, says) CALL_##name = number,
enum system_call { SYSTEM_CALLS(CALL_ID) };
#undef CALL_ID

static __always_inline void fill_head_as(struct event *head, struct task_struct *p, __u16 kind, __u16 size, __u64 at_ns,
					 __u64 start_ns)
{
	head->kind = kind;
	head->size = size;
	head->cpu = bpf_get_smp_processor_id();
	head->at_ns = at_ns;
	head->start_ns = start_ns;
	head->pid = p->tgid;
	head->tid = p->pid;
}

static __always_inline void fill_head(struct event *head, struct task_struct *p, __u16 kind, __u16 size, __u64 at_ns)
{
	fill_head_as(head, p, kind, size, at_ns, process_start(p));
}

/* 0, or -1: there was no room, which is counted. Records are copied in whole: verifiers before 6.3 lose count of a
 * reserved one whose address is tested twice, as compilers like to do. */
static __always_inline int send(void *ring, __u64 *lost, void *record, __u32 size)
{
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) >= ring_wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	if (!bpf_ringbuf_output(ring, record, size, flags))
		return 0;
	__sync_fetch_and_add(lost, 1);
	return -1;
}

/* Declares a record of kind `id` about task p, whose process started at start_ns, and a pointer `name` to its payload, all zero. */
#define RECORD_AS(id, type, name, p, at_ns, start_ns)                                                                  \
	struct {                                                                                                       \
		struct event head;                                                                                     \
		type payload;                                                                                          \
	} name##_record = {};                                                                                          \
	type *name = &name##_record.payload;                                                                           \
	fill_head_as(&name##_record.head, p, EVENT_##id, sizeof(type), at_ns, start_ns)

/* The same where nothing is remembered of p, which is current, or in its thread group and can't leave it now. */
#define RECORD(id, type, name, p, at_ns) RECORD_AS(id, type, name, p, at_ns, process_start(p))

#define SEND(ring, name) send(&ring, &lost_##ring, &name##_record, sizeof(name##_record))

/* Its device number: include/linux/tty_driver.h. */
static __always_inline __u32 number_of_tty(struct tty_struct *tty)
{
	struct tty_driver *driver = READ(tty, driver);

	return (READ(driver, major) << 20) | (READ(driver, minor_start) + READ(tty, index));
}

static __always_inline __u32 call_of(struct task_struct *p)
{
	struct pt_regs *regs;

	if (p->flags & PF_KTHREAD)
		return NO_CALL;
	regs = (struct pt_regs *)bpf_task_pt_regs(p);
	return SAVED_CALL(regs);
}

static __always_inline bool is_in_exec(struct task_struct *p)
{
	__u32 call = call_of(p);

	return call == CALL_execve || call == CALL_execveat;
}

/* What p does about a signal: include/linux/sched/signal.h, sighand_struct: nothing that the verifier knows; READ() reads it. */
static __always_inline struct k_sigaction *action_in(struct sighand_struct *sighand, __u32 number)
{
	return (void *)sighand + bpf_core_field_offset(struct sighand_struct, action) +
	       ((number - 1) & 63) * bpf_core_type_size(struct k_sigaction);
}

static __always_inline struct k_sigaction *action_of(struct task_struct *p, __u32 number)
{
	return action_in(FOLLOW(p, sighand), number);
}

/* SIG_DFL, SIG_IGN, or the address of its handler. */
static __always_inline __u64 handler_of(struct task_struct *p, __u32 number)
{
	return (__u64)READ(action_of(p, number), sa.sa_handler);
}

/* What `pid` is in its namespace of that level (include/linux/pid.h). */
static __always_inline struct upid *upid_of(struct pid *pid, __u32 level)
{
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) +
	       (level & 31) * bpf_core_type_size(struct upid);
}

/* The number that `pid` has in the namespace it was made in. */
static __always_inline __u32 number_of(struct pid *pid, __u32 level)
{
	return READ(upid_of(pid, level), nr);
}

/* The inode number of that namespace, as in /proc/PID/ns/pid. */
static __always_inline __u32 namespace_of(struct pid *pid, __u32 level)
{
	return READ(upid_of(pid, level), ns, ns.inum);
}

/* p's session, its group and the device number of its terminal, 0 for none. */
static __always_inline void read_session(struct task_struct *p, __u32 *session, __u32 *group, __u32 *tty)
{
	struct signal_struct *signal = READ(p, signal);
	struct tty_struct *terminal = READ(signal, tty);
	struct pid *pids[2] = {}; /* PIDTYPE_PGID, PIDTYPE_SID */

	bpf_probe_read_kernel(pids, sizeof(pids),
			      (void *)signal + bpf_core_field_offset(struct signal_struct, pids[2]));
	*session = pids[1] ? number_of(pids[1], 0) : SESSION_UNKNOWN;
	*group = pids[0] ? number_of(pids[0], 0) : 0;
	*tty = terminal ? number_of_tty(terminal) : 0;
}

#endif
