/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parents that leave their children zombies: which are leaks, and what comes close.
 */
#include "tests/unit/leaking.h"

static void zombies_that_are_left(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	for (__u32 pid = 200; pid < 205; pid++) {
		story_born(story, 1100, pid, COMMAND, "lost");
		story_ends(story, 1000 + pid, pid, 3 << 8);
	}
	assert_int_equal(judge(story, &leaks, 5000), 1);
	assert_int_equal(leaks.parent_count, 1);
	assert_int_equal(leaks.parents[0].pid, COMMAND);
	assert_int_equal(leaks.parents[0].count, 5);
	assert_int_equal(leaks.parents[0].leaked, 5);
	assert_int_equal(leaks.parents[0].grown, 5);
	assert_false(leaks.parents[0].growing); /* all at once */
	assert_int_equal(leaks.parents[0].zombies[0].process->pid, 200);
	assert_int_equal(leaks.parents[0].zombies[0].least_ns, 3800 * MS);
	assert_says(found(&leaks, "zombie-unreaped"),
		    "make[100] has 5 zombies, and has not reaped the oldest for 3.800 s");
	assert_int_equal(found(&leaks, "zombie-unreaped")->severity, SEVERITY_WARNING);
	over(story, &leaks);
}

static void zombies_too_young_to_tell(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	story_born(story, 1100, 101, COMMAND, "late");
	story_ends(story, 2500, 101, 0);
	assert_true(leaks_undecided(&leaks, story->model, 5000 * MS));
	assert_int_equal(judge(story, &leaks, 5000), 0);
	assert_int_equal(leaks.parents[0].count, 1);
	assert_int_equal(leaks.parents[0].leaked, 0);
	assert_int_equal(leaks.parents[0].finding, -1);
	assert_false(leaks_undecided(&leaks, story->model, 5501 * MS));
	over(story, &leaks);
}

/* It takes ten seconds to reap, but reaps. */
static void a_slow_parent_by_its_own_habit(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	for (__u32 pid = 200; pid < 204; pid++) {
		story_born(story, 1100, pid, COMMAND, "late");
		story_ends(story, pid < 202 ? 2000 : 12500, pid, 0);
	}
	story_reaped(story, 12000, 200, COMMAND);
	story_reaped(story, 12000, 201, COMMAND);
	assert_int_equal(judge(story, &leaks, 22000), 0);
	assert_int_equal(leaks.parents[0].reaped, 2);
	assert_int_equal(leaks.parents[0].patience_ns, 20000 * MS);
	assert_int_equal(leaks.parents[0].leaked, 0);
	over(story, &leaks);
}

/* It reaps the one and leaves the other, far beyond its habit. */
static void one_that_a_busy_parent_forgot(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	story_born(story, 1100, 101, COMMAND, "lost");
	story_ends(story, 1200, 101, 0);
	story_born(story, 1300, 102, COMMAND, "found");
	story_ends(story, 1400, 102, 0);
	story_reaped(story, 1500, 102, COMMAND);
	assert_int_equal(judge(story, &leaks, 9000), 1);
	assert_says(found(&leaks, "zombie-unreaped"), "lost[101]; it does reap others");
	over(story, &leaks);
}

static void zombies_that_become_more(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	for (__u32 pid = 200; pid < 212; pid++) {
		story_born(story, 1001 + 1000 * (pid - 200), pid, COMMAND, "lost");
		story_ends(story, 1500 + 1000 * (pid - 200), pid, 0);
	}
	model_finish(story->model, 13000 * MS);
	leaks_list(&leaks, story->model);
	leaks.parents[0].limit = (struct task_limit){.name = "pids.max", .most = 100, .left = 60};
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_true(leaks.parents[0].growing);
	assert_true(leaks_per_minute(&leaks, &leaks.parents[0]) == 60);
	assert_int_equal(leaks_limit_ns(&leaks, &leaks.parents[0]), 60000 * MS);
	assert_says(found(&leaks, "zombie-growing"),
		    "make[100] has 12 zombies, and 60 more each minute: pids.max (100) is reached in about 60.0 s");
	assert_int_equal(found(&leaks, "zombie-growing")->severity, SEVERITY_ERROR);
	over(story, &leaks);
}

static void zombie_from_before(struct story *story, __u32 pid, __u64 born_ms, __u64 at_ms)
{
	struct end end = {.flags = END_LEADER | END_GROUP_DEAD | END_TOLD | END_EARLIER,
			  .parent_pid = COMMAND,
			  .parent_start_ns = story->start_ns[COMMAND],
			  .real_parent_pid = COMMAND,
			  .counted_ns = UNKNOWN_NS,
			  .comm = "old"};

	story->start_ns[pid] = end.task_start_ns = born_ms * MS;
	FEED(story, EVENT_END, at_ms, pid, end);
}

static void sweep(struct story *story, __u64 began_ms, __u64 at_ms)
{
	struct swept swept = {.began_ns = began_ms * MS};

	FEED(story, EVENT_SWEPT, at_ms, 0, swept);
}

/* Each look tells of it again; the first that does not, that it was reaped. */
static void zombies_that_were_there_before(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);
	const struct process *process;

	(void)state;
	zombie_from_before(story, 200, 1001, 1010);
	zombie_from_before(story, 201, 1002, 1011);
	sweep(story, 1005, 1020);
	zombie_from_before(story, 200, 1001, 1510);
	zombie_from_before(story, 201, 1002, 1511);
	sweep(story, 1505, 1520);
	process = model_find(story->model, 200, 1001 * MS);
	assert_int_equal(process->reaped_ns, UNKNOWN_NS);
	zombie_from_before(story, 200, 1001, 5510);
	sweep(story, 5505, 5520);
	assert_int_equal(judge(story, &leaks, 6000), 1);
	assert_int_equal(leaks.parents[0].count, 1);
	assert_int_equal(leaks.parents[0].grown, -1);
	assert_int_equal(leaks.parents[0].reaped, 1);
	over(story, &leaks);
}

/* The scheduler's clock may be wrong by seconds, not by hours. */
static void ages_by_the_schedulers_clock(void **state)
{
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	zombie_from_before(story, 200, 1001, 1010);
	zombie_from_before(story, 201, 1002, 1011);
	model_finish(story->model, 2000 * MS);
	leaks_list(&leaks, story->model);
	leaks.parents[0].zombies[0].about_ns = 20000 * MS;
	leaks.parents[0].zombies[1].about_ns = 3600000 * MS;
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_int_equal(leaks.parents[0].leaked, 1);
	assert_int_equal(leaks.parents[0].zombies[0].process->pid, 201); /* the oldest first */
	over(story, &leaks);
}

/* --- as findings of any trace */

static void growing_is_a_finding(void **state)
{
	struct story *story = begin();

	(void)state;
	for (__u32 pid = 200; pid < 212; pid++) {
		story_born(story, 1101, pid, 101, "lost");
		story_ends(story, 1500 + 1000 * (pid - 200), pid, 0);
	}
	finish(story, 13000);
	assert_says(find(story, "zombie-growing"), "worker[101] leaks: 12 children became zombies");
	assert_int_equal(count(story, "zombie-growing"), 1);
	story_free(story);
}

static void a_burst_is_not_growth(void **state)
{
	struct story *story = begin();

	(void)state;
	for (__u32 pid = 200; pid < 212; pid++) {
		story_born(story, 1101, pid, 101, "lost");
		story_ends(story, 1500 + 10 * (pid - 200), pid, 0);
	}
	finish(story, 13000);
	assert_null(find(story, "zombie-growing"));
	assert_int_equal(count(story, "zombie-unreaped"), 12);
	story_free(story);
}

/* What is left at the end is of the last second only. */
static void a_slow_reaper_does_not_grow(void **state)
{
	struct story *story = begin();

	(void)state;
	for (__u32 pid = 200; pid < 212; pid++) {
		story_born(story, 1101, pid, 101, "late");
		story_ends(story, 1500 + 1000 * (pid - 200), pid, 0);
		if (pid < 211)
			story_reaped(story, 2400 + 1000 * (pid - 200), pid, 101);
	}
	finish(story, 13000);
	assert_null(find(story, "zombie-growing"));
	story_free(story);
}

static struct story *with_orphan_that_ends(__u64 ends_ms)
{
	struct story *story = begin();

	story_born(story, 1200, 102, 101, "orphan");
	story_ends_leaving_children(story, 1300, 101, 0);
	story_reaped(story, 1300, 101, COMMAND);
	story_ends(story, ends_ms, 102, 0);
	return story;
}

static void an_adopter_that_does_not_wait(void **state)
{
	struct story *story = with_orphan_that_ends(2000);

	(void)state;
	finish(story, 9000);
	assert_says(find(story, "zombie-adopted"),
		    "orphan[102] ended (exit 0) and has been a zombie for 7.000 s: pid 1 (init) adopted it");
	assert_int_equal(find(story, "zombie-adopted")->severity, SEVERITY_INFO);
	assert_null(find(story, "zombie-unreaped"));
	story_free(story);
}

static void an_adopter_that_polls(void **state)
{
	struct story *story = with_orphan_that_ends(7000);

	(void)state;
	finish(story, 9000);
	assert_null(find(story, "zombie-adopted"));
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zombies_that_are_left),	  cmocka_unit_test(zombies_too_young_to_tell),
		cmocka_unit_test(a_slow_parent_by_its_own_habit), cmocka_unit_test(one_that_a_busy_parent_forgot),
		cmocka_unit_test(zombies_that_become_more),	  cmocka_unit_test(zombies_that_were_there_before),
		cmocka_unit_test(ages_by_the_schedulers_clock),	  cmocka_unit_test(growing_is_a_finding),
		cmocka_unit_test(a_burst_is_not_growth),	  cmocka_unit_test(a_slow_reaper_does_not_grow),
		cmocka_unit_test(an_adopter_that_does_not_wait),  cmocka_unit_test(an_adopter_that_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
