/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stories of leaks: what their tests have in common.
 */
#ifndef PROCLIFE_LEAKING_H
#define PROCLIFE_LEAKING_H

#include "tests/unit/found.h"
#include "user/finding/leaks.h"

static void leaks_change(void *leaks, const struct change *change)
{
	leaks_hear(leaks, change);
}

static const struct sink_kind leaks_listener = {.name = "leaks", .change = leaks_change};

/* The list is drawn up from 1,000 ms on. make[100] is the parent, of what the story tells. */
static inline struct story *listen_from_the_start(struct leaks *leaks)
{
	struct story *story = story_new();

	*leaks = (struct leaks){.started_ns = 1000 * MS};
	story->sink = &leaks_listener;
	story->sink_state = leaks;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	return story;
}

static inline int judge(struct story *story, struct leaks *leaks, __u64 at_ms)
{
	model_finish(story->model, at_ms * MS);
	leaks_list(leaks, story->model);
	return leaks_judge(leaks);
}

static inline void over(struct story *story, struct leaks *leaks)
{
	assert_false(leaks->failed);
	leaks_free(leaks);
	story_free(story);
}

static inline const struct finding *found(const struct leaks *leaks, const char *kind)
{
	for (int i = 0; i < leaks->findings.count; i++)
		if (!strcmp(leaks->findings.list[i].kind, kind))
			return &leaks->findings.list[i];
	return NULL;
}

#endif
