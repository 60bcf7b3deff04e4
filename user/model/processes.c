/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who is known: processes by (pid, start time) and by pid, threads by their process and tid.
 */
#include "user/model/internal.h"

void copy_comm(char *to, const char *from)
{
	memcpy(to, from, COMM_LEN);
	to[COMM_LEN] = 0;
}

static unsigned int lately(const struct model *model, __u32 pid)
{
	return pid % (sizeof(model->lately) / sizeof(*model->lately));
}

/* One event follows another of the same process, or of one with the same parent: that is found quicker than in the table. */
struct process *process_known(const struct model *model, __u32 pid, __u64 start_ns)
{
	struct identity_key key = {.start_ns = start_ns, .pid = pid};
	struct tracked *tracked = model->lately[lately(model, pid)];

	if (tracked && tracked->key.pid == pid && tracked->key.start_ns == start_ns)
		return &tracked->process;
	HASH_FIND(by_identity, model->by_identity, &key, sizeof(key), tracked);
	return tracked ? &tracked->process : NULL;
}

static struct tracked_thread *new_thread(struct process *process, __u32 tid)
{
	struct tracked_thread *own = calloc(1, sizeof(*own));

	if (!own)
		return NULL;
	own->thread = (struct thread){.process = process,
				      .tid = tid,
				      .birth_ns = process->birth_ns,
				      .end_ns = UNKNOWN_NS,
				      .state = STATE_READY,
				      .call = -1,
				      .fd = -1};
	own->key = (struct thread_key){.process_id = (__u32)process->id, .tid = tid};
	memcpy(own->thread.comm, process->comm, sizeof(own->thread.comm));
	return own;
}

void thread_leaves(struct model *model, struct tracked_thread *own)
{
	if (!own->by_tid.tbl)
		return;
	HASH_DELETE(by_tid, model->by_tid, own);
	memset(&own->by_tid, 0, sizeof(own->by_tid));
}

/* The latest of a tid hides the older ones. 0, or -1. */
static int enter_thread(struct model *model, struct tracked_thread *own)
{
	struct tracked_thread *older;

	HASH_FIND(by_tid, model->by_tid, &own->key, sizeof(own->key), older);
	if (older)
		thread_leaves(model, older);
	HASH_ADD(by_tid, model->by_tid, key, sizeof(own->key), own);
	if (!own->by_tid.tbl) {
		if (older)
			HASH_ADD(by_tid, model->by_tid, key, sizeof(older->key), older);
		return -1;
	}
	own->older = older;
	return 0;
}

/* Most processes have one thread, which is found without a table: it is entered when there is another. */
static int enter_beside(struct model *model, const struct process *process, struct tracked_thread *own)
{
	struct tracked_thread *first = tracked_thread_of(process->threads);

	if (!first)
		return 0;
	if (process->thread_count == 1 && !first->by_tid.tbl && enter_thread(model, first))
		return -1;
	return enter_thread(model, own);
}

/* In order of birth behind the leader: nearly always the last place is the right one. */
static void link_thread(struct process *process, struct thread *thread)
{
	struct tracked *tracked = tracked_of(process);
	struct thread *at = process->threads;

	process->thread_count++;
	process->alive_count++;
	if (!at) {
		process->threads = tracked->last_thread = thread;
		return;
	}
	if (tracked->last_thread->birth_ns <= thread->birth_ns)
		at = tracked->last_thread;
	while (at->next && at->next->birth_ns <= thread->birth_ns)
		at = at->next;
	thread->next = at->next;
	at->next = thread;
	if (!thread->next)
		tracked->last_thread = thread;
}

static struct thread *add_thread(struct model *model, struct process *process, __u32 tid, __u64 birth_ns, bool known)
{
	struct tracked_thread *own = new_thread(process, tid);

	if (!own)
		return NULL;
	own->thread.birth_ns = own->thread.since_ns = own->told_ns = birth_ns;
	own->birth_known = known;
	own->cpu = -1;
	if (enter_beside(model, process, own)) {
		free(own);
		return NULL;
	}
	link_thread(process, &own->thread);
	return &own->thread;
}

/* The latest of that pid is found first. */
static int enter_pid(struct model *model, struct tracked *tracked)
{
	struct tracked *latest;

	HASH_FIND(by_pid, model->by_pid, &tracked->key.pid, sizeof(tracked->key.pid), latest);
	if (latest && latest->process.birth_ns > tracked->process.birth_ns) {
		tracked->older = latest->older;
		latest->older = tracked;
		return 0;
	}
	if (latest) {
		HASH_DELETE(by_pid, model->by_pid, latest);
		memset(&latest->by_pid, 0, sizeof(latest->by_pid));
	}
	HASH_ADD(by_pid, model->by_pid, key.pid, sizeof(tracked->key.pid), tracked);
	if (!tracked->by_pid.tbl) {
		if (latest)
			HASH_ADD(by_pid, model->by_pid, key.pid, sizeof(latest->key.pid), latest);
		return -1;
	}
	tracked->older = latest;
	return 0;
}

static struct tracked *new_process(const struct model *model, const struct event *head)
{
	struct tracked *tracked = calloc(1, sizeof(*tracked));
	struct process *process;

	if (!tracked)
		return NULL;
	tracked->key = (struct identity_key){.start_ns = head->start_ns, .pid = head->pid};
	process = &tracked->process;
	process->id = model->last_id + 1;
	process->pid = head->pid;
	process->birth_ns = head->start_ns;
	process->end_ns = process->reaped_ns = process->zombie_ns = UNKNOWN_NS;
	process->code = -1;
	process->birth_call = -1;
	process->existing = head->start_ns < model->stats.first_ns;
	process->notes = tracked;
	return tracked;
}

static int enter_process(struct model *model, struct tracked *tracked)
{
	if (array_grow(&model->list, model->count, sizeof(*model->list)))
		return -1;
	HASH_ADD(by_identity, model->by_identity, key, sizeof(tracked->key), tracked);
	if (!tracked->by_identity.tbl)
		return -1;
	if (enter_pid(model, tracked)) {
		HASH_DELETE(by_identity, model->by_identity, tracked);
		return -1;
	}
	model->list[model->count++] = tracked;
	model->last_id++;
	tracked->living_next = model->living;
	if (model->living)
		model->living->living_previous = tracked;
	model->living = tracked;
	model->stats.alive++;
	return 0;
}

/* A process and its leader; the leader first, so that a process without one is never seen. */
static struct process *add_process(struct model *model, const struct event *head)
{
	struct tracked *tracked = new_process(model, head);
	struct thread *leader;

	if (!tracked)
		return NULL;
	leader = add_thread(model, &tracked->process, head->pid, head->start_ns, true);
	if (!leader || enter_process(model, tracked)) {
		if (leader)
			thread_leaves(model, tracked_thread_of(leader));
		free(leader);
		free(tracked);
		return NULL;
	}
	family_arrived(model, &tracked->process);
	return &tracked->process;
}

struct process *process_of(struct model *model, const struct event *head)
{
	struct process *process = process_known(model, head->pid, head->start_ns);

	if (!process)
		process = add_process(model, head);
	if (process)
		model->lately[lately(model, head->pid)] = tracked_of(process);
	return process;
}

struct thread *thread_known(const struct model *model, const struct process *process, __u32 tid)
{
	struct thread_key key = {.process_id = (__u32)process->id, .tid = tid};
	struct tracked_thread *own;

	if (process->thread_count == 1 && process->threads->tid == tid)
		return process->threads;
	HASH_FIND(by_tid, model->by_tid, &key, sizeof(key), own);
	return own ? &own->thread : NULL;
}

/* An exec by another thread swaps its number with the leader's in the kernel, and the leader's end may be told by the
 * new one before the exec is, and that one be met: times of birth still tell who is who, and the leader's is the process's. */
static struct thread *by_birth(const struct process *process, __u64 task_start_ns)
{
	for (struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread->birth_ns == task_start_ns)
			return thread;
	return NULL;
}

static bool is_swapped(const struct process *process, __u32 tid, __u64 task_start_ns)
{
	return task_start_ns &&
	       (tracked_of(process)->swapped || tid == process->pid || task_start_ns == process->birth_ns);
}

struct thread *thread_of(struct model *model, struct process *process, __u32 tid, __u64 task_start_ns)
{
	struct thread *latest = thread_known(model, process, tid), *thread;

	if (latest && !task_start_ns)
		return latest;
	for (struct tracked_thread *own = tracked_thread_of(latest); own; own = own->older) {
		if (!own->birth_known) {
			own->birth_known = true;
			own->thread.birth_ns = task_start_ns;
		}
		if (own->thread.birth_ns == task_start_ns)
			return &own->thread;
	}
	thread = is_swapped(process, tid, task_start_ns) ? by_birth(process, task_start_ns) : NULL;
	if (thread)
		return thread;
	return add_thread(model, process, tid, task_start_ns ? task_start_ns : model->stats.last_ns, task_start_ns);
}

struct thread *thread_in_place_of(const struct process *process, struct thread *thread)
{
	bool passed_on = thread->end_ns != UNKNOWN_NS && thread->birth_ns == process->birth_ns &&
			 tracked_of(process)->swapped && process->threads->end_ns == UNKNOWN_NS;

	return passed_on ? process->threads : thread;
}

static void move_to_front(struct process *process, struct thread *thread)
{
	struct thread *before = process->threads;

	while (before->next != thread)
		before = before->next;
	before->next = thread->next;
	if (!thread->next)
		tracked_of(process)->last_thread = before;
	thread->next = process->threads;
	process->threads = thread;
}

void thread_becomes_leader(struct model *model, struct process *process, struct thread *thread)
{
	struct tracked_thread *own = tracked_thread_of(thread);

	tracked_of(process)->swapped = true;
	move_to_front(process, thread);
	if (thread->tid == process->pid)
		return;
	thread_leaves(model, own);
	own->led_from = thread->tid;
	thread->tid = own->key.tid = process->pid;
	enter_thread(model, own); /* without memory it is found by its birth */
}

/* Events hold a process's pid in the initial namespace and in its own, which may be the same. */
__u32 pid_within(const struct process *process, __u32 pid_namespace)
{
	if (!pid_namespace)
		return process->pid;
	return process->pid_namespace == pid_namespace ? process->ns_pid : 0;
}
