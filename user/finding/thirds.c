/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Does something become more, and not just in one burst? It does if some of it came in each third of the time.
 */
#include "user/finding/kinds.h"

#define SHORTEST_NS 3000000000u /* of less time, nothing can be said */

void thirds_add(struct thirds *thirds, __u64 at_ns)
{
	__u64 length_ns = thirds->to_ns - thirds->from_ns;
	__u64 third;

	if (thirds->to_ns <= thirds->from_ns || at_ns < thirds->from_ns || at_ns > thirds->to_ns)
		return;
	third = (at_ns - thirds->from_ns) / (length_ns / 3 + 1);
	thirds->counts[third < 3 ? third : 2]++;
}

bool thirds_rise(const struct thirds *thirds)
{
	return thirds->to_ns >= thirds->from_ns + SHORTEST_NS && thirds->counts[0] && thirds->counts[1] &&
	       thirds->counts[2];
}
