/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A view: what keys do, that nothing goes beyond the screen, that no hostile byte gets through, and the page of a process.
 */
/* LDFLAGS: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup */
#include "tests/unit/screen.h"
#include "tests/unit/short_memory.h"
#include "user/base/escape.h"
#include "user/base/utf8.h"
static struct view *watching;

static void hear(void *ctx, const struct change *change)
{
	(void)ctx;
	if (watching)
		view_hear(watching, change);
}

/* Ten processes, the highest pid the busiest; one is hostile, one a zombie. */
static struct story *told(struct view *view)
{
	struct story *story = story_new();

	model_free(story->model);
	story->model = model_new(hear, NULL);
	watching = view;
	story_born(story, 1000, 100, OUTSIDE, "shell");
	for (__u32 pid = 101; pid < 109; pid++) {
		story_born(story, 1000 + pid, pid, 100, "worker");
		meet(story, 2000, pid, pid, STATE_BLOCKED, (struct totals){pid, 0, 1000 - pid, 0});
	}
	story_born(story, 1109, 109, 100, "\x1b]0;\a\n\xff\xe5\xad\x90");
	story_ends(story, 1400, 105, SIGKILL);
	return story;
}

static void over(struct story *story, struct view *view)
{
	watching = NULL;
	view_free(view);
	story_free(story);
}

static void the_cursor_stays_with_whom_it_is_on(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	check_order(view, "105 108 107 106 104 103 102 101 100 109");
	assert_int_equal(view->cursor, 0);
	view_press(view, story->model, VIEW_DOWN);
	view_press(view, story->model, VIEW_DOWN);
	assert_int_equal(view->selected.pid, 107);
	for (__u32 pid = 101; pid < 109; pid++)
		if (pid != 105)
			meet(story, 3000, pid, pid, STATE_BLOCKED, (struct totals){pid + (110 - pid) * 10, 0, 1000, 0});
	tick_at(view, story, 3000);
	check_order(view, "105 101 102 103 104 106 107 108 100 109");
	assert_int_equal(view->selected.pid, 107);
	assert_int_equal(view->cursor, 6);
	story_done(story, 3100, 107, 0);
	tick_at(view, story, 4000);
	assert_int_equal(view->cursor, 6); /* the place stays when it is gone */
	view_press(view, story->model, VIEW_HOME);
	assert_int_equal(view->selected.pid, 105);
	story_reaped(story, 4100, 105, 100);
	tick_at(view, story, 5000);
	assert_int_equal(view->cursor, 0); /* and the top is a place */
	over(story, view);
}

static void a_small_screen_follows_the_cursor(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	view_resize(view, 60, 8);
	for (int i = 0; i < 20; i++)
		view_press(view, story->model, VIEW_DOWN);
	assert_int_equal(view->cursor, 9);
	assert_true(view->top <= 9 && 9 < view->top + view->room);
	view_press(view, story->model, VIEW_PAGE_UP);
	assert_int_equal(view->cursor, 9 - view->room);
	view_press(view, story->model, VIEW_END);
	assert_int_equal(view->cursor, 9);
	over(story, view);
}

static void search_finds_by_name_and_pid_and_goes_round(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	press(view, story, "/SHEL");
	assert_int_equal(view->selected.pid, 100);
	SHOWN(view, "Search: SHEL");
	press(view, story, "x");
	SHOWN(view, "nothing like it");
	view_press(view, story->model, VIEW_BACKSPACE);
	view_press(view, story->model, VIEW_ENTER);
	press(view, story, "/107");
	view_press(view, story->model, VIEW_ENTER);
	assert_int_equal(view->selected.pid, 107);
	press(view, story, "/work");
	view_press(view, story->model, VIEW_ESCAPE);
	for (int i = 0; i < 8; i++)
		press(view, story, "n");
	assert_int_equal(view->selected.pid, 107);
	over(story, view);
}

static void a_frozen_screen_does_not_move(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);
	char *before, *after;

	(void)state;
	tick_at(view, story, 2000);
	press(view, story, "p");
	before = drawn(view);
	assert_non_null(strstr(before, "FROZEN"));
	story_done(story, 2100, 107, 0);
	assert_false(view_tick(view, story->model, 3000 * MS));
	assert_false(view_tick(view, story->model, 4000 * MS));
	model_forget(story->model, 4000 * MS);
	after = drawn(view);
	assert_string_equal(before, after);
	press(view, story, "p");
	tick_at(view, story, 5000);
	assert_null(row_of_pid(view, 107));
	free(before);
	free(after);
	over(story, view);
}

static void the_page_tells_all_of_a_process(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	view_resize(view, 100, 200);
	tick_at(view, story, 2000);
	view_press(view, story->model, VIEW_ENTER);
	SHOWN(view, "worker[105]  zombie for 600 ms, SIGKILL");
	SHOWN(view, "warning zombie-unreaped: worker[105] ended (SIGKILL)");
	SHOWN(view, "  └─ shell[100]");
	SHOWN(view, "    └─ worker[105] zombie");
	SHOWN(view, "zombie   SIGKILL by ?; not reaped by shell[100]");
	SHOWN(view, "birth    fork by shell[100]");
	press(view, story, "q");
	press(view, story, "/102");
	view_press(view, story->model, VIEW_ENTER);
	view_press(view, story->model, VIEW_ENTER);
	SHOWN(view, "worker[102]  blocked on sleep");
	SHOWN(view, "none\n");
	story_done(story, 2100, 102, 0);
	model_forget(story->model, 9000 * MS);
	tick_at(view, story, 3000);
	SHOWN(view, "Process 102 is gone.");
	press(view, story, "q");
	assert_int_equal(view->mode, SHOWS_ROWS);
	assert_false(view->over);
	press(view, story, "q");
	assert_true(view->over);
	over(story, view);
}

/* Numbers of processes go on, however many are forgotten. */
static void a_page_of_one_after_many(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	view_resize(view, 100, 200);
	for (__u32 pid = 1000; pid < 5000; pid++) {
		story_born(story, 2000 + pid, pid, 100, "passing");
		story_done(story, 2000 + pid, pid, 0);
	}
	model_forget(story->model, 8000 * MS);
	story_born(story, 8000, 5000, 100, "careless");
	story_born(story, 8001, 5001, 5000, "left");
	story_ends(story, 8002, 5001, 0);
	story_alive(story, 9000, 5000, STATE_BLOCKED, REASON_POLL, 8500);
	tick_at(view, story, 9000);
	press(view, story, "/5000");
	view_press(view, story->model, VIEW_ENTER);
	view_press(view, story->model, VIEW_ENTER);
	SHOWN(view, "careless[5000]  blocked on poll for 500 ms");
	SHOWN(view, "warning zombie-unreaped: left[5001] ended (exit 0)");
	over(story, view);
}

static void columns_are_chosen_and_pushed_out(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	assert_false(is_drawn(view, "WOKEN BY"));
	for (int i = 0; i < 8; i++)
		view_press(view, story->model, VIEW_RIGHT);
	SHOWN(view, "WOKEN BY");
	assert_false(is_drawn(view, "RUN%"));
	for (int i = 0; i < 20; i++)
		view_press(view, story->model, VIEW_LEFT);
	SHOWN(view, "RUN%");
	view_press(view, story->model, VIEW_F6);
	SHOWN(view, "Sort by");
	view_press(view, story->model, VIEW_HOME);
	view_press(view, story->model, VIEW_ENTER);
	assert_int_equal(view->rows.flat_order.column, COLUMN_PID);
	view_click(view, story->model, view_head(view) - 1, 0, false);
	assert_true(view->rows.flat_order.inverted);
	view_click(view, story->model, view_head(view) + 3, 5, true);
	assert_int_equal(view->mode, SHOWS_PAGE);
	assert_int_equal(view->shown.pid, view->rows.order[3]->who.pid);
	over(story, view);
}

static void users_are_asked_for(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	press(view, story, "u77");
	view_press(view, story->model, VIEW_ENTER);
	tick_at(view, story, 3000);
	check_order(view, "");
	view_press(view, story->model, VIEW_ENTER); /* nobody is there to be looked at */
	assert_int_equal(view->mode, SHOWS_ROWS);
	press(view, story, "u");
	view_press(view, story->model, VIEW_ENTER);
	tick_at(view, story, 4000);
	assert_int_equal(view->rows.count, 10);
	over(story, view);
}

static void check_line(const struct view *view, const struct line *line)
{
	const char *text = line->text.data ? line->text.data : "";
	size_t size = strlen(text);

	assert_int_equal(size, line->text.size);
	if (text_width(text, size) > view->width)
		fail_msg("wider than %d: %s", view->width, text);
	for (size_t at = 0, length; at < size; at += length) {
		uint32_t code = 0;

		length = utf8_read(text + at, size - at, &code);
		assert_true(length > 0);
		assert_false(utf8_is_hidden(code));
		assert_true(view->options.utf8 || code < 0x80);
	}
}

static void check_screen(struct view *view)
{
	view_draw(view);
	assert_true(view->lines.count <= view->height);
	for (int i = 0; i < view->lines.count; i++)
		check_line(view, &view->lines.list[i]);
}

/* Every kind of screen, at one size. */
static void check_modes(struct view *view, const struct story *story)
{
	static const char *const ways[] = {"", "t", "t", "?", "x", "/\x1b", "u"};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		press(view, story, ways[i]);
		check_screen(view);
		if (i == 5 || i == 6)
			view_press(view, story->model, VIEW_ESCAPE);
	}
	view_press(view, story->model, VIEW_F6);
	check_screen(view);
	view_press(view, story->model, VIEW_ESCAPE);
	for (int i = 0; i < view->rows.count; i++) {
		view_press(view, story->model, VIEW_ENTER);
		check_screen(view);
		view_press(view, story->model, VIEW_END);
		check_screen(view);
		view_press(view, story->model, VIEW_ESCAPE);
		view_press(view, story->model, VIEW_DOWN);
	}
}

static void no_screen_is_too_small(void **state)
{
	static const int widths[] = {1, 2, 7, 15, 20, 40, 79, 80, 81, 120, 300};

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		for (int height = 1; height < 30; height += height < 14 ? 1 : 7) {
			struct view *view = open_view(&usual);
			struct story *story = told(view);

			view->options.utf8 = height % 2;
			view_resize(view, widths[i], height);
			check_screen(view); /* before the first tick */
			tick_at(view, story, 2000);
			check_modes(view, story);
			over(story, view);
		}
}

static void batch_mode_prints_every_row(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	tick_at(view, story, 2000);
	view_print(view, 80);
	assert_int_equal(view->lines.count, 4 + 10);
	for (int i = 0; i < view->lines.count; i++)
		check_line(view, &view->lines.list[i]);
	over(story, view);
}

static void memory_may_be_short_anywhere(void **state)
{
	struct view *view = open_view(&usual);
	struct story *story = told(view);

	(void)state;
	for (int n = 0; n < 300; n++) {
		until_failure = n % 100;
		view_tick(view, story->model, (2000 + 1000 * (__u64)n) * MS);
		view_draw(view);
		if (view->mode == SHOWS_ROWS)
			view_press(view, story->model, VIEW_ENTER);
		view_draw(view);
		press(view, story, "q");
		view->over = false;
		until_failure = -1;
	}
	tick_at(view, story, 1000000);
	check_screen(view);
	assert_int_equal(view->rows.count, 10);
	over(story, view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_stays_with_whom_it_is_on),
		cmocka_unit_test(a_small_screen_follows_the_cursor),
		cmocka_unit_test(search_finds_by_name_and_pid_and_goes_round),
		cmocka_unit_test(a_frozen_screen_does_not_move),
		cmocka_unit_test(the_page_tells_all_of_a_process),
		cmocka_unit_test(a_page_of_one_after_many),
		cmocka_unit_test(columns_are_chosen_and_pushed_out),
		cmocka_unit_test(users_are_asked_for),
		cmocka_unit_test(no_screen_is_too_small),
		cmocka_unit_test(batch_mode_prints_every_row),
		cmocka_unit_test(memory_may_be_short_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
