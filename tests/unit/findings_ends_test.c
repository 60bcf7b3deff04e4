/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Findings of violent ends; and what holds for all findings.
 */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
#include "tests/unit/found.h"
#include "tests/unit/short_memory.h"
#include "user/base/duration.h"

static void a_crash(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_signal(story, 1200, 101, 101, "worker",
		     (struct signal){.number = SIGSEGV, .code = 1, .flags = SIGNAL_KERNEL});
	story_done(story, 1200, 101, SIGSEGV | 0x80);
	finish(story, 2000);
	finding = find(story, "crashed");
	assert_says(finding, "worker[101] crashed after 100 ms with SIGSEGV");
	assert_int_equal(finding->severity, SEVERITY_ERROR);
	assert_string_equal(fact(finding, "core")->text, "dumped");
	assert_non_null(strstr(finding->advice, "gdb"));
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

static void a_sent_sigsegv_is_no_crash(void **state)
{
	struct story *story = begin();

	(void)state;
	story_signal(story, 1200, 101, COMMAND, "make", (struct signal){.number = SIGSEGV, .call = 62});
	story_done(story, 1200, 101, SIGSEGV);
	finish(story, 9000);
	assert_null(find(story, "crashed"));
	assert_says(find(story, "killed-by"), "SIGSEGV from make[100] (kill)");
	story_free(story);
}

static void a_kill_after_a_request(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_signal(story, 1500, 101, COMMAND, "make",
		     (struct signal){.number = SIGTERM, .flags = SIGNAL_HANDLED, .call = 62});
	story_signal(story, 2000, 101, COMMAND, "make", (struct signal){.number = SIGKILL, .call = 62});
	story_done(story, 2000, 101, SIGKILL);
	finish(story, 9000);
	finding = find(story, "killed-by");
	assert_says(
		finding,
		"worker[101] was killed after 900 ms: SIGKILL from make[100] (kill), 500 ms after it was sent SIGTERM");
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_int_equal(fact(finding, "given_ns")->number, 500 * MS);
	assert_int_equal(fact(finding, "sender_pid")->number, COMMAND);
	assert_string_equal(fact(finding, "why")->text, "kill");
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

/* A signal that was caught is nobody's murder. */
static void a_caught_signal_killed_nobody(void **state)
{
	struct story *story = begin();

	(void)state;
	story_signal(story, 1500, 101, COMMAND, "make", (struct signal){.number = SIGTERM, .flags = SIGNAL_HANDLED});
	story_done(story, 1600, 101, 0);
	finish(story, 9000);
	assert_int_equal(story->findings.count, 0);
	story_free(story);
}

static void a_broken_pipe_is_a_note(void **state)
{
	struct story *story = begin();

	(void)state;
	story_signal(story, 1500, 101, 101, "worker", (struct signal){.number = SIGPIPE, .call = 1});
	story_done(story, 1500, 101, SIGPIPE);
	finish(story, 9000);
	assert_says(find(story, "killed-by"), "SIGPIPE from the kernel: nobody reads the pipe it wrote to");
	assert_int_equal(find(story, "killed-by")->severity, SEVERITY_INFO);
	story_free(story);
}

static void an_unseen_killer_is_said_to_be_unseen(void **state)
{
	struct story *story = begin();

	(void)state;
	story_done(story, 1500, 101, SIGTERM);
	finish(story, 9000);
	assert_says(find(story, "killed-by"), "SIGTERM from a sender that was not seen");
	assert_int_equal(find(story, "killed-by")->severity, SEVERITY_WARNING);
	story_free(story);
}

static void the_oom_killers_choice(void **state)
{
	struct story *story = begin();
	struct end end = {.flags = END_OOM, .told_result = 1};

	(void)state;
	story_signal(story, 1500, 101, 101, "worker",
		     (struct signal){.number = SIGKILL, .flags = SIGNAL_KERNEL, .call = -1});
	story_ends_as(story, 1500, 101, SIGKILL, end);
	story_reaped(story, 1500, 101, COMMAND);
	finish(story, 9000);
	assert_says(find(story, "oom-killed"), "worker[101] was killed after 400 ms by the kernel: memory was short");
	assert_int_equal(find(story, "oom-killed")->severity, SEVERITY_ERROR);
	assert_null(find(story, "killed-by"));
	story_free(story);
}

static void names_are_found_whole(void **state)
{
	(void)state;
	assert_string_equal(finding_kind_named("crashed,", 7)->name, "crashed");
	assert_null(finding_kind_named("crash", 5));
	assert_null(finding_kind_named("crashed!", 8));
	assert_null(finding_kind_named("", 0));
	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		assert_ptr_equal(finding_kind_named(kind->name, strlen(kind->name)), kind);
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
}

/* Whichever allocation fails, the failure is told, what was found stays sound, nothing leaks (the sanitiser sees). */
static void short_memory_is_told(void **state)
{
	int result = -1, failing = 0;

	(void)state;
	for (; result; failing++) {
		struct story *story = with_daemon();

		story_born(story, 1400, 103, COMMAND, "leak");
		story_ends(story, 1500, 103, 0);
		story_ends(story, 1800, 102, SIGKILL);
		story_ends_leaving_children(story, 3000, COMMAND, SIGSEGV);
		story_over(story, 3000, 3000);
		until_failure = failing;
		result = findings_collect(&story->findings, story->model);
		until_failure = -1;
		for (int i = 0; i < story->findings.count; i++)
			assert_non_null(story->findings.list[i].process);
		story_free(story);
	}
	assert_true(failing > 20);
}

static void check_duration(__u64 ns, const char *expected)
{
	assert_string_equal(duration(ns).text, expected);
}

static void durations_have_the_digits_that_matter(void **state)
{
	(void)state;
	check_duration(0, "0 ns");
	check_duration(999, "999 ns");
	check_duration(1000, "1 µs");
	check_duration(45123, "45 µs");
	check_duration(999499, "999 µs");
	check_duration(999500, "1.00 ms");
	check_duration(12345678, "12.3 ms");
	check_duration(123456789, "123 ms");
	check_duration(999500000, "1.000 s");
	check_duration(1234567890, "1.235 s");
	check_duration(12345678901, "12.3 s");
	check_duration(99950000000, "100 s");
	check_duration(599400000000, "599 s");
	check_duration(600000000000, "10m 0s");
	check_duration(3661000000000, "61m 1s");
	check_duration(40000000000000, "11h 6m");
	check_duration(UINT64_MAX, "5124095h 34m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crash),
		cmocka_unit_test(a_sent_sigsegv_is_no_crash),
		cmocka_unit_test(a_kill_after_a_request),
		cmocka_unit_test(a_caught_signal_killed_nobody),
		cmocka_unit_test(a_broken_pipe_is_a_note),
		cmocka_unit_test(an_unseen_killer_is_said_to_be_unseen),
		cmocka_unit_test(the_oom_killers_choice),
		cmocka_unit_test(names_are_found_whole),
		cmocka_unit_test(short_memory_is_told),
		cmocka_unit_test(durations_have_the_digits_that_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
