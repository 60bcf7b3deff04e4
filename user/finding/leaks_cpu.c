/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How much of the CPUs the families of orphans used within the period, and how much they were ready to use. The kernel side
 * accounts for each thread from the moment when it was first traced: only time within the period counts, also of
 * a process that has been reaped, whatever its life was like before.
 */
#include <stdlib.h>

#include "user/finding/leaks_judge.h"

struct sample {
	__u64 at_ns, running_ns, ready_ns;
};

struct family_use {
	struct identity key; /* of the orphan */
	UT_hash_handle hh;
	__u64 from_ns;			   /* when the accounts of its members begin */
	struct sample now, last, previous; /* the latest three */
};

static struct identity identity_of(const struct process *process)
{
	return (struct identity){.birth_ns = process->birth_ns, .pid = process->pid};
}

/* Since when its account is complete. One that lived before us is accounted for from its first switch on: until then it stayed
 * in the state that it was met in. */
static __u64 accounted_from(const struct leaks *leaks, const struct thread *thread)
{
	__u64 from_ns = thread->counted_ns;

	if (leaks->started_ns && leaks->started_ns < from_ns)
		from_ns = leaks->started_ns;
	return !thread->counted_ns || from_ns < thread->birth_ns ? thread->birth_ns : from_ns;
}

static void add_thread(const struct leaks *leaks, struct cpu_time *time, const struct thread *thread)
{
	__u64 from_ns = accounted_from(leaks, thread);
	bool stayed = thread->counted_ns == UNKNOWN_NS && thread->end_ns == UNKNOWN_NS && from_ns < thread->heard_ns;

	if (from_ns == UNKNOWN_NS)
		return;
	if (thread->counted_ns != UNKNOWN_NS) {
		time->running_ns += thread->totals.running_ns;
		time->ready_ns += thread->totals.ready_ns;
	} else if (stayed && thread->state == STATE_RUNNING) {
		time->running_ns += thread->heard_ns - from_ns;
	} else if (stayed && thread->state == STATE_READY) {
		time->ready_ns += thread->heard_ns - from_ns;
	}
	if (!time->from_ns || from_ns < time->from_ns)
		time->from_ns = from_ns;
}

static void add_time(struct cpu_time *sum, const struct cpu_time *time)
{
	sum->running_ns += time->running_ns;
	sum->ready_ns += time->ready_ns;
	if (time->from_ns && (!sum->from_ns || time->from_ns < sum->from_ns))
		sum->from_ns = time->from_ns;
}

/* An ended thread is forgotten while its process lives on; that of the process's first thread counts when it is reaped. */
void cpu_hear_end(struct leaks *leaks, const struct process *process, const struct thread *thread)
{
	struct reaping *own = thread == process->threads ? NULL : reaping_of(leaks, identity_of(process));

	if (own)
		add_thread(leaks, &own->over, thread);
}

/* A reaped process is forgotten: its time, and that of all whom it had reaped, becomes its parent's. */
void cpu_hear_reap(struct leaks *leaks, const struct process *process)
{
	const struct process *parent = process->real_parent;
	struct cpu_time time = {0};

	reaping_take(leaks, identity_of(process), &time);
	add_thread(leaks, &time, process->threads);
	if (parent && time.from_ns) {
		struct reaping *reaping = reaping_of(leaks, identity_of(parent));

		if (reaping)
			add_time(&reaping->over, &time);
	}
}

/* Of a process that was not reaped. */
static struct cpu_time time_of(const struct leaks *leaks, const struct process *process)
{
	const struct reaping *own = reaping_find(leaks, identity_of(process));
	struct cpu_time time = {0};

	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread == process->threads || thread->end_ns == UNKNOWN_NS)
			add_thread(leaks, &time, thread);
	if (own)
		add_time(&time, &own->over);
	return time;
}

static struct family_use *use_of(struct leaks *leaks, const struct process *orphan, __u64 now_ns)
{
	struct identity key = identity_of(orphan);
	struct family_use *use;

	HASH_FIND(hh, leaks->uses, &key, sizeof(key), use);
	if (use)
		return use;
	use = calloc(1, sizeof(*use));
	if (use) {
		*use = (struct family_use){.key = key, .from_ns = UNKNOWN_NS, .now.at_ns = now_ns};
		HASH_ADD(hh, leaks->uses, key, sizeof(key), use);
		if (use->hh.tbl)
			return use;
		free(use);
	}
	leaks->failed = true;
	return NULL;
}

static void add_member(struct leaks *leaks, const struct process *process, __u64 now_ns)
{
	const struct process *orphan = process->reaped_ns == UNKNOWN_NS ? leaks_family(process) : NULL;
	struct family_use *use = orphan ? use_of(leaks, orphan, now_ns) : NULL;
	struct cpu_time time;

	if (!use)
		return;
	time = time_of(leaks, process);
	use->now.running_ns += time.running_ns;
	use->now.ready_ns += time.ready_ns;
	if (time.from_ns && time.from_ns < use->from_ns)
		use->from_ns = time.from_ns;
}

void leaks_sample(struct leaks *leaks, const struct model *model, __u64 now_ns)
{
	for (struct family_use *use = leaks->uses; use; use = use->hh.next) {
		use->previous = use->last;
		use->last = use->now;
		use->now = (struct sample){.at_ns = now_ns};
	}
	for (int i = 0; i < model_count(model); i++)
		add_member(leaks, model_process(model, i), now_ns);
}

static __u64 since(__u64 from, __u64 to)
{
	return to > from ? to - from : 0;
}

static struct cpu_use use_between(const struct sample *from, const struct sample *to)
{
	return (struct cpu_use){.running_ns = since(from->running_ns, to->running_ns),
				.ready_ns = since(from->ready_ns, to->ready_ns),
				.period_ns = since(from->at_ns, to->at_ns)};
}

void cpu_complete(const struct leaks *leaks, struct orphan *orphan)
{
	struct identity key = identity_of(orphan->process);
	const struct family_use *use;
	struct sample begin = {0};

	HASH_FIND(hh, leaks->uses, &key, sizeof(key), use);
	if (!use || use->from_ns == UNKNOWN_NS)
		return;
	begin.at_ns = use->from_ns;
	orphan->cpu = use_between(&begin, &use->now);
	orphan->cpu_lately = use->previous.at_ns ? use_between(&use->previous, &use->now) : orphan->cpu;
}

void cpu_free(struct leaks *leaks)
{
	struct family_use *use, *next;

	HASH_ITER(hh, leaks->uses, use, next)
	{
		HASH_DEL(leaks->uses, use);
		free(use);
	}
}
