/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Clocks, and times as text. Anyone in user/ but the model, findings and demos may include it.
 */
#ifndef PROCLIFE_CLOCK_H
#define PROCLIFE_CLOCK_H

#include <linux/types.h>
#include <time.h>

#include "user/base/buffer.h"

/* What that clock shows, in nanoseconds. */
__u64 clock_now_ns(clockid_t clock);

/* CLOCK_REALTIME nanoseconds as RFC 3339 in UTC, with nanoseconds: 2026-01-31T12:34:56.123456789Z */
void clock_text(struct buffer *out, __s64 realtime_ns);

#endif
