/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Privileges; see privilege.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "user/base/privilege.h"
#include "user/base/syscall_filter.h"

#define NOBODY 65534 /* user and group that own nothing */

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

static int keep_needed(cap_t wanted, cap_t have, const struct privilege_needs *needs)
{
	int result = 0;

	if (needs->loads_again)
		result |= keep(wanted, have, CAP_BPF) | keep(wanted, have, CAP_PERFMON) |
			  keep(wanted, have, CAP_DAC_READ_SEARCH);
	if (needs->reads_others)
		result |= keep(wanted, have, CAP_SYS_PTRACE) | keep(wanted, have, CAP_DAC_READ_SEARCH);
	if (needs->keeps_cpu)
		result |= keep(wanted, have, CAP_SYS_NICE);
	if (needs->signals_group)
		result |= keep(wanted, have, CAP_KILL);
	if (needs->folder >= 0)
		result |= keep(wanted, have, CAP_DAC_OVERRIDE);
	return result;
}

static int limit_capabilities(const struct privilege_needs *needs)
{
	cap_t have = cap_get_proc(), wanted = cap_init();
	int result = -1;

	if (have && wanted && !keep_needed(wanted, have, needs))
		result = cap_set_proc(wanted);
	cap_free(have);
	cap_free(wanted);
	return result;
}

/* What no exec may ever give back. Only who has CAP_SETPCAP may do that. */
static void empty_bounding_set(void)
{
	for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
		prctl(PR_CAPBSET_DROP, capability);
}

/* In a user namespace that does not map nobody we stay who we are. */
static void leave_root(void)
{
	if (geteuid() || !privilege_has(CAP_SETUID) || !privilege_has(CAP_SETGID))
		return;
	prctl(PR_SET_KEEPCAPS, 1);
	if (!setgroups(0, NULL) && !setresgid(NOBODY, NOBODY, NOBODY))
		(void)!setresuid(NOBODY, NOBODY, NOBODY);
	prctl(PR_SET_KEEPCAPS, 0);
}

/* CAP_DAC_OVERRIDE is kept only if the user alone may not write there. */
static bool may_write(int folder)
{
	return !faccessat(folder, ".", W_OK | X_OK, AT_EACCESS);
}

static int limit_to_folder(const struct privilege_needs *needs)
{
	struct privilege_needs less = *needs;
	cap_value_t override = CAP_DAC_OVERRIDE;
	cap_t have = cap_get_proc();
	int result = -1;

	less.folder = -1;
	if (have && !cap_set_flag(have, CAP_EFFECTIVE, 1, &override, CAP_CLEAR) && !cap_set_proc(have))
		result = limit_capabilities(may_write(needs->folder) ? &less : needs);
	cap_free(have);
	return result;
}

int privilege_drop(const struct privilege_needs *needs)
{
	int result;

	if (needs->loads_again)
		return limit_capabilities(needs);
	empty_bounding_set();
	if (!needs->keeps_user)
		leave_root();
	result = needs->folder < 0 ? limit_capabilities(needs) : limit_to_folder(needs);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall_filter_set())
		result = -1;
	return result;
}
