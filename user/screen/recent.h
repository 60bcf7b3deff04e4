/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The latest changes, in a ring of a fixed size: for the page of a process. Only user/screen/ and commands that show a
 * screen include it.
 */
#ifndef PROCLIFE_RECENT_H
#define PROCLIFE_RECENT_H

#include "user/screen/tally.h"
#include "user/screen/words.h"

#define RECENT_MOST 4096

struct recent_change {
	__u64 at_ns;
	struct who who;
	enum change_kind kind;
	enum look look;
	char words[96]; /* cut short where it is longer */
};

struct recent {
	struct recent_change list[RECENT_MOST];
	unsigned long long count; /* of all there were; the latest is at count - 1, modulo RECENT_MOST */
};

void recent_take(struct recent *recent, const struct change *change);

/* The one before change number `before` that is about `who`; false: none is left. *at is its number. */
bool recent_before(const struct recent *recent, struct who who, unsigned long long before, unsigned long long *at);

#endif
