/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Findings of zombies, orphans and daemons: for each kind a story in which it must be found, with its evidence, and
 * those in which it must not.
 */
#include "tests/unit/found.h"

static void a_quiet_trace_has_none(void **state)
{
	struct story *story = begin();

	(void)state;
	story_ends(story, 1200, 101, 0);
	story_reaped(story, 1201, 101, COMMAND);
	finish(story, 2000);
	assert_int_equal(story->findings.count, 0);
	story_free(story);
}

static void an_unreaped_zombie(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_ends(story, 1200, 101, 3 << 8);
	finish(story, 3000);
	finding = find(story, "zombie-unreaped");
	assert_says(finding, "worker[101] ended (exit 3) and stayed a zombie for 1.800 s");
	assert_says(finding, "make[100] never waited");
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_int_equal(finding->process->pid, 101);
	assert_int_equal(fact(finding, "zombie_ns")->number, 1800 * MS);
	assert_int_equal(fact(finding, "parent_pid")->number, COMMAND);
	assert_int_equal(fact(finding, "zombies_of_parent")->number, 1);
	assert_string_equal(fact(finding, "sigchld")->text, "default: parent not told");
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

/* Its parent ended, and init reaped it: still the parent's leak. */
static void a_zombie_that_init_had_to_reap(void **state)
{
	struct story *story = begin();

	(void)state;
	story_born(story, 1150, 102, 101, "leak");
	story_ends(story, 1200, 102, 0);
	story_ends_leaving_children(story, 2200, 101, 0);
	story_reaped(story, 2200, 101, COMMAND);
	story_reaped(story, 2500, 102, 1);
	finish(story, 3000);
	assert_says(find(story, "zombie-unreaped"), "leak[102] ended (exit 0) and stayed a zombie for 1.000 s");
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

static void many_zombies_of_one_parent_are_an_error(void **state)
{
	struct story *story = begin();

	(void)state;
	for (__u32 pid = 200; pid < 212; pid++) {
		story_born(story, 1110, pid, 101, "leak");
		story_ends(story, 1200, pid, 0);
	}
	finish(story, 3000);
	assert_int_equal(count(story, "zombie-unreaped"), 12);
	assert_int_equal(find(story, "zombie-unreaped")->severity, SEVERITY_ERROR);
	assert_int_equal(fact(find(story, "zombie-unreaped"), "zombies_of_parent")->number, 12);
	story_free(story);
}

static void zombies_that_are_nobodys_leak(void **state)
{
	struct story *story = begin();
	struct tracer tracer = {.tracer_pid = OUTSIDE};
	struct reap by_itself = {.flags = REAP_AUTO};

	(void)state;
	/* For 300 ms only: its parent is busy, then ends. */
	story_ends(story, 2700, 101, 0);
	/* Held by a debugger. */
	story_born(story, 1100, 102, COMMAND, "traced");
	FEED(story, EVENT_TRACER, 1150, 102, tracer);
	story_ends(story, 1200, 102, 0);
	/* Its parent ignores SIGCHLD. */
	story_born(story, 1100, 103, COMMAND, "ignored");
	story_ends(story, 1200, 103, 0);
	FEED(story, EVENT_REAP, 1200, 103, by_itself);
	/* An orphan that init is slow to reap. */
	story_born(story, 1100, 104, COMMAND, "parent");
	story_born(story, 1110, 105, 104, "orphan");
	story_ends_leaving_children(story, 1200, 104, 0);
	story_reaped(story, 1200, 104, COMMAND);
	story_ends(story, 1300, 105, 0);
	finish(story, 3000);
	assert_null(find(story, "zombie-unreaped"));
	assert_null(find(story, "zombie-late-reap"));
	story_free(story);
}

static void a_late_reap(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_ends(story, 1200, 101, 0);
	story_reaped(story, 2200, 101, COMMAND);
	finish(story, 3000);
	finding = find(story, "zombie-late-reap");
	assert_says(finding, "was a zombie for 1.000 s until make[100] waited for it");
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_int_equal(fact(finding, "zombie_ns")->number, 1000 * MS);
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

static void a_very_late_reap_is_a_warning(void **state)
{
	struct story *story = begin();

	(void)state;
	story_ends(story, 1200, 101, 0);
	story_reaped(story, 7200, 101, COMMAND);
	finish(story, 8000);
	assert_int_equal(find(story, "zombie-late-reap")->severity, SEVERITY_WARNING);
	story_free(story);
}

/* A shell at its prompt reaps when its user next presses a key. */
static void a_prompt_may_reap_late(void **state)
{
	struct story *story = story_new();

	(void)state;
	story_born_as(story, 1000, COMMAND, OUTSIDE, "bash", COMMAND, 0x8801);
	story_born_as(story, 1100, 101, COMMAND, "ls", COMMAND, 0x8801);
	story_ends(story, 1200, 101, 0);
	story_reaped(story, 9200, 101, COMMAND);
	finish(story, 10000);
	assert_int_equal(story->findings.count, 0);
	story_free(story);
}

static void an_adopted_orphan(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_born(story, 1200, 102, 101, "sleep");
	story_ends_leaving_children(story, 1500, 101, 1 << 8);
	story_reaped(story, 1500, 101, COMMAND);
	story_ends(story, 1800, 102, 0);
	finish(story, 3000);
	finding = find(story, "orphan-adopted");
	assert_says(finding, "sleep[102] outlived its parent worker[101] (exit 1) and was adopted by pid 1 (init)");
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_int_equal(fact(finding, "adopter_pid")->number, 1);
	assert_int_equal(fact(finding, "from_pid")->number, 101);
	assert_int_equal(fact(finding, "age_ns")->number, 300 * MS);
	assert_string_equal(fact(finding, "adopter")->text, "init");
	assert_int_equal(story->findings.count, 1);
	story_free(story);
}

/* One that was dead already when its parent ended outlived nobody. */
static void a_zombie_handed_on_is_no_orphan(void **state)
{
	struct story *story = begin();

	(void)state;
	story_born(story, 1200, 102, 101, "dead");
	story_ends(story, 1490, 102, 0);
	story_ends_leaving_children(story, 1500, 101, 0);
	story_reaped(story, 1500, 101, COMMAND);
	finish(story, 3000);
	assert_int_equal(story->findings.count, 0);
	story_free(story);
}

static void one_left_behind(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_born(story, 1200, 102, 101, "sleep"); /* in its train: not told of by itself */
	story_ends_leaving_children(story, 2000, COMMAND, 0);
	story_alive(story, 2500, 101, STATE_BLOCKED, REASON_CHILD, 1200);
	story_alive(story, 2500, 102, STATE_BLOCKED, REASON_SLEEP, 1200);
	story_over(story, 2000, 2500);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(count(story, "orphan-left-behind"), 1);
	finding = find(story, "orphan-left-behind");
	assert_says(finding, "worker[101] was still alive when the command make[100] had ended");
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_int_equal(fact(finding, "outlived_at_least_ns")->number, 500 * MS);
	assert_int_equal(fact(finding, "children_left")->number, 1);
	assert_string_equal(fact(finding, "now")->text, "blocked in child");
	/* Group 50 is not of this trace: it may be our own shell's. */
	assert_non_null(strstr(finding->advice, "kill 101`"));
	story_free(story);
}

/* 101 has a pid in our pid namespace; its child, in a namespace of its own, has none that is known. */
static void advice_names_pids_of_our_namespace(void **state)
{
	struct story *story = begin();
	struct birth birth = {.parent_pid = COMMAND, .session = 50, .group = 50, .ns_pid = 7, .ns_level = 1};
	const char *advice;

	(void)state;
	for (__u32 pid = 102; pid <= 103; pid++) {
		story->start_ns[pid] = birth.task_start_ns = 1200 * MS;
		birth.parent_start_ns = story->start_ns[COMMAND];
		birth.pid_namespace = pid == 102 ? 4000 : 4001;
		FEED(story, EVENT_BIRTH, 1200, pid, birth);
	}
	story_ends(story, 1300, 101, 0);
	story_ends_leaving_children(story, 2000, COMMAND, 0);
	story_over(story, 2000, 2500);
	story->findings.pid_namespace = 4000;
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(count(story, "orphan-left-behind"), 2);
	advice = find(story, "orphan-left-behind")->advice;
	assert_non_null(strstr(advice, "`kill 7`"));
	advice = (find(story, "orphan-left-behind") + 1)->advice;
	assert_null(strstr(advice, "kill 103"));
	assert_non_null(strstr(advice, "not known: 103 is that of the host"));
	story_free(story);
}

static void one_that_outlived_the_command_and_ended(void **state)
{
	struct story *story = begin();

	(void)state;
	story_born(story, 1200, 102, COMMAND, "tee");
	story_ends_leaving_children(story, 2000, COMMAND, 0);
	story_ends(story, 2050, 102, 0); /* within the grace */
	story_ends(story, 4000, 101, 0);
	story_over(story, 2000, 4001);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(count(story, "orphan-left-behind"), 1);
	assert_says(find(story, "orphan-left-behind"), "worker[101] outlived the command make[100] by 2.000 s");
	assert_true(findings_tell_of(&story->findings, story->model, find(story, "orphan-left-behind")->process));
	assert_false(findings_tell_of(&story->findings, story->model, story->findings.command));
	story_free(story);
}

/* At the trace's end one is running, one has been sent SIGKILL: neither is sure to stay. */
static void those_that_may_be_ending(void **state)
{
	struct story *story = begin();

	(void)state;
	story_born(story, 1200, 102, COMMAND, "shot");
	story_signal(story, 1990, 102, COMMAND, "make", (struct signal){.number = SIGKILL});
	story_ends_leaving_children(story, 2000, COMMAND, 0);
	story_alive(story, 2001, 101, STATE_RUNNING, REASON_NONE, 1200);
	story_alive(story, 2001, 102, STATE_BLOCKED, REASON_SLEEP, 1200);
	story_over(story, 2000, 2001);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(count(story, "orphan-left-behind"), 1);
	assert_says(find(story, "orphan-left-behind"), "worker[101] was still alive when");
	assert_int_equal(find(story, "orphan-left-behind")->severity, SEVERITY_INFO);
	story_free(story);
}

/* The trace was ended before the command: nobody was left by it. */
static void a_command_that_lives_left_nobody(void **state)
{
	struct story *story = begin();

	(void)state;
	story_alive(story, 2000, COMMAND, STATE_BLOCKED, REASON_CHILD, 1500);
	story_alive(story, 2000, 101, STATE_RUNNING, REASON_NONE, 1500);
	story_over(story, 2000, 2000);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	assert_int_equal(story->findings.count, 0);
	story_free(story);
}

static void a_detached_daemon(void **state)
{
	struct story *story = with_daemon();
	const struct finding *finding;

	(void)state;
	story_alive(story, 2900, 102, STATE_BLOCKED, REASON_ACCEPT, 1400);
	finish(story, 3000);
	finding = find(story, "daemon-detached");
	assert_says(finding,
		    "served[102] made itself a daemon: session 102, no terminal, adopted by pid 1 (init); it lives on");
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_int_equal(fact(finding, "session")->number, 102);
	assert_string_equal(fact(finding, "started_by")->text, "worker[101]");
	assert_null(find(story, "orphan-left-behind")); /* it is meant to stay */
	assert_null(find(story, "daemon-ended"));
	story_free(story);
}

static void a_daemons_end(void **state)
{
	struct story *story = with_daemon();
	const struct finding *finding;

	(void)state;
	story_signal(story, 1790, 102, 103, "watchdog", (struct signal){.number = SIGKILL});
	story_ends(story, 1800, 102, SIGKILL);
	finish(story, 3000);
	finding = find(story, "daemon-ended");
	assert_says(finding, "detached daemon served[102] was killed: SIGKILL from watchdog[103] (kill)");
	assert_int_equal(finding->severity, SEVERITY_WARNING);
	assert_int_equal(fact(finding, "daemon_for_ns")->number, 500 * MS);
	story_free(story);
}

/* It has a handler, and exits: that somebody asked it to is what people want to know. */
static void a_daemon_that_was_asked_to_end(void **state)
{
	struct story *story = with_daemon();
	const struct finding *finding;

	(void)state;
	story_signal(story, 1500, 102, COMMAND, "make", (struct signal){.number = SIGTERM, .flags = SIGNAL_HANDLED});
	story_signal(story, 1510, 102, COMMAND, "make", (struct signal){.number = SIGUSR1, .flags = SIGNAL_HANDLED});
	story_done(story, 1600, 102, 0);
	finish(story, 2000);
	finding = find(story, "daemon-ended");
	assert_says(finding,
		    "detached daemon served[102] ended, 100 ms after it was sent SIGTERM by make[100] (kill): exit 0");
	assert_string_equal(fact(finding, "asked_with")->text, "SIGTERM");
	story_free(story);
}

static void an_attended_daemons_end(void **state)
{
	struct story *story = begin();
	const struct finding *finding;

	(void)state;
	story_signal(story, 1990, 101, COMMAND, "make", (struct signal){.number = SIGTERM});
	story_ends(story, 1995, 101, SIGTERM);
	story_reaped(story, 1996, 101, COMMAND);
	finish(story, 2000);
	finding = find(story, "daemon-ended");
	assert_says(finding, "attended daemon worker[101] was ended with SIGTERM by its parent make[100]");
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_null(find(story, "daemon-detached"));
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_trace_has_none),
		cmocka_unit_test(an_unreaped_zombie),
		cmocka_unit_test(a_zombie_that_init_had_to_reap),
		cmocka_unit_test(many_zombies_of_one_parent_are_an_error),
		cmocka_unit_test(zombies_that_are_nobodys_leak),
		cmocka_unit_test(a_late_reap),
		cmocka_unit_test(a_very_late_reap_is_a_warning),
		cmocka_unit_test(a_prompt_may_reap_late),
		cmocka_unit_test(an_adopted_orphan),
		cmocka_unit_test(a_zombie_handed_on_is_no_orphan),
		cmocka_unit_test(one_left_behind),
		cmocka_unit_test(advice_names_pids_of_our_namespace),
		cmocka_unit_test(one_that_outlived_the_command_and_ended),
		cmocka_unit_test(those_that_may_be_ending),
		cmocka_unit_test(a_command_that_lives_left_nobody),
		cmocka_unit_test(a_detached_daemon),
		cmocka_unit_test(a_daemons_end),
		cmocka_unit_test(a_daemon_that_was_asked_to_end),
		cmocka_unit_test(an_attended_daemons_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
