/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which kernels are fully preemptible, by what they say of themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "user/source/preemption.h"

#define DYNAMIC "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1"

static void without_preemption(void **state)
{
	(void)state;
	assert_false(preemption_is_full("#1 SMP Debian 5.10.0", NULL, "preempt=full"));
}

static void built_for_it(void **state)
{
	(void)state;
	assert_true(preemption_is_full("#1 SMP PREEMPT Tue", NULL, "preempt=none"));
	assert_true(preemption_is_full("#1 SMP PREEMPT_RT Tue", NULL, ""));
}

static void mode_in_use(void **state)
{
	(void)state;
	assert_true(preemption_is_full(DYNAMIC, "none voluntary (full)\n", "preempt=none"));
	assert_false(preemption_is_full(DYNAMIC, "none (voluntary) full\n", "preempt=full"));
	assert_false(preemption_is_full(DYNAMIC, "(none) voluntary full\n", ""));
}

static void mode_asked_for(void **state)
{
	(void)state;
	assert_true(preemption_is_full(DYNAMIC, NULL, "quiet preempt=full ro"));
	assert_false(preemption_is_full(DYNAMIC, NULL, "preempt=voluntary"));
	assert_false(preemption_is_full(DYNAMIC, NULL, "preempt=full preempt=none"));
	assert_false(preemption_is_full(DYNAMIC, NULL, "preempt=none rcutree.use_softirq=0 nopreempt=full"));
}

static void mode_unknown(void **state)
{
	(void)state;
	assert_true(preemption_is_full(DYNAMIC, NULL, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_preemption), cmocka_unit_test(built_for_it), cmocka_unit_test(mode_in_use),
		cmocka_unit_test(mode_asked_for),     cmocka_unit_test(mode_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
