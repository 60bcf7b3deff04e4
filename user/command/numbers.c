/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers among options; see numbers.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/numbers.h"

#define SECONDS_MOST 1e9
#define PID_MOST 4194304 /* PID_MAX_LIMIT of the kernel */

static int refuse(const char *option, const char *text, const char *what)
{
	struct buffer shown = {0};

	escape_terminal(&shown, text, strlen(text));
	message("%s takes %s, not '%s'", option, what, shown.data ? shown.data : "");
	buffer_free(&shown);
	return -1;
}

int take_number(const char *option, const char *text, struct range range, unsigned long *number)
{
	char what[80];
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *number >= range.least && *number <= range.most)
		return 0;
	snprintf(what, sizeof(what), "a whole number from %lu to %lu", range.least, range.most);
	return refuse(option, text, what);
}

int take_pid(const char *option, const char *text, __u32 *pid)
{
	unsigned long number;

	if (take_number(option, text, (struct range){1, PID_MOST}, &number))
		return -1;
	*pid = (__u32)number;
	return 0;
}

int take_seconds(const char *option, const char *text, __u64 *ns)
{
	char *end;
	double seconds = strtod(text, &end);

	if (((*text >= '0' && *text <= '9') || *text == '.') && !*end && seconds > 0 && seconds <= SECONDS_MOST) {
		*ns = (__u64)(seconds * 1e9);
		return 0;
	}
	return refuse(option, text, "seconds, more than 0 and at most 1000000000, such as 0.5");
}
