/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Deadlocks: for each kind of circle a story in which it must be found, with what the finding says.
 */
#include "tests/unit/found.h"
#include "tests/unit/sight.h"

static void circle_of_two(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);
	const struct finding *finding;
	const struct deadlock *deadlock;

	(void)state;
	tell_files(&sight);
	is_blocked(&sight, COMMAND, ANY);
	is_blocked(&sight, CHILD, WRITES);
	look_ends(&sight);
	assert_int_equal(heard(story), 1);
	deadlock = model_deadlock(story->model, 0);
	assert_int_equal(deadlock->count, 2);
	assert_int_equal(deadlock->held_up_count, 0);
	assert_int_equal(deadlock->circle[0].process->pid, COMMAND);
	assert_int_equal(deadlock->circle[1].process->pid, CHILD);
	assert_ptr_equal(deadlock->circle[0].on, deadlock->circle[1].process);
	assert_ptr_equal(deadlock->circle[1].on, deadlock->circle[0].process);
	story_ends(story, 2900, CHILD, SIGKILL);
	story_reaped(story, 2900, CHILD, COMMAND);
	assert_true(findings_tell_of(&story->findings, story->model, deadlock->circle[1].process));
	finish(story, 3000);
	finding = find(story, "deadlock");
	assert_says(finding,
		    "deadlock for 1.000 s: make[100] waits for the end of worker[101], which writes to a full pipe "
		    "that is read by make[100] again");
	assert_string_equal(fact(finding, "circle")->text, "make[100]: child, worker[101]: pipe-write");
	assert_int_equal(fact(finding, "lasted_ns")->number, 1000 * MS);
	assert_int_equal(finding->severity, SEVERITY_ERROR);
	story_free(story);
}

/* It still is one when its end has gone by: told once, however often it is seen. */
static void seen_again_and_over(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);

	(void)state;
	for (int i = 0; i < 3; i++) {
		tell_files(&sight);
		is_in(&sight, COMMAND, STATE_BLOCKED, ANY);
		tell_thread(&sight, CHILD, CHILD, story->start_ns[CHILD], 1900, STATE_BLOCKED, WRITES);
		look_ends(&sight);
		sight.ms += 500;
		sight.began_ns += 500 * MS;
	}
	assert_int_equal(heard(story), 3); /* the command waits anew each time: another deadlock */
	for (int i = 0; i < 3; i++) {
		tell_files(&sight);
		tell_thread(&sight, COMMAND, COMMAND, story->start_ns[COMMAND], 3300, STATE_BLOCKED, ANY);
		tell_thread(&sight, CHILD, CHILD, story->start_ns[CHILD], 1900, STATE_BLOCKED, WRITES);
		look_ends(&sight);
		sight.ms += 500;
		sight.began_ns += 500 * MS;
	}
	assert_int_equal(heard(story), 4);
	assert_true(model_deadlock(story->model, 2)->over_ns);
	assert_false(model_deadlock(story->model, 3)->over_ns);
	is_in(&sight, COMMAND, STATE_RUNNING, ANY);
	is_in(&sight, CHILD, STATE_RUNNING, WRITES);
	look_ends(&sight);
	assert_true(model_deadlock(story->model, 3)->over_ns);
	story_over(story, 9000, 9000);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(count(story, "deadlock"), 4);
	assert_int_equal(story->findings.list[3].evidence[0].number, (sight.ms - 500 + 3 - 3300) * MS);
	story_free(story);
}

/* Somebody who looks at a pipe's end through /proc, say, has it open for a moment: no other deadlock for that. */
static void a_passing_doubt(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);

	(void)state;
	for (int i = 0; i < 3; i++) {
		sight.ends[0].open.references += i == 1;
		sight.ends[0].open.references -= i == 2;
		tell_files(&sight);
		tell_thread(&sight, COMMAND, COMMAND, story->start_ns[COMMAND], 1900, STATE_BLOCKED, ANY);
		tell_thread(&sight, CHILD, CHILD, story->start_ns[CHILD], 1900, STATE_BLOCKED, WRITES);
		look_ends(&sight);
		assert_int_equal(model_deadlock(story->model, 0)->over_ns != 0, i == 1);
		sight.ms += 500;
		sight.began_ns += 500 * MS;
	}
	assert_int_equal(heard(story), 1);
	story_free(story);
}

static void held_up(void **state)
{
	struct sight sight;
	struct story *story = unread_pipe(&sight);
	const struct deadlock *deadlock;

	(void)state;
	story_born(story, 1200, 102, CHILD, "young");
	has_open(&sight, 102, 3, PIPE + 1, FILE_READS);
	has_open(&sight, CHILD, 5, PIPE + 1, FILE_WRITES);
	for (int i = 0; i < sight.count; i++)
		sight.ends[i].open.references = 0;
	count_all(&sight);
	tell_files(&sight);
	is_blocked(&sight, COMMAND, ANY);
	is_blocked(&sight, CHILD, WRITES);
	is_blocked(&sight, 102, READS);
	look_ends(&sight);
	assert_int_equal(heard(story), 1);
	deadlock = model_deadlock(story->model, 0);
	assert_int_equal(deadlock->count, 2);
	assert_int_equal(deadlock->held_up_count, 1);
	assert_int_equal(deadlock->held_up[0].process->pid, 102);
	assert_int_equal(deadlock->held_up[0].on->pid, CHILD);
	finish(story, 3000);
	assert_string_equal(fact(find(story, "deadlock"), "held_up")->text, "young[102]: pipe-read");
	assert_int_equal(fact(find(story, "deadlock"), "held_up_count")->number, 1);
	story_free(story);
}

/* Each has locked a file, and waits for the other's. */
static struct story *crosswise(struct sight *sight)
{
	struct story *story = begin();

	story_born(story, 1100, 102, COMMAND, "other");
	look_begins(sight, story, 2000);
	has_open(sight, CHILD, 3, FILE_ONE, FILE_FLOCKED);
	has_open(sight, CHILD, 4, FILE_TWO, 0);
	has_open(sight, 102, 3, FILE_TWO, FILE_FLOCKED);
	has_open(sight, 102, 4, FILE_ONE, 0);
	count_all(sight);
	return story;
}

static void tell_crosswise(struct sight *sight)
{
	locked(sight, 1, CHILD, FILE_ONE, LOCK_FLOCK);
	locked(sight, 1, 102, FILE_ONE, LOCK_FLOCK | LOCK_WAITS);
	locked(sight, 2, 102, FILE_TWO, LOCK_FLOCK);
	locked(sight, 2, CHILD, FILE_TWO, LOCK_FLOCK | LOCK_WAITS);
	tell_files(sight);
	is_blocked(sight, COMMAND, ANY);
	is_blocked(sight, CHILD, LOCKS);
	is_blocked(sight, 102, LOCKS);
	look_ends(sight);
}

static void two_locks_crosswise(void **state)
{
	struct sight sight;
	struct story *story = crosswise(&sight);

	(void)state;
	tell_crosswise(&sight);
	finish(story, 3000);
	assert_int_equal(count(story, "deadlock"), 1);
	assert_says(find(story, "deadlock"),
		    "worker[101] waits for a file lock that is held by other[102], which waits for a "
		    "file lock that is held by worker[101] again");
	assert_string_equal(fact(find(story, "deadlock"), "held_up")->text, "make[100]: child");
	assert_non_null(strstr(find(story, "deadlock")->advice, "same order"));
	story_free(story);
}

static void locks_that_others_may_have(void **state)
{
	struct sight sight;
	struct story *story = crosswise(&sight);

	(void)state;
	sight.ends[0].open.references++; /* the open file with the lock is on its way to somebody */
	tell_crosswise(&sight);
	assert_int_equal(heard(story), 0);
	story_free(story);

	story = crosswise(&sight);
	sight.ends[0].open.flags = 0; /* nobody seen has the lock that is told of */
	tell_crosswise(&sight);
	assert_int_equal(heard(story), 0);
	story_free(story);

	story = crosswise(&sight);
	has_open(&sight, OUTSIDE, 9, FILE_ONE, FILE_FLOCKED);
	sight.ends[4].open.file = sight.ends[0].open.file; /* a relative outside the trace shares it */
	tell_crosswise(&sight);
	assert_int_equal(heard(story), 0);
	story_free(story);
}

/* fcntl(2): the lock is the process's. Its child waits for it, and it waits for its child. */
static int lock_of_a_process(__u32 holder, __u32 table_flags)
{
	struct sight sight;
	struct story *story = begin();
	int found;

	look_begins(&sight, story, 2000);
	has_open(&sight, COMMAND, 3, FILE_ONE, table_flags);
	has_open(&sight, CHILD, 3, FILE_ONE, 0);
	count_all(&sight);
	locked(&sight, 7, holder, FILE_ONE, 0);
	locked(&sight, 7, CHILD, FILE_ONE, LOCK_WAITS);
	tell_files(&sight);
	is_blocked(&sight, COMMAND, ANY);
	is_blocked(&sight, CHILD, LOCKS);
	look_ends(&sight);
	found = heard(story);
	story_free(story);
	return found;
}

static void locks_of_processes(void **state)
{
	(void)state;
	assert_int_equal(lock_of_a_process(COMMAND, 0), 1);
	assert_int_equal(lock_of_a_process(COMMAND, FILE_SHARED), 0);
	assert_int_equal(lock_of_a_process(0, 0), 0); /* F_OFD_SETLK: nobody tells whose it is */
	assert_int_equal(lock_of_a_process(OUTSIDE, 0), 0);
}

/* Who waits, but for which of the locks is not told. */
static void a_lock_without_a_holder(void **state)
{
	struct sight sight;
	struct story *story = crosswise(&sight);

	(void)state;
	locked(&sight, 1, 102, FILE_ONE, LOCK_FLOCK | LOCK_WAITS);
	locked(&sight, 2, 102, FILE_TWO, LOCK_FLOCK);
	locked(&sight, 3, CHILD, FILE_TWO, LOCK_FLOCK | LOCK_WAITS);
	tell_files(&sight);
	is_blocked(&sight, CHILD, LOCKS);
	is_blocked(&sight, 102, LOCKS);
	look_ends(&sight);
	assert_int_equal(heard(story), 0);
	story_free(story);
}

static int reads_own_pipe(__u32 flags, __u32 more_flags)
{
	struct sight sight;
	struct story *story = begin();
	int found;

	look_begins(&sight, story, 2000);
	has_open(&sight, CHILD, 3, PIPE, FILE_READS);
	has_open(&sight, CHILD, 4, PIPE, FILE_WRITES | more_flags);
	count_all(&sight);
	tell_files(&sight);
	is_in(&sight, COMMAND, STATE_RUNNING, (struct sleep){0});
	is_blocked(&sight, CHILD, (struct sleep){REASON_PIPE_READ, 3, 0, flags});
	look_ends(&sight);
	story_over(story, 2500, 2500);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	found = count(story, "deadlock");
	if (found)
		assert_says(find(story, "deadlock"),
			    "worker[101] reads from an empty pipe that is written by itself alone");
	story_free(story);
	return found;
}

static void one_alone(void **state)
{
	(void)state;
	assert_int_equal(reads_own_pipe(0, 0), 1);
	assert_int_equal(reads_own_pipe(ALIVE_MAY_WAKE, 0), 0);	   /* a handler may write into it */
	assert_int_equal(reads_own_pipe(ALIVE_CHILD_WAKES, 0), 1); /* it has no child */
	assert_int_equal(reads_own_pipe(0, FILE_SHARED), 0);
}

/* vfork(2): the child, not in a program of its own yet, reads what the parent alone could write. */
static void a_borrowed_memory(void **state)
{
	struct sight sight;
	struct story *story = begin();
	struct birth birth = {.parent_pid = COMMAND, .by_tid = COMMAND, .clone_flags = 0x4100, .exit_signal = SIGCHLD};
	struct exec exec = {.old_tid = 103};

	(void)state;
	story->start_ns[103] = birth.task_start_ns = 1200 * MS;
	story->parent[103] = COMMAND;
	birth.parent_start_ns = story->start_ns[COMMAND];
	FEED(story, EVENT_BIRTH, 1200, 103, birth);
	for (int i = 0; i < 2; i++) {
		look_begins(&sight, story, 2000 + 100 * i);
		has_open(&sight, COMMAND, 4, PIPE, FILE_WRITES);
		has_open(&sight, 103, 3, PIPE, FILE_READS);
		count_all(&sight);
		tell_files(&sight);
		is_blocked(&sight, COMMAND, (struct sleep){REASON_VFORK, -1, 0, 0});
		is_in(&sight, CHILD, STATE_RUNNING, (struct sleep){0});
		is_blocked(&sight, 103, READS);
		look_ends(&sight);
		assert_int_equal(heard(story), 1); /* after its exec no more */
		FEED(story, EVENT_EXEC, 2010, 103, exec);
	}
	assert_true(model_deadlock(story->model, 0)->over_ns);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(circle_of_two),       cmocka_unit_test(seen_again_and_over),
		cmocka_unit_test(a_passing_doubt),     cmocka_unit_test(held_up),
		cmocka_unit_test(two_locks_crosswise), cmocka_unit_test(locks_that_others_may_have),
		cmocka_unit_test(locks_of_processes),  cmocka_unit_test(a_lock_without_a_holder),
		cmocka_unit_test(one_alone),	       cmocka_unit_test(a_borrowed_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
