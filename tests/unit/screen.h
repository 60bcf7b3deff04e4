/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Views on stories: what the tests of the screen have in common.
 */
#ifndef PROCLIFE_TESTS_SCREEN_H
#define PROCLIFE_TESTS_SCREEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/story.h"
#include "user/screen/view.h"

#define SECOND_MS 1000

/* A thread is met, with these totals in milliseconds. */
static inline void meet(struct story *story, __u64 at_ms, __u32 pid, __u32 tid, enum state state,
			struct totals totals_ms)
{
	const struct process *process = model_find(story->model, pid, story->start_ns[pid]);
	struct alive alive = {.task_start_ns = story->start_ns[pid] + (tid - pid) * MS,
			      .parent_pid = story->parent[pid],
			      .parent_start_ns = story->start_ns[story->parent[pid]],
			      .real_parent_pid = process->real_ppid,
			      .state = state,
			      .reason = state == STATE_BLOCKED ? REASON_SLEEP : REASON_NONE,
			      .call = -1,
			      .fd = -1,
			      .since_ns = (at_ms - 1) * MS,
			      .session = process->session,
			      .group = process->group,
			      .totals = {totals_ms.running_ns * MS, totals_ms.ready_ns * MS, totals_ms.blocked_ns * MS,
					 totals_ms.stopped_ns * MS}};

	story_name(alive.comm, process->comm);
	story_feed(story, EVENT_ALIVE, at_ms, pid, tid, &alive, sizeof(alive));
}

static const struct view_options usual = {.host = "here", .cpus = 2, .utf8 = true, .delay_ns = 1000 * MS};

static inline struct view *open_view(const struct view_options *options)
{
	struct view *view = view_new(options, 1000 * MS);

	assert_non_null(view);
	return view;
}

static inline void tick_at(struct view *view, const struct story *story, __u64 at_ms)
{
	assert_true(view_tick(view, story->model, at_ms * MS));
}

static inline const struct row *row_of_pid(const struct view *view, __u32 pid)
{
	for (int i = 0; i < view->rows.count; i++)
		if (view->rows.order[i]->who.pid == pid)
			return view->rows.order[i];
	return NULL;
}

/* All lines as drawn, in memory of the test's own. */
static inline char *drawn(struct view *view)
{
	struct buffer all = {0};

	view_draw(view);
	for (int i = 0; i < view->lines.count; i++) {
		buffer_text(&all, view->lines.list[i].text.data ? view->lines.list[i].text.data : "");
		buffer_char(&all, '\n');
	}
	return all.data;
}

static inline bool is_drawn(struct view *view, const char *part)
{
	char *all = drawn(view);
	bool found = strstr(all, part) != NULL;

	free(all);
	return found;
}

#define SHOWN(view, part)                                                                                              \
	do {                                                                                                           \
		if (!is_drawn(view, part))                                                                             \
			fail_msg("\"%s\" is missing from:\n%s", part, drawn(view));                                    \
	} while (0)

static inline void press(struct view *view, const struct story *story, const char *keys)
{
	for (; *keys; keys++)
		view_press(view, story->model, *keys);
}

/* The pids of rows in order, as "7 8 9". */
static inline void check_order(const struct view *view, const char *expected)
{
	struct buffer pids = {0};

	for (int i = 0; i < view->rows.count; i++)
		buffer_printf(&pids, "%s%u", i ? " " : "", view->rows.order[i]->who.pid);
	assert_string_equal(pids.data ? pids.data : "", expected);
	buffer_free(&pids);
}

#endif
