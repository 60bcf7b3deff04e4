/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rows of a screen: the shares of states, in the last period and in life; the order, as a list and as a tree.
 */
#include "tests/unit/screen.h"

static void check_near(double value, double expected)
{
	if (value < expected - 0.001 || value > expected + 0.001)
		fail_msg("%f, where %f was expected", value, expected);
}

/* Two processes, and a second of each. */
static struct story *told(void)
{
	struct story *story = story_new();

	story_born(story, 1000, 101, OUTSIDE, "busy");
	story_born(story, 1000, 102, 101, "lazy");
	meet(story, 2000, 101, 101, STATE_RUNNING, (struct totals){900, 100, 0, 0});
	meet(story, 2000, 102, 102, STATE_BLOCKED, (struct totals){0, 0, 1000, 0});
	return story;
}

static void a_period_counts_by_itself_and_life_as_a_whole(void **state)
{
	struct story *story = told();
	struct view *view = open_view(&usual);

	(void)state;
	tick_at(view, story, 2000);
	check_near(row_of_pid(view, 101)->running, 90);
	check_near(row_of_pid(view, 101)->ready, 10);
	check_near(row_of_pid(view, 102)->blocked, 100);
	meet(story, 3000, 101, 101, STATE_RUNNING, (struct totals){1150, 350, 500, 0});
	meet(story, 3000, 102, 102, STATE_STOPPED, (struct totals){0, 0, 1500, 500});
	tick_at(view, story, 3000);
	check_near(row_of_pid(view, 101)->running, 25);
	check_near(row_of_pid(view, 101)->ready, 25);
	check_near(row_of_pid(view, 101)->blocked, 50);
	check_near(row_of_pid(view, 102)->blocked, 50);
	check_near(row_of_pid(view, 102)->stopped, 50);
	assert_int_equal(row_of_pid(view, 101)->life.running_ns, 1150 * MS);
	assert_int_equal(row_of_pid(view, 102)->life.stopped_ns, 500 * MS);
	view_free(view);
	story_free(story);
}

static void add_thread(struct story *story, __u64 at_ms, __u32 pid, __u32 tid)
{
	struct birth birth = {.parent_pid = pid, .by_tid = pid, .clone_flags = 0x10000};

	birth.parent_start_ns = story->start_ns[pid];
	birth.task_start_ns = story->start_ns[pid] + (tid - pid) * MS;
	story_feed(story, EVENT_BIRTH, at_ms, pid, tid, &birth, sizeof(birth));
}

static void end_thread(struct story *story, __u64 at_ms, __u32 pid, __u32 tid, struct totals totals_ms)
{
	struct end end = {.totals = {totals_ms.running_ns * MS, totals_ms.ready_ns * MS, totals_ms.blocked_ns * MS, 0},
			  .task_start_ns = story->start_ns[pid] + (tid - pid) * MS};

	story_feed(story, EVENT_END, at_ms, pid, tid, &end, sizeof(end));
}

static void threads_add_up_and_keep_what_they_had_as_they_end(void **state)
{
	struct story *story = told();
	struct view *view = open_view(&usual);

	(void)state;
	add_thread(story, 1001, 101, 102);
	meet(story, 2000, 101, 102, STATE_RUNNING, (struct totals){500, 0, 500, 0});
	tick_at(view, story, 2000);
	check_near(row_of_pid(view, 101)->running, 140);
	assert_int_equal(row_of_pid(view, 101)->threads, 2);
	end_thread(story, 2500, 101, 102, (struct totals){800, 0, 700, 0});
	meet(story, 3000, 101, 101, STATE_RUNNING, (struct totals){1900, 100, 0, 0});
	tick_at(view, story, 3000);
	check_near(row_of_pid(view, 101)->running, 130);
	assert_int_equal(row_of_pid(view, 101)->threads, 1);
	assert_int_equal(row_of_pid(view, 101)->life.running_ns, 2700 * MS);
	model_forget(story->model, 4000 * MS);
	meet(story, 4000, 101, 101, STATE_RUNNING, (struct totals){2400, 600, 0, 0});
	tick_at(view, story, 4000);
	check_near(row_of_pid(view, 101)->running, 50);
	assert_int_equal(row_of_pid(view, 101)->life.running_ns, 3200 * MS);
	view_free(view);
	story_free(story);
}

/* It sleeps since before we came: nothing counts it, and still it is known what it does. */
static void who_has_slept_all_the_time_is_blocked(void **state)
{
	struct story *story = told();
	struct view *view = open_view(&usual);
	struct alive alive = {.parent_pid = OUTSIDE,
			      .real_parent_pid = OUTSIDE,
			      .task_start_ns = 5,
			      .state = STATE_BLOCKED,
			      .reason = REASON_POLL,
			      .since_ns = 6,
			      .counted_ns = UNKNOWN_NS};

	(void)state;
	story->start_ns[50] = 5;
	FEED(story, EVENT_ALIVE, 2000, 50, alive);
	tick_at(view, story, 2000);
	check_near(row_of_pid(view, 50)->blocked, 100);
	FEED(story, EVENT_ALIVE, 3000, 50, alive);
	tick_at(view, story, 3000);
	check_near(row_of_pid(view, 50)->blocked, 100);
	assert_int_equal(row_of_pid(view, 50)->life.blocked_ns, 2000 * MS);
	alive.counted_ns = 3500 * MS;
	alive.state = STATE_RUNNING;
	alive.totals.running_ns = 500 * MS;
	FEED(story, EVENT_ALIVE, 4000, 50, alive);
	tick_at(view, story, 4000);
	check_near(row_of_pid(view, 50)->blocked, 50);
	check_near(row_of_pid(view, 50)->running, 50);
	view_free(view);
	story_free(story);
}

static void births_and_ends_are_told_a_second(void **state)
{
	struct story *story = told();
	struct view *view = open_view(&usual);

	(void)state;
	tick_at(view, story, 2000);
	for (__u32 pid = 200; pid < 206; pid++) {
		story_born(story, 2000 + pid, pid, 101, "short");
		story_done(story, 2500 + pid, pid, 0);
	}
	tick_at(view, story, 4000);
	check_near(view->rows.figures.births, 3);
	check_near(view->rows.figures.ends, 3);
	check_near(view->rows.figures.running, 6 * 0.5 / 2); /* each ran for half a second of the two */
	assert_int_equal(view->rows.figures.processes, 2);
	SHOWN(view, "births 3.0/s  ends 3.0/s");
	view_free(view);
	story_free(story);
}

/* A family: 101 with 102 (a zombie), 103 with 105, 104 that becomes an orphan as 106 ends. */
static struct story *family(void)
{
	struct story *story = story_new();

	story_born(story, 1000, 101, OUTSIDE, "father");
	story_born(story, 1001, 102, 101, "dead");
	story_born(story, 1002, 103, 101, "mother");
	story_born(story, 1003, 106, 103, "gone");
	story_born(story, 1004, 104, 106, "alone");
	story_born(story, 1005, 105, 103, "child");
	story_ends(story, 1100, 102, 0);
	story_ends_leaving_children(story, 1200, 106, 0);
	story_reaped(story, 1200, 106, 103);
	meet(story, 2000, 101, 101, STATE_BLOCKED, (struct totals){100, 0, 900, 0});
	meet(story, 2000, 103, 103, STATE_BLOCKED, (struct totals){300, 0, 600, 0});
	meet(story, 2000, 104, 104, STATE_RUNNING, (struct totals){200, 0, 700, 0});
	meet(story, 2000, 105, 105, STATE_READY, (struct totals){500, 300, 100, 0});
	return story;
}

static void zombies_and_orphans_come_first(void **state)
{
	struct story *story = family();
	struct view *view = open_view(&usual);

	(void)state;
	tick_at(view, story, 2000);
	check_order(view, "102 104 105 103 101");
	SHOWN(view, "1 zombie  1 orphan");
	press(view, story, "I");
	check_order(view, "102 104 101 103 105");
	press(view, story, "z");
	check_order(view, "102 101 104 103 105"); /* the zombie ran for 98 ms before it became one */
	press(view, story, "I");
	check_order(view, "105 103 104 101 102");
	press(view, story, "N");
	check_order(view, "101 102 103 104 105");
	view_free(view);
	story_free(story);
}

static void who_has_just_ended_does_not_come_first(void **state)
{
	struct story *story = family();
	struct view *view = open_view(&usual);

	(void)state;
	story_ends(story, 1999, 105, 3 << 8);
	tick_at(view, story, 2000);
	assert_int_equal(row_of_pid(view, 105)->state, ROW_ZOMBIE);
	assert_false(row_of_pid(view, 105)->lasting);
	check_order(view, "102 104 105 103 101");
	press(view, story, "N");
	check_order(view, "102 104 101 103 105");
	tick_at(view, story, 3000);
	check_order(view, "102 105 104 101 103");
	view_free(view);
	story_free(story);
}

/* Nothing tells of it but every look at the living. */
static void a_zombie_from_before_our_time_stays_one(void **state)
{
	struct story *story = family();
	struct view *view = open_view(&usual);
	struct end end = {.task_start_ns = 5,
			  .parent_pid = OUTSIDE,
			  .flags = END_LEADER | END_GROUP_DEAD | END_TOLD | END_EARLIER,
			  .counted_ns = UNKNOWN_NS};

	(void)state;
	story->start_ns[50] = 5;
	for (__u64 at_ms = 2000; at_ms < 7000; at_ms += 1000) {
		struct swept swept = {.began_ns = at_ms * MS, .whole = 1};

		FEED(story, EVENT_END, at_ms + 1, 50, end);
		for (__u32 pid = 101; pid < 106; pid++)
			if (pid != 102)
				meet(story, at_ms + 1, pid, pid, STATE_BLOCKED, (struct totals){0, 0, at_ms, 0});
		story_feed(story, EVENT_SWEPT, at_ms + 2, 0, 0, &swept, sizeof(swept));
		tick_at(view, story, at_ms + 3);
		model_forget(story->model, at_ms * MS);
		assert_non_null(row_of_pid(view, 50));
		assert_int_equal(row_of_pid(view, 50)->since_ns, 2001 * MS);
		assert_true(row_of_pid(view, 50)->since_bound);
	}
	SHOWN(view, "   50     7 ");
	SHOWN(view, ">4.0s");
	view_free(view);
	story_free(story);
}

static void every_column_sorts(void **state)
{
	struct story *story = family();
	struct view *view = open_view(&usual);

	(void)state;
	tick_at(view, story, 2000);
	view->rows.problems_first = false;
	for (int column = 0; column < COLUMN_COUNT; column++) {
		view->rows.flat_order = (struct rows_order){.column = (enum column)column};
		rows_arrange(&view->rows);
		for (int i = 1; i < view->rows.count; i++)
			assert_true(column_compare(&view->rows, (enum column)column, view->rows.order[i - 1],
						   view->rows.order[i]) <= 0);
		assert_true(strlen(column_name((enum column)column)) > 0);
		assert_true(strlen(column_about((enum column)column)) > 0);
	}
	view_free(view);
	story_free(story);
}

static void the_tree_shows_who_is_whose(void **state)
{
	struct story *story = family();
	struct view *view = open_view(&usual);

	(void)state;
	tick_at(view, story, 2000);
	press(view, story, "t");
	check_order(view, "101 102 103 105 104");
	SHOWN(view, "├─dead <zombie>");
	SHOWN(view, "└─mother");
	SHOWN(view, "  └─child");
	SHOWN(view, "alone <orphan>");
	view->options.utf8 = false;
	SHOWN(view, "|-dead");
	SHOWN(view, "  `-child");
	press(view, story, "<");
	press(view, story, "I");
	check_order(view, "104 101 103 105 102");
	view_free(view);
	story_free(story);
}

static void a_deep_tree_keeps_its_commands(void **state)
{
	struct story *story = story_new();
	struct view *view = open_view(&usual);

	(void)state;
	story_born(story, 1000, 101, OUTSIDE, "first");
	for (__u32 pid = 102; pid < 300; pid++)
		story_born(story, 1000 + pid, pid, pid - 1, pid == 299 ? "deepest" : "link");
	tick_at(view, story, 2000);
	press(view, story, "t");
	view_press(view, story->model, VIEW_END);
	SHOWN(view, "└─deepest");
	for (int i = 1; i < view->rows.count; i++)
		assert_int_equal(view->rows.order[i]->who.pid, view->rows.order[i - 1]->who.pid + 1);
	view_free(view);
	story_free(story);
}

static void only_those_asked_for(void **state)
{
	struct view_options options = usual;
	struct story *story = family();
	struct view *view;

	(void)state;
	options.rows.comm = "*o*";
	view = open_view(&options);
	tick_at(view, story, 2000);
	check_order(view, "104 103"); /* all are counted all the same */
	assert_int_equal(view->rows.figures.processes, 5);
	view_free(view);
	options.rows.comm = NULL;
	options.rows.user = "1234";
	view = open_view(&options);
	tick_at(view, story, 2000);
	check_order(view, "");
	assert_true(is_drawn(view, "user 1234"));
	view_free(view);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_period_counts_by_itself_and_life_as_a_whole),
		cmocka_unit_test(threads_add_up_and_keep_what_they_had_as_they_end),
		cmocka_unit_test(who_has_slept_all_the_time_is_blocked),
		cmocka_unit_test(births_and_ends_are_told_a_second),
		cmocka_unit_test(zombies_and_orphans_come_first),
		cmocka_unit_test(who_has_just_ended_does_not_come_first),
		cmocka_unit_test(a_zombie_from_before_our_time_stays_one),
		cmocka_unit_test(every_column_sorts),
		cmocka_unit_test(the_tree_shows_who_is_whose),
		cmocka_unit_test(a_deep_tree_keeps_its_commands),
		cmocka_unit_test(only_those_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
