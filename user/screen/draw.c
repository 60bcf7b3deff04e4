/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A view as lines: what the machine does, the rows, the keys; see view.h.
 */
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/screen/view.h"
#include "user/screen/words.h"

#define TALL 12 /* from so many lines on there is room for figures in three */

static bool is_tall(const struct view *view)
{
	return view->height >= TALL;
}

int view_head(const struct view *view)
{
	return (is_tall(view) ? 3 : view->height > 5) + (view->height > 1);
}

static void put_host(struct view *view)
{
	const struct rows_figures *figures = &view->rows.figures;
	struct line *line = lines_add(&view->lines);
	struct buffer host = {0};
	__u64 now_ns = view->rows.refreshed_ns;

	escape_terminal(&host, view->options.host, strlen(view->options.host));
	line_put(line, LOOK_STRONG, "proclife top");
	line_putf(line, LOOK_PLAIN, " · %s", host.data ? host.data : "");
	line_putf(line, LOOK_PLAIN, " · watching for %s",
		  span_words(now_ns > view->started_ns ? now_ns - view->started_ns : 0).text);
	line_putf(line, LOOK_PLAIN, " · %d %s, %d %s", figures->processes,
		  figures->processes == 1 ? "process" : "processes", figures->threads,
		  figures->threads == 1 ? "thread" : "threads");
	if (view->frozen)
		line_put(line, LOOK_ODD, " · FROZEN");
	buffer_free(&host);
}

static void put_number(struct line *line, enum look look, int number, const char *one, const char *many)
{
	line_putf(line, number ? look : LOOK_FAINT, "%d %s", number, number == 1 ? one : many);
}

static void put_states(struct view *view)
{
	static const char *const names[] = {"running", "ready", "blocked", "stopped"};
	const struct rows_figures *figures = &view->rows.figures;
	struct line *line = lines_add(&view->lines);

	for (int state = 0; state < STATE_COUNT; state++) {
		put_number(line, look_of_state(state), figures->by_state[state], names[state], names[state]);
		line_move_by(line, 2);
	}
	put_number(line, LOOK_ZOMBIE, figures->by_state[ROW_ZOMBIE], "zombie", "zombies");
	line_move_by(line, 2);
	put_number(line, LOOK_ODD, figures->orphans, "orphan", "orphans");
	if (!is_tall(view) && view->frozen)
		line_put(line, LOOK_ODD, "  FROZEN");
}

static void put_rates(struct view *view)
{
	const struct rows_figures *figures = &view->rows.figures;
	struct line *line = lines_add(&view->lines);

	line_putf(line, figures->births > 0 ? LOOK_GOOD : LOOK_FAINT, "births %.1f/s", figures->births);
	line_move_by(line, 2);
	line_putf(line, figures->ends > 0 ? LOOK_PLAIN : LOOK_FAINT, "ends %.1f/s", figures->ends);
	line_move_by(line, 2);
	line_putf(line, LOOK_PLAIN, "CPUs %.2f of %d running, %.2f ready", figures->running, view->options.cpus,
		  figures->ready);
	if (figures->lost_lifecycle | figures->lost_timeline)
		line_putf(line, LOOK_BAD, "  LOST %llu events", figures->lost_lifecycle + figures->lost_timeline);
	if (view->rows.options.user)
		line_putf(line, LOOK_ODD, "  user %s", view->rows.options.user);
	if (view->rows.options.comm)
		line_putf(line, LOOK_ODD, "  name %s", view->rows.options.comm);
}

static void put_head(struct view *view)
{
	struct layout layout = layout_for(&view->rows, view->width, view->skipped);

	if (is_tall(view))
		put_host(view);
	if (view->height > 5)
		put_states(view);
	if (is_tall(view))
		put_rates(view);
	if (view->height > 1)
		put_headings(lines_add(&view->lines), &view->rows, &layout);
}

static void put_rows(struct view *view)
{
	struct layout layout = layout_for(&view->rows, view->width, view->skipped);

	for (int i = view->top; i < view->rows.count && i < view->top + view->room; i++) {
		struct line *line = lines_add(&view->lines);

		if (line)
			line->chosen = i == view->cursor;
		put_row(line, &view->rows, &layout, view->rows.order[i], view->rows.refreshed_ns);
	}
}

static void put_columns(struct view *view)
{
	int room = view->height - 2, from = view->chosen - room + 1 > 0 ? view->chosen - room + 1 : 0;
	struct line *line = lines_add(&view->lines);

	if (line)
		line->bar = true;
	line_put(line, LOOK_BAR, "Sort by");
	for (int column = from; column < COLUMN_COUNT && column < from + room; column++) {
		line = lines_add(&view->lines);
		if (line)
			line->chosen = column == view->chosen;
		line_put_within(line, LOOK_STRONG, column_name((enum column)column), 12);
		line_put(line, LOOK_PLAIN, column_about((enum column)column));
	}
}

/* As many of the lines as there is room for, from `top` on. */
static void put_part(struct view *view, const struct lines *from, int top)
{
	int room = view->height - 1;

	if (top > from->count - room)
		top = from->count - room > 0 ? from->count - room : 0;
	for (int i = top; i < from->count && i < top + room; i++) {
		struct line *line = lines_add(&view->lines);
		struct buffer text;

		if (!line)
			return;
		text = line->text;
		*line = from->list[i];
		line->text = text;
		buffer_add(&line->text, from->list[i].text.data ? from->list[i].text.data : "",
			   from->list[i].text.size);
	}
}

static void put_keys(struct line *line, const char *const *keys)
{
	for (int i = 0; keys[i]; i += 2) {
		line_put(line, LOOK_STRONG, keys[i]);
		line_put(line, LOOK_BAR, keys[i + 1]);
		line_move_by(line, 1);
	}
}

static void put_prompt(const struct view *view, struct line *line)
{
	struct buffer typed = {0};

	escape_terminal(&typed, view->typed, strlen(view->typed));
	line_put(line, LOOK_STRONG, view->prompt == ASKS_USER ? "User (none: all): " : "Search: ");
	line_put(line, LOOK_PLAIN, typed.data);
	line_put(line, LOOK_BAR, " ");
	if (view->notice)
		line_putf(line, LOOK_BAD, "  %s", view->notice);
	buffer_free(&typed);
}

static void put_foot(struct view *view)
{
	static const char *const among_rows[] = {"F1", "Help",	 "F3",	  "Search",	"F5",  "Tree", "F6", "Sort",
						 "p",  "Freeze", "Enter", "Look at it", "F10", "Quit", NULL};
	static const char *const on_page[] = {"Up/Down", "Scroll", "p", "Freeze", "q", "Back", NULL};
	static const char *const in_help[] = {"Up/Down", "Scroll", "any other key", "Back", NULL};
	static const char *const among_columns[] = {"Up/Down", "Choose", "Enter", "Sort", "q", "Back", NULL};
	static const char *const *const keys[] = {[SHOWS_ROWS] = among_rows,
						  [SHOWS_PAGE] = on_page,
						  [SHOWS_HELP] = in_help,
						  [SHOWS_COLUMNS] = among_columns};
	struct line *line = lines_add(&view->lines);

	if (view->prompt)
		put_prompt(view, line);
	else if (view->notice)
		line_put(line, LOOK_BAD, view->notice);
	else
		put_keys(line, keys[view->mode]);
}

static void put_help(struct view *view)
{
	struct lines help = {0};

	help_build(&help, view->width, view->options.utf8);
	if (view->help_top > help.count - (view->height - 1))
		view->help_top = help.count > view->height - 1 ? help.count - (view->height - 1) : 0;
	put_part(view, &help, view->help_top);
	lines_free(&help);
}

static void put_body(struct view *view)
{
	switch (view->mode) {
	case SHOWS_PAGE:
		put_part(view, &view->page, view->page_top);
		return;
	case SHOWS_HELP:
		put_help(view);
		return;
	case SHOWS_COLUMNS:
		put_columns(view);
		return;
	default:
		put_head(view);
		put_rows(view);
	}
}

void view_draw(struct view *view)
{
	lines_begin(&view->lines, view->width, view->options.utf8);
	put_body(view);
	while (view->lines.count < view->height - 1)
		if (!lines_add(&view->lines))
			return;
	if (view->height <= 4 && !view->prompt)
		return;
	if (view->lines.count == view->height)
		view->lines.count--; /* what is typed must be seen */
	put_foot(view);
}

void view_print(struct view *view, int width)
{
	struct layout layout = layout_for(&view->rows, width, 0);

	view->width = width;
	view->height = TALL;
	lines_begin(&view->lines, width, view->options.utf8);
	put_head(view);
	for (int i = 0; i < view->rows.count; i++)
		put_row(lines_add(&view->lines), &view->rows, &layout, view->rows.order[i], view->rows.refreshed_ns);
}
