/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Capabilities; see privilege.h.
 */
#include <sys/capability.h>

#include "user/base/privilege.h"

bool privilege_has(int capability)
{
	cap_t have = cap_get_proc();
	cap_flag_value_t set = CAP_CLEAR;
	bool has = have && !cap_get_flag(have, capability, CAP_EFFECTIVE, &set) && set == CAP_SET;

	cap_free(have);
	return has;
}

/* Marks `value` in the sets that matter, if we have it. */
static int keep(cap_t wanted, cap_t have, cap_value_t value)
{
	cap_flag_value_t is = CAP_CLEAR;

	if (cap_get_flag(have, value, CAP_PERMITTED, &is) || is == CAP_CLEAR)
		return 0;
	return cap_set_flag(wanted, CAP_PERMITTED, 1, &value, CAP_SET) |
	       cap_set_flag(wanted, CAP_EFFECTIVE, 1, &value, CAP_SET);
}

int privilege_drop(void)
{
	cap_t have = cap_get_proc(), wanted = cap_init();
	int result = -1;

	if (have && wanted) {
		if (CAP_IS_SUPPORTED(CAP_BPF) && CAP_IS_SUPPORTED(CAP_PERFMON))
			result = keep(wanted, have, CAP_BPF) | keep(wanted, have, CAP_PERFMON);
		else
			result = keep(wanted, have, CAP_SYS_ADMIN);
		if (!result)
			result = cap_set_proc(wanted);
	}
	cap_free(have);
	cap_free(wanted);
	return result;
}
