/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The model: events in, processes and changes out. Pure: no I/O, no clock, no globals; it needs malloc, mem* and
 * str*. Pipeline feeds it; findings, sinks, screens and demos query it.
 */
#ifndef PROCLIFE_MODEL_H
#define PROCLIFE_MODEL_H

#include "user/model/change.h"
#include "user/model/sums.h"

struct model;

/* A new model that tells `hear` (may be NULL) of each change. NULL when memory is short. */
struct model *model_new(change_fn hear, void *ctx);
void model_free(struct model *model);

/* Takes one event, of any kind, size and order. `event` holds event->size bytes of payload behind the head; it is
 * copied as needed. Returns 0, or -1 when memory was short: the event is then as good as lost, the model sound. */
int model_feed(struct model *model, const struct event *event);

/* Lets go of all processes and threads that were over and reaped before before_ns, but for those of whom children stay:
 * whoever lives has its ancestors; and, for a second more, for those whom their parents ended. For traces without end: pointers to processes are valid until then only. */
void model_forget(struct model *model, __u64 before_ns);

/* Bounds what a trace of many short lives keeps. When it has become more than `most`, the oldest ordinary processes are let
 * go until three quarters of that are left, or no ordinary one is: over and reaped, ended by no signal, never an orphan
 * or a daemon, without children here. lets_go is asked of each; where it says true, the process is gone, and counted in
 * model_folded(). Costs little after every event; pointers to processes are valid until then only. */
typedef bool (*let_go_fn)(void *ctx, const struct process *process);
void model_fold(struct model *model, int most, let_go_fn lets_go, void *ctx);

struct folded { /* all who were let go so, in figures */
	struct sums sums;
	__u64 normal, error; /* how they ended */
};
const struct folded *model_folded(const struct model *model);

/* What no event tells, and somebody else knows: that process, whose parent is an adopter, became its child before we came.
 * init: the adopter is that of its pid namespace; else a subreaper. */
void model_adopted_before(struct model *model, struct process *process, __u64 at_ns, bool init);

/* The trace is over at at_ns. Settles what only the end can tell (who was left behind). */
void model_finish(struct model *model, __u64 at_ns);

/* All processes in order of id: index 0 … count - 1. Ids are 1 … model_last_id(); none is missing unless forgotten or folded. */
int model_count(const struct model *model);
int model_last_id(const struct model *model);
struct process *model_process(const struct model *model, int index);

/* The process of that identity, or NULL; and the living (else latest) process of that pid, or NULL. */
struct process *model_find(const struct model *model, __u32 pid, __u64 start_ns);
struct process *model_find_pid(const struct model *model, __u32 pid);

/* The pid by which a pid namespace (its inode number; 0: the initial one) names a process; 0: it has none there, or that is not
 * known. */
__u32 pid_within(const struct process *process, __u32 pid_namespace);

/* The deadlocks that were seen, in the order in which they were. */
int model_deadlock_count(const struct model *model);
const struct deadlock *model_deadlock(const struct model *model, int index);

/* Figures of the trace. alive: processes that have not ended. */
struct model_stats {
	__u64 events, unknown_events, first_ns, last_ns, finished_ns, lost_lifecycle, lost_timeline, lost_waits;
	__u64 births, ends, reaps, thread_births, orphans;
	__u64 looks, open_files; /* complete looks at who waits for whom; open files that all looks were told of */
	int alive, zombies;
};
const struct model_stats *model_stats(const struct model *model);

/* Names of the enumerations, as in the report document: never NULL. */
const char *state_name(enum state state);
const char *reason_name(enum reason reason);
const char *birth_kind_name(enum birth_kind kind);
const char *end_kind_name(enum end_kind kind);
const char *signal_why_name(enum signal_why why);
const char *daemon_kind_name(enum daemon_kind kind);
const char *change_name(enum change_kind kind);

#endif
