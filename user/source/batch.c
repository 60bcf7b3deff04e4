/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events in the order of time; see batch.h. Equal times keep the order of arrival, but for ends of lives: a task's last
 * spell, which may have the time of its end, comes through another ring, that may be emptied a moment later.
 */
#include <stdlib.h>
#include <string.h>

#include "user/source/batch.h"

#define ALIGN 8

static int grow(void **memory, size_t *room, size_t wanted, size_t unit)
{
	size_t bigger = *room ? *room : 1024;
	void *moved;

	while (bigger < wanted)
		bigger *= 2;
	if (bigger == *room)
		return 0;
	moved = realloc(*memory, bigger * unit);
	if (!moved)
		return -1;
	*memory = moved;
	*room = bigger;
	return 0;
}

int batch_add(struct batch *batch, const struct event *event)
{
	size_t size = sizeof(*event) + event->size;
	size_t padded = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	if (grow((void **)&batch->bytes, &batch->room, batch->size + padded, 1) ||
	    grow((void **)&batch->entries, &batch->entry_room, batch->count + 1, sizeof(*batch->entries)))
		return -1;
	memcpy(batch->bytes + batch->size, event, size);
	batch->entries[batch->count++] = (struct batch_entry){event->at_ns, batch->size,
							      event->kind == EVENT_END || event->kind == EVENT_REAP};
	batch->size += padded;
	return 0;
}

static int by_time(const void *left, const void *right)
{
	const struct batch_entry *a = left, *b = right;

	if (a->at_ns != b->at_ns)
		return a->at_ns < b->at_ns ? -1 : 1;
	if (a->ends != b->ends)
		return a->ends ? 1 : -1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* What stays moves to the front, in the order of arrival as the offsets tell it. */
static void keep_from(struct batch *batch, size_t first)
{
	struct batch rest = {.dropped = batch->dropped};

	for (size_t i = first; i < batch->count; i++)
		if (batch_add(&rest, (struct event *)(batch->bytes + batch->entries[i].offset)))
			rest.dropped++;
	batch_free(batch);
	*batch = rest;
}

int batch_deliver(struct batch *batch, __u64 horizon_ns, event_fn hear, void *ctx)
{
	size_t i = 0;
	int result = 0;

	qsort(batch->entries, batch->count, sizeof(*batch->entries), by_time);
	for (; i < batch->count && batch->entries[i].at_ns <= horizon_ns; i++)
		if (hear(ctx, (struct event *)(batch->bytes + batch->entries[i].offset)))
			result = -1;
	if (i == batch->count)
		batch->count = batch->size = 0;
	else if (i)
		keep_from(batch, i);
	return result;
}

size_t batch_dropped(struct batch *batch)
{
	size_t dropped = batch->dropped;

	batch->dropped = 0;
	return dropped;
}

void batch_free(struct batch *batch)
{
	free(batch->bytes);
	free(batch->entries);
	memset(batch, 0, sizeof(*batch));
}
