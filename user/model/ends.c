/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ends of threads and processes. A process has ended when its parent is told (do_notify_parent() in kernel/signal.c);
 * where nobody is told, when the last of its threads has.
 */
#include "user/model/internal.h"

static void leave_living(struct model *model, struct tracked *tracked)
{
	if (tracked->living_previous)
		tracked->living_previous->living_next = tracked->living_next;
	else
		model->living = tracked->living_next;
	if (tracked->living_next)
		tracked->living_next->living_previous = tracked->living_previous;
	tracked->living_next = tracked->living_previous = NULL;
	model->stats.alive--;
}

static void adopt_children(struct model *model, struct tracked *tracked)
{
	struct adoption adoption = tracked->adoption;

	tracked->adoption.adopter_pid = 0;
	if (adoption.adopter_pid)
		orphans_adopt(model, &tracked->process, &adoption);
}

/* Where switches are not watched, a process's end is told by one thread for all. */
static void close_threads(struct process *process, __u64 at_ns)
{
	if (process->threads->counted_ns != UNKNOWN_NS)
		return;
	for (struct thread *thread = process->threads; thread; thread = thread->next) {
		if (thread->end_ns != UNKNOWN_NS)
			continue;
		thread->end_ns = at_ns;
		process->alive_count--;
	}
}

static void process_ends(struct model *model, struct process *process, __u64 at_ns)
{
	struct tracked *tracked = tracked_of(process);

	process->end_ns = at_ns;
	conclude_end(process, tracked->last_status, tracked->last_flags);
	leave_living(model, tracked);
	close_threads(process, at_ns);
	process->end_bound = tracked->last_flags & END_EARLIER;
	process->ended_before = process->end_bound && !process->birth_seen && !tracked->met;
	if (!process->ended_before) {
		model->stats.ends++;
		tell(model, change_of(CHANGE_END, at_ns, process, NULL));
	}
	adopt_children(model, tracked);
	daemons_settle(model, process, at_ns);
	reap_settle(model, process);
	if (process->reaped_ns != UNKNOWN_NS || tracked->last_flags & END_REAPED)
		return;
	model->stats.zombies++;
	tell(model, change_of(CHANGE_ZOMBIE, at_ns, process, NULL));
}

/* A thread ends as it leaves its process (exit_notify() in kernel/exit.c), but may be seen on its CPU for some time after that, up to
 * at_ns. Returns when it has ended at the latest: before its process has, and before that was reaped. */
static __u64 latest_end(const struct process *process, __u64 at_ns)
{
	const struct tracked *tracked = tracked_of(process);
	__u64 over_ns = tracked->reap_pending ? tracked->pending_reap_ns : process->end_ns;

	return over_ns < at_ns && over_ns >= process->birth_ns ? over_ns : at_ns;
}

/* What a thread ran beyond its end is not of its life. */
static void cut_running(struct totals *totals, __u64 beyond_ns)
{
	totals->running_ns = totals->running_ns > beyond_ns ? totals->running_ns - beyond_ns : 0;
}

static void thread_ends(struct model *model, struct thread *thread, const struct event *head, const struct end *end)
{
	struct process *process = thread->process;
	struct totals totals = end->totals;
	__u64 at_ns = latest_end(process, head->at_ns);

	cut_running(&totals, head->at_ns - at_ns);
	thread->end_ns = at_ns;
	process->alive_count--;
	process->waits += end->waits;
	copy_comm(thread->comm, end->comm);
	if (thread == process->threads)
		memcpy(process->comm, thread->comm, sizeof(process->comm));
	timeline_end(model, thread, at_ns);
	thread->counted_ns = end->counted_ns;
	if (end->counted_ns == UNKNOWN_NS)
		process->threads->counted_ns = UNKNOWN_NS; /* who may have ended unheard */
	take_totals(thread, &totals, head->at_ns, end->cpu_ns, end->reasons, end->wakers);
	if (thread != process->threads)
		tell(model, change_of(CHANGE_END, at_ns, process, thread));
}

/* What a lost birth or a reparenting not noticed leaves for the end to tell. */
static int repair(struct model *model, struct process *process, const struct event *head, const struct end *end)
{
	int result = 0;

	if (!process->ppid && end->parent_pid)
		result = family_born(model, process, end->parent_pid, end->parent_start_ns);
	user_noticed(model, process, NULL, head->at_ns, end->uid);
	session_noticed(model, process, NULL, head->at_ns, (struct session){end->session, end->group, end->tty, 0});
	if (end->real_parent_pid && end->real_parent_pid != process->real_ppid)
		orphan_noticed(model, process, head->at_ns, end->real_parent_pid, 0, end->real_parent_pid == 1);
	return result;
}

static void remember(struct tracked *tracked, const struct event *head, const struct end *end)
{
	__u64 at_ns = latest_end(&tracked->process, head->at_ns);

	if (end->flags & (END_GROUP_DEAD | END_TOLD)) {
		tracked->group_dead = true;
		tracked->last_status = end->status;
		tracked->last_flags = end->flags;
	}
	if (at_ns > tracked->last_end_ns)
		tracked->last_end_ns = at_ns;
	if (end->flags & END_ADOPTED)
		tracked->adoption = (struct adoption){.at_ns = at_ns,
						      .adopter_pid = end->adopter_pid,
						      .adopter_start_ns = end->adopter_start_ns,
						      .to_init = end->flags & END_ADOPTER_INIT};
}

/* The leader's number may by now belong to a thread whose exec was not heard of. */
static struct thread *ending_thread(struct model *model, struct subject subject, const struct end *end)
{
	struct thread *thread = thread_of(model, subject.process, subject.head->tid, end->task_start_ns);

	if (thread && end->flags & END_LEADER && end->flags & END_GROUP_DEAD)
		thread = thread_in_place_of(subject.process, thread);
	if (thread && end->flags & END_LEADER && thread != subject.process->threads)
		thread_becomes_leader(model, subject.process, thread);
	return thread;
}

/* The end of a thread may be reported before it notifies the parent of the end of its process: which is news. */
static bool is_told_again(const struct process *process, const struct thread *thread, const struct end *end)
{
	if (process->end != ENDED_NONE)
		return thread->end_ns != UNKNOWN_NS || end->flags & END_EARLIER;
	return thread->end_ns != UNKNOWN_NS && !(end->flags & END_TOLD);
}

int take_end(struct model *model, struct subject subject, const struct end *end)
{
	struct process *process = subject.process;
	struct tracked *tracked = tracked_of(process);
	struct thread *thread = ending_thread(model, subject, end);
	int result;

	if (!thread)
		return -1;
	if (end->flags & END_EARLIER)
		tracked->sweep = model->sweep; /* each look tells of it anew: it is still there */
	if (is_told_again(process, thread, end))
		return 0;
	result = repair(model, process, subject.head, end);
	if (thread->end_ns == UNKNOWN_NS)
		thread_ends(model, thread, subject.head, end);
	remember(tracked, subject.head, end);
	if (end->flags & END_TOLD && !process->told) {
		process->told = true;
		process->told_result = end->told_result;
	}
	if (process->end != ENDED_NONE)
		adopt_children(model, tracked);
	else if (end->flags & END_TOLD)
		process_ends(model, process, latest_end(process, subject.head->at_ns));
	else if (tracked->group_dead && !process->alive_count)
		process_ends(model, process, tracked->last_end_ns);
	return result;
}

void settle_gone(struct model *model, struct process *process, __u64 at_ns)
{
	struct tracked *tracked = tracked_of(process);

	if (tracked->group_dead) {
		process_ends(model, process, tracked->last_end_ns);
		return;
	}
	process->end = ENDED_UNKNOWN;
	process->end_lost = true;
	leave_living(model, tracked);
	tell(model, change_of(CHANGE_END, at_ns, process, NULL));
	daemons_settle(model, process, at_ns);
	reap_settle(model, process);
}

static bool missed(const struct model *model, const struct thread *thread, __u64 began_ns)
{
	return tracked_thread_of(thread)->sweep != model->sweep && thread->birth_ns < began_ns &&
	       thread->heard_ns < began_ns;
}

/* Of a process whose end was not heard of: a thread that was missed may have been the one that exec made its leader, after the sweep
 * had met the leader that it replaced. */
static bool any_left(const struct model *model, const struct process *process, __u64 began_ns)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		if (!missed(model, thread, began_ns))
			return true;
	return false;
}

/* A zombie that was not met has been reaped, though nobody told: at the latest now. */
static void reap_missed(struct model *model, const struct event *head, __u64 began_ns)
{
	const struct reap reap = {.flags = REAP_BOUND};

	for (int i = 0; i < model->count; i++) {
		struct tracked *tracked = model->list[i];
		struct process *process = &tracked->process;
		bool is_zombie = process->end_ns != UNKNOWN_NS && process->reaped_ns == UNKNOWN_NS;

		if (is_zombie && process->end_ns < began_ns && tracked->sweep != model->sweep)
			take_reap(model, (struct subject){.head = head, .process = process}, &reap);
	}
}

void take_swept(struct model *model, const struct event *head, const struct swept *swept)
{
	struct tracked *next;

	for (struct tracked *tracked = model->living; tracked; tracked = next) {
		next = tracked->living_next;
		if (!any_left(model, &tracked->process, swept->began_ns))
			settle_gone(model, &tracked->process, head->at_ns);
	}
	reap_missed(model, head, swept->began_ns);
	model->swept_ns = swept->began_ns;
	if (swept->whole)
		daemons_found(model, head->at_ns);
	model->sweep++;
}
