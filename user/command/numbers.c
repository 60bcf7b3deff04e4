/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Numbers among options; see numbers.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/numbers.h"

#define SECONDS_MOST 1e9

static int refuse(const char *what, const char *text)
{
	struct buffer shown = {0};

	escape_terminal(&shown, text, strlen(text));
	message("not %s: %s", what, shown.data ? shown.data : "");
	buffer_free(&shown);
	return -1;
}

int take_number(const char *text, unsigned long most, unsigned long *number)
{
	char what[64];
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *number <= most)
		return 0;
	snprintf(what, sizeof(what), "a number from 0 to %lu", most);
	return refuse(what, text);
}

int take_pid(const char *text, __u32 *pid)
{
	unsigned long number;

	if (take_number(text, INT_MAX, &number))
		return -1;
	*pid = (__u32)number;
	if (!number)
		message("no process has pid 0");
	return number ? 0 : -1;
}

int take_seconds(const char *text, __u64 *ns)
{
	char *end;
	double seconds = strtod(text, &end);

	if (((*text >= '0' && *text <= '9') || *text == '.') && !*end && seconds > 0 && seconds <= SECONDS_MOST) {
		*ns = (__u64)(seconds * 1e9);
		return 0;
	}
	return refuse("a time in seconds", text);
}
