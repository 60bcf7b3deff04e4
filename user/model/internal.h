/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How the model keeps what it knows. Only user/model/ includes this file.
 *
 * A tracked process and a tracked thread are what others see (struct process, struct thread) and what only the model
 * needs beside it. Each file takes the events of its concept: births, execs, ends, reaps, signals, orphans, states …
 */
#ifndef PROCLIFE_MODEL_INTERNAL_H
#define PROCLIFE_MODEL_INTERNAL_H

#include <stdlib.h>
#include <string.h>

#include "user/base/buffer.h"
#include "user/model/look.h"

struct identity_key { /* no padding: it is hashed as bytes */
	__u64 start_ns;
	__u32 pid, zero;
};

struct thread_key {
	__u32 process_id, tid;
};

struct tracked_thread {
	struct thread thread; /* first: a thread is cast to it */
	struct thread_key key;
	UT_hash_handle by_tid;
	struct tracked_thread *older;	/* had the same tid in the same process */
	bool birth_known, has_timeline; /* birth_known: birth_ns was told, not guessed */
	__u64 breakdown_ns;		/* when blocked[] and wakers[] were told */
	__u32 expected_reasons, expected_wakers;
	__u64 told_ns;	       /* up to where STATE changes tell its life */
	int cpu;	       /* that it got then; -1: not known */
	__u32 sweep, led_from; /* the sweep it was last met in; its tid before it led, or 0 */
};

struct seen_signals { /* of one number: candidates for having killed the process */
	int number;
	struct sender deadly, handled; /* the latest that met no handler, and that met one; at_ns 0: none */
};

struct adoption { /* of a process's children as it ends */
	__u64 at_ns, adopter_start_ns;
	__u32 adopter_pid;
	bool to_init;
};

struct tracked {
	struct process process; /* first: a process is cast to it */
	struct identity_key key;
	UT_hash_handle by_identity, by_pid;
	struct tracked *older; /* had the same pid */
	struct tracked *living_next, *living_previous;
	struct tracked *ward_next, *ward_previous, *wards; /* whose real parent it is, zombies included */
	struct tracked *missing_next;			   /* waits for the same unknown parent */
	struct thread *last_thread;
	struct seen_signals *seen;
	int seen_count;
	__u32 last_status, last_flags; /* of the END of its last thread, until the process's end is settled */
	__u64 last_end_ns;
	bool group_dead, swapped; /* swapped: a thread that was not the leader has called exec */
	struct adoption adoption;
	bool many_tables; /* of open files: the look that is under way found that threads have their own */
	bool stuck;	  /* as the look that is being judged has it; waits[wait] is why */
	int wait;
	__u32 sweep, exec_number; /* the sweep it was last met in as a zombie; its latest exec, 0: none is known */
	bool handed_on;		  /* ended, it was still there, for all we knew, when its parent ended */
	bool reap_pending;	  /* its reap is known, its end is not */
	bool met;		  /* a look at the living has met it */
	bool forgotten;		  /* forget.c is at it; … */
	int children_left;	  /* … those that stay */
	__u64 bore_ns;		  /* when the latest of its children was born; 0: none */
	__u64 pending_reap_ns;
};

struct model {
	change_fn hear;
	void *ctx;
	struct tracked **list;
	int count, room, last_id, deadlock_count;
	struct tracked *by_identity, *by_pid, *living, *lately[16]; /* lately: told of, by pid */
	struct tracked_thread *by_tid;
	struct missing *missing;
	struct model_stats stats;
	__u32 sweep;
	__u64 forgot_ns;	      /* who was over before that may be forgotten */
	__u64 swept_ns;		      /* from when on the latest sweep missed nobody; 0: there was none */
	bool has_timeline, all_known; /* all_known: a sweep has told of all that live on the machine, … */
	__u64 known_lost;	      /* … when so many events had been lost */
	struct look look;
	struct deadlock **deadlocks;
	struct fold *fold; /* NULL: nobody was folded yet */
};

static inline struct tracked *tracked_of(const struct process *process)
{
	return (struct tracked *)process;
}

static inline struct tracked_thread *tracked_thread_of(const struct thread *thread)
{
	return (struct tracked_thread *)thread;
}

/* Tells the hearer. thread may be NULL: the main thread. */
void tell(struct model *model, struct change change);
struct change change_of(enum change_kind kind, __u64 at_ns, struct process *process, struct thread *thread);

/* processes.c: found by identity, made if not known; NULL when memory was short. */
struct process *process_known(const struct model *model, __u32 pid, __u64 start_ns);
struct process *process_of(struct model *model, const struct event *head);
/* The thread of an event: born at task_start_ns where the event tells (else 0). */
struct thread *thread_of(struct model *model, struct process *process, __u32 tid, __u64 task_start_ns);
struct thread *thread_known(const struct model *model, const struct process *process, __u32 tid);
/* A thread that was not the leader becomes it: exec. */
void thread_becomes_leader(struct model *model, struct process *process, struct thread *thread);
/* de_thread() in fs/exec.c: the thread that takes the leader's number takes its time of birth as well. Who is meant by a
 * record with both, of one that has not ended before? */
struct thread *thread_in_place_of(const struct process *process, struct thread *thread);
void copy_comm(char *to, const char *from);
/* Takes them out of all tables; it is up to the caller to free them. */
void process_leaves(struct model *model, struct tracked *tracked);
void thread_leaves(struct model *model, struct tracked_thread *own);
void thread_trim(struct model *model, struct process *process, __u64 before_ns);
void process_free(struct model *model, struct tracked *tracked);
void execution_free(struct execution *execution);

/* forget.c: nobody is chosen yet; this one is; those that are go, and nobody points to them any more. */
void forget_none(struct model *model);
void forget_choose(struct tracked *tracked);
void forget_chosen(struct model *model);
bool is_of_folded(const struct model *model, const struct event *event); /* fold.c: late, about one that is gone */

/* family.c: parents and wards. */
int family_born(struct model *model, struct process *process, __u32 parent_pid, __u64 parent_start_ns);
void family_arrived(struct model *model, struct process *process);
void family_entrust(struct process *ward, struct process *parent, __u32 parent_pid);
void family_leave(struct model *model, struct tracked *tracked); /* nobody's ward, no guardian, missing nobody */
void family_free(struct model *model);

/* One function for each kind of event; payloads are whole. 0, or -1 when memory was short. */
struct subject { /* whom the event is about */
	const struct event *head;
	struct process *process;
};
int take_birth(struct model *model, struct subject subject, const struct birth *birth);
int take_exec(struct model *model, struct subject subject, const struct exec *exec, size_t data_size);
int take_image(struct model *model, struct subject subject, const struct exec *exec, size_t data_size);
int take_end(struct model *model, struct subject subject, const struct end *end);
int take_blocked(struct model *model, struct subject subject, const struct blocked *blocked);
int take_waker(struct model *model, struct subject subject, const struct waker *waker);
int take_reap(struct model *model, struct subject subject, const struct reap *reap);
int take_signal(struct model *model, struct subject subject, const struct signal *signal);
int take_reparent(struct model *model, struct subject subject, const struct reparent *reparent);
int take_rename(struct model *model, struct subject subject, const struct rename_to *rename);
int take_session(struct model *model, struct subject subject, const struct session *session);
int take_user(struct model *model, struct subject subject, const struct user *user);
int take_tracer(struct model *model, struct subject subject, const struct tracer *tracer);
int take_offcpu(struct model *model, struct subject subject, const struct offcpu *offcpu);
int take_alive(struct model *model, struct subject subject, const struct alive *alive);
void take_swept(struct model *model, const struct event *head, const struct swept *swept);

int take_open_file(struct model *model, const struct event *head, const struct open_file *open);
int take_file_lock(struct model *model, const struct event *head, const struct file_lock *lock);
int take_looked(struct model *model, const struct event *head, const struct looked *looked);
void deadlocks_free(struct model *model);
void deadlocks_forget(struct model *model); /* those of processes that are being forgotten */

/* ends.c: what the end of a trace or a sweep tells: it is gone, though its end was not heard of. */
void settle_gone(struct model *model, struct process *process, __u64 at_ns);
/* reaps.c: the process has ended just now; what is known of its reap. */
void reap_settle(struct model *model, struct process *process);
/* orphans.c; orphan_found: who lived before us may have been orphaned then. */
void orphans_adopt(struct model *model, struct process *dead, const struct adoption *adoption);
void orphan_noticed(struct model *model, struct process *process, __u64 at_ns, __u32 parent_pid, __u64 parent_start_ns,
		    bool to_init);
void orphan_found(struct model *model, struct process *process, __u64 at_ns, __u32 flags);
/* identities.c: what an event tells beside its own matter; SESSION_UNKNOWN as session: nothing. */
void session_noticed(struct model *model, struct process *process, struct thread *thread, __u64 at_ns,
		     struct session now);
void user_noticed(struct model *model, struct process *process, struct thread *thread, __u64 at_ns, __u32 uid);
/* daemons.c; daemons_settle: among its children, and in the session that it led */
void daemons_found(struct model *model, __u64 at_ns);
void daemon_consider(struct model *model, struct process *process, __u64 at_ns);
void daemons_settle(struct model *model, struct process *ended, __u64 at_ns);
__u64 daemon_awaits_ns(const struct process *child); /* after its end: how long it may still turn out to be one */
/* killers.c: fills end, code, signal, core and killer from a wait status. */
void conclude_end(struct process *process, __u32 status, __u32 flags);
void killer_heard_late(struct process *process);
/* states.c; shares whose totals never came, for that record was lost, are parts of nothing. */
void drop_loose_shares(struct thread *thread);
void take_totals(struct thread *thread, const struct totals *totals, __u64 at_ns, __u64 cpu_ns, __u32 reasons,
		 __u32 wakers);
/* timeline.c: tells of the running spell up to at_ns, and of the present state of one that lives on. */
void timeline_end(struct model *model, struct thread *thread, __u64 at_ns);
void timeline_finish(struct model *model, struct process *process, __u64 at_ns);

#endif
