/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Questions that demos ask of a finished run, and expectations that many demos share. Only demo.c files include it.
 */
#ifndef PROCLIFE_OBSERVE_H
#define PROCLIFE_OBSERVE_H

#include "user/demo/demo.h"

#define MS 1000000ull

static inline double ms_of(__u64 ns)
{
	return (double)ns / (double)MS;
}

/* Processes by name. Programs name theirs, so that everybody can tell them apart. A name that ends in '*' stands for
 * all that begin so. The nth (from 0) of them in order of birth, or NULL; how many there are. */
bool is_named(const struct process *process, const char *name);
const struct process *process_named(const struct lab *lab, const char *name);
const struct process *process_nth(const struct lab *lab, const char *name, int nth);
int count_named(const struct lab *lab, const char *name);
/* The program itself: the process that the tracer started. NULL only if nothing was traced. */
const struct process *root_of(const struct lab *lab);

/* How long its main thread was blocked for that reason in all, ns, and how often. */
__u64 blocked_for(const struct process *process, enum reason reason);
__u64 times_blocked(const struct process *process, enum reason reason);
/* How often `waker` woke its main thread. */
__u64 times_woken_by(const struct process *process, const struct process *waker);

/* Spells: the next one of that process after `after` (NULL: the first) in that state; any reason if REASON_NONE. */
const struct moment *next_spell(const struct lab *lab, const struct moment *after, const struct process *process,
				enum state state, enum reason reason);
/* How long both were in that state at once, ns. */
__u64 overlap_ns(const struct lab *lab, const struct process *one, const struct process *other, enum state state,
		 enum reason reason);
/* Did any two of the processes named so overlap in that? */
bool any_overlap(const struct lab *lab, const char *name, enum state state, enum reason reason);
/* Did they run at once? A twentieth of their time on CPUs is within the error: some kernels do not tell of each switch
 * to a task, which then seems to have been running since before (bpf/states.bpf.c, catch_up()). */
bool ran_at_once(const struct lab *lab, const char *name);
/* The first moment of that kind of that process (NULL: of any); NULL: there is none. */
const struct moment *moment_of(const struct lab *lab, const struct process *process, enum change_kind kind);
/* The first signal of that number to the process; NULL: there was none. */
const struct moment *signal_to(const struct lab *lab, const struct process *process, int number);
/* Sums over the processes named so. */
__u64 running_ns_of(const struct lab *lab, const char *name);
__u64 ready_ns_of(const struct lab *lab, const char *name);

/* Words for `observed`; each adds to what is there. */
void say(struct buffer *observed, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_name(struct buffer *observed, const struct process *process); /* "worker[123]" */
void say_end(struct buffer *observed, const struct process *process);  /* "exit 3", "SIGKILL by parent[122] (kill)" */
void say_reap(struct buffer *observed, const struct process *process); /* "reaped by parent[122]" */
/* "no process of the name X": true when process is NULL. */
bool say_missing(struct buffer *observed, const struct process *process, const char *name);

/*
 * Expectations that many share. Each says of `who` what it found.
 */
/* There are `number` processes of that name. */
enum verdict holds_count(const struct lab *, const struct expectation *, struct buffer *);
/* Each of them is a child of whom. */
enum verdict holds_child_of(const struct lab *, const struct expectation *, struct buffer *);
/* Each ended with exit code `number`. */
enum verdict holds_exit(const struct lab *, const struct expectation *, struct buffer *);
/* Each was ended by signal `number`: its own fault, or whom sent it (NULL: anybody). */
enum verdict holds_fatal(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_killed_by(const struct lab *, const struct expectation *, struct buffer *);
/* Each was reaped by whom (NULL: by its parent); by itself; never while the trace lasted. */
enum verdict holds_reaped_by(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_reaped_by_itself(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_never_reaped(const struct lab *, const struct expectation *, struct buffer *);
/* Each was a zombie for at least `number` ms (times slow). */
enum verdict holds_zombie_for(const struct lab *, const struct expectation *, struct buffer *);
/* Each was orphaned while it lived; none was. */
enum verdict holds_orphaned(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_not_orphaned(const struct lab *, const struct expectation *, struct buffer *);
/* The end of who comes before the end of whom. */
enum verdict holds_ends_before(const struct lab *, const struct expectation *, struct buffer *);
/* who was woken by whom at least once. */
enum verdict holds_woken_by(const struct lab *, const struct expectation *, struct buffer *);
/* No two named so ever ran at once; some did. */
enum verdict holds_never_run_at_once(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_run_at_once(const struct lab *, const struct expectation *, struct buffer *);
/* Each thread's states sum to its life, to the nanosecond. */
enum verdict holds_sums(const struct lab *, const struct expectation *, struct buffer *);

#endif
