/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Totals, their shares, and the timeline.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/story.h"

struct heard { /* the STATE changes of one thread, which must join without a gap */
	__u64 until_ns, ns[STATE_COUNT];
	int spans, wakes, gaps;
};

static void hear_spans(void *ctx, const struct change *change)
{
	struct heard *heard = ctx;

	if (change->kind == CHANGE_WAKE)
		heard->wakes++;
	if (change->kind != CHANGE_STATE)
		return;
	heard->gaps += heard->spans && change->state.from_ns != heard->until_ns;
	heard->until_ns = change->state.to_ns;
	heard->ns[change->state.state] += change->state.to_ns - change->state.from_ns;
	heard->spans++;
}

static struct story *story_heard(struct heard *heard)
{
	struct story *story = story_new();

	model_free(story->model);
	story->model = model_new(hear_spans, heard);
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	return story;
}

static const struct thread *thread(struct story *story)
{
	return model_find(story->model, COMMAND, story->start_ns[COMMAND])->threads;
}

static void share(struct story *story, __u64 at_ms, enum reason reason, int call, __u64 ms)
{
	struct blocked blocked = {
		.task_start_ns = 1000 * MS, .ns = ms * MS, .count = 1, .reason = reason, .call = call};

	FEED(story, EVENT_BLOCKED, at_ms, COMMAND, blocked);
}

static void waker(struct story *story, __u64 at_ms, __u32 pid, __u32 flags)
{
	struct waker waker = {.task_start_ns = 1000 * MS, .count = 2, .pid = pid, .tid = pid, .flags = flags};

	FEED(story, EVENT_WAKER, at_ms, COMMAND, waker);
}

static void ends_with(struct story *story, __u64 at_ms, __u32 reasons, __u32 wakers)
{
	struct end end = {.reasons = reasons, .wakers = wakers, .totals.blocked_ns = (at_ms - 1000) * MS};

	story_ends_as(story, at_ms, COMMAND, 0, end);
}

static void shares_are_whole(void **state)
{
	struct story *story = story_heard(&(struct heard){0});

	(void)state;
	share(story, 1010, REASON_SLEEP, -1, 6);
	share(story, 1010, REASON_OTHER, 16, 3);
	share(story, 1010, REASON_OTHER, 17, 1);
	share(story, 1010, REASON_OTHER, 17, 1); /* told twice */
	waker(story, 1010, 0, WAKER_IRQ);
	waker(story, 1010, OUTSIDE, 0);
	ends_with(story, 1010, 3, 2);
	assert_int_equal(thread(story)->blocked_count, 3);
	assert_int_equal(thread(story)->waker_count, 2);
	assert_false(thread(story)->breakdown_incomplete);
	story_free(story);
}

static void a_share_is_lost(void **state)
{
	struct story *story = story_heard(&(struct heard){0});

	(void)state;
	share(story, 1010, REASON_SLEEP, -1, 6);
	ends_with(story, 1010, 2, 0);
	assert_true(thread(story)->breakdown_incomplete);
	assert_int_equal(thread(story)->totals.blocked_ns, 10 * MS);
	story_free(story);
}

/* Shares of an earlier look must not be taken for those of the end. */
static void shares_of_another_time(void **state)
{
	struct story *story = story_heard(&(struct heard){0});

	(void)state;
	share(story, 1005, REASON_SLEEP, -1, 5);
	story_alive(story, 1005, COMMAND, STATE_BLOCKED, REASON_SLEEP, 1000);
	ends_with(story, 1010, 1, 0);
	assert_int_equal(thread(story)->blocked_count, 0);
	assert_true(thread(story)->breakdown_incomplete);
	story_free(story);
}

static void spell(struct story *story, __u64 out_ms, __u64 woken_ms, __u64 back_ms, enum state state)
{
	struct offcpu offcpu = {.out_ns = out_ms * MS,
				.woken_ns = woken_ms * MS,
				.waker_flags = WAKER_IRQ,
				.state = state,
				.reason = REASON_SLEEP,
				.call = -1,
				.fd = -1};

	FEED(story, EVENT_OFFCPU, back_ms, COMMAND, offcpu);
}

static void spans_join(void **state)
{
	struct heard heard = {0};
	struct story *story = story_heard(&heard);

	(void)state;
	spell(story, 1000, 0, 1001, STATE_READY);
	spell(story, 1003, 1010, 1011, STATE_BLOCKED);
	spell(story, 1012, 0, 1014, STATE_READY);
	spell(story, 1015, 1018, 1018, STATE_STOPPED);
	spell(story, 1002, 1003, 1004, STATE_BLOCKED); /* of a time that is told already: not believed */
	spell(story, 1019, 1030, 1025, STATE_BLOCKED); /* woken after it ran: not believed */
	ends_with(story, 1020, 0, 0);
	assert_int_equal(heard.gaps, 0);
	assert_int_equal(heard.until_ns, 1020 * MS);
	assert_int_equal(heard.ns[STATE_RUNNING], (2 + 1 + 1 + 2) * MS);
	assert_int_equal(heard.ns[STATE_READY], (1 + 1 + 2) * MS);
	assert_int_equal(heard.ns[STATE_BLOCKED], 7 * MS);
	assert_int_equal(heard.ns[STATE_STOPPED], 3 * MS);
	assert_int_equal(heard.wakes, 2);
	story_free(story);
}

static void the_living_are_told_of_to_the_end(void **state)
{
	struct heard heard = {0};
	struct story *story = story_heard(&heard);

	(void)state;
	spell(story, 1000, 0, 1001, STATE_READY);
	story_alive(story, 1030, COMMAND, STATE_BLOCKED, REASON_CHILD, 1005);
	story_over(story, 1030, 1031);
	assert_int_equal(heard.gaps, 0);
	assert_int_equal(heard.until_ns, 1031 * MS);
	assert_int_equal(heard.ns[STATE_BLOCKED], 26 * MS);
	story_free(story);
}

/* Without a timeline nothing is said of single spells: not even that all was running. */
static void no_timeline_no_spans(void **state)
{
	struct heard heard = {0};
	struct story *story = story_heard(&heard);

	(void)state;
	ends_with(story, 1020, 0, 0);
	story_over(story, 1020, 1031);
	assert_int_equal(heard.spans, 0);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_whole),
		cmocka_unit_test(a_share_is_lost),
		cmocka_unit_test(shares_of_another_time),
		cmocka_unit_test(spans_join),
		cmocka_unit_test(the_living_are_told_of_to_the_end),
		cmocka_unit_test(no_timeline_no_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
