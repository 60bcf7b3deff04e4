/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of formats in which the list of leaks is told.
 */
#include <string.h>

#include "user/sink/leaks.h"

const struct leaks_format *const leaks_formats[] = {&leaks_text, &leaks_json, NULL};

const struct leaks_format *leaks_format_named(const char *name)
{
	for (int i = 0; leaks_formats[i]; i++)
		if (!strcmp(leaks_formats[i]->name, name))
			return leaks_formats[i];
	return NULL;
}
