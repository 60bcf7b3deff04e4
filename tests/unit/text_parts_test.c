/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The parts of the text report: the tree folds what repeats, the states add up, the timeline shows what was when.
 */
#include "tests/unit/report.h"

/* 3,000 processes of a build, three levels deep: some rows, and not a process is forgotten in the counts. */
static void thousands_fold_into_some_rows(void **state)
{
	struct report report = open_report(80);

	(void)state;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 i = 0; i < 1000; i++) {
		__u32 pid = 200 + 3 * i;

		story_born(report.story, 1010 + i, pid, COMMAND, "sh");
		story_born(report.story, 1011 + i, pid + 1, pid, "gcc");
		story_born(report.story, 1012 + i, pid + 2, pid + 1, "cc1");
		story_done(report.story, 1020 + i, pid + 2, 0);
		story_done(report.story, 1021 + i, pid + 1, 0);
		story_done(report.story, 1022 + i, pid, i % 500 ? 0 : 2 << 8);
	}
	tell(&report, 3000);
	check_lines(&report);
	assert_true(lines_of(&report) < 45);
	SHOWS(&report, "3,001 processes");
	SHOWS(&report, "├─ sh ×998");
	SHOWS(&report, "gcc ×998");
	SHOWS(&report, "cc1 ×998");
	SHOWS(&report, "exit 2");
	SHOWS(&report, "cc1 ×1000"); /* by program */
	assert_int_equal(report.story->findings.count, 0);
	SHOWS(&report, "Findings: none");
	close_report(&report);
}

/* 40 workers are killed, by one or by two: a folded row names no killer of all that was not. */
static void folded_victims(int killers, const char *expected)
{
	static const char *const names[] = {"first", "second"};
	struct report report = open_report(80);

	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	story_born(report.story, 1001, 101, COMMAND, "first");
	story_born(report.story, 1001, 102, COMMAND, "second");
	for (__u32 i = 0; i < 40; i++) {
		__u32 by = i % killers;

		story_born(report.story, 1010 + i, 200 + i, COMMAND, "worker");
		story_signal(report.story, 1100, 200 + i, 101 + by, names[by],
			     (struct signal){.number = SIGTERM, .call = 62});
		story_done(report.story, 1100, 200 + i, SIGTERM);
	}
	tell(&report, 3000);
	check_lines(&report);
	SHOWS(&report, "worker ×40");
	SHOWS(&report, expected);
	close_report(&report);
}

static void many_are_killed(void **state)
{
	(void)state;
	folded_victims(1, "all SIGTERM by first[101]");
	folded_victims(2, "all SIGTERM by several");
}

/* What does not fit behind a killer's name stands below it. */
static void a_long_fate_is_told_in_two_lines(void **state)
{
	struct report report = open_report(80);
	struct signal signal = {.number = SIGTERM, .flags = SIGNAL_EXITING | SIGNAL_PARENT_DEATH, .call = 231};
	static const char argv[] = "worker\0with-an-argument-that-takes-room";

	(void)state;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "guardian-1");
	story_born(report.story, 1001, 101, COMMAND, "worker-number-1");
	story_exec(report.story, 1002, 101, "worker-number-1", "worker", argv, sizeof(argv));
	story_signal(report.story, 1100, 101, COMMAND, "guardian-1", signal);
	story_done(report.story, 1101, 101, SIGTERM);
	tell(&report, 3000);
	check_lines(&report);
	SHOWS(&report, "SIGTERM by guardian-1[100]");
	SHOWS(&report, "(parent-death)");
	close_report(&report);
}

/* As many different things as there are processes: rows are capped, and what is left out is counted. */
static void what_does_not_fold_is_capped(void **state)
{
	struct report report = open_report(80);

	(void)state;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 i = 0; i < 3000; i++) {
		char comm[COMM_LEN + 1];

		snprintf(comm, sizeof(comm), "tool%u", i);
		story_born(report.story, 1010 + i, 200 + i, COMMAND, comm);
		story_done(report.story, 1012 + i, 200 + i, 0);
	}
	tell(&report, 5000);
	assert_true(lines_of(&report) < 120);
	SHOWS(&report, "more processes (-v shows all)");
	SHOWS(&report, "more programs that ran less (-v shows all)");
	close_report(&report);
}

static void verbose_shows_each(void **state)
{
	struct report report = open_report(80);

	(void)state;
	report.options.verbose = 1;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 pid = 200; pid < 500; pid++) {
		story_born(report.story, 1000 + pid, pid, COMMAND, "cc");
		story_done(report.story, 1010 + pid, pid, 0);
	}
	tell(&report, 5000);
	for (__u32 pid = 200; pid < 500; pid++) {
		char label[16];

		snprintf(label, sizeof(label), "cc[%u]", pid);
		SHOWS(&report, label);
	}
	assert_false(shows(&report, "×"));
	close_report(&report);
}

/* A chain of births deeper than any screen: neither the stack nor the width minds. */
static void a_long_chain_is_cut(void **state)
{
	for (int verbose = 0; verbose < 2; verbose++) {
		struct report report = open_report(80);

		(void)state;
		report.options.verbose = verbose;
		listen(&report);
		story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
		for (__u32 i = 0; i < 5000; i++)
			story_born(report.story, 1001 + i, 200 + i, i ? 199 + i : COMMAND, "link");
		tell(&report, 9000);
		check_lines(&report);
		SHOWS(&report, "below");
		close_report(&report);
	}
}

/* One process of each state, with totals that add up to round figures. */
static void sums_are_right(void **state)
{
	struct report report = open_report(120);
	struct totals each[] = {{.running_ns = 1000 * MS, .ready_ns = 500 * MS, .blocked_ns = 2500 * MS},
				{.running_ns = 2000 * MS, .ready_ns = 0, .blocked_ns = 2000 * MS},
				{.running_ns = 250 * MS, .ready_ns = 250 * MS, .blocked_ns = 3500 * MS}};

	(void)state;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 i = 0; i < 3; i++) {
		struct blocked pipe = {.ns = each[i].blocked_ns - 500 * MS, .count = 4, .reason = REASON_PIPE_READ};
		struct blocked sleep = {.ns = 500 * MS, .count = 1, .reason = REASON_SLEEP};
		struct end end = {.totals = each[i], .reasons = 2, .told_result = 1};

		story_born(report.story, 2000, 200 + i, COMMAND, "worker");
		pipe.task_start_ns = sleep.task_start_ns = 2000 * MS;
		FEED(report.story, EVENT_BLOCKED, 6000, 200 + i, pipe);
		FEED(report.story, EVENT_BLOCKED, 6000, 200 + i, sleep);
		story_ends_as(report.story, 6000, 200 + i, 0, end);
		story_reaped(report.story, 6000, 200 + i, COMMAND);
	}
	tell(&report, 9000);
	SHOWS(&report, "  1.000 s   500 ms  2.500 s  pipe-read 2.000 s, sleep 500 ms\n");
	SHOWS(&report, "  2.000 s        -  2.000 s  pipe-read 1.500 s, sleep 500 ms\n");
	/* The command ran for 8 s, the workers for 3.25 s. */
	SHOWS(&report, "  11.2 s   750 ms  8.000 s  pipe-read 6.500 s, sleep 1.500 s\n");
	SHOWS(&report, "running 11.2 s, 1.41 of 2 CPUs");
	close_report(&report);
}

/* The lane that begins with that name, from its first column on. */
static void lane_of(const struct report *report, const char *name, char *into)
{
	const char *at = strstr(report->text, "Timeline");

	assert_non_null(at);
	at = strstr(at, name);
	assert_non_null(at);
	memcpy(into, at, strcspn(at, "\n"));
	into[strcspn(at, "\n")] = 0;
}

/* 60 columns for 60 seconds: a glyph for each second. */
static void the_timeline_shows_what_was_when(void **state)
{
	struct report report = open_report(80);
	struct offcpu asleep = {.out_ns = 11000 * MS,
				.woken_ns = 21000 * MS,
				.state = STATE_BLOCKED,
				.reason = REASON_SLEEP,
				.call = -1};
	struct offcpu stopped = {.out_ns = 31000 * MS, .woken_ns = 36000 * MS, .state = STATE_STOPPED, .call = -1};
	char lane[400];

	(void)state;
	report.options.utf8 = false;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	story_born(report.story, 6000, 200, COMMAND, "worker");
	FEED(report.story, EVENT_OFFCPU, 26000, 200, asleep); /* ready from 21 to 26 s */
	FEED(report.story, EVENT_OFFCPU, 36000, 200, stopped);
	story_ends(report.story, 41000, 200, 0);
	story_reaped(report.story, 51000, 200, COMMAND);
	tell(&report, 61000);
	lane_of(&report, " worker[200]", lane);
	assert_string_equal(lane, " worker[200]             #####-sleep----:::::#####TTTTT#####zzzzzzzzzz");
	lane_of(&report, "make[100]", lane);
	assert_string_equal(lane, "make[100]           ############################################################");
	SHOWS(&report, "                    0 s                 20 s                40 s\n");
	SHOWS(&report, "                    +-------------------+-------------------+-------------------\n");
	close_report(&report);
}

/* In the row of many, more zombies than living ones are a leak, and look like it; one zombie at a time is none. */
static void a_row_of_zombies_shows(void **state)
{
	struct report report = open_report(80);
	char lane[400];

	(void)state;
	report.options.utf8 = false;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 i = 0; i < 30; i++) {
		story_born(report.story, 2000 + 1000 * i, 200 + i, COMMAND, "leaked");
		story_ends(report.story, 2100 + 1000 * i, 200 + i, 0);
		story_born(report.story, 2000 + 1000 * i, 300 + i, COMMAND, "tidy");
		story_ends(report.story, 2700 + 1000 * i, 300 + i, 0);
		story_reaped(report.story, 3000 + 1000 * i, 300 + i, COMMAND);
	}
	for (__u32 i = 0; i < 30; i++)
		story_reaped(report.story, 41000, 200 + i, COMMAND);
	tell(&report, 61000);
	lane_of(&report, " leaked ", lane);
	assert_non_null(strstr(lane, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"));
	lane_of(&report, " tidy ", lane);
	assert_null(strchr(strchr(lane, '#'), 'z'));
	close_report(&report);
}

/* Spells by the hundred thousand: slices merge, none grow beyond their number, and the picture stays. */
static void a_long_timeline_takes_little_memory(void **state)
{
	struct report report = open_report(80);
	char lane[400];

	(void)state;
	report.options.utf8 = false;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	for (__u64 ms = 2000; ms < 401000; ms += 4) {
		struct offcpu off = {.out_ns = ms * MS, .woken_ns = ms * MS + MS, .state = STATE_BLOCKED, .call = -1};
		bool late = ms > 201000; /* then it is ready for long each time, where it was running before */

		off.reason = REASON_SLEEP;
		FEED(report.story, EVENT_OFFCPU, ms + (late ? 4 : 1), COMMAND, off);
	}
	tell(&report, 401000);
	lane_of(&report, "make[100]", lane);
	assert_memory_equal(lane + 20, "##############################::::::::::::::::::::::::::::::", 60);
	close_report(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_fold_into_some_rows),
		cmocka_unit_test(many_are_killed),
		cmocka_unit_test(a_long_fate_is_told_in_two_lines),
		cmocka_unit_test(what_does_not_fold_is_capped),
		cmocka_unit_test(verbose_shows_each),
		cmocka_unit_test(a_long_chain_is_cut),
		cmocka_unit_test(sums_are_right),
		cmocka_unit_test(the_timeline_shows_what_was_when),
		cmocka_unit_test(a_row_of_zombies_shows),
		cmocka_unit_test(a_long_timeline_takes_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
