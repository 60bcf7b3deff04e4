/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Breaking text into lines, with and without spaces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "user/base/escape.h"
#include "user/base/wrap.h"

/* All lines of text, with '|' between them. */
static const char *lines(const char *text, int columns)
{
	static char joined[400];
	const char *next;

	joined[0] = 0;
	while (*text) {
		size_t length = wrap_line(text, columns, &next);

		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s%.*s", *joined ? "|" : "",
			 (int)length, text);
		assert_true(next > text);
		assert_true(text_width(text, length) <= columns || length <= 4);
		text = next;
	}
	return joined;
}

static void between_words(void **state)
{
	(void)state;
	assert_string_equal(lines("one two three", 80), "one two three");
	assert_string_equal(lines("one two three", 7), "one two|three");
	assert_string_equal(lines("one two three", 8), "one two|three");
	assert_string_equal(lines("one\ntwo", 80), "one|two");
	assert_string_equal(lines("", 10), "");
}

static void long_words_are_cut(void **state)
{
	(void)state;
	assert_string_equal(lines("abcdef", 4), "abcd|ef");
	assert_string_equal(lines("ab cdefgh", 4), "ab|cdef|gh");
	assert_string_equal(lines("abc", 1), "a|b|c");
}

static void between_wide_characters(void **state)
{
	(void)state;
	assert_string_equal(lines("僵尸进程", 4), "僵尸|进程");
	assert_string_equal(lines("僵尸进程", 5), "僵尸|进程");
	assert_string_equal(lines("用 wait 回收", 7), "用 wait|回收");
	/* A full stop never begins a line. */
	assert_string_equal(lines("僵尸进程。", 8), "僵尸进|程。");
	assert_string_equal(lines("父", 1), "父");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(between_words),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(between_wide_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
