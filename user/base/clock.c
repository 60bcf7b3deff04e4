/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Clocks and times; see clock.h.
 */
#include "user/base/clock.h"

#define SECOND_NS 1000000000LL

__u64 clock_now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (__u64)now.tv_sec * SECOND_NS + now.tv_nsec;
}

void clock_text(struct buffer *out, __s64 realtime_ns)
{
	time_t seconds = realtime_ns / SECOND_NS;
	long long rest = realtime_ns % SECOND_NS;
	struct tm date;

	if (rest < 0) { /* before 1970: round down, not towards zero */
		rest += SECOND_NS;
		seconds--;
	}
	gmtime_r(&seconds, &date);
	buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%09lldZ", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday,
		      date.tm_hour, date.tm_min, date.tm_sec, rest);
}
