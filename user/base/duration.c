/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Durations as text; see duration.h. Three digits, four for seconds below ten, none that a reader would skip.
 */
#include <stdio.h>

#include "user/base/duration.h"

#define SECOND 1000000000u

struct unit {
	__u64 below; /* the unit is for durations below this */
	__u64 ns;
	const char *format;
};

/* Each bound is where the format would round up to a digit more. */
static const struct unit units[] = {
	{1000, 1, "%.0f ns"},
	{999500, 1000, "%.0f µs"},
	{9995000, 1000000, "%.2f ms"},
	{99950000, 1000000, "%.1f ms"},
	{999500000, 1000000, "%.0f ms"},
	{9999500000, SECOND, "%.3f s"},
	{99950000000, SECOND, "%.1f s"},
	{600 * (__u64)SECOND, SECOND, "%.0f s"},
};

struct duration duration(__u64 ns)
{
	struct duration result;
	__u64 seconds = ns / SECOND + (ns % SECOND >= SECOND / 2);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ns >= units[i].below)
			continue;
		snprintf(result.text, sizeof(result.text), units[i].format, (double)ns / (double)units[i].ns);
		return result;
	}
	if (seconds < 36000)
		snprintf(result.text, sizeof(result.text), "%llum %llus", seconds / 60, seconds % 60);
	else
		snprintf(result.text, sizeof(result.text), "%lluh %llum", seconds / 3600, seconds / 60 % 60);
	return result;
}
