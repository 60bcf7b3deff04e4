/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events of several rings, put in order.
 */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/short_memory.h"
#include "user/source/batch.h"

struct told {
	char text[256];
};

static void add(struct batch *batch, __u32 kind, __u64 at_ns)
{
	struct event event = {.kind = kind, .at_ns = at_ns};

	assert_int_equal(batch_add(batch, &event), 0);
}

static int take(void *ctx, const struct event *event)
{
	struct told *told = ctx;
	size_t length = strlen(told->text);
	const char *kind = event->kind == EVENT_END ? "end" : event->kind == EVENT_REAP ? "reap" : "other";

	snprintf(told->text + length, sizeof(told->text) - length, " %s@%llu", kind, (unsigned long long)event->at_ns);
	return 0;
}

static void check(struct batch *batch, __u64 horizon_ns, const char *expected)
{
	struct told told = {""};

	assert_int_equal(batch_deliver(batch, horizon_ns, take, &told), 0);
	assert_string_equal(told.text, expected);
}

static void time_decides(void **state)
{
	struct batch batch = {0};

	(void)state;
	add(&batch, EVENT_END, 30);
	add(&batch, EVENT_REAP, 40);
	add(&batch, EVENT_BIRTH, 10);
	add(&batch, EVENT_EXEC, 20);
	check(&batch, 100, " other@10 other@20 end@30 reap@40");
	check(&batch, 100, "");
	batch_free(&batch);
}

static void what_is_too_young_stays(void **state)
{
	struct batch batch = {0};

	(void)state;
	add(&batch, EVENT_END, 30);
	add(&batch, EVENT_BIRTH, 10);
	check(&batch, 29, " other@10");
	add(&batch, EVENT_EXEC, 20);
	check(&batch, 30, " other@20 end@30");
	batch_free(&batch);
}

/* The ring with the spell was emptied just before it was sent, the one with the end just after. */
static void a_spell_of_the_same_time_as_the_end_comes_first(void **state)
{
	struct batch batch = {0};

	(void)state;
	add(&batch, EVENT_END, 30);
	add(&batch, EVENT_REAP, 30);
	check(&batch, 20, "");
	add(&batch, EVENT_OFFCPU, 30);
	check(&batch, 30, " other@30 end@30 reap@30");
	batch_free(&batch);
}

/* Of three events that are too young to be delivered, each needs memory to be kept. */
static void what_cannot_be_kept_is_counted(void **state)
{
	struct batch batch = {0};

	(void)state;
	add(&batch, EVENT_BIRTH, 10);
	for (int i = 0; i < 3; i++)
		add(&batch, EVENT_EXEC, 30);
	until_failure = 0;
	check(&batch, 20, " other@10");
	until_failure = -1;
	assert_int_equal(batch_dropped(&batch) + batch.count, 3);
	assert_int_equal(batch.count, 2);
	assert_int_equal(batch_dropped(&batch), 0);
	batch_free(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_decides),
		cmocka_unit_test(what_is_too_young_stays),
		cmocka_unit_test(what_cannot_be_kept_is_counted),
		cmocka_unit_test(a_spell_of_the_same_time_as_the_end_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
