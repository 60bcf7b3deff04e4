/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The text of `watch`: a line for each change, in columns, with nothing hostile in it; zombies only when they last.
 */
#include <time.h>

#include "tests/unit/report.h"

/* A stream in the making. */
static struct story *begin(struct report *report, int verbose)
{
	struct story *story;

	*report = open_report(80);
	story = report->story;
	report->options.verbose = verbose;
	report->options.out = open_memstream(&report->text, &report->size);
	story->sink = &sink_stream;
	story->sink_state = sink_stream.open(&story->trace, &report->options);
	assert_non_null(story->sink_state);
	return story;
}

/* As the pipeline does now and then. */
static void passes(struct report *report, __u64 at_ms)
{
	struct story *story = report->story;

	assert_int_equal(sink_stream.tick(story->sink_state, story->model, at_ms * MS), 0);
}

static void finish(struct report *report, __u64 at_ms)
{
	struct story *story = report->story;

	story_over(story, at_ms, at_ms);
	assert_int_equal(sink_stream.finish(story->sink_state, story->model, &story->findings), 0);
	sink_stream.free(story->sink_state);
	fclose(report->options.out);
	check_characters(report);
}

static int count(const struct report *report, const char *part)
{
	int found = 0;

	for (const char *at = report->text; (at = strstr(at, part)); at++)
		found++;
	return found;
}

static void a_life_is_three_lines(void **state)
{
	static const char argv[] = "sh\0-c\0exit 3";
	struct report report;
	struct story *story = begin(&report, 0);

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "make");
	story_exec(story, 1101, 101, "sh", "sh\0bin", argv, sizeof(argv));
	story_done(story, 1200, 101, 3 << 8);
	finish(&report, 2000);
	SHOWS(&report, "TIME         EVENT   PID     PPID    COMM             WHAT\n");
	SHOWS(&report, "birth   101     100     make             fork by make[100]\n");
	SHOWS(&report, "exec    101     100     sh               ");
	SHOWS(&report, "-c 'exit 3'\n");
	SHOWS(&report, "end     101     100     sh               exit 3 after 100 ms; running 100 ms\n");
	SHOWS(&report, "1.000 s: 2 births, 1 end, 1 reap, 0 orphans; now 1 alive, 0 zombies\nnothing was lost\n");
	assert_int_equal(count(&report, "zombie  "), 0);
	assert_int_equal(count(&report, "reap  "), 0);
	close_report(&report);
}

/* The clock is set back by an hour and a half second while we watch. */
static void times_follow_the_wall_clock(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);

	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	story->trace.started_realtime_ns = 7200000 * (__s64)MS;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story->trace.clock_step_ns = -3600500 * (__s64)MS;
	story_born(story, 1601, 101, COMMAND, "make");
	finish(&report, 2000);
	SHOWS(&report, "02:00:00.001 birth");
	SHOWS(&report, "01:00:00.101 birth");
	close_report(&report);
}

static void share(struct story *story, __u64 at_ms, enum reason reason, __u64 ms)
{
	struct blocked blocked = {
		.task_start_ns = story->start_ns[101], .ns = ms * MS, .count = 1, .reason = reason, .call = -1};

	FEED(story, EVENT_BLOCKED, at_ms, 101, blocked);
}

static void where_a_life_went_is_said_longest_first(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);
	struct end end = {
		.reasons = 4,
		.totals = {.running_ns = 10 * MS, .ready_ns = MS, .blocked_ns = 87 * MS, .stopped_ns = 2 * MS}};

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "cc1");
	share(story, 1200, REASON_DISK, 30);
	share(story, 1200, REASON_FUTEX, 2);
	share(story, 1200, REASON_PIPE_READ, 25);
	share(story, 1200, REASON_SLEEP, 30);
	story_ends_as(story, 1200, 101, 0, end);
	finish(&report, 2000);
	SHOWS(&report,
	      "exit 0 after 100 ms; running 10.0 ms, ready 1.00 ms, stopped 2.00 ms, blocked 87.0 ms (disk 30.0 ms, "
	      "sleep 30.0 ms, pipe-read 25.0 ms, …)\n");
	close_report(&report);
}

static void of_who_was_there_before_it_is_said_since_when(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);
	struct end known = {.counted_ns = 1150 * MS, .totals.blocked_ns = 50 * MS, .reasons = 1};
	struct end unknown = {.counted_ns = UNKNOWN_NS};

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "cc1");
	story_born(story, 1100, 102, COMMAND, "as");
	share(story, 1200, REASON_DISK, 50);
	story_ends_as(story, 1200, 101, 0, known);
	story_ends_as(story, 1200, 102, 0, unknown);
	finish(&report, 2000);
	SHOWS(&report, "exit 0 after 100 ms; of the last 50.0 ms blocked 50.0 ms (disk 50.0 ms)\n");
	SHOWS(&report, "exit 0 after 100 ms\n");
	close_report(&report);
}

static void zombies_are_told_of_when_they_last(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	for (__u32 pid = 101; pid <= 103; pid++)
		story_born(story, 1000 + pid, pid, COMMAND, "cc");
	for (__u32 pid = 101; pid <= 103; pid++)
		story_ends(story, 1200 + pid, pid, 0);
	passes(&report, 1400);
	story_reaped(story, 1500, 101, COMMAND);
	passes(&report, 2310);
	passes(&report, 2320);
	passes(&report, 9000);
	story_reaped(story, 9500, 102, COMMAND);
	finish(&report, 9900);
	assert_int_equal(count(&report, "zombie  101"), 0);
	assert_int_equal(count(&report, "reap    101"), 0);
	assert_int_equal(count(&report, "zombie  102"), 1);
	assert_int_equal(count(&report, "zombie  103"), 1);
	SHOWS(&report, "zombie  102     100     cc               exit 0; not reaped by make[100] for 1.008 s\n");
	SHOWS(&report, "reap    102     100     cc               by make[100], a zombie for 8.198 s\n");
	SHOWS(&report, "now 1 alive, 1 zombie\n");
	close_report(&report);
}

static void verbose_tells_all_at_once(void **state)
{
	struct report report;
	struct story *story = begin(&report, 1);

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_done(story, 1200, COMMAND, 0);
	finish(&report, 1300);
	assert_int_equal(count(&report, "zombie  100"), 1);
	assert_int_equal(count(&report, "reap    100"), 1);
	close_report(&report);
}

/* That one is a zombie when we come is news at once; when it ended nobody knows. */
static void tell_earlier_end(struct story *story, __u64 at_ms, __u32 pid)
{
	struct end end = {.status = 3 << 8,
			  .flags = END_LEADER | END_GROUP_DEAD | END_TOLD | END_EARLIER,
			  .parent_pid = COMMAND,
			  .counted_ns = UNKNOWN_NS};

	story->start_ns[pid] = 1001 * MS + 1;
	end.parent_start_ns = story->start_ns[COMMAND];
	end.task_start_ns = story->start_ns[pid];
	story_name(end.comm, "old");
	FEED(story, EVENT_END, at_ms, pid, end);
}

static void zombies_of_old_are_told_of_at_once(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	tell_earlier_end(story, 1002, 101);
	passes(&report, 1010);
	passes(&report, 5000);
	finish(&report, 5001);
	SHOWS(&report,
	      "zombie  101     100     old              exit 3; not reaped by make[100] since before we came\n");
	assert_int_equal(count(&report, "zombie  101"), 1);
	assert_int_equal(count(&report, "end     101"), 0);
	SHOWS(&report, "1 birth, 0 ends, 0 reaps, 0 orphans; now 1 alive, 1 zombie\n");
	close_report(&report);
}

static void who_was_forgotten_is_no_pending_zombie(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	for (__u32 pid = 101; pid < 301; pid++) {
		story_born(story, 1000 + pid, pid, COMMAND, "cc");
		story_ends(story, 1000 + pid, pid, 0);
	}
	passes(&report, 9000);
	for (__u32 pid = 101; pid < 301; pid++)
		story_reaped(story, 9100, pid, COMMAND);
	model_forget(story->model, 9200 * MS);
	passes(&report, 9300);
	finish(&report, 9900);
	assert_int_equal(count(&report, " zombie  "), 200);
	assert_int_equal(count(&report, " reap    "), 200);
	close_report(&report);
}

static void orphans_daemons_and_killers(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);
	struct session session = {.session = 102, .group = 102};

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1010, 101, COMMAND, "sh");
	story_born(story, 1020, 102, 101, "served");
	FEED(story, EVENT_SESSION, 1030, 102, session);
	story_ends_leaving_children(story, 1040, 101, 0);
	story_signal(story, 1100, 102, COMMAND, "make", (struct signal){.number = SIGTERM, .call = 62});
	story_ends(story, 1101, 102, SIGTERM);
	finish(&report, 1200);
	SHOWS(&report, "orphan  102     1       served           of sh[101], adopted by pid 1 (init)\n");
	SHOWS(&report, "daemon  102     1       served           detached, session 102, no terminal\n");
	SHOWS(&report, "SIGTERM by make[100] (kill) after 81.0 ms; running 81.0 ms\n");
	close_report(&report);
}

static void losses_are_said(void **state)
{
	struct report report;
	struct story *story = begin(&report, 0);
	struct lost lost = {.lifecycle = 3, .timeline = 7};

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	FEED(story, EVENT_LOST, 1500, COMMAND, lost);
	finish(&report, 2000);
	SHOWS(&report, "lost    ");
	SHOWS(&report, "3 lifecycle events, 7 of the timeline so far\n");
	SHOWS(&report, "lost: 3 lifecycle events, 7 of the timeline\n");
	close_report(&report);
}

static void names_are_escaped(void **state)
{
	static const char argv[] = "x\0\x1b[2J\0a\nb\0\xff";
	struct report report;
	struct story *story = begin(&report, 1);
	struct rename_to to = {"\x1b]0;pwned\a"};

	(void)state;
	story_born(story, 1001, COMMAND, OUTSIDE, "\x1b[31m\n");
	story_exec(story, 1002, COMMAND, "\xc2\x9b\n", "\x1b[0m", argv, sizeof(argv));
	FEED(story, EVENT_RENAME, 1003, COMMAND, to);
	finish(&report, 1100);
	assert_null(strchr(report.text, '\x1b'));
	assert_null(strchr(report.text, '\a'));
	SHOWS(&report, "\\e[2J");
	SHOWS(&report, "'a\\nb'");
	assert_int_equal(lines_of(&report), 1 + 3 + 2 + 1);
	close_report(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life_is_three_lines),
		cmocka_unit_test(times_follow_the_wall_clock),
		cmocka_unit_test(where_a_life_went_is_said_longest_first),
		cmocka_unit_test(of_who_was_there_before_it_is_said_since_when),
		cmocka_unit_test(zombies_are_told_of_when_they_last),
		cmocka_unit_test(verbose_tells_all_at_once),
		cmocka_unit_test(zombies_of_old_are_told_of_at_once),
		cmocka_unit_test(who_was_forgotten_is_no_pending_zombie),
		cmocka_unit_test(orphans_daemons_and_killers),
		cmocka_unit_test(losses_are_said),
		cmocka_unit_test(names_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
