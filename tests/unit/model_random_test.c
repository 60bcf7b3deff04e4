/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
/*
 * The model on families made up by chance: with their events shuffled, doubled and dropped; with memory that runs out at
 * every allocation in turn; and on bytes that mean nothing at all. What was made up is the plain twin to compare with.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/short_memory.h"
#include "tests/unit/story.h"

#define LIVES 300
#define FIRST_PID 10

struct life { /* the truth */
	__u64 birth_ns, end_ns, reaped_ns;
	int parent; /* index, -1: outside */
	__u32 status;
};

struct record {
	struct event head;
	union {
		struct birth birth;
		struct end end;
		struct reap reap;
		struct alive alive;
		struct open_file open;
		struct file_lock lock;
		struct looked looked;
		unsigned char bytes[256];
	};
};

struct chance {
	__u64 seed;
	struct life lives[LIVES];
	struct record records[3 * LIVES];
	int count;
};

static __u32 any(struct chance *chance, __u32 below)
{
	chance->seed = chance->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(chance->seed >> 33) % below;
}

static struct record *record(struct chance *chance, int life, __u16 kind, __u16 size, __u64 at_ns)
{
	struct record *record = &chance->records[chance->count++];

	memset(record, 0, sizeof(*record));
	record->head = (struct event){.kind = kind, .size = size, .at_ns = at_ns};
	record->head.start_ns = chance->lives[life].birth_ns;
	record->head.pid = record->head.tid = FIRST_PID + life;
	return record;
}

static void tell_life(struct chance *chance, int i)
{
	struct life *life = &chance->lives[i];
	__u32 parent_pid = life->parent < 0 ? 7 : FIRST_PID + (__u32)life->parent;
	__u64 parent_start_ns = life->parent < 0 ? 1 : chance->lives[life->parent].birth_ns;
	struct record *birth = record(chance, i, EVENT_BIRTH, sizeof(struct birth), life->birth_ns);
	struct record *end = record(chance, i, EVENT_END, sizeof(struct end), life->end_ns);
	struct record *reap = record(chance, i, EVENT_REAP, sizeof(struct reap), life->reaped_ns);

	birth->birth = (struct birth){.task_start_ns = life->birth_ns,
				      .parent_pid = parent_pid,
				      .parent_start_ns = parent_start_ns,
				      .by_tid = parent_pid,
				      .exit_signal = SIGCHLD};
	end->end = (struct end){.task_start_ns = life->birth_ns,
				.flags = END_LEADER | END_GROUP_DEAD | END_TOLD,
				.parent_pid = parent_pid,
				.parent_start_ns = parent_start_ns,
				.real_parent_pid = parent_pid,
				.status = life->status,
				.totals.running_ns = life->end_ns - life->birth_ns};
	reap->reap =
		(struct reap){.reaper_pid = parent_pid, .reaper_tid = parent_pid, .reaper_start_ns = parent_start_ns};
}

static struct chance *make_up(__u64 seed)
{
	struct chance *chance = calloc(1, sizeof(*chance));
	__u64 now = 1000;

	assert_non_null(chance);
	chance->seed = seed;
	for (int i = 0; i < LIVES; i++) {
		struct life *life = &chance->lives[i];

		now += 1 + any(chance, 1000);
		life->parent = i ? (int)any(chance, (__u32)i + 1) - 1 : -1;
		life->birth_ns = now;
		life->end_ns = now + 1 + any(chance, 5000);
		life->reaped_ns = life->end_ns + any(chance, 5000);
		life->status = any(chance, 3) ? any(chance, 256) << 8 : 1 + any(chance, 31);
	}
	for (int i = 0; i < LIVES; i++)
		tell_life(chance, i);
	return chance;
}

static void shuffle(struct chance *chance)
{
	for (int i = chance->count - 1; i > 0; i--) {
		int other = (int)any(chance, (__u32)i + 1);
		struct record kept = chance->records[i];

		chance->records[i] = chance->records[other];
		chance->records[other] = kept;
	}
}

static void assert_as_made_up(const struct model *model, const struct chance *chance, int i)
{
	const struct life *life = &chance->lives[i];
	const struct process *process = model_find(model, FIRST_PID + (__u32)i, life->birth_ns);
	const struct process *parent = life->parent < 0 ? NULL
							: model_find(model, FIRST_PID + (__u32)life->parent,
								     chance->lives[life->parent].birth_ns);

	assert_non_null(process);
	assert_ptr_equal(process->parent, parent);
	assert_ptr_equal(process->reaper, parent && process->reaper ? parent : process->reaper);
	assert_true(process->birth_seen);
	assert_int_equal(process->end_ns, life->end_ns);
	assert_int_equal(process->reaped_ns, life->reaped_ns);
	assert_int_equal(process->zombie_ns, life->reaped_ns - life->end_ns);
	assert_int_equal(process->code, life->status & 0x7f ? -1 : (int)(life->status >> 8));
	assert_int_equal(process->signal, life->status & 0x7f);
	assert_int_equal(process->threads->totals.running_ns, life->end_ns - life->birth_ns);
}

/* In whatever order, and some of it twice: the same lives come out. */
static void any_order_tells_the_same(void **state)
{
	(void)state;
	for (__u64 seed = 1; seed <= 40; seed++) {
		struct chance *chance = make_up(seed);
		struct model *model = model_new(NULL, NULL);

		if (seed > 1)
			shuffle(chance);
		for (int i = 0; i < chance->count; i++)
			for (int times = any(chance, 4) ? 1 : 2; times > 0; times--)
				assert_int_equal(model_feed(model, &chance->records[i].head), 0);
		model_finish(model, 10000000);
		assert_int_equal(model_count(model), LIVES);
		for (int i = 0; i < LIVES; i++)
			assert_as_made_up(model, chance, i);
		assert_int_equal(model_stats(model)->births, LIVES);
		assert_int_equal(model_stats(model)->ends, LIVES);
		assert_int_equal(model_stats(model)->reaps, LIVES);
		assert_int_equal(model_stats(model)->alive, 0);
		assert_int_equal(model_stats(model)->zombies, 0);
		model_free(model);
		free(chance);
	}
}

/* What must hold whatever was fed. */
static void assert_sound(const struct model *model)
{
	int alive = 0, children = 0, with_parent = 0, last_id = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);
		int threads = 0, living = 0;

		assert_true(process->id > last_id);
		last_id = process->id;
		assert_ptr_equal(model_find(model, process->pid, process->birth_ns), process);
		for (const struct thread *thread = process->threads; thread; thread = thread->next) {
			assert_ptr_equal(thread->process, process);
			threads++;
			living += thread->end_ns == UNKNOWN_NS;
		}
		assert_int_equal(threads, process->thread_count);
		assert_int_equal(living, process->alive_count);
		for (int child = 0; child < process->child_count; child++)
			assert_ptr_equal(process->children[child]->parent, process);
		children += process->child_count;
		with_parent += process->parent != NULL;
		alive += process->end == ENDED_NONE;
		if (process->reaped_ns != UNKNOWN_NS && process->end_ns != UNKNOWN_NS)
			assert_true(process->reaped_ns >= process->end_ns);
		if (process->parent)
			assert_true(process->parent->birth_ns < process->birth_ns);
	}
	assert_int_equal(children, with_parent);
	assert_int_equal(alive, model_stats(model)->alive);
}

static int by_time(const void *left, const void *right)
{
	const struct record *a = left, *b = right;

	return a->head.at_ns < b->head.at_ns ? -1 : a->head.at_ns > b->head.at_ns;
}

/* Nearly in order, as a live source tells. */
static void order_nearly(struct chance *chance)
{
	for (int i = 0; i < chance->count; i++)
		chance->records[i].head.cpu = any(chance, 3000);
	for (int i = 0; i < chance->count; i++)
		chance->records[i].head.at_ns += chance->records[i].head.cpu;
	qsort(chance->records, (size_t)chance->count, sizeof(*chance->records), by_time);
	for (int i = 0; i < chance->count; i++)
		chance->records[i].head.at_ns -= chance->records[i].head.cpu;
}

/* Whoever is forgotten is not missed: what is told of those who stay is as true as ever, and none comes back. */
static void forgetting_loses_nobody(void **state)
{
	(void)state;
	for (__u64 seed = 1; seed <= 40; seed++) {
		struct chance *chance = make_up(seed);
		struct model *model = model_new(NULL, NULL);
		int most = 0;

		order_nearly(chance);
		for (int i = 0; i < chance->count; i++) {
			__u64 now = chance->records[i].head.at_ns;

			assert_int_equal(model_feed(model, &chance->records[i].head), 0);
			if (any(chance, 10))
				continue;
			assert_sound(model);
			model_forget(model, now > 6000 ? now - 6000 : 0);
			assert_sound(model);
			most = model_count(model) > most ? model_count(model) : most;
		}
		assert_true(most < LIVES / 2);
		assert_int_equal(model_last_id(model), LIVES);
		for (int i = 0; i < LIVES; i++)
			if (model_find(model, FIRST_PID + (__u32)i, chance->lives[i].birth_ns))
				assert_as_made_up(model, chance, i);
		assert_int_equal(model_stats(model)->reaps, LIVES);
		model_forget(model, UNKNOWN_NS - 1);
		assert_int_equal(model_count(model), 0);
		model_free(model);
		free(chance);
	}
}

static bool lets_go(void *ctx, const struct process *process)
{
	__u64 *running_ns = ctx;

	assert_true(process->reaped_ns != UNKNOWN_NS && !process->signal && !process->child_count);
	*running_ns += process->end_ns - process->birth_ns;
	return true;
}

/* As many as are kept beyond the bound were killed, or bore one that was. */
static void folding_loses_nobody(void **state)
{
	(void)state;
	for (__u64 seed = 1; seed <= 40; seed++) {
		struct chance *chance = make_up(seed);
		struct model *model = model_new(NULL, NULL);
		__u64 running_ns = 0;
		int ordinary = 0;

		order_nearly(chance);
		for (int i = 0; i < chance->count; i++) {
			assert_int_equal(model_feed(model, &chance->records[i].head), 0);
			model_fold(model, 16, lets_go, &running_ns);
			if (!any(chance, 10))
				assert_sound(model);
		}
		for (int i = 0; i < LIVES; i++)
			ordinary += !(chance->lives[i].status & 0x7f);
		assert_int_equal(model_last_id(model), LIVES);
		assert_int_equal(model_folded(model)->sums.processes + model_count(model), LIVES);
		assert_true(model_folded(model)->sums.processes > ordinary / 4);
		assert_int_equal(model_folded(model)->sums.totals.running_ns, running_ns);
		for (int i = 0; i < LIVES; i++)
			if (model_find(model, FIRST_PID + (__u32)i, chance->lives[i].birth_ns))
				assert_as_made_up(model, chance, i);
			else
				assert_int_equal(chance->lives[i].status & 0x7f, 0);
		assert_int_equal(model_stats(model)->reaps, LIVES);
		model_free(model);
		free(chance);
	}
}

static void memory_runs_out(void **state)
{
	struct chance *chance = make_up(99);

	(void)state;
	for (int allowed = 0; allowed < 2500; allowed += allowed < 100 ? 1 : 61) {
		struct model *model = model_new(NULL, NULL);
		__u64 running_ns = 0;
		int refused = 0;

		until_failure = allowed;
		for (int i = 0; i < chance->count; i++) {
			refused += model_feed(model, &chance->records[i].head) != 0;
			if (allowed % 2 && i % 16 == 0)
				model_forget(model, chance->records[i].head.at_ns);
			if (allowed % 3 == 0)
				model_fold(model, 16, lets_go, &running_ns);
		}
		until_failure = -1;
		assert_true(refused <= 1);
		model_finish(model, 10000000);
		assert_sound(model);
		for (int i = 0; i < chance->count; i++) /* and it goes on as if nothing had been */
			assert_int_equal(model_feed(model, &chance->records[i].head), 0);
		assert_sound(model);
		model_free(model);
	}
	free(chance);
}

/* Pids, times and kinds from a small range, so that nonsense meets nonsense about the same process. */
static void nonsense(struct chance *chance, struct record *record)
{
	for (size_t i = 0; i < sizeof(record->bytes); i++)
		record->bytes[i] = any(chance, 3) ? (unsigned char)any(chance, 4) : (unsigned char)any(chance, 256);
	record->head = (struct event){.kind = (__u16)any(chance, EVENT_KIND_COUNT + 1),
				      .size = (__u16)any(chance, sizeof(record->bytes) + 1),
				      .at_ns = any(chance, 50),
				      .start_ns = any(chance, 10),
				      .pid = any(chance, 6),
				      .tid = any(chance, 8)};
}

/* What looks tell, with some sense in it, so that they come to be judged: of a few processes that live in a small world of
 * pipes and locks, and are blocked. */
static void some_sense(struct chance *chance, struct record *record)
{
	static const __u16 kinds[] = {EVENT_ALIVE,     EVENT_ALIVE,	EVENT_ALIVE, EVENT_OPEN_FILE, EVENT_OPEN_FILE,
				      EVENT_FILE_LOCK, EVENT_FILE_LOCK, EVENT_SWEPT, EVENT_LOOKED};
	static const enum reason reasons[] = {REASON_CHILD, REASON_VFORK, REASON_PIPE_READ, REASON_PIPE_WRITE,
					      REASON_FILE_LOCK};

	record->head = (struct event){.kind = kinds[any(chance, 9)], .size = sizeof(record->bytes), .at_ns = 49};
	record->head.pid = record->head.tid = any(chance, 9) ? 10 + any(chance, 3) : any(chance, 6);
	record->alive.flags = 0;
	switch (record->head.kind) {
	case EVENT_ALIVE:
		record->alive.state = STATE_BLOCKED;
		record->alive.reason = reasons[any(chance, 5)];
		record->alive.fd = (__s32)any(chance, 2);
		record->alive.since_ns = record->alive.task_start_ns = 0;
		break;
	case EVENT_OPEN_FILE:
		record->open = (struct open_file){.fd = any(chance, 2), .file = any(chance, 2), .references = 1};
		record->open.readers = record->open.writers = 1 + any(chance, 2);
		record->open.flags = FILE_PIPE | FILE_EMPTY | FILE_FULL | any(chance, FILE_SHARED);
		break;
	case EVENT_FILE_LOCK:
		record->lock = (struct file_lock){.number = any(chance, 2), .flags = any(chance, 4)};
		break;
	default:
		record->looked.began_ns = 49;
	}
}

static void *open_null(const struct sink_kind *kind, const struct trace *trace, struct sink_options *options)
{
	options->out = fopen("/dev/null", "w");
	options->width = 80;
	assert_non_null(options->out);
	return kind->open(trace, options);
}

static bool lets_go_of_sink(void *ctx, const struct process *process)
{
	struct story *story = ctx;

	if (findings_tell_of(&story->findings, story->model, process))
		return false;
	if (story->sink->fold)
		story->sink->fold(story->sink_state, process);
	return true;
}

static void nonsense_is_survived(void **state)
{
	int deadlocks = 0;

	(void)state;
	for (__u64 seed = 1; seed <= 200; seed++) {
		const struct sink_kind *kind = sink_kinds[seed % 3];
		struct trace trace = {.kernel = "x", .machine = "x", .ended_ns = 60, .exit_status = -1};
		struct sink_options options = {0};
		struct story story = {.sink = kind};
		struct chance *chance = calloc(1, sizeof(*chance));

		story.sink_state = open_null(kind, &trace, &options);
		story.model = model_new(story_hear, &story);
		chance->seed = seed;
		for (int i = 0; i < 2000; i++) {
			nonsense(chance, &chance->records[0]);
			if (any(chance, 2))
				some_sense(chance, &chance->records[0]);
			model_feed(story.model, &chance->records[0].head);
			if (!any(chance, 50))
				model_forget(story.model, any(chance, 50));
			if (!any(chance, 20))
				model_fold(story.model, 4, lets_go_of_sink, &story);
		}
		assert_sound(story.model);
		model_finish(story.model, 60);
		assert_sound(story.model);
		deadlocks += model_deadlock_count(story.model);
		findings_collect(&story.findings, story.model);
		assert_int_equal(kind->finish(story.sink_state, story.model, &story.findings), 0);
		kind->free(story.sink_state);
		fclose(options.out);
		findings_free(&story.findings);
		model_free(story.model);
		free(chance);
	}
	assert_true(deadlocks > 0); /* or looks were never judged */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_tells_the_same), cmocka_unit_test(forgetting_loses_nobody),
		cmocka_unit_test(folding_loses_nobody),	    cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(nonsense_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
