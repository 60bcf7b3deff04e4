/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What proclife says of itself; see message.h. A line goes out in one piece, so that a traced command that writes to
 * the same terminal can't cut it in two.
 */
#include <stdio.h>

#include "user/base/buffer.h"
#include "user/base/message.h"

void message(const char *format, ...)
{
	char line[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "proclife: %s\n", line);
}
