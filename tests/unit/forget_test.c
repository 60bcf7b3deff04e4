/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A trace without end: the model lets go of who is over, and of nobody whom somebody may still ask about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/story.h"

#define LIVES 100000
#define PID_MAX 1000 /* so that pids are reused a hundred times */

/* One whole life, an event at a time: born of (parent, parent_start_ns), over and reaped after a moment. */
struct life {
	__u64 born_ns, parent_start_ns;
	__u32 pid, parent;
};

static void feed(struct model *model, struct life life, __u16 kind, __u64 at_ns, const void *payload, size_t size)
{
	char record[sizeof(struct event) + 512];
	struct event *event = (struct event *)record;

	*event = (struct event){.kind = kind, .size = (__u16)size, .at_ns = at_ns, .start_ns = life.born_ns};
	event->pid = event->tid = life.pid;
	memcpy(event + 1, payload, size);
	assert_int_equal(model_feed(model, event), 0);
}

static void is_born(struct model *model, struct life life)
{
	struct birth birth = {.task_start_ns = life.born_ns,
			      .parent_pid = life.parent,
			      .parent_start_ns = life.parent_start_ns,
			      .by_tid = life.parent,
			      .exit_signal = SIGCHLD,
			      .session = 50};

	feed(model, life, EVENT_BIRTH, life.born_ns, &birth, sizeof(birth));
}

static void ends(struct model *model, struct life life, __u64 at_ns, __u32 flags)
{
	struct end end = {.task_start_ns = life.born_ns,
			  .parent_pid = life.parent,
			  .parent_start_ns = life.parent_start_ns,
			  .flags = END_LEADER | END_GROUP_DEAD | END_TOLD | flags,
			  .adopter_pid = flags & END_ADOPTED ? 1 : 0};

	feed(model, life, EVENT_END, at_ns, &end, sizeof(end));
}

static void is_reaped(struct model *model, struct life life, __u64 at_ns)
{
	struct reap reap = {
		.reaper_pid = life.parent, .reaper_tid = life.parent, .reaper_start_ns = life.parent_start_ns};

	feed(model, life, EVENT_REAP, at_ns, &reap, sizeof(reap));
}

/* A shell that runs one program after the other, for ever: what is kept does not grow with what has been. */
static void memory_is_bounded_by_who_lives(void **state)
{
	struct life shell = {.born_ns = 10, .parent_start_ns = 1, .pid = 5, .parent = OUTSIDE};
	struct model *model = model_new(NULL, NULL);
	int most = 0;

	(void)state;
	is_born(model, shell);
	for (__u32 i = 1; i <= LIVES; i++) {
		struct life child = {.born_ns = i * MS, .parent_start_ns = 10, .pid = 10 + i % PID_MAX, .parent = 5};

		is_born(model, child);
		ends(model, child, i * MS + 1000, 0);
		is_reaped(model, child, i * MS + 2000);
		if (i % 1000)
			continue;
		model_forget(model, (i - 500) * MS);
		most = model_count(model) > most ? model_count(model) : most;
	}
	assert_true(most == 501 || most == 502);
	assert_int_equal(model_stats(model)->births, LIVES + 1);
	assert_int_equal(model_stats(model)->ends, LIVES);
	assert_int_equal(model_stats(model)->reaps, LIVES);
	assert_int_equal(model_last_id(model), LIVES + 1);
	assert_int_equal(model_stats(model)->alive, 1);
	assert_int_equal(model_find(model, 5, 10)->child_count, model_count(model) - 1);
	model_forget(model, UNKNOWN_NS - 1);
	assert_int_equal(model_count(model), 1);
	assert_int_equal(model_find(model, 5, 10)->child_count, 0);
	model_free(model);
}

static struct process *found(struct story *story, __u32 pid)
{
	return model_find(story->model, pid, story->start_ns[pid]);
}

/* make → sh → daemon: sh is over, and its child lives on. Who bore it is what people ask. */
static void dead_parents_of_the_living_stay(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	story_born(story, 20, 101, COMMAND, "sh");
	story_born(story, 30, 102, 101, "daemon");
	story_born(story, 40, 103, 101, "brief");
	story_done(story, 50, 103, 0);
	story_ends_leaving_children(story, 60, 101, 0);
	story_reaped(story, 60, 101, COMMAND);
	story_ends(story, 70, COMMAND, 0);
	story_reaped(story, 70, COMMAND, OUTSIDE);
	model_forget(story->model, 1000 * MS);
	assert_int_equal(model_count(story->model), 3);
	assert_ptr_equal(found(story, 102)->parent, found(story, 101));
	assert_ptr_equal(found(story, 102)->orphaned_from, found(story, 101));
	assert_ptr_equal(found(story, 101)->parent, found(story, COMMAND));
	assert_int_equal(found(story, 101)->child_count, 1);
	assert_ptr_equal(found(story, 101)->children[0], found(story, 102));
	assert_null(found(story, 103));
	story_ends(story, 2000, 102, 0);
	story_reaped(story, 2000, 102, 1);
	model_forget(story->model, 3000 * MS);
	assert_int_equal(model_count(story->model), 0);
	story_free(story);
}

/* Zombies stay however old, and so does who was over only just now. */
static void who_may_be_heard_of_stays(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	for (__u32 pid = 101; pid <= 103; pid++)
		story_born(story, pid, pid, COMMAND, "cc");
	story_ends(story, 200, 101, 0);
	story_done(story, 900, 102, 0);
	story_done(story, 200, 103, 0);
	model_forget(story->model, 800 * MS);
	assert_non_null(found(story, 101));
	assert_non_null(found(story, 102));
	assert_null(found(story, 103));
	assert_int_equal(model_stats(story->model)->zombies, 1);
	story_free(story);
}

/* A parent that ends within a second after it had ended a child was attended by it. */
static void whom_its_parent_ended_stays_longer(void **state)
{
	struct signal kill = {.number = SIGTERM, .call = 62};
	struct story *story = story_new();

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	story_born(story, 20, 101, COMMAND, "cc");
	story_born(story, 20, 102, COMMAND, "cc");
	story_signal(story, 99, 101, COMMAND, "make", kill);
	story_signal(story, 99, 102, OUTSIDE, "bash", kill);
	story_done(story, 100, 101, SIGTERM);
	story_done(story, 100, 102, SIGTERM);
	model_forget(story->model, 1000 * MS);
	assert_non_null(found(story, 101));
	assert_null(found(story, 102));
	model_forget(story->model, 1200 * MS);
	assert_null(found(story, 101));
	story_free(story);
}

static void told_of(struct story *story, __u64 at_ms, __u32 pid, __u32 tid, __u16 kind)
{
	struct birth birth = {.task_start_ns = at_ms * MS, .by_tid = pid};
	struct end end = {.task_start_ns = at_ms * MS};

	if (kind == EVENT_BIRTH)
		story_feed(story, kind, at_ms, pid, tid, &birth, sizeof(birth));
	else
		story_feed(story, kind, at_ms + 1, pid, tid, &end, sizeof(end));
}

/* A server that gives each connection a thread; their tids are reused, too. */
static void threads_of_who_lives_long_are_trimmed(void **state)
{
	struct story *story = story_new();
	int most = 0;

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "server");
	told_of(story, 11, COMMAND, 101, EVENT_BIRTH);
	for (__u64 i = 1; i <= 10000; i++) {
		__u32 tid = 200 + i % 20;

		told_of(story, 10 * i + 10, COMMAND, tid, EVENT_BIRTH);
		told_of(story, 10 * i + 10, COMMAND, tid, EVENT_END);
		if (i % 50)
			continue;
		model_forget(story->model, 10 * i * MS - 100 * MS);
		most = found(story, COMMAND)->thread_count > most ? found(story, COMMAND)->thread_count : most;
	}
	assert_true(most >= 3 && most <= 15);
	assert_int_equal(found(story, COMMAND)->alive_count, 2);
	assert_int_equal(model_stats(story->model)->thread_births, 10001);
	told_of(story, 11, COMMAND, 101, EVENT_END); /* the old one is still known by its tid */
	assert_int_equal(found(story, COMMAND)->alive_count, 1);
	story_free(story);
}

/* The reaper of a zombie that was handed on goes before the one it reaped. */
static void nobody_points_to_who_is_gone(void **state)
{
	struct story *story = story_new();
	struct reap reap = {.reaper_pid = 102, .reaper_tid = 102};

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	story_born(story, 20, 101, COMMAND, "old");
	story_born(story, 30, 102, COMMAND, "reaper");
	story_born(story, 40, 103, 101, "child");
	story_born(story, 41, 104, 103, "orphan");
	story_ends_leaving_children(story, 50, 103, 0);
	reap.reaper_start_ns = story->start_ns[102];
	FEED(story, EVENT_REAP, 60, 103, reap);
	assert_ptr_equal(found(story, 103)->reaper, found(story, 102));
	story_done(story, 70, 102, 0);
	model_forget(story->model, 1000 * MS);
	assert_null(found(story, 102));
	assert_null(found(story, 103)->reaper);
	assert_int_equal(found(story, 103)->reaper_pid, 102);
	story_free(story);
}

/* Of a parent that is never heard of: its children wait for it, and go one by one. */
static void who_waits_for_a_missing_parent_may_go(void **state)
{
	struct life first = {.born_ns = 20, .parent_start_ns = 5, .pid = 20, .parent = 9};
	struct life second = {.born_ns = 30, .parent_start_ns = 5, .pid = 30, .parent = 9};
	struct life parent = {.born_ns = 5, .parent_start_ns = 1, .pid = 9, .parent = 1};
	struct model *model = model_new(NULL, NULL);

	(void)state;
	is_born(model, first);
	is_born(model, second);
	ends(model, first, 40, 0);
	is_reaped(model, first, 50);
	model_forget(model, 60);
	assert_int_equal(model_count(model), 1);
	is_born(model, parent); /* its birth comes late */
	assert_ptr_equal(model_find(model, 30, 30)->parent, model_find(model, 9, 5));
	assert_int_equal(model_find(model, 9, 5)->child_count, 1);
	ends(model, second, 70, 0);
	is_reaped(model, second, 80);
	ends(model, parent, 90, 0);
	is_reaped(model, parent, 90);
	model_forget(model, 100);
	assert_null(model_find(model, 30, 30));
	model_forget(model, 100); /* known later than its child, it goes a round later */
	assert_int_equal(model_count(model), 0);
	model_free(model);
}

/* The pid of one that is forgotten, of one that is kept for its child, and of one that lives: three lives, never mixed. */
static void a_pid_is_three_lives(void **state)
{
	struct life gone = {.born_ns = 100, .parent_start_ns = 1, .pid = 50, .parent = OUTSIDE};
	struct life kept = {.born_ns = 200, .parent_start_ns = 1, .pid = 50, .parent = OUTSIDE};
	struct life child = {.born_ns = 250, .parent_start_ns = 200, .pid = 60, .parent = 50};
	struct life lives = {.born_ns = 300, .parent_start_ns = 1, .pid = 50, .parent = OUTSIDE};
	struct model *model = model_new(NULL, NULL);

	(void)state;
	is_born(model, gone);
	ends(model, gone, 150, 0);
	is_reaped(model, gone, 160);
	is_born(model, kept);
	is_born(model, child);
	ends(model, kept, 260, END_ADOPTED | END_ADOPTER_INIT);
	is_reaped(model, kept, 270);
	is_born(model, lives);
	model_forget(model, 290);
	assert_null(model_find(model, 50, 100));
	assert_int_equal(model_find(model, 50, 200)->reaped_ns, 270);
	assert_ptr_equal(model_find(model, 60, 250)->parent, model_find(model, 50, 200));
	assert_ptr_equal(model_find_pid(model, 50), model_find(model, 50, 300));
	assert_int_equal(model_find(model, 50, 300)->child_count, 0);
	ends(model, lives, 400, 0);
	is_reaped(model, lives, 410);
	model_forget(model, 500);
	assert_ptr_equal(model_find_pid(model, 50), model_find(model, 50, 200));
	model_free(model);
}

/* Who execs without end keeps its first program and its last ones. */
static void execs_are_trimmed(void **state)
{
	struct story *story = story_new();
	const struct process *process;

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "sh");
	for (__u32 i = 0; i < 1000; i++) {
		struct exec exec = {.uid = i};

		FEED(story, EVENT_EXEC, 20 + i, COMMAND, exec);
		if (i % 10 == 9)
			model_forget(story->model, i * MS);
		assert_true(found(story, COMMAND)->exec_count <= 16 + 10);
	}
	process = found(story, COMMAND);
	assert_int_equal(process->execs[0].uid, 0);
	assert_int_equal(process->execs[process->exec_count - 1].uid, 999);
	story_free(story);
}

/* Its reap was told by a look; that it is told again comes much later, when nobody knows it any more. */
static void a_late_reap_brings_nobody_back(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	story_born(story, 20, 101, COMMAND, "cc");
	story_done(story, 30, 101, 0);
	model_forget(story->model, 1000 * MS);
	assert_null(found(story, 101));
	story_reaped(story, 9000, 101, COMMAND);
	assert_null(found(story, 101));
	assert_int_equal(model_count(story->model), 1);
	story_born(story, 9001, 102, COMMAND, "cc"); /* of one that is younger a reap may come before all else */
	story->start_ns[103] = 9002 * MS;
	story_reaped(story, 9003, 103, COMMAND);
	assert_non_null(found(story, 103));
	story_free(story);
}

/* Gone without a word, in a loss: nothing more will be heard of it. */
static void who_went_unseen_is_let_go(void **state)
{
	struct story *story = story_new();
	struct swept swept = {.began_ns = 500 * MS};

	(void)state;
	story_born(story, 10, COMMAND, OUTSIDE, "make");
	story_born(story, 20, 101, COMMAND, "lost");
	story_alive(story, 510, COMMAND, STATE_RUNNING, REASON_NONE, 10);
	story_feed(story, EVENT_SWEPT, 520, 0, 0, &swept, sizeof(swept));
	assert_true(found(story, 101)->end_lost);
	model_forget(story->model, 1000 * MS);
	assert_null(found(story, 101));
	assert_non_null(found(story, COMMAND));
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_bounded_by_who_lives),
		cmocka_unit_test(dead_parents_of_the_living_stay),
		cmocka_unit_test(who_may_be_heard_of_stays),
		cmocka_unit_test(whom_its_parent_ended_stays_longer),
		cmocka_unit_test(threads_of_who_lives_long_are_trimmed),
		cmocka_unit_test(nobody_points_to_who_is_gone),
		cmocka_unit_test(who_waits_for_a_missing_parent_may_go),
		cmocka_unit_test(a_pid_is_three_lives),
		cmocka_unit_test(execs_are_trimmed),
		cmocka_unit_test(a_late_reap_brings_nobody_back),
		cmocka_unit_test(who_went_unseen_is_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
