/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The model's door: events come in here and go to the file of their concept; queries are answered. See model.h.
 */
#include "user/model/internal.h"

struct model *model_new(change_fn hear, void *ctx)
{
	struct model *model = calloc(1, sizeof(*model));

	if (!model)
		return NULL;
	model->hear = hear;
	model->ctx = ctx;
	model->stats.first_ns = UNKNOWN_NS;
	model->sweep = 1; /* no thread has been met in it */
	return model;
}

void model_free(struct model *model)
{
	if (!model)
		return;
	for (int i = 0; i < model->count; i++)
		process_free(model, model->list[i]);
	family_free(model);
	look_forget(&model->look);
	deadlocks_free(model);
	free(model->list);
	free(model->fold);
	free(model);
}

void tell(struct model *model, struct change change)
{
	if (model->hear)
		model->hear(model->ctx, &change);
}

struct change change_of(enum change_kind kind, __u64 at_ns, struct process *process, struct thread *thread)
{
	return (struct change){
		.kind = kind, .at_ns = at_ns, .process = process, .thread = thread ? thread : process->threads};
}

static int take_lost(struct model *model, const struct event *head, const struct lost *lost)
{
	struct change change = {.kind = CHANGE_LOST, .at_ns = head->at_ns};

	model->stats.lost_waits = lost->waits;
	if (model->stats.lost_lifecycle == lost->lifecycle && model->stats.lost_timeline == lost->timeline)
		return 0;
	model->stats.lost_lifecycle = lost->lifecycle;
	model->stats.lost_timeline = lost->timeline;
	change.lost.lifecycle = lost->lifecycle;
	change.lost.timeline = lost->timeline;
	tell(model, change);
	return 0;
}

/* Payloads as a reader sees them: whole, zeros where the record was shorter. */
union payload {
#define PAYLOAD_MEMBER(id, name, type, size) type id;
	EVENT_KINDS(PAYLOAD_MEMBER)
#undef PAYLOAD_MEMBER
};

static int dispatch(struct model *model, struct subject subject, const union payload *payload)
{
	const struct event *head = subject.head;

	switch (head->kind) {
	case EVENT_BIRTH:
		return take_birth(model, subject, &payload->BIRTH);
	case EVENT_EXEC:
		return take_exec(model, subject, &payload->EXEC,
				 head->size > sizeof(struct exec) ? head->size - sizeof(struct exec) : 0);
	case EVENT_END:
		return take_end(model, subject, &payload->END);
	case EVENT_BLOCKED:
		return take_blocked(model, subject, &payload->BLOCKED);
	case EVENT_WAKER:
		return take_waker(model, subject, &payload->WAKER);
	case EVENT_REAP:
		return take_reap(model, subject, &payload->REAP);
	case EVENT_SIGNAL:
		return take_signal(model, subject, &payload->SIGNAL);
	case EVENT_REPARENT:
		return take_reparent(model, subject, &payload->REPARENT);
	case EVENT_RENAME:
		return take_rename(model, subject, &payload->RENAME);
	case EVENT_SESSION:
		return take_session(model, subject, &payload->SESSION);
	case EVENT_USER:
		return take_user(model, subject, &payload->USER);
	case EVENT_TRACER:
		return take_tracer(model, subject, &payload->TRACER);
	case EVENT_IMAGE:
		return take_image(model, subject, &payload->IMAGE,
				  head->size > sizeof(struct exec) ? head->size - sizeof(struct exec) : 0);
	case EVENT_OFFCPU:
		return take_offcpu(model, subject, &payload->OFFCPU);
	default:
		return take_alive(model, subject, &payload->ALIVE);
	}
}

/* Events about the trace, or about processes that need not be in it. */
static bool is_of_nobody(const struct event *event)
{
	return event->kind == EVENT_LOST || event->kind == EVENT_SWEPT || event->kind == EVENT_OPEN_FILE ||
	       event->kind == EVENT_FILE_LOCK || event->kind == EVENT_LOOKED;
}

static int dispatch_general(struct model *model, const struct event *head, const union payload *payload)
{
	switch (head->kind) {
	case EVENT_LOST:
		return take_lost(model, head, &payload->LOST);
	case EVENT_OPEN_FILE:
		return take_open_file(model, head, &payload->OPEN_FILE);
	case EVENT_FILE_LOCK:
		return take_file_lock(model, head, &payload->FILE_LOCK);
	case EVENT_SWEPT:
		take_swept(model, head, &payload->SWEPT);
		return 0;
	default:
		return take_looked(model, head, &payload->LOOKED);
	}
}

static void keep_time(struct model *model, const struct event *event)
{
	struct model_stats *stats = &model->stats;

	stats->events += event->kind != EVENT_OPEN_FILE && event->kind != EVENT_FILE_LOCK; /* most are of others */
	if (event->at_ns < stats->first_ns)
		stats->first_ns = event->at_ns;
	if (event->at_ns > stats->last_ns)
		stats->last_ns = event->at_ns;
}

/* A reap that was noticed late may be of one who was found gone, and has been forgotten since. */
static bool is_of_forgotten(const struct model *model, const struct event *event)
{
	if (is_of_folded(model, event))
		return true;
	return event->kind == EVENT_REAP && event->start_ns < model->forgot_ns &&
	       !process_known(model, event->pid, event->start_ns);
}

int model_feed(struct model *model, const struct event *event)
{
	struct subject subject = {.head = event};
	union payload payload = {0};
	size_t size = event->size < sizeof(payload) ? event->size : sizeof(payload);

	keep_time(model, event);
	memcpy(&payload, PAYLOAD(event), size);
	if (is_of_nobody(event))
		return dispatch_general(model, event, &payload);
	if (event->kind == EVENT_NONE || event->kind >= EVENT_KIND_COUNT || !event->pid || !event->tid) {
		model->stats.unknown_events++;
		return 0;
	}
	if (is_of_forgotten(model, event))
		return 0;
	subject.process = process_of(model, event);
	if (!subject.process)
		return -1;
	return dispatch(model, subject, &payload);
}

void model_finish(struct model *model, __u64 at_ns)
{
	struct tracked *next;

	model->stats.finished_ns = at_ns;
	for (int i = 0; i < model->count; i++)
		for (struct thread *thread = model->list[i]->process.threads; thread; thread = thread->next)
			drop_loose_shares(thread);
	for (struct tracked *tracked = model->living; tracked; tracked = next) {
		struct process *process = &tracked->process;

		next = tracked->living_next;
		if (tracked->reap_pending || (tracked->group_dead && !process->alive_count))
			settle_gone(model, process, at_ns);
		else
			timeline_finish(model, process, at_ns);
	}
}

int model_count(const struct model *model)
{
	return model->count;
}

int model_last_id(const struct model *model)
{
	return model->last_id;
}

struct process *model_process(const struct model *model, int index)
{
	return &model->list[index]->process;
}

struct process *model_find(const struct model *model, __u32 pid, __u64 start_ns)
{
	return process_known(model, pid, start_ns);
}

struct process *model_find_pid(const struct model *model, __u32 pid)
{
	struct tracked *latest;

	HASH_FIND(by_pid, model->by_pid, &pid, sizeof(pid), latest);
	for (struct tracked *tracked = latest; tracked; tracked = tracked->older)
		if (tracked->process.end == ENDED_NONE)
			return &tracked->process;
	return latest ? &latest->process : NULL;
}

int model_deadlock_count(const struct model *model)
{
	return model->deadlock_count;
}

const struct deadlock *model_deadlock(const struct model *model, int index)
{
	return model->deadlocks[index];
}

const struct model_stats *model_stats(const struct model *model)
{
	return &model->stats;
}
