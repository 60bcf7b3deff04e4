/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How the list of leaks is told. A format is a row of leaks.c and a file. Pipeline and commands include it.
 */
#ifndef PROCLIFE_LEAKS_FORMATS_H
#define PROCLIFE_LEAKS_FORMATS_H

#include "user/finding/leaks.h"
#include "user/sink/sink.h"

struct leaks_format {
	const char *name, *about;
	/* Writes it all, once it is judged. 0, or -1 with errno. */
	int (*write)(const struct leaks *leaks, const struct trace *trace, const struct sink_options *options);
};

extern const struct leaks_format leaks_text, leaks_json;
extern const struct leaks_format *const leaks_formats[]; /* NULL-ended */
const struct leaks_format *leaks_format_named(const char *name);

#endif
