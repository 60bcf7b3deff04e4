/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of system calls: the numbers of arm64 are those of the generic kernel header, which every machine has.
 */
#include <asm/bitsperlong.h>
/* as arch/arm64/include/uapi/asm/unistd.h */
#define __ARCH_WANT_RENAMEAT
#define __ARCH_WANT_NEW_STAT
#define __ARCH_WANT_SET_GET_RLIMIT
#define __ARCH_WANT_MEMFD_SECRET
#define __ARCH_WANT_SYS_CLONE3
#include <asm-generic/unistd.h>

#include "calls.h"

#define ARM64_ROW(_, name, x86, arm64, says) ROW(name, arm64),

static void numbers_are_the_generic_ones(void **state)
{
	static const struct row rows[] = {CALL_TABLE(ARM64_ROW, CALL_ABSENT, )};

	(void)state;
	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_the_generic_ones)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
