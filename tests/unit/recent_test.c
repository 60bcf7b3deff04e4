/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The latest changes, as the page of a process shows them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "user/base/utf8.h"
#include "user/screen/recent.h"

static void long_words_are_cut_between_characters(void **state)
{
	struct recent *recent = calloc(1, sizeof(*recent));
	struct thread thread = {.tid = 5};
	struct process process = {.pid = 5, .threads = &thread};
	char *exe = calloc(1, 300);
	struct execution exec = {.exe = exe};
	struct change change = {.kind = CHANGE_EXEC, .process = &process, .thread = &thread, .exec.exec = &exec};

	(void)state;
	for (int i = 0; i < 100; i++) { /* in each of its places a character of two bytes is cut once */
		memset(exe, 'a', 300);
		for (int at = i % 2; at < 290; at += 2)
			memcpy(exe + at, "é", 2);
		exe[80 + i] = 0;
		if (((unsigned char)exe[79 + i] & 0xc0) == 0xc0)
			exe[79 + i] = 0;
		recent_take(recent, &change);
		for (const char *words = recent->list[i].words; *words;) {
			uint32_t code;
			size_t length = utf8_read(words, strlen(words), &code);

			assert_int_not_equal(length, 0);
			words += length;
		}
	}
	free(exe);
	free(recent);
}

static void the_ring_holds_the_latest(void **state)
{
	struct recent *recent = calloc(1, sizeof(*recent));
	struct thread thread = {.tid = 5};
	struct process process = {.pid = 5, .birth_ns = 7, .threads = &thread};
	struct change change = {.kind = CHANGE_DAEMON, .process = &process, .thread = &thread};
	unsigned long long at = 0, before;
	int found = 0;

	(void)state;
	for (int i = 0; i < 3 * RECENT_MOST; i++) {
		process.pid = i % 2 ? 5 : 6;
		change.at_ns = (__u64)i;
		recent_take(recent, &change);
	}
	before = recent->count;
	for (__u64 expected = 3 * RECENT_MOST - 1; recent_before(recent, (struct who){7, 5}, before, &at);
	     expected -= 2) {
		assert_int_equal(recent->list[at % RECENT_MOST].at_ns, expected);
		before = at;
		found++;
	}
	assert_int_equal(found, RECENT_MOST / 2);
	free(recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_words_are_cut_between_characters),
		cmocka_unit_test(the_ring_holds_the_latest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
