/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What proclife says of itself; see message.h. A line goes out in one piece, so that a traced command that writes to
 * the same terminal can't cut it in two.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/base/status.h"

void message(const char *format, ...)
{
	char line[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "proclife: %s\n", line);
}

int say_unwritten(const char *what)
{
	struct buffer shown = {0};
	int error = errno;

	if (error == EPIPE)
		return EXIT_NO_READER;
	escape_word(&shown, what);
	message("can't write %s: %s", shown.data ? shown.data : "", strerror(error));
	buffer_free(&shown);
	return EXIT_FAILED;
}
