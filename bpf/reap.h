/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sending a reap. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_REAP_H
#define PROCLIFE_REAP_H

#include "bpf/emit.h"

/* p: any task, for the record's head. */
static __always_inline void send_reap_by(struct who *by, struct who *dead, __u32 flags, struct task_struct *p,
					 __u64 now)
{
	RECORD(REAP, struct reap, reap, p, now);

	reap->reaper_start_ns = by->start_ns;
	reap->reaper_pid = by->pid;
	reap->reaper_tid = by->tid;
	reap->flags = flags;
	reap_record.head.start_ns = dead->start_ns;
	reap_record.head.pid = dead->pid;
	reap_record.head.tid = dead->pid;
	SEND(lifecycle, reap);
}

/* By `by`, or, if it is but a bound, by nobody knows whom. */
static __always_inline void send_reap(struct task_struct *by, struct who *dead, __u32 flags, __u64 now)
{
	struct who reaper = {};

	if (!(flags & REAP_BOUND))
		who_is(&reaper, by);
	send_reap_by(&reaper, dead, flags, by, now);
}

#endif
