/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Verdicts on labs: what counts as evidence that a run cannot decide, and how verdicts are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/story.h"
#undef MS
#include "user/demo/check.h"
#include "user/demo/evidence.h"

#define WORKER 101
#define OTHER 102

static const struct settings settings = {.slow = 1};

static void hear(void *log, const struct change *change)
{
	log_take(log, change);
}

static const struct sink_kind hearer = {.change = hear};

struct told {
	struct story *story;
	struct log log;
	struct demo demo;
	struct lab lab;
	struct buffer words;
};

/* The command and two children, all born ready. */
static struct told *told_new(void)
{
	struct told *told = calloc(1, sizeof(*told));

	told->story = story_new();
	told->story->sink = &hearer;
	told->story->sink_state = &told->log;
	story_born(told->story, 0, COMMAND, OUTSIDE, "make");
	story_born(told->story, 10, WORKER, COMMAND, "worker");
	story_born(told->story, 10, OTHER, COMMAND, "other");
	told->lab = (struct lab){
		.demo = &told->demo, .settings = &settings, .model = told->story->model, .log = &told->log};
	return told;
}

static void told_free(struct told *told)
{
	buffer_free(&told->words);
	log_free(&told->log);
	story_free(told->story);
	free(told);
}

/* It was ready from out_ms to back_ms, and has had that CPU since. */
static void gets_cpu(struct told *told, __u32 pid, __u64 out_ms, __u64 back_ms, __u32 cpu)
{
	struct {
		struct event event;
		struct offcpu offcpu;
	} record = {{.kind = EVENT_OFFCPU,
		     .size = sizeof(struct offcpu),
		     .cpu = cpu,
		     .at_ns = back_ms * MS,
		     .pid = pid,
		     .tid = pid},
		    {.out_ns = out_ms * MS, .state = STATE_READY, .call = -1, .fd = -1}};

	record.event.start_ns = told->story->start_ns[pid];
	model_feed(told->story->model, &record.event);
}

static void loses(struct told *told, __u64 lifecycle, __u64 timeline)
{
	const struct lost lost = {.lifecycle = lifecycle, .timeline = timeline};

	FEED(told->story, EVENT_LOST, 100, 0, lost);
}

static const struct process *named(struct told *told, const char *name)
{
	return process_named(&told->lab, name);
}

static __u64 starved_ms(struct told *told, __u64 from_ms, __u64 to_ms)
{
	return starved_ns(&told->lab, named(told, "worker"), from_ms * MS, to_ms * MS) / MS;
}

static void a_lab_that_shares_its_cpu_is_not_starved(void **state)
{
	struct told *told = told_new();

	(void)state;
	gets_cpu(told, OTHER, 10, 11, 1);
	gets_cpu(told, WORKER, 10, 31, 1);
	gets_cpu(told, OTHER, 31, 51, 1);
	story_over(told->story, 100, 100);
	assert_int_equal(starved_ms(told, 0, 100), 1); /* until the other got the CPU */
	assert_false(was_starved(&told->lab, named(told, "worker"), 0, 100 * MS, &told->words));
	assert_null(told->words.data);
	told_free(told);
}

static void other_programs_starve(void **state)
{
	struct told *told = told_new();

	(void)state;
	gets_cpu(told, OTHER, 10, 10, 1); /* on another CPU than the worker */
	gets_cpu(told, WORKER, 10, 30, 0);
	gets_cpu(told, WORKER, 40, 60, 0);
	story_over(told->story, 100, 100);
	assert_int_equal(starved_ms(told, 0, 100), 40);
	assert_int_equal(starved_ms(told, 20, 50), 20);
	assert_true(was_starved(&told->lab, named(told, "worker"), 0, 100 * MS, &told->words));
	assert_non_null(strstr(told->words.data, "this run cannot decide: the machine was busy: worker[101]"));
	assert_non_null(strstr(told->words.data, "for 40 ms of 100"));
	told_free(told);
}

static void whoever_ran_had_a_chance(void **state)
{
	struct told *told = told_new();

	(void)state;
	gets_cpu(told, WORKER, 10, 30, 0);
	gets_cpu(told, WORKER, 33, 60, 0);
	assert_true(had_no_chance(&told->lab, named(told, "worker"), 10 * MS, 60 * MS, &told->words));
	gets_cpu(told, WORKER, 70, 80, 0); /* it ran for another 10 ms */
	assert_false(had_no_chance(&told->lab, named(told, "worker"), 10 * MS, 80 * MS, &told->words));
	told_free(told);
}

static void a_failure_is_excused_by_starvation_only(void **state)
{
	struct told *told = told_new();

	(void)state;
	gets_cpu(told, OTHER, 10, 11, 0);
	gets_cpu(told, WORKER, 10, 30, 1);
	story_ends(told->story, 100, WORKER, 0);
	story_ends(told->story, 100, OTHER, 0);
	assert_int_equal(unless_starved(&told->lab, true, "worker", &told->words), CONFIRMED);
	assert_int_equal(unless_starved(&told->lab, false, "other", &told->words), REFUTED);
	assert_null(told->words.data);
	assert_int_equal(unless_starved(&told->lab, false, "worker", &told->words), INCONCLUSIVE);
	told_free(told);
}

static enum verdict always_refuted(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	(void)lab;
	(void)expectation;
	say(observed, "not so");
	return REFUTED;
}

static enum verdict never_seen(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return unless_seen(lab, expectation->number, observed);
}

static enum verdict as_numbered(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	(void)lab;
	(void)observed;
	return (enum verdict)expectation->number;
}

static struct check checked(struct told *told, const struct expectation *expectations)
{
	struct check check = {0};

	told->demo.expectations = expectations;
	assert_int_equal(check_lab(&check, &told->lab), 0);
	return check;
}

static void each_verdict_is_counted(void **state)
{
	static const struct expectation all[] = {{"a", as_numbered, NULL, NULL, CONFIRMED},
						 {"b", as_numbered, NULL, NULL, INCONCLUSIVE},
						 {"c", as_numbered, NULL, NULL, INCONCLUSIVE},
						 {"d", as_numbered, NULL, NULL, REFUTED},
						 {0}};
	struct told *told = told_new();
	struct check check = checked(told, all);

	(void)state;
	assert_int_equal(check.count, 4);
	assert_int_equal(check.confirmed, 1);
	assert_int_equal(check.inconclusive, 2);
	assert_int_equal(check.refuted, 1);
	assert_false(check.passed);
	check_free(&check);
	told_free(told);
}

static void undecided_is_no_failure(void **state)
{
	static const struct expectation all[] = {{"a", as_numbered, NULL, NULL, INCONCLUSIVE}, {0}};
	struct told *told = told_new();
	struct check check = checked(told, all);

	(void)state;
	assert_true(check.passed);
	assert_int_equal(check.confirmed, 0);
	check_free(&check);
	told_free(told);
}

static void losses_leave_it_open(void **state)
{
	static const struct expectation all[] = {
		{"a", always_refuted, NULL, NULL, 0}, {"b", never_seen, NULL, NULL, false}, {0}};
	struct told *told = told_new();
	struct check check = checked(told, all);

	(void)state;
	assert_int_equal(check.list[0].verdict, REFUTED);
	assert_int_equal(check.list[1].verdict, CONFIRMED);
	check_free(&check);
	loses(told, 0, 3);
	check = checked(told, all);
	assert_int_equal(check.list[0].verdict, INCONCLUSIVE);
	assert_non_null(strstr(check.list[0].words.data, "not so; this run cannot decide: 3 events were lost"));
	assert_int_equal(check.list[1].verdict, INCONCLUSIVE);
	check_free(&check);
	told_free(told);
}

static void what_was_seen_refutes_for_all_losses(void **state)
{
	static const struct expectation all[] = {{"a", as_numbered, NULL, NULL, CONFIRMED}, {0}};
	struct told *told = told_new();
	struct check check;

	(void)state;
	loses(told, 2, 0);
	check = checked(told, all);
	assert_int_equal(check.list[0].verdict, CONFIRMED);
	assert_int_equal(unless_seen(&told->lab, true, &told->words), REFUTED);
	check_free(&check);
	told_free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lab_that_shares_its_cpu_is_not_starved),
		cmocka_unit_test(other_programs_starve),
		cmocka_unit_test(whoever_ran_had_a_chance),
		cmocka_unit_test(a_failure_is_excused_by_starvation_only),
		cmocka_unit_test(each_verdict_is_counted),
		cmocka_unit_test(undecided_is_no_failure),
		cmocka_unit_test(losses_leave_it_open),
		cmocka_unit_test(what_was_seen_refutes_for_all_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
