/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Orphans, their adopters, and daemons.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/story.h"

#define PARENT 101
#define CHILD 102
#define OTHER 103

static struct process *known(struct story *story, __u32 pid)
{
	return model_find(story->model, pid, story->start_ns[pid]);
}

static struct story *family(void)
{
	struct story *story = story_new();

	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1001, PARENT, COMMAND, "parent");
	story_born(story, 1002, CHILD, PARENT, "child");
	return story;
}

static void reparented(struct story *story, __u64 at_ms, __u32 pid, __u32 to, __u32 init)
{
	struct reparent reparent = {.parent_start_ns = story->start_ns[to], .parent_pid = to, .init = init};

	FEED(story, EVENT_REPARENT, at_ms, pid, reparent);
}

static void adopted_by_init_once(void **state)
{
	struct story *story = family();

	(void)state;
	story_ends_leaving_children(story, 1010, PARENT, 0);
	reparented(story, 1012, CHILD, 1, 1); /* the child notices, too: no second adoption */
	assert_int_equal(known(story, CHILD)->orphaned_ns, 1010 * MS);
	assert_ptr_equal(known(story, CHILD)->orphaned_from, known(story, PARENT));
	assert_int_equal(known(story, CHILD)->adopter_pid, 1);
	assert_true(known(story, CHILD)->adopter_is_init);
	assert_int_equal(known(story, CHILD)->adoptions, 1);
	assert_null(known(story, CHILD)->real_parent);
	assert_ptr_equal(known(story, CHILD)->parent, known(story, PARENT)); /* at birth: for ever */
	assert_int_equal(model_stats(story->model)->orphans, 1);
	story_free(story);
}

static void adopted_by_subreaper_then_again(void **state)
{
	struct story *story = family();
	struct end end = {.flags = END_ADOPTED, .adopter_pid = COMMAND, .adopter_start_ns = 1000 * MS};

	(void)state;
	story_ends_as(story, 1010, PARENT, 0, end);
	assert_ptr_equal(known(story, CHILD)->real_parent, known(story, COMMAND));
	assert_false(known(story, CHILD)->adopter_is_init);
	story_ends_leaving_children(story, 1020, COMMAND, 0);
	assert_int_equal(known(story, CHILD)->adopter_pid, 1);
	assert_int_equal(known(story, CHILD)->adoptions, 2);
	assert_int_equal(known(story, CHILD)->orphaned_ns, 1010 * MS);
	assert_int_equal(model_stats(story->model)->orphans, 1);
	story_free(story);
}

static void zombies_are_no_orphans(void **state)
{
	struct story *story = family();

	(void)state;
	story_ends(story, 1005, CHILD, 0);
	story_ends_leaving_children(story, 1010, PARENT, 0);
	assert_int_equal(known(story, CHILD)->orphaned_ns, 0);
	assert_int_equal(known(story, CHILD)->real_ppid, 1);
	assert_int_equal(model_stats(story->model)->orphans, 0);
	story_free(story);
}

static void noticed_by_the_child_alone(void **state)
{
	struct story *story = family();

	(void)state;
	story_ends(story, 1010, PARENT, 0);
	assert_int_equal(known(story, CHILD)->orphaned_ns, 0);
	reparented(story, 1015, CHILD, 1, 1);
	assert_int_equal(known(story, CHILD)->adopter_pid, 1);
	assert_int_equal(model_stats(story->model)->orphans, 1);
	story_free(story);
}

static void all_of_many_children(void **state)
{
	struct story *story = family();

	(void)state;
	for (__u32 i = 0; i < 5000; i++)
		story_born(story, 1003, 1000 + i, PARENT, "child");
	story_ends_leaving_children(story, 1010, PARENT, 0);
	assert_int_equal(model_stats(story->model)->orphans, 5001);
	for (__u32 i = 0; i < 5000; i++)
		assert_int_equal(known(story, 1000 + i)->adopter_pid, 1);
	story_free(story);
}

static void session(struct story *story, __u64 at_ms, __u32 pid, __u32 number, __u32 tty)
{
	struct session session = {.session = number, .group = number, .tty = tty};

	FEED(story, EVENT_SESSION, at_ms, pid, session);
}

static void detached_daemon(void **state)
{
	struct story *story = family();

	(void)state;
	session(story, 1003, PARENT, PARENT, 0); /* fork, setsid, fork */
	story_born_as(story, 1004, OTHER, PARENT, "daemon", PARENT, 0);
	story_ends_leaving_children(story, 1010, PARENT, 0);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_DETACHED);
	assert_int_equal(known(story, OTHER)->daemon_ns, 1010 * MS);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO); /* still in the session of before */
	session(story, 1020, CHILD, CHILD, 0);			  /* an orphan that leaves its session */
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_DETACHED);
	assert_int_equal(known(story, CHILD)->daemon_ns, 1020 * MS);
	story_free(story);
}

/* On another CPU the child may tell who adopted it before the end of its parent, who leads their session, is told. */
static void a_daemon_once_the_session_has_lost_its_leader(void **state)
{
	struct story *story = family();

	(void)state;
	session(story, 1003, PARENT, PARENT, 0);
	story_born_as(story, 1004, OTHER, PARENT, "daemon", PARENT, 0);
	reparented(story, 1009, OTHER, 1, 1);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_NO);
	story_ends(story, 1010, PARENT, 0);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_DETACHED);
	assert_int_equal(known(story, OTHER)->daemon_ns, 1010 * MS);
	assert_int_equal(known(story, OTHER)->orphaned_ns, 1009 * MS);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO); /* in another session */
	story_free(story);
}

static void swept(struct story *story, __u64 at_ms)
{
	struct swept swept = {.began_ns = 1, .whole = 1};

	FEED(story, EVENT_SWEPT, at_ms, 0, swept);
}

/* A leader that is not known may be one whose birth was lost, until a look has told of all that live. */
static void no_daemon_while_its_leader_may_be_unknown(void **state)
{
	struct story *story = family();
	struct lost lost = {.lifecycle = 5};

	(void)state;
	swept(story, 1003);
	FEED(story, EVENT_LOST, 1004, 0, lost);
	story_born_as(story, 1005, OTHER, PARENT, "sh", 77, 0);
	story_ends_leaving_children(story, 1010, PARENT, 0);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_NO);
	swept(story, 1020);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_DETACHED);
	story_free(story);
}

static void no_daemon(void **state)
{
	struct story *story = family();

	(void)state;
	session(story, 1003, CHILD, CHILD, 0); /* leads a session, but has its parent */
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO);
	story_born_as(story, 1004, OTHER, PARENT, "sh", OTHER, 0x8801);
	story_ends_leaving_children(story, 1010, PARENT, 0);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_NO); /* has a terminal */
	story_free(story);
}

static void attended_daemon(void **state)
{
	struct story *story = family();

	(void)state;
	story_born(story, 1003, OTHER, PARENT, "quick");
	story_signal(story, 1010, CHILD, PARENT, "parent", (struct signal){.number = SIGTERM});
	story_signal(story, 1010, OTHER, COMMAND, "make", (struct signal){.number = SIGTERM});
	story_done(story, 1011, CHILD, SIGTERM);
	story_done(story, 1011, OTHER, SIGTERM);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO); /* its parent still lives */
	story_done(story, 1020, PARENT, 0);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_ATTENDED);
	assert_int_equal(known(story, OTHER)->daemon, DAEMON_NO); /* somebody else killed it */
	story_free(story);
}

/* Whoever goes on to new work after the kill did not kill because it was ending. */
static void killed_by_one_who_goes_on(void **state)
{
	struct story *story = family();

	(void)state;
	story_signal(story, 1010, CHILD, PARENT, "parent", (struct signal){.number = SIGTERM});
	story_done(story, 1011, CHILD, SIGTERM);
	story_born(story, 1012, OTHER, PARENT, "next");
	story_done(story, 1013, OTHER, 0);
	story_done(story, 1020, PARENT, 0);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO);
	story_free(story);
}

/* As a pid namespace ends, the kernel kills what is left in it: nobody attended that. */
static void killed_with_its_namespace(void **state)
{
	struct signal signal = {.number = SIGKILL, .flags = SIGNAL_KERNEL | SIGNAL_EXITING};
	struct story *story = family();

	(void)state;
	story_signal(story, 1010, CHILD, PARENT, "init", signal);
	story_done(story, 1011, CHILD, SIGKILL);
	story_done(story, 1020, PARENT, 0);
	assert_int_equal(known(story, CHILD)->killer.why, WHY_NAMESPACE);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO);
	story_free(story);
}

static void killed_long_before(void **state)
{
	struct story *story = family();

	(void)state;
	story_signal(story, 1010, CHILD, PARENT, "parent", (struct signal){.number = SIGTERM});
	story_done(story, 1011, CHILD, SIGTERM);
	story_done(story, 3000, PARENT, 0);
	assert_int_equal(known(story, CHILD)->daemon, DAEMON_NO);
	story_free(story);
}

static void parents_in_circles(void **state)
{
	struct story *story = story_new();

	(void)state;
	story->start_ns[CHILD] = 1000 * MS;
	story_born(story, 1000, PARENT, CHILD, "egg");
	story_born(story, 1000, CHILD, PARENT, "hen");
	assert_null(known(story, CHILD)->parent);
	assert_null(known(story, PARENT)->parent);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adopted_by_init_once),
		cmocka_unit_test(adopted_by_subreaper_then_again),
		cmocka_unit_test(zombies_are_no_orphans),
		cmocka_unit_test(noticed_by_the_child_alone),
		cmocka_unit_test(all_of_many_children),
		cmocka_unit_test(detached_daemon),
		cmocka_unit_test(a_daemon_once_the_session_has_lost_its_leader),
		cmocka_unit_test(no_daemon_while_its_leader_may_be_unknown),
		cmocka_unit_test(no_daemon),
		cmocka_unit_test(attended_daemon),
		cmocka_unit_test(killed_by_one_who_goes_on),
		cmocka_unit_test(killed_with_its_namespace),
		cmocka_unit_test(killed_long_before),
		cmocka_unit_test(parents_in_circles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
