/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stories with findings: what the tests of findings have in common.
 */
#ifndef PROCLIFE_FOUND_H
#define PROCLIFE_FOUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/story.h"

/* The command, born at 1,000 ms, and a worker of it, born at 1,100. */
static inline struct story *begin(void)
{
	struct story *story = story_new();

	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "worker");
	return story;
}

static inline void finish(struct story *story, __u64 at_ms)
{
	story_ends_leaving_children(story, at_ms, COMMAND, 0);
	story_reaped(story, at_ms, COMMAND, OUTSIDE);
	story_over(story, at_ms, at_ms);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
}

static inline const struct finding *find(const struct story *story, const char *kind)
{
	for (int i = 0; i < story->findings.count; i++)
		if (!strcmp(story->findings.list[i].kind, kind))
			return &story->findings.list[i];
	return NULL;
}

static inline int count(const struct story *story, const char *kind)
{
	int found = 0;

	for (int i = 0; i < story->findings.count; i++)
		found += !strcmp(story->findings.list[i].kind, kind);
	return found;
}

static inline const struct evidence *fact(const struct finding *finding, const char *name)
{
	for (int i = 0; finding && i < finding->evidence_count; i++)
		if (!strcmp(finding->evidence[i].name, name))
			return &finding->evidence[i];
	fail_msg("no evidence %s", name);
	return NULL;
}

static inline void assert_says(const struct finding *finding, const char *part)
{
	assert_non_null(finding);
	assert_non_null(finding->summary);
	if (!strstr(finding->summary, part))
		fail_msg("\"%s\" does not say \"%s\"", finding->summary, part);
	assert_non_null(finding->advice);
	assert_true(strlen(finding->advice) > 20);
}

/* 101 starts a daemon: 102 leads a session of its own, and 101 ends. */
static inline struct story *with_daemon(void)
{
	struct story *story = begin();
	struct session session = {.session = 102, .group = 102};

	story_born(story, 1200, 102, 101, "served");
	FEED(story, EVENT_SESSION, 1210, 102, session);
	story_ends_leaving_children(story, 1300, 101, 0);
	story_reaped(story, 1300, 101, COMMAND);
	return story;
}

#endif
