/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of system calls: the numbers of this machine are those of its kernel headers.
 */
#include <asm/unistd.h>

#include "calls.h"

#define CALL_ROW(name, number, says) ROW(name, number),
#define COUNT_CALL(name, number, says) uses[number]++;

static void numbers_are_the_headers(void **state)
{
	static const struct row rows[] = {SYSTEM_CALLS(CALL_ROW)};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

static void no_number_is_used_twice(void **state)
{
	int uses[512] = {0};

	(void)state;
	SYSTEM_CALLS(COUNT_CALL)
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		assert_true(uses[i] == 0 || uses[i] == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_the_headers),
		cmocka_unit_test(no_number_is_used_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
