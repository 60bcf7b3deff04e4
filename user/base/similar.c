/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names that resemble a mistyped word; see similar.h.
 */
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "user/base/similar.h"

#define LONGEST 63     /* a longer word resembles nothing */
#define PREFIX_LEAST 2 /* letters; one letter begins too many names */

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Row i of the table holds the distances of the first i letters of `one` from each beginning of `other`. A row needs the
 * two before it. */
int edit_distance(const char *one, const char *other)
{
	int rows[3][LONGEST + 1], *before = rows[0], *last = rows[1], *row = rows[2];
	size_t rows_wanted = strlen(one), columns = strlen(other);

	if (rows_wanted > LONGEST || columns > LONGEST)
		return INT_MAX;
	for (size_t j = 0; j <= columns; j++)
		last[j] = (int)j;
	for (size_t i = 1; i <= rows_wanted; i++) {
		int *reused = before;

		row[0] = (int)i;
		for (size_t j = 1; j <= columns; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (one[i - 1] != other[j - 1]));
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = reused;
	}
	return last[columns];
}

const char *similar_name(const char *word, name_at_fn *name_at, const void *table)
{
	size_t length = strlen(word);
	int nearest = (int)(length / 3 ? length / 3 : 1) + 1;
	const char *found = NULL, *name;

	for (int i = 0; (name = name_at(table, i)); i++) {
		int distance = edit_distance(word, name);

		if (length >= PREFIX_LEAST && !strncmp(word, name, length))
			distance = least(distance, 1);
		if (distance >= nearest)
			continue;
		nearest = distance;
		found = name;
	}
	return found;
}

const char *name_in_list(const void *table, int i)
{
	return ((const char *const *)table)[i];
}
