/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The model on lives whose events come late, twice, cut short, or not at all.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/story.h"

#define CHILD 101
#define THREAD 102

static struct process *known(struct story *story, __u32 pid)
{
	struct process *process = model_find(story->model, pid, story->start_ns[pid]);

	assert_non_null(process);
	return process;
}

static void assert_times(const struct process *process, __u64 birth_ms, __u64 end_ms, __u64 reaped_ms)
{
	assert_int_equal(process->birth_ns, birth_ms * MS);
	assert_int_equal(process->end_ns, end_ms * MS);
	assert_int_equal(process->reaped_ns, reaped_ms * MS);
	assert_int_equal(process->zombie_ns, (reaped_ms - end_ms) * MS);
}

static void child_before_parent(void **state)
{
	struct story *story = story_new();

	(void)state;
	story->start_ns[COMMAND] = 1000 * MS;
	story_born(story, 1010, CHILD, COMMAND, "cc");
	assert_null(known(story, CHILD)->parent);
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	assert_ptr_equal(known(story, CHILD)->parent, known(story, COMMAND));
	assert_ptr_equal(known(story, CHILD)->real_parent, known(story, COMMAND));
	assert_int_equal(known(story, COMMAND)->child_count, 1);
	assert_ptr_equal(known(story, COMMAND)->children[0], known(story, CHILD));
	story_free(story);
}

static void reap_before_end(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, CHILD, COMMAND, "cc");
	story_reaped(story, 1030, CHILD, COMMAND);
	assert_int_equal(known(story, CHILD)->end, ENDED_NONE);
	story_ends(story, 1020, CHILD, 3 << 8);
	assert_times(known(story, CHILD), 1010, 1020, 1030);
	assert_int_equal(known(story, CHILD)->code, 3);
	assert_ptr_equal(known(story, CHILD)->reaper, known(story, COMMAND));
	assert_int_equal(model_stats(story->model)->zombies, 0);
	story_free(story);
}

/* What is reaped has ended: it was last seen on a CPU on its way out, or the clocks of two CPUs differ. */
static void reap_earlier_than_end(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1010, CHILD, OUTSIDE, "cc");
	story_reaped(story, 1019, CHILD, OUTSIDE);
	story_ends(story, 1020, CHILD, 0);
	assert_times(known(story, CHILD), 1010, 1019, 1019);
	story_free(story);
}

static void everything_twice(void **state)
{
	struct story *story = story_new();
	struct model_stats stats;

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		story_born(story, 1000, COMMAND, OUTSIDE, "make");
		story_born(story, 1010, CHILD, COMMAND, "cc");
		story_ends(story, 1020, CHILD, 0);
		story_reaped(story, 1030, CHILD, COMMAND);
	}
	stats = *model_stats(story->model);
	assert_int_equal(stats.births, 2);
	assert_int_equal(stats.ends, 1);
	assert_int_equal(stats.reaps, 1);
	assert_int_equal(stats.alive, 1);
	assert_int_equal(stats.zombies, 0);
	assert_int_equal(model_count(story->model), 2);
	assert_int_equal(known(story, COMMAND)->child_count, 1);
	assert_times(known(story, CHILD), 1010, 1020, 1030);
	story_free(story);
}

/* Each probe that is run for an exec reports it: see bpf/preempted.h. */
static void exec_by_two_probes(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "sh");
	for (int i = 0; i < 2; i++) {
		struct exec exec = {.number = 7, .session = SESSION_UNKNOWN};

		FEED(story, EVENT_EXEC, 20 + i, COMMAND, exec);
	}
	assert_int_equal(known(story, COMMAND)->exec_count, 1);
	for (int i = 0; i < 2; i++) {
		struct exec exec = {.number = 8 + i, .session = SESSION_UNKNOWN};

		FEED(story, EVENT_EXEC, 30 + i, COMMAND, exec);
	}
	assert_int_equal(known(story, COMMAND)->exec_count, 3);
	story_free(story);
}

static void birth_lost(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story->start_ns[CHILD] = 1010 * MS;
	story->parent[CHILD] = COMMAND;
	story_name(story->comm[CHILD], "cc");
	story_ends(story, 1020, CHILD, 0);
	assert_false(known(story, CHILD)->birth_seen);
	assert_false(known(story, CHILD)->existing);
	assert_ptr_equal(known(story, CHILD)->parent, known(story, COMMAND));
	assert_string_equal(known(story, CHILD)->comm, "cc");
	assert_int_equal(known(story, CHILD)->end_ns, 1020 * MS);
	assert_int_equal(model_stats(story->model)->births, 1);
	story_free(story);
}

static void end_lost(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1010, CHILD, OUTSIDE, "cc");
	story_reaped(story, 1030, CHILD, OUTSIDE);
	story_over(story, 1040, 1050);
	assert_int_equal(known(story, CHILD)->end, ENDED_UNKNOWN);
	assert_true(known(story, CHILD)->end_lost);
	assert_true(known(story, CHILD)->end_ns == UNKNOWN_NS);
	assert_true(known(story, CHILD)->zombie_ns == UNKNOWN_NS);
	assert_int_equal(known(story, CHILD)->reaped_ns, 1030 * MS);
	assert_int_equal(model_stats(story->model)->alive, 0);
	story_free(story);
}

static void swept(struct story *story, __u64 began_ms, __u64 at_ms)
{
	struct swept swept = {.began_ns = began_ms * MS};

	FEED(story, EVENT_SWEPT, at_ms, OUTSIDE, swept);
}

static void sweep_finds_who_is_gone(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, CHILD, COMMAND, "gone");
	story_alive(story, 1100, COMMAND, STATE_RUNNING, REASON_NONE, 1100);
	story_born(story, 1101, CHILD + 1, COMMAND, "just-born");
	swept(story, 1100, 1105);
	assert_int_equal(known(story, COMMAND)->end, ENDED_NONE);
	assert_int_equal(known(story, CHILD)->end, ENDED_UNKNOWN);
	assert_int_equal(known(story, CHILD + 1)->end, ENDED_NONE);
	assert_int_equal(model_stats(story->model)->alive, 2);
	swept(story, 1200, 1205); /* and now nobody was met */
	assert_int_equal(model_stats(story->model)->alive, 0);
	story_free(story);
}

/* It was born before the sweep began, and could not be met: the kernel had not listed it yet. */
static void sweep_before_it_was_listed(void **state)
{
	struct story *story = story_new();
	struct birth birth = {.task_start_ns = 1010 * MS,
			      .parent_pid = OUTSIDE,
			      .by_tid = OUTSIDE,
			      .comm = "slow",
			      .listed_after_us = 20000};

	(void)state;
	FEED(story, EVENT_BIRTH, 1010, CHILD, birth);
	swept(story, 1029, 1030);
	assert_int_equal(known(story, CHILD)->end, ENDED_NONE);
	swept(story, 1031, 1032);
	assert_int_equal(known(story, CHILD)->end, ENDED_UNKNOWN);
	story_free(story);
}

/* The sweep met the leader, then a thread took the leader's place by exec, and is not to be found by its own number. */
static void sweep_amid_an_exec_by_a_thread(void **state)
{
	struct story *story = story_new();
	struct birth birth = {.task_start_ns = 1010 * MS, .by_tid = CHILD, .comm = "thread"};
	struct end end = {.task_start_ns = 1000 * MS, .flags = END_LEADER, .session = SESSION_UNKNOWN};

	(void)state;
	story_born(story, 1000, CHILD, OUTSIDE, "first");
	story_feed(story, EVENT_BIRTH, 1010, CHILD, CHILD + 1, &birth, sizeof(birth));
	story_alive(story, 1100, CHILD, STATE_BLOCKED, REASON_FUTEX, 1050);
	FEED(story, EVENT_END, 1101, CHILD, end);
	swept(story, 1099, 1102);
	assert_int_equal(known(story, CHILD)->end, ENDED_NONE);
	swept(story, 1200, 1202);
	assert_int_equal(known(story, CHILD)->end, ENDED_UNKNOWN);
	story_free(story);
}

static void pid_used_again(void **state)
{
	struct story *story = story_new();
	struct process *first, *second;

	(void)state;
	story_born(story, 1010, CHILD, OUTSIDE, "first");
	first = known(story, CHILD);
	story_done(story, 1020, CHILD, 1 << 8);
	story_born(story, 1030, CHILD, OUTSIDE, "second");
	second = known(story, CHILD);
	assert_ptr_not_equal(first, second);
	assert_ptr_equal(model_find_pid(story->model, CHILD), second);
	story_ends(story, 1040, CHILD, 2 << 8);
	assert_int_equal(first->code, 1);
	assert_int_equal(second->code, 2);
	assert_ptr_equal(model_find_pid(story->model, CHILD), second);
	assert_int_equal(model_count(story->model), 2);
	story_free(story);
}

static void auto_reaped_is_no_zombie(void **state)
{
	struct story *story = story_new();
	struct end end = {.flags = END_LEADER | END_GROUP_DEAD | END_REAPED, .task_start_ns = 1010 * MS};
	struct reap reap = {.flags = REAP_AUTO};

	(void)state;
	story_born(story, 1010, CHILD, OUTSIDE, "cc");
	FEED(story, EVENT_END, 1020, CHILD, end);
	assert_int_equal(model_stats(story->model)->zombies, 0);
	FEED(story, EVENT_REAP, 1020, CHILD, reap);
	assert_times(known(story, CHILD), 1010, 1020, 1020);
	assert_true(known(story, CHILD)->reap_auto);
	assert_false(known(story, CHILD)->told);
	assert_int_equal(known(story, CHILD)->reaper_pid, 0);
	story_free(story);
}

static void bound_reap_has_no_reaper(void **state)
{
	struct story *story = story_new();
	struct reap reap = {.flags = REAP_BOUND};

	(void)state;
	story_born(story, 1010, CHILD, OUTSIDE, "cc");
	story_ends(story, 1020, CHILD, 0);
	FEED(story, EVENT_REAP, 1090, CHILD, reap);
	assert_true(known(story, CHILD)->reap_bound);
	assert_int_equal(known(story, CHILD)->reaper_pid, 0);
	story_reaped(story, 1095, CHILD, OUTSIDE); /* once is enough */
	assert_times(known(story, CHILD), 1010, 1020, 1090);
	story_free(story);
}

static void reaps_late(struct story *story, __u64 at_ms, __u32 pid)
{
	struct reap reap = {.flags = REAP_BOUND};

	FEED(story, EVENT_REAP, at_ms, pid, reap);
}

/* A parent that lives, or that had no child left as it ended, is the only one that can have reaped. */
static void bound_reap_by_the_parent(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, CHILD, COMMAND, "cc");
	story_born(story, 1011, CHILD + 1, COMMAND, "ld");
	story_ends(story, 1020, CHILD, 0);
	story_ends(story, 1021, CHILD + 1, 0);
	reaps_late(story, 1090, CHILD);
	assert_int_equal(known(story, CHILD)->reaper_pid, COMMAND);
	assert_times(known(story, CHILD), 1010, 1020, 1090);
	story_ends(story, 1050, COMMAND, 0);
	reaps_late(story, 1095, CHILD + 1);
	assert_ptr_equal(known(story, CHILD + 1)->reaper, known(story, COMMAND));
	assert_times(known(story, CHILD + 1), 1011, 1021, 1050); /* no later than its parent's end */
	story_free(story);
}

/* Its parent wanted no zombies as it ended: it has reaped itself, only when is not known exactly. */
static void bound_reap_by_itself(void **state)
{
	struct reap reap = {.flags = REAP_BOUND | REAP_AUTO};
	struct story *story = story_new();

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, CHILD, COMMAND, "cc");
	story_ends(story, 1020, CHILD, 0);
	FEED(story, EVENT_REAP, 1090, CHILD, reap);
	assert_true(known(story, CHILD)->reap_auto);
	assert_int_equal(known(story, CHILD)->reaper_pid, 0);
	assert_null(known(story, CHILD)->reaper);
	story_free(story);
}

/* It may have been reaped before, or been handed on to the adopter. */
static void bound_reap_by_one_of_two(void **state)
{
	struct end end = {.flags = END_ADOPTED, .adopter_pid = COMMAND};
	struct story *story = story_new();

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, CHILD, COMMAND, "cc");
	story_born(story, 1011, CHILD + 1, CHILD, "as");
	story_ends(story, 1020, CHILD + 1, 0);
	end.adopter_start_ns = story->start_ns[COMMAND];
	story_ends_as(story, 1030, CHILD, 0, end);
	reaps_late(story, 1095, CHILD + 1);
	assert_int_equal(known(story, CHILD + 1)->reaper_pid, 0);
	assert_times(known(story, CHILD + 1), 1011, 1020, 1095);
	story_free(story);
}

static void feed_cut(struct model *model, __u16 kind, __u16 size, const void *payload)
{
	struct event *event = calloc(1, sizeof(*event) + 512);

	*event = (struct event){.kind = kind, .size = size, .at_ns = 5 * MS, .start_ns = 4 * MS, .pid = 9, .tid = 9};
	memcpy(event + 1, payload, size < sizeof(struct birth) ? size : sizeof(struct birth));
	assert_int_equal(model_feed(model, event), 0);
	free(event);
}

static void records_of_other_versions(void **state)
{
	struct birth birth = {.task_start_ns = 4 * MS, .parent_pid = 3, .uid = 17, .comm = "later"};
	struct model *model = model_new(NULL, NULL);

	(void)state;
	feed_cut(model, EVENT_BIRTH, offsetof(struct birth, uid), &birth); /* shorter: zeros */
	assert_int_equal(model_find(model, 9, 4 * MS)->ppid, 3);
	assert_int_equal(model_find(model, 9, 4 * MS)->uid, 0);
	assert_string_equal(model_find(model, 9, 4 * MS)->comm, "");
	model_free(model);
	model = model_new(NULL, NULL);
	feed_cut(model, EVENT_BIRTH, sizeof(birth) + 40, &birth); /* longer: the tail is not ours */
	assert_int_equal(model_find(model, 9, 4 * MS)->uid, 17);
	feed_cut(model, EVENT_KIND_COUNT + 3, 8, &birth);
	feed_cut(model, EVENT_NONE, 0, &birth);
	assert_int_equal(model_stats(model)->unknown_events, 2);
	model_free(model);
}

static void nobody_known(void **state)
{
	struct story *story = story_new();
	struct signal signal = {.number = SIGTERM};
	struct rename_to rename = {"name"};

	(void)state;
	story->start_ns[CHILD] = 1010 * MS;
	story_signal(story, 1020, CHILD, OUTSIDE, "x", signal);
	FEED(story, EVENT_RENAME, 1021, CHILD, rename);
	assert_string_equal(known(story, CHILD)->comm, "name");
	assert_int_equal(known(story, CHILD)->birth, BIRTH_EXISTING);
	assert_false(known(story, CHILD)->birth_seen);
	story_over(story, 1030, 1040);
	assert_int_equal(known(story, CHILD)->end, ENDED_NONE);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(child_before_parent),
		cmocka_unit_test(reap_before_end),
		cmocka_unit_test(reap_earlier_than_end),
		cmocka_unit_test(everything_twice),
		cmocka_unit_test(exec_by_two_probes),
		cmocka_unit_test(birth_lost),
		cmocka_unit_test(end_lost),
		cmocka_unit_test(sweep_finds_who_is_gone),
		cmocka_unit_test(sweep_before_it_was_listed),
		cmocka_unit_test(sweep_amid_an_exec_by_a_thread),
		cmocka_unit_test(pid_used_again),
		cmocka_unit_test(auto_reaped_is_no_zombie),
		cmocka_unit_test(bound_reap_has_no_reaper),
		cmocka_unit_test(bound_reap_by_the_parent),
		cmocka_unit_test(bound_reap_by_itself),
		cmocka_unit_test(bound_reap_by_one_of_two),
		cmocka_unit_test(records_of_other_versions),
		cmocka_unit_test(nobody_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
