/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
/*
 * What comes close to a deadlock and is none: stories that differ from one in one thing, so that somebody might still go
 * on. And looks for which memory runs out.
 */
#include "tests/unit/found.h"
#include "tests/unit/short_memory.h"
#include "tests/unit/sight.h"

/* Everything as in circle_of_two, but for one thing. */
enum but {
	NOTHING,
	READER_OUTSIDE,
	ON_ITS_WAY,
	READER_UNSEEN,
	TABLE_SHARED,
	TABLE_OF_A_THREAD,
	REFERENCES_UNKNOWN,
	NOT_FULL,
	NO_PIPE,
	FD_UNKNOWN,
	WRONG_END,
	MAY_WAKE,
	PARENT_MAY_WAKE,
	BLOCKED_LATELY,
	SLEEPS,
	STOPPED,
	RUNS,
	NOT_MET,
	AWAITS_ANOTHER,
	OTHER_CHILD_RUNS,
	OTHER_CHILD_TELLS,
	THREAD_RUNS,
	THREAD_AT_FUTEX,
	NOT_WHOLE,
	NOT_SWEPT,
	BUTS
};

static void change_files(struct sight *sight, enum but but)
{
	struct open_file *reader = &sight->ends[0].open, *writer = &sight->ends[1].open;

	if (but == READER_OUTSIDE) {
		has_open(sight, OUTSIDE, 7, PIPE, FILE_READS);
		reader->references = 2;
	}
	reader->references += but == ON_ITS_WAY;
	writer->readers += but == READER_UNSEEN;
	if (but == TABLE_SHARED)
		reader->flags |= FILE_SHARED;
	if (but == REFERENCES_UNKNOWN)
		reader->references = ~0u;
	if (but == NOT_FULL)
		writer->flags &= ~(__u32)FILE_FULL;
	if (but == NO_PIPE)
		writer->flags &= ~(__u32)FILE_PIPE;
	if (but == WRONG_END)
		writer->flags = (writer->flags & ~(__u32)FILE_WRITES) | FILE_READS;
}

static void tell_table_of_a_thread(struct sight *sight)
{
	struct open_file open = sight->ends[1].open;

	story_feed(sight->story, EVENT_OPEN_FILE, sight->ms + 1, CHILD, 150, &open, sizeof(open));
}

static void tell_child(struct sight *sight, enum but but)
{
	struct sleep sleep = WRITES;
	__u32 state = but == STOPPED ? STATE_STOPPED : but == RUNS ? STATE_RUNNING : STATE_BLOCKED;

	if (but == MAY_WAKE)
		sleep.flags = ALIVE_MAY_WAKE;
	if (but == FD_UNKNOWN)
		sleep.fd = 9;
	if (but == SLEEPS)
		sleep.reason = REASON_SLEEP;
	if (but != NOT_MET)
		tell_thread(sight, CHILD, CHILD, sight->story->start_ns[CHILD],
			    but == BLOCKED_LATELY ? sight->ms : sight->ms - 100, state, sleep);
	if (but == THREAD_RUNS)
		tell_thread(sight, CHILD, 150, 1500 * MS, 1600, STATE_RUNNING, WRITES);
	if (but == THREAD_AT_FUTEX)
		tell_thread(sight, CHILD, 150, 1500 * MS, 1600, STATE_BLOCKED, (struct sleep){REASON_FUTEX, -1, 0, 0});
}

static int found_but(enum but but)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);
	struct sleep parent = ANY;
	int found;

	if (but == OTHER_CHILD_RUNS || but == AWAITS_ANOTHER || but == OTHER_CHILD_TELLS)
		story_born(story, 1500, 102, COMMAND, "other");
	if (but == AWAITS_ANOTHER)
		parent.awaited = 102;
	if (but == OTHER_CHILD_TELLS) {
		parent.awaited = CHILD;
		parent.flags = ALIVE_CHILD_WAKES;
	}
	if (but == PARENT_MAY_WAKE)
		parent.flags = ALIVE_MAY_WAKE;
	change_files(&sight, but);
	tell_files(&sight);
	if (but == TABLE_OF_A_THREAD)
		tell_table_of_a_thread(&sight);
	is_blocked(&sight, COMMAND, parent);
	tell_child(&sight, but);
	if (model_find_pid(story->model, 102))
		is_in(&sight, 102, STATE_RUNNING, (struct sleep){0});
	if (but == NOT_WHOLE)
		sight.began_ns = ~(__u64)0;
	sight.unswept = but == NOT_SWEPT;
	look_ends(&sight);
	found = heard(story);
	story_free(story);
	return found;
}

static void close_calls(void **state)
{
	(void)state;
	assert_int_equal(found_but(NOTHING), 1);
	for (enum but but = NOTHING + 1; but < BUTS; but++)
		if (found_but(but))
			fail_msg("with change %d a deadlock was found that is none", but);
}

/* And what does not matter: it waits for that child alone, whatever another one does; threads, if all are blocked so. */
static void what_does_not_matter(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);

	(void)state;
	story_born(story, 1500, 102, COMMAND, "other");
	sight.ends[1].open.references++; /* while one of several threads is in a call, that is one more */
	tell_files(&sight);
	is_blocked(&sight, COMMAND, (struct sleep){REASON_CHILD, -1, CHILD, 0});
	is_blocked(&sight, CHILD, WRITES);
	tell_thread(&sight, CHILD, 150, 1500 * MS, 1600, STATE_BLOCKED, WRITES);
	is_in(&sight, 102, STATE_RUNNING, (struct sleep){0});
	look_ends(&sight);
	assert_int_equal(heard(story), 1);
	assert_int_equal(model_deadlock(story->model, 0)->count, 2);
	story_free(story);
}

/* A process of which no thread is left, though its end was not told yet. */
static void nobody_left(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);
	struct end end = {.task_start_ns = story->start_ns[CHILD], .flags = END_LEADER, .parent_pid = COMMAND};

	(void)state;
	tell_files(&sight);
	FEED(story, EVENT_END, 1990, CHILD, end);
	is_blocked(&sight, COMMAND, ANY);
	sight.began_ns = 0;
	FEED(story, EVENT_LOOKED, 2003, 0, ((struct looked){0}));
	look_ends(&sight);
	assert_int_equal(heard(story), 0);
	story_free(story);
}

/* The whole of a look, each allocation but the first `allowed` of which fails. True: none did. */
static bool look_short_of_memory(struct sight *sight, int allowed)
{
	int result;

	until_failure = allowed;
	result = locked(sight, 1, COMMAND, FILE_ONE, LOCK_FLOCK);
	result |= locked(sight, 1, CHILD, FILE_ONE, LOCK_FLOCK | LOCK_WAITS);
	result |= tell_files(sight);
	result |= is_blocked(sight, COMMAND, (struct sleep){REASON_CHILD, -1, CHILD, 0});
	result |= is_blocked(sight, CHILD, LOCKS);
	result |= is_blocked(sight, 102, READS);
	result |= look_ends(sight);
	if (until_failure >= 0)
		assert_int_equal(result, 0);
	else
		assert_int_equal(result, -1);
	result = until_failure;
	until_failure = -1;
	return result >= 0;
}

/* The command waits for its child, that for the command's lock, and another one reads what the child could write. */
static void memory_runs_out(void **state)
{
	struct sight sight;
	bool whole = false;

	(void)state;
	for (int allowed = 0; !whole; allowed++) {
		struct story *story = begin();

		story_born(story, 1100, 102, COMMAND, "other");
		look_begins(&sight, story, 2000);
		has_open(&sight, COMMAND, 5, FILE_ONE, FILE_FLOCKED);
		has_open(&sight, CHILD, 5, FILE_ONE, 0);
		has_open(&sight, CHILD, 4, PIPE, FILE_WRITES);
		has_open(&sight, 102, 3, PIPE, FILE_READS);
		count_all(&sight);
		whole = look_short_of_memory(&sight, allowed);
		assert_true(heard(story) >= whole && heard(story) <= 1);
		if (whole)
			assert_int_equal(model_deadlock(story->model, 0)->held_up_count, 1);
		assert_true(look_short_of_memory(&sight, 10000)); /* and it goes on as if nothing had been */
		assert_true(heard(story) >= 1 && heard(story) <= 2);
		story_free(story);
		assert_true(allowed < 100);
	}
}

static void memory_runs_out_for_the_finding(void **state)
{
	struct sight sight;
	bool whole = false;

	(void)state;
	for (int allowed = 0; !whole; allowed++) {
		struct story *story = unread_pipe(&sight);

		tell_files(&sight);
		is_blocked(&sight, COMMAND, ANY);
		is_blocked(&sight, CHILD, WRITES);
		look_ends(&sight);
		story_over(story, 3000, 3000);
		until_failure = allowed;
		whole = !findings_collect(&story->findings, story->model);
		until_failure = -1;
		assert_true(count(story, "deadlock") >= whole && count(story, "deadlock") <= 1);
		story_free(story);
		assert_true(allowed < 100);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(close_calls),
		cmocka_unit_test(what_does_not_matter),
		cmocka_unit_test(nobody_left),
		cmocka_unit_test(memory_runs_out),
		cmocka_unit_test(memory_runs_out_for_the_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
