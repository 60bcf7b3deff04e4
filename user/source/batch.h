/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A batch of events, put in the order of time: two rings and several CPUs each tell in order, together they do not.
 * Only sources include it.
 */
#ifndef PROCLIFE_BATCH_H
#define PROCLIFE_BATCH_H

#include <stdbool.h>

#include "user/source/source.h"

struct batch_entry {
	__u64 at_ns;
	size_t offset : 63;
	bool ends : 1; /* a life: after all else of its time */
};

struct batch { /* all zero: empty */
	char *bytes;
	size_t size, room;
	struct batch_entry *entries;
	size_t count, entry_room;
	size_t dropped; /* events that could not be kept because memory was short; batch_dropped() */
};

/* Copies one event in. 0, or -1 when memory was short: the batch is as it was. */
int batch_add(struct batch *batch, const struct event *event);

/* Hands on, in order, all events up to horizon_ns, and keeps the others. 0, or -1 as `hear` did (all go on). */
int batch_deliver(struct batch *batch, __u64 horizon_ns, event_fn hear, void *ctx);

/* How many events were lost by batch_deliver() since the last call. */
size_t batch_dropped(struct batch *batch);

void batch_free(struct batch *batch);

#endif
