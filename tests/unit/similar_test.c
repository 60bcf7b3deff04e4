/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which name a mistyped word resembles.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "user/base/similar.h"

static const char *const names[] = {"run", "watch", "zombie-unreaped", "zombie-late-reap", NULL};

static void distances(void **state)
{
	char endless[200];

	(void)state;
	assert_int_equal(edit_distance("", ""), 0);
	assert_int_equal(edit_distance("", "run"), 3);
	assert_int_equal(edit_distance("run", ""), 3);
	assert_int_equal(edit_distance("run", "rum"), 1);
	assert_int_equal(edit_distance("run", "rnu"), 1);
	assert_int_equal(edit_distance("watch", "wacht"), 2);
	assert_int_equal(edit_distance("kitten", "sitting"), 3);
	memset(endless, 'a', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = 0;
	assert_int_equal(edit_distance(endless, "run"), INT_MAX);
	assert_int_equal(edit_distance("run", endless), INT_MAX);
}

static void mistyped_words(void **state)
{
	(void)state;
	assert_string_equal(similar_name("rnu", name_in_list, names), "run");
	assert_string_equal(similar_name("wach", name_in_list, names), "watch");
	assert_string_equal(similar_name("zombie-unreapt", name_in_list, names), "zombie-unreaped");
	assert_string_equal(similar_name("wa", name_in_list, names), "watch");
	assert_string_equal(similar_name("zombie", name_in_list, names), "zombie-unreaped");
}

static void words_that_resemble_none(void **state)
{
	(void)state;
	assert_null(similar_name("", name_in_list, names));
	assert_null(similar_name("w", name_in_list, names));
	assert_null(similar_name("make", name_in_list, names));
	assert_null(similar_name("orphans", name_in_list, names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances),
		cmocka_unit_test(mistyped_words),
		cmocka_unit_test(words_that_resemble_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
