/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Users among options; see whom.h.
 */
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>

#include "user/command/command.h"
#include "user/command/whom.h"

int take_user_name(const char *name, __u32 *uid)
{
	const struct passwd *known;
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(name, &end, 10);
	*uid = (__u32)number;
	if (*name >= '0' && *name <= '9' && !*end && !errno && number < UINT_MAX)
		return 0;
	known = getpwnam(name);
	if (!known)
		return say_unknown("user", name, NULL, "getent passwd");
	*uid = known->pw_uid;
	return 0;
}
