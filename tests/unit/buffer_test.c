/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The growing buffer, with and without memory to grow in.
 * LDFLAGS below: reallocations pass through here, so that a test can refuse them.
 */
/* LDFLAGS: -Wl,--wrap=realloc */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "user/base/buffer.h"

static bool memory_is_short;

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_realloc(void *memory, size_t size)
{
	return memory_is_short ? NULL : __real_realloc(memory, size);
}

static void starts_empty(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_add(&buffer, "", 0);
	assert_int_equal(buffer.size, 0);
	assert_string_equal(buffer.data, "");
	buffer_free(&buffer);
	assert_null(buffer.data);
}

static void keeps_every_byte(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_add(&buffer, "a\0b", 3);
	buffer_char(&buffer, '\0');
	buffer_text(&buffer, "c");
	assert_int_equal(buffer.size, 5);
	assert_memory_equal(buffer.data, "a\0b\0c", 6);
	buffer_free(&buffer);
}

/* Every size around the steps at which it grows, by each way of adding. */
static void grows_at_every_size(void **state)
{
	char text[600];

	(void)state;
	for (size_t size = 0; size < sizeof(text); size++) {
		struct buffer by_text = {0}, by_printf = {0}, by_char = {0};

		memset(text, 'x', size);
		text[size] = '\0';
		buffer_text(&by_text, text);
		buffer_printf(&by_printf, "%s", text);
		for (size_t i = 0; i < size; i++)
			buffer_char(&by_char, 'x');
		assert_string_equal(by_text.data, text);
		assert_string_equal(by_printf.data, text);
		assert_string_equal(size ? by_char.data : "", text);
		assert_int_equal(by_printf.size, size);
		buffer_free(&by_text);
		buffer_free(&by_printf);
		buffer_free(&by_char);
	}
}

static void prints_behind_what_is_there(void **state)
{
	struct buffer buffer = {0};
	char expected[2000] = "", number[16];

	(void)state;
	for (int i = 0; i < 300; i++) {
		buffer_printf(&buffer, "%d,", i);
		snprintf(number, sizeof(number), "%d,", i);
		strcat(expected, number);
	}
	assert_string_equal(buffer.data, expected);
	assert_false(buffer.failed);
	buffer_free(&buffer);
}

static void stays_whole_when_memory_is_short(void **state)
{
	struct buffer buffer = {0};
	char text[500];

	(void)state;
	memset(text, 'y', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	buffer_text(&buffer, "before");
	memory_is_short = true;
	buffer_add(&buffer, text, sizeof(text));
	assert_true(buffer.failed);
	buffer.failed = false;
	buffer_printf(&buffer, "%s", text);
	memory_is_short = false;
	assert_true(buffer.failed);
	assert_string_equal(buffer.data, "before");
	assert_int_equal(buffer.size, 6);
	buffer_free(&buffer);
}

static void fails_without_any_memory(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	memory_is_short = true;
	buffer_printf(&buffer, "%d", 1);
	memory_is_short = false;
	assert_true(buffer.failed);
	assert_int_equal(buffer.size, 0);
	assert_null(buffer.data);
	buffer_free(&buffer);
}

static void refuses_an_impossible_size(void **state)
{
	struct buffer buffer = {0};

	(void)state;
	buffer_text(&buffer, "x");
	buffer_add(&buffer, "y", SIZE_MAX - 1);
	assert_true(buffer.failed);
	assert_string_equal(buffer.data, "x");
	buffer_free(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty),
		cmocka_unit_test(keeps_every_byte),
		cmocka_unit_test(grows_at_every_size),
		cmocka_unit_test(prints_behind_what_is_there),
		cmocka_unit_test(stays_whole_when_memory_is_short),
		cmocka_unit_test(fails_without_any_memory),
		cmocka_unit_test(refuses_an_impossible_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
