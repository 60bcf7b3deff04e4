/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The text report: keeps within the width, lets no hostile byte through, and says when it could not be written.
 */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
#include "tests/unit/report.h"
#include "tests/unit/short_memory.h"

/* A bit of everything that a report can show. */
static void tell_everything(struct report *report)
{
	static const char hostile[] = "evil\x1b[2J\0-\n\xff\0"
				      "a b\0\xe5\xad\x90\xe5\xad\x90\xe5\xad\x90";
	struct story *story = report->story;
	struct session session = {.session = 104, .group = 104};
	struct end stopped = {
		.totals = {.running_ns = 10 * MS, .ready_ns = 20 * MS, .blocked_ns = 30 * MS, .stopped_ns = 440 * MS},
		.told_result = 0};
	struct lost lost = {.lifecycle = 3, .timeline = 1234};

	story_born(story, 1001, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "\x1b]0;\a\n\xff\xe5\xad\x90");
	story_exec(story, 1101, 101, "\x1b[31mred\n\xc2\x9b", "/tmp/\x1b[0m", hostile, sizeof(hostile));
	story_ends_as(story, 1600, 101, 0, stopped);
	story_born(story, 1200, 102, COMMAND, "crash");
	story_signal(story, 1300, 102, 102, "crash",
		     (struct signal){.number = SIGSEGV, .code = 1, .flags = SIGNAL_KERNEL});
	story_done(story, 1300, 102, SIGSEGV | 0x80);
	story_born(story, 1400, 103, COMMAND, "starter");
	story_born(story, 1410, 104, 103, "served");
	FEED(story, EVENT_SESSION, 1420, 104, session);
	story_ends_leaving_children(story, 1500, 103, 7 << 8);
	story_reaped(story, 1500, 103, COMMAND);
	for (__u32 pid = 300; pid < 330; pid++) {
		story_born(story, 2000 + pid, pid, COMMAND, "cc1plus");
		story_ends(story, 2100 + pid, pid, pid % 2 ? 1 << 8 : SIGKILL);
	}
	FEED(story, EVENT_LOST, 2500, 101, lost);
	story_alive(story, 8900, 104, STATE_BLOCKED, REASON_ACCEPT, 1500);
	tell(report, 9000);
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	static const int widths[] = {1, 7, 20, 40, 80, 99, 100, 120, 200, 300};

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		for (int kind = 0; kind < 8; kind++) {
			struct report report = open_report(widths[i]);

			report.options.utf8 = kind & 1;
			report.options.colour = kind & 2;
			report.options.verbose = kind >> 2 & 1;
			listen(&report);
			tell_everything(&report);
			check_lines(&report);
			check_characters(&report);
			close_report(&report);
		}
}

static void everything_is_told(void **state)
{
	struct report report = open_report(120);

	(void)state;
	listen(&report);
	tell_everything(&report);
	SHOWS(&report, "make all\nexit 0 after 8.000 s · 35 processes");
	SHOWS(&report, "LOST 3 lifecycle events");
	SHOWS(&report, "LOST 1234 timeline events");
	SHOWS(&report, "evil\\e[2J '-\\n\\xff' 'a b' 子子子");
	SHOWS(&report, "zombie 7.400 s");
	SHOWS(&report, "SIGSEGV, core");
	SHOWS(&report, "exit 7");
	SHOWS(&report, "alive · orphan → init[1] · detached daemon");
	SHOWS(&report, "cc1plus ×15");
	SHOWS(&report, "all exit 1");
	SHOWS(&report, "15 zombies, not reaped");
	SHOWS(&report, "stopped 440 ms");
	SHOWS(&report, "error crashed");
	SHOWS(&report, "error zombie-unreaped ×15");
	SHOWS(&report, "note daemon-detached, also orphan-adopted");
	SHOWS(&report, "█ running  ▄ at times  ▒ ready  ─ blocked  T stopped  z zombie");
	assert_false(shows(&report, "\x1b"));
	close_report(&report);
}

static void colours_are_only_of_the_terminals_own(void **state)
{
	struct report report = open_report(100);
	int colours = 0;

	(void)state;
	report.options.colour = true;
	listen(&report);
	tell_everything(&report);
	for (const char *at = report.text; (at = strchr(at, '\x1b')); at++, colours++) {
		size_t length = strcspn(at, "m");

		assert_true(length < 7);
		assert_int_equal(strspn(at + 1, "[0123456789;"), length - 1);
		assert_null(strstr(at, "38;") == at + 2 ? at : NULL);
	}
	assert_true(colours > 50);
	close_report(&report);
}

static void a_full_disk_is_told(void **state)
{
	struct report report = open_report(80);

	(void)state;
	report.options.out = fopen("/dev/full", "w");
	report.story->sink_state = sink_text.open(&report.story->trace, &report.options);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	story_done(report.story, 2000, COMMAND, 0);
	story_over(report.story, 2000, 2000);
	write_report(&report);
	assert_int_equal(report.result, -1);
	assert_int_equal(report.error, ENOSPC);
	close_report(&report);
}

/* Whichever allocation fails: an error or a whole report, never a fault or a leak (the sanitisers see). */
static void short_memory_is_told(void **state)
{
	int failing = 0, failed = 0;
	bool done = false;

	(void)state;
	for (; !done; failing += failing < 60 ? 1 : 7) {
		struct report report = open_report(80);
		FILE *nowhere = fopen("/dev/null", "w");
		struct story *story = report.story;

		report.options.out = nowhere;
		story->sink_state = sink_text.open(&story->trace, &report.options);
		story_born(story, 1000, COMMAND, OUTSIDE, "make");
		for (__u32 pid = 200; pid < 230; pid++) {
			story_born(story, 1000 + pid, pid, pid % 2 ? COMMAND : pid - 1, "cc");
			story_ends(story, 1300 + pid, pid, 0);
		}
		story_ends_leaving_children(story, 3000, COMMAND, 0);
		story_over(story, 3000, 3000);
		findings_collect(&story->findings, story->model);
		until_failure = failing;
		report.result = sink_text.finish(story->sink_state, story->model, &story->findings);
		done = until_failure >= 0;
		until_failure = -1;
		failed += report.result != 0;
		sink_text.free(story->sink_state);
		fclose(nowhere);
		close_report(&report);
	}
	assert_true(failed > 10);
}

static void nothing_traced_is_no_fault(void **state)
{
	struct report report = open_report(80);

	(void)state;
	report.story->trace.argv = NULL;
	report.story->trace.exit_status = -1;
	listen(&report);
	story_over(report.story, 1000, 1000);
	write_report(&report);
	assert_int_equal(report.result, 0);
	check_lines(&report);
	close_report(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_line_is_wider_than_the_terminal),
		cmocka_unit_test(everything_is_told),
		cmocka_unit_test(colours_are_only_of_the_terminals_own),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(short_memory_is_told),
		cmocka_unit_test(nothing_traced_is_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
