/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending a task's shares: how long it was blocked by each reason, how often it was woken by whom. They come just before
 * its totals. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_SHARES_H
#define PROCLIFE_SHARES_H

#include "bpf/emit.h"

/* To the reader of an iterator, who misses nothing; seq NULL: to the lifecycle ring. */
static __always_inline void put(struct seq_file *seq, void *record, __u32 size)
{
	if (seq)
		bpf_seq_write(seq, record, size);
	else
		send(&lifecycle, &lost_lifecycle, record, size);
}

struct sending { /* of one task's shares; bpf_loop's context: what the verifier would else walk through again and again */
	struct seq_file *seq;
	struct task_struct *p;
	struct task *task;
	__u64 now;
	__u64 present_ns; /* the spell that is still going on, 0 for none; told of by the first share that it belongs to */
	int sent;
};

struct share { /* of a task's blocked time */
	struct spell *spell;
	__u64 present_ns;
	__u32 reason;
	__s32 call;
};

static __always_inline void send_share(struct sending *sending, struct share share)
{
	struct spell *spell = share.spell;
	struct {
		struct event head;
		struct blocked blocked;
	} out;

	if (!spell->count && !share.present_ns)
		return;
	fill_head_as(&out.head, sending->p, EVENT_BLOCKED, sizeof(out.blocked), sending->now,
		     sending->task->process_start_ns);
	out.blocked.task_start_ns = sending->task->born_ns;
	out.blocked.ns = spell->ns + share.present_ns;
	out.blocked.longest_ns = spell->longest_ns > share.present_ns ? spell->longest_ns : share.present_ns;
	out.blocked.count = spell->count + !!share.present_ns;
	out.blocked.reason = share.reason;
	out.blocked.call = share.call;
	put(sending->seq, &out, sizeof(out));
	sending->sent++;
}

/* Reasons first, then the system calls of REASON_OTHER that have a share of their own, then what is left of that. */
#define SHARES (REASON_COUNT + OTHER_CALLS)

/* bpf_loop counts in 32 bits; as 64 the verifier keeps track of the bounds. */
static long send_reason(__u64 index, struct sending *sending)
{
	struct task *task = sending->task;
	struct share share = {.call = -1, .reason = REASON_OTHER};
	bool mine;

	if (index < REASON_OTHER) {
		share.spell = &task->spells[index];
		share.reason = index;
		mine = task->reason == index;
	} else if (index < REASON_OTHER + OTHER_CALLS) {
		__u64 other = (index - REASON_OTHER) & (OTHER_CALLS - 1);
		bool free;

		share.spell = &task->others[other];
		free = !share.spell->count;
		mine = task->reason == REASON_OTHER && (free || task->other_calls[other] == task->call);
		share.call = free ? task->call : task->other_calls[other];
	} else {
		share.spell = &task->spells[REASON_OTHER];
		mine = task->reason == REASON_OTHER;
	}
	if (mine) {
		share.present_ns = sending->present_ns;
		sending->present_ns = 0;
	}
	send_share(sending, share);
	return 0;
}

/* Returns how many records a whole set has, sent or refused: the model compares. */
static __noinline int send_reasons(struct seq_file *seq, struct task_struct *p, struct task *task, __u64 present_ns,
				   __u64 now)
{
	struct sending sending = {.seq = seq, .p = p, .task = task, .now = now, .present_ns = present_ns};

	bpf_loop(SHARES, send_reason, &sending, 0);
	return sending.sent;
}

struct waking {		 /* who woke a task, how often */
	struct who *who; /* NULL: see flags */
	__u64 count;
	__u32 flags;
};

static __always_inline void send_waking(struct sending *sending, struct waking waking)
{
	struct who *who = waking.who;
	struct {
		struct event head;
		struct waker waker;
	} out;

	if (!waking.count)
		return;
	fill_head_as(&out.head, sending->p, EVENT_WAKER, sizeof(out.waker), sending->now,
		     sending->task->process_start_ns);
	out.waker.task_start_ns = sending->task->born_ns;
	out.waker.count = waking.count;
	out.waker.start_ns = who ? who->start_ns : 0;
	out.waker.pid = who ? who->pid : 0;
	out.waker.tid = who ? who->tid : 0;
	out.waker.flags = waking.flags;
	out.waker.padding = 0;
	put(sending->seq, &out, sizeof(out));
	sending->sent++;
}

/* Interrupts first, then tasks, then those that had no room of their own. */
static long send_waker(__u64 index, struct sending *sending)
{
	struct task *task = sending->task;
	__u64 slot = index - 1;

	if (!index)
		send_waking(sending, (struct waking){NULL, task->waker_irqs, WAKER_IRQ});
	else if (slot < TASK_WAKERS)
		send_waking(sending, (struct waking){&task->wakers[slot & (TASK_WAKERS - 1)],
						     task->waker_counts[slot & (TASK_WAKERS - 1)], 0});
	else
		send_waking(sending, (struct waking){NULL, task->waker_rest, WAKER_REST});
	return 0;
}

static __noinline int send_wakers(struct seq_file *seq, struct task_struct *p, struct task *task, __u64 now)
{
	struct sending sending = {.seq = seq, .p = p, .task = task, .now = now};

	bpf_loop(TASK_WAKERS + 2, send_waker, &sending, 0);
	return sending.sent;
}

#endif
