/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Changes: what the model concludes from events, in jsonl's words. Findings, sinks, screens and demos include it.
 * A change and all it points to is valid during the call only; processes and deadlocks live until model_forget() or
 * model_fold() lets them go.
 */
#ifndef PROCLIFE_CHANGE_H
#define PROCLIFE_CHANGE_H

#include "user/model/process.h"

/* clang-format off */
#define CHANGES(_)                                                                                                     \
	_(BIRTH, "birth") _(EXEC, "exec") _(END, "end") _(ZOMBIE, "zombie") _(REAP, "reap") _(ORPHAN, "orphan")        \
	_(RENAME, "rename") _(SESSION, "session") _(USER, "user") _(TRACER, "tracer") _(SIGNAL, "signal")              \
	_(DAEMON, "daemon") _(STATE, "state") _(WAKE, "wake") _(DEADLOCK, "deadlock") _(LOST, "lost")

enum change_kind {
#define CHANGE_ID(id, name) CHANGE_##id,
	CHANGES(CHANGE_ID)
#undef CHANGE_ID
	CHANGE_COUNT
};
/* clang-format on */

struct span { /* of STATE: the task was in `state` from from_ns to to_ns */
	__u64 from_ns, to_ns;
	enum state state;
	enum reason reason; /* of blocked */
	int call, fd;
	int cpu;				/* of running: the CPU that it got; -1: not known */
	__u64 mixed_ready_ns, mixed_blocked_ns; /* of running: spells within it too short to be told one by one */
	enum reason mixed_reason;
};

/* clang-format off */
struct change {
	enum change_kind kind;
	__u64 at_ns;
	const struct process *process; /* NULL for LOST */
	const struct thread *thread; /* whose doing it is; a birth or end of a thread has thread != process->threads */
	union {
		struct { const char *old; } rename;			  /* the new name is thread->comm */
		struct { __u32 old_session, old_group, old_tty; } session; /* the new ones are the process's */
		struct { __u32 old_uid; } user;
		struct { __u32 old_tracer; } tracer;
		struct { __u32 from_pid; const struct process *from; } orphan; /* the adopter is the process's */
		struct { const struct execution *exec; } exec;
		const struct sender *signal;
		struct span state;
		struct { __u32 pid, tid; bool irq; const struct process *waker; enum reason reason; __u64 blocked_ns; } wake;
		const struct deadlock *deadlock; /* process: its first. Lives until model_forget() lets one of them go */
		struct { __u64 lifecycle, timeline; } lost; /* totals so far */
	};
};
/* clang-format on */

/* Hears every change as it is concluded. ctx is the hearer's own. */
typedef void (*change_fn)(void *ctx, const struct change *change);

#endif
