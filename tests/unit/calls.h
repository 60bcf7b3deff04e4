/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Rows of the table of system calls, compared with a kernel header that was included before this one. A call that the
 * header does not know (yet) is not compared.
 */
#ifndef PROCLIFE_TEST_CALLS_H
#define PROCLIFE_TEST_CALLS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bpf/calls.h"

#define TEXT_OF(...) #__VA_ARGS__
#define EXPANDED_TEXT_OF(...) TEXT_OF(__VA_ARGS__)
#define ROW(name, number)                                                                                              \
	{                                                                                                              \
#name, number, EXPANDED_TEXT_OF(__NR_##name)                                                           \
	}

struct row {
	const char *name;
	int number;
	const char *header; /* digits, or the name of a macro that the header does not define */
};

static inline void check_rows(const struct row *rows, size_t count)
{
	int compared = 0;

	for (size_t i = 0; i < count; i++) {
		char *end;
		long expected = strtol(rows[i].header, &end, 10);

		if (end == rows[i].header)
			continue;
		if (expected != rows[i].number)
			fail_msg("%s is %d, the header says %ld", rows[i].name, rows[i].number, expected);
		compared++;
	}
	assert_true(compared > 300);
}

#endif
