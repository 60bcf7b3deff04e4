/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The way out: processes and threads leave the tables that they are found by, and are freed.
 */
#include "user/model/internal.h"

void execution_free(struct execution *execution)
{
	free(execution->exe);
	free(execution->argv); /* one block: pointers, then text */
}

/* The next older one of that pid takes its place. */
static void leave_pid(struct model *model, struct tracked *tracked)
{
	struct tracked *latest;

	HASH_FIND(by_pid, model->by_pid, &tracked->key.pid, sizeof(tracked->key.pid), latest);
	if (latest == tracked) {
		HASH_DELETE(by_pid, model->by_pid, tracked);
		if (tracked->older)
			HASH_ADD(by_pid, model->by_pid, key.pid, sizeof(tracked->key.pid), tracked->older);
		return;
	}
	while (latest && latest->older != tracked)
		latest = latest->older;
	if (latest)
		latest->older = tracked->older;
}

void process_leaves(struct model *model, struct tracked *tracked)
{
	for (struct thread *thread = tracked->process.threads; thread; thread = thread->next)
		thread_leaves(model, tracked_thread_of(thread));
	memset(model->lately, 0, sizeof(model->lately));
	HASH_DELETE(by_identity, model->by_identity, tracked);
	leave_pid(model, tracked);
}

static void thread_free(struct tracked_thread *own)
{
	free(own->thread.blocked);
	free(own->thread.wakers);
	free(own);
}

void process_free(struct model *model, struct tracked *tracked)
{
	struct process *process = &tracked->process;
	struct thread *next;

	process_leaves(model, tracked);
	for (struct thread *thread = process->threads; thread; thread = next) {
		next = thread->next;
		thread_free(tracked_thread_of(thread));
	}
	for (int i = 0; i < process->exec_count; i++)
		execution_free(&process->execs[i]);
	free(process->execs);
	if (process->image)
		execution_free(process->image);
	free(process->image);
	free(process->children);
	free(tracked->seen);
	free(tracked);
}

static bool is_past(const struct process *process, const struct thread *thread, __u64 before_ns)
{
	return thread != process->threads && thread->end_ns != UNKNOWN_NS && thread->end_ns < before_ns;
}

/* Those that stay do not know those that go as the older ones of their number. */
static void forget_older(const struct process *process, __u64 before_ns)
{
	for (struct thread *thread = process->threads; thread; thread = thread->next) {
		struct tracked_thread *own = tracked_thread_of(thread);

		while (own->older && is_past(process, &own->older->thread, before_ns))
			own->older = own->older->older;
	}
}

void thread_trim(struct model *model, struct process *process, __u64 before_ns)
{
	struct thread *before = process->threads, *thread;

	if (process->thread_count == process->alive_count)
		return;
	forget_older(process, before_ns);
	while ((thread = before->next)) {
		if (!is_past(process, thread, before_ns)) {
			before = thread;
			continue;
		}
		before->next = thread->next;
		process->thread_count--;
		thread_leaves(model, tracked_thread_of(thread));
		thread_free(tracked_thread_of(thread));
	}
	tracked_of(process)->last_thread = before;
}
