/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The model on processes of several threads: leaders that end early, execs by others, numbers used again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/story.h"
#include "user/sink/image.h"

static struct process *command(struct story *story)
{
	return model_find(story->model, COMMAND, story->start_ns[COMMAND]);
}

static void thread_born(struct story *story, __u64 at_ms, __u32 tid)
{
	struct birth birth = {.task_start_ns = at_ms * MS, .by_tid = COMMAND, .clone_flags = 0x10000, .comm = "worker"};

	story_feed(story, EVENT_BIRTH, at_ms, COMMAND, tid, &birth, sizeof(birth));
}

/* A thread that ran from its birth to its end. */
static void thread_ends(struct story *story, __u64 at_ms, __u32 tid, __u64 born_ms, __u32 flags)
{
	struct end end = {.task_start_ns = born_ms * MS, .flags = flags, .comm = "worker", .parent_pid = OUTSIDE};

	end.totals.running_ns = (at_ms - born_ms) * MS;
	story_feed(story, EVENT_END, at_ms, COMMAND, tid, &end, sizeof(end));
}

static void in_order_of_birth(void **state)
{
	struct story *story = story_new();
	__u32 expected[] = {COMMAND, 201, 202, 203, 204};
	const struct thread *thread;

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1003, 203);
	thread_born(story, 1001, 201);
	thread_born(story, 1004, 204);
	thread_born(story, 1002, 202);
	thread = command(story)->threads;
	for (int i = 0; i < 5; i++, thread = thread->next)
		assert_int_equal(thread->tid, expected[i]);
	assert_null(thread);
	assert_int_equal(command(story)->thread_count, 5);
	assert_int_equal(model_stats(story->model)->thread_births, 4);
	assert_int_equal(model_stats(story->model)->births, 1);
	story_free(story);
}

static void leader_ends_early(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1010, COMMAND, 1000, END_LEADER);
	assert_int_equal(command(story)->end, ENDED_NONE);
	assert_int_equal(command(story)->alive_count, 1);
	thread_ends(story, 1050, 201, 1001, END_GROUP_DEAD | END_TOLD);
	assert_int_equal(command(story)->end, ENDED_NORMAL);
	assert_int_equal(command(story)->end_ns, 1050 * MS);
	assert_int_equal(command(story)->threads->end_ns, 1010 * MS);
	story_free(story);
}

/* It was preempted on its way out, after it had left the process. */
static void thread_is_seen_after_the_end(void **state)
{
	struct story *story = story_new();
	const struct thread *thread;

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1050, COMMAND, 1000, END_LEADER | END_GROUP_DEAD | END_TOLD);
	thread_ends(story, 1070, 201, 1001, 0);
	thread = command(story)->threads->next;
	assert_int_equal(command(story)->end_ns, 1050 * MS);
	assert_int_equal(thread->end_ns, 1050 * MS);
	assert_int_equal(thread->totals.running_ns, 49 * MS);
	assert_int_equal(command(story)->alive_count, 0);
	story_free(story);
}

/* Its own end was reported as it exited; later it was the last to leave the process, and notified the parent. */
static void process_ends_by_a_thread_that_has_ended(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1050, 201, 1001, 0);
	thread_ends(story, 1050, COMMAND, 1000, END_LEADER);
	assert_int_equal(command(story)->end, ENDED_NONE);
	thread_ends(story, 1051, 201, 1001, END_GROUP_DEAD | END_TOLD);
	assert_int_equal(command(story)->end, ENDED_NORMAL);
	assert_int_equal(command(story)->end_ns, 1051 * MS);
	assert_int_equal(command(story)->threads->next->end_ns, 1050 * MS);
	story_free(story);
}

/* Nobody is told: the process has ended when the last of its threads has. */
static void untold_end_waits_for_all(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1050, 201, 1001, END_GROUP_DEAD);
	assert_int_equal(command(story)->end, ENDED_NONE);
	thread_ends(story, 1049, COMMAND, 1000, END_LEADER);
	assert_int_equal(command(story)->end, ENDED_NORMAL);
	assert_int_equal(command(story)->end_ns, 1050 * MS);
	story_free(story);
}

static void exec_by(struct story *story, __u64 at_ms, __u32 old_tid)
{
	static const char data[] = "true\0bin\0true\0-x";
	struct exec exec = {.old_tid = old_tid, .exe_len = 9, .argv_len = 8, .argv_total = 8, .comm = "true"};
	char record[sizeof(exec) + sizeof(data) - 1];

	memcpy(record, &exec, sizeof(exec));
	memcpy(record + sizeof(exec), data, sizeof(data) - 1);
	story_feed(story, EVENT_EXEC, at_ms, COMMAND, COMMAND, record, sizeof(record));
}

static void assert_led_by_worker(struct story *story)
{
	const struct process *process = command(story);

	assert_int_equal(process->threads->tid, COMMAND);
	assert_int_equal(process->threads->birth_ns, 1001 * MS);
	assert_int_equal(process->threads->next->birth_ns, 1000 * MS);
	assert_int_equal(process->threads->next->end_ns, 1010 * MS);
	assert_null(process->threads->next->next);
	assert_string_equal(process->comm, "true");
	assert_string_equal(process->execs[0].exe, "/bin/true");
	assert_int_equal(process->execs[0].argc, 2);
	assert_string_equal(process->execs[0].argv[1], "-x");
}

/* clone(CLONE_PARENT) by a thread: the program is the caller's, though its brother was born of the same parent. */
static void brother_made_by_thread(void **state)
{
	struct birth birth = {.task_start_ns = 1020 * MS, .parent_pid = OUTSIDE, .parent_start_ns = 1, .by_tid = 201};
	struct story *story = story_new();

	(void)state;
	birth.clone_flags = 0x8000; /* CLONE_PARENT */
	birth.exit_signal = SIGCHLD;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1010, COMMAND, 1000, END_LEADER);
	exec_by(story, 1011, COMMAND);
	story->start_ns[300] = 1020 * MS;
	FEED(story, EVENT_BIRTH, 1020, 300, birth);
	assert_ptr_equal(model_find(story->model, 300, 1020 * MS)->maker, command(story));
	assert_string_equal(image_of(model_find(story->model, 300, 1020 * MS))->exe, "/bin/true");
	story_free(story);
}

/* `late`: the old leader's last switch comes after the exec, and under the number that was the other's. */
static void exec_by_another_thread(bool late)
{
	struct story *story = story_new();

	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	if (!late)
		thread_ends(story, 1010, COMMAND, 1000, END_LEADER);
	exec_by(story, 1011, 201);
	if (late)
		thread_ends(story, 1010, 201, 1000, 0);
	assert_led_by_worker(story);
	assert_int_equal(command(story)->end, ENDED_NONE);
	thread_ends(story, 1020, COMMAND, 1001, END_LEADER | END_GROUP_DEAD | END_TOLD);
	assert_int_equal(command(story)->end_ns, 1020 * MS);
	assert_int_equal(command(story)->threads->totals.running_ns, 19 * MS);
	assert_int_equal(command(story)->alive_count, 0);
	story_free(story);
}

/* The kernel swaps the numbers, goes on to read the program from a disk, and is looked at before it tells of the exec. */
static void exec_is_met_before_it_is_told(void **state)
{
	struct alive alive = {.task_start_ns = 1001 * MS,
			      .parent_pid = OUTSIDE,
			      .real_parent_pid = OUTSIDE,
			      .state = STATE_BLOCKED,
			      .reason = REASON_DISK,
			      .comm = "java"};

	(void)state;
	for (int ends_first = 0; ends_first < 2; ends_first++) {
		struct story *story = story_new();

		story_born(story, 1000, COMMAND, OUTSIDE, "java");
		thread_born(story, 1001, 201);
		if (ends_first)
			thread_ends(story, 1010, COMMAND, 1000, END_LEADER);
		FEED(story, EVENT_ALIVE, 1010, COMMAND, alive);
		if (!ends_first)
			thread_ends(story, 1010, 201, 1000, 0); /* as in exec_by_another_thread(), late */
		exec_by(story, 1011, 201);
		assert_led_by_worker(story);
		thread_ends(story, 1020, COMMAND, 1001, END_LEADER | END_GROUP_DEAD | END_TOLD);
		assert_int_equal(command(story)->end_ns, 1020 * MS);
		assert_int_equal(command(story)->alive_count, 0);
		story_free(story);
	}
}

static void exec_swaps_numbers(void **state)
{
	(void)state;
	exec_by_another_thread(false);
}

static void exec_swaps_numbers_late(void **state)
{
	(void)state;
	exec_by_another_thread(true);
}

static void tid_used_again(void **state)
{
	struct story *story = story_new();
	const struct thread *thread;

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	thread_born(story, 1001, 201);
	thread_ends(story, 1005, 201, 1001, 0);
	thread_born(story, 1006, 201);
	thread_ends(story, 1009, 201, 1006, 0);
	thread = command(story)->threads->next;
	assert_int_equal(thread->totals.running_ns, 4 * MS);
	assert_int_equal(thread->next->totals.running_ns, 3 * MS);
	assert_int_equal(command(story)->thread_count, 3);
	story_free(story);
}

/* Large numbers of anything cost no more each than small ones: this would take hours otherwise. */
static void many_of_everything(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "java");
	for (__u32 i = 0; i < 20000; i++)
		thread_born(story, 1001 + i, 10000 + i);
	for (int i = 0; i < 20000; i++)
		exec_by(story, 30000 + i, COMMAND);
	assert_int_equal(command(story)->thread_count, 20001);
	assert_int_equal(command(story)->exec_count, 20000);
	for (int i = 0; i < 20000; i++) {
		story_born(story, 60000 + i, 300, COMMAND, "child"); /* one pid, again and again */
		story_done(story, 60000 + i, 300, 0);
	}
	assert_int_equal(model_count(story->model), 20001);
	assert_int_equal(command(story)->child_count, 20000);
	assert_ptr_equal(model_find_pid(story->model, 300), model_process(story->model, 20000));
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_of_birth),
		cmocka_unit_test(leader_ends_early),
		cmocka_unit_test(thread_is_seen_after_the_end),
		cmocka_unit_test(process_ends_by_a_thread_that_has_ended),
		cmocka_unit_test(untold_end_waits_for_all),
		cmocka_unit_test(exec_is_met_before_it_is_told),
		cmocka_unit_test(exec_swaps_numbers),
		cmocka_unit_test(brother_made_by_thread),
		cmocka_unit_test(exec_swaps_numbers_late),
		cmocka_unit_test(tid_used_again),
		cmocka_unit_test(many_of_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
