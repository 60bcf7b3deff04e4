/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A view's state: what is selected, what is seen of it, what keys do; see view.h.
 */
#include <stdlib.h>
#include <string.h>

#include "user/screen/view.h"

#define HELP_MOST 1000 /* lines, on the narrowest terminal */

struct view *view_new(const struct view_options *options, __u64 now_ns)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->options = *options;
	view->started_ns = now_ns;
	rows_init(&view->rows, &options->rows);
	view->rows.tree = options->tree;
	view->width = 80;
	view->height = 24;
	return view;
}

void view_free(struct view *view)
{
	if (!view)
		return;
	rows_free(&view->rows);
	lines_free(&view->lines);
	lines_free(&view->page);
	free(view);
}

void view_hear(struct view *view, const struct change *change)
{
	recent_take(&view->recent, change);
}

static int clamp(int value, int least, int most)
{
	return value > most ? (most > least ? most : least) : value < least ? least : value;
}

/* The cursor stays with whom it is on; if that one is gone, at that place. */
void view_settle(struct view *view)
{
	struct rows *rows = &view->rows;
	int found = view->follows ? rows_find(rows, view->selected) : 0;

	view->cursor = clamp(found >= 0 ? found : view->cursor, 0, rows->count - 1);
	if (rows->count)
		view->selected = rows->order[view->cursor]->who;
	view->room = view->height - view_head(view) - (view->height > 4);
	if (view->room < 1)
		view->room = 1;
	view->top = clamp(view->top, view->cursor - view->room + 1, view->cursor);
	view->top = clamp(view->top, 0, rows->count - view->room);
}

static bool is_due(const struct view *view, __u64 now_ns)
{
	return !view->frozen && now_ns >= view->due_ns;
}

bool view_tick(struct view *view, const struct model *model, __u64 now_ns)
{
	__u64 delay_ns = view->options.delay_ns;

	if (rows_count(&view->rows, model) || !is_due(view, now_ns))
		return false;
	if (rows_refresh(&view->rows, model, now_ns)) {
		view->notice = "out of memory: the picture is an old one";
		return true;
	}
	view->due_ns = now_ns + delay_ns - delay_ns / 10; /* ticks come late rather than early */
	view->refreshes++;
	view_settle(view);
	if (view->mode == SHOWS_PAGE)
		page_build(view, model);
	return true;
}

void view_resize(struct view *view, int width, int height)
{
	view->width = width > 1 ? width : 1;
	view->height = height > 1 ? height : 1;
	view_settle(view);
}

static void move_cursor(struct view *view, int to)
{
	if (!view->rows.count)
		return;
	view->cursor = clamp(to, 0, view->rows.count - 1);
	view->selected = view->rows.order[view->cursor]->who;
	view->follows = true;
	view_settle(view);
}

static void arrange(struct view *view)
{
	rows_arrange(&view->rows);
	view_settle(view);
}

void view_search(struct view *view, int from)
{
	struct rows *rows = &view->rows;

	for (int i = 0; i < rows->count; i++) {
		int at = (from + i) % rows->count;

		if (row_matches(rows, rows->order[at], view->words)) {
			move_cursor(view, at);
			return;
		}
	}
	view->notice = "nothing like it";
}

void view_search_next(struct view *view)
{
	if (*view->words)
		view_search(view, view->cursor + 1);
	else
		view_ask(view, ASKS_WORDS);
}

static void sort_by(struct view *view, enum column column)
{
	struct rows_order *order = rows_order(&view->rows);

	if (order->column != column)
		*order = (struct rows_order){.column = column};
	arrange(view);
}

/* The next column to that side of those that are seen. */
static void sort_beside(struct view *view, int step)
{
	struct layout layout = layout_for(&view->rows, view->width, view->skipped);
	int at = 0;

	while (at < layout.count - 1 && layout.columns[at] != rows_order(&view->rows)->column)
		at++;
	sort_by(view, layout.columns[clamp(at + step, 0, layout.count - 1)]);
}

static void open_page(struct view *view, const struct model *model)
{
	if (!view->rows.count)
		return;
	view->shown = view->selected;
	view->follows = true;
	view->page_top = 0;
	view->mode = SHOWS_PAGE;
	page_build(view, model);
}

static void open_columns(struct view *view)
{
	view->chosen = (int)rows_order(&view->rows)->column;
	view->mode = SHOWS_COLUMNS;
}

static void toggle(struct view *view, int key)
{
	struct rows *rows = &view->rows;

	if (key == 'I')
		rows_order(rows)->inverted = !rows_order(rows)->inverted;
	else if (key == 'z')
		rows->problems_first = !rows->problems_first;
	else
		rows->tree = !rows->tree;
	arrange(view);
}

static void freeze(struct view *view)
{
	view->frozen = !view->frozen;
	view->due_ns = 0;
}

static int movement(const struct view *view, int key)
{
	switch (key) {
	case VIEW_UP:
	case 'k':
		return -1;
	case VIEW_DOWN:
	case 'j':
		return 1;
	case VIEW_PAGE_UP:
		return -view->room;
	case VIEW_PAGE_DOWN:
		return view->room;
	case VIEW_HOME:
		return -1000000000;
	case VIEW_END:
		return 1000000000;
	default:
		return 0;
	}
}

static void press_letter(struct view *view, const struct model *model, int key)
{
	static const struct {
		int key;
		enum column column;
	} sorts[] = {{'P', COLUMN_RUNNING}, {'R', COLUMN_READY}, {'B', COLUMN_BLOCKED}, {'T', COLUMN_TIME},
		     {'N', COLUMN_PID},	    {'U', COLUMN_USER},	 {'A', COLUMN_AGE},	{'W', COLUMN_SINCE}};

	(void)model;
	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++)
		if (sorts[i].key == key) {
			view->rows.tree = false;
			sort_by(view, sorts[i].column);
			return;
		}
	if (key == 'u')
		view_ask(view, ASKS_USER);
	else if (key == 'n')
		view_search_next(view);
	else if (key == '<' || key == ',')
		sort_beside(view, -1);
	else if (key == '>' || key == '.')
		sort_beside(view, 1);
	else if (key == 'I' || key == 't' || key == 'z')
		toggle(view, key);
}

static void press_among_rows(struct view *view, const struct model *model, int key)
{
	switch (key) {
	case VIEW_HOME:
		move_cursor(view, 0);
		view->follows = false; /* it stays at the top, whoever comes there */
		return;
	case VIEW_LEFT:
	case VIEW_RIGHT:
		view->skipped = clamp(view->skipped + (key == VIEW_RIGHT ? 1 : -1), 0, COLUMN_COMMAND - 1);
		return;
	case VIEW_ENTER:
		open_page(view, model);
		return;
	case VIEW_ESCAPE:
		return;
	case VIEW_F3:
	case '/':
		view_ask(view, ASKS_WORDS);
		return;
	case VIEW_F5:
		toggle(view, 't');
		return;
	case VIEW_F6:
		open_columns(view);
		return;
	case VIEW_F10:
	case 'q':
		view->over = true;
		return;
	default:
		if (movement(view, key))
			move_cursor(view, clamp(view->cursor + movement(view, key), 0, view->rows.count - 1));
		else
			press_letter(view, model, key);
	}
}

static void leave(struct view *view)
{
	view->mode = SHOWS_ROWS;
	view_settle(view);
}

static void open_help(struct view *view)
{
	view->mode = SHOWS_HELP;
	view->help_top = 0;
}

/* How far it can be moved is known as it is drawn. */
static void press_in_help(struct view *view, int key)
{
	if (movement(view, key))
		view->help_top = clamp(view->help_top + movement(view, key), 0, HELP_MOST);
	else
		leave(view);
}

static bool is_leaving(int key)
{
	return key == VIEW_ESCAPE || key == VIEW_F10 || key == 'q';
}

static void press_on_page(struct view *view, int key)
{
	int least = view->page.count - (view->height - 1);

	if (is_leaving(key) || key == VIEW_ENTER)
		leave(view);
	else
		view->page_top = clamp(clamp(view->page_top, 0, least) + movement(view, key), 0, least);
}

static void press_among_columns(struct view *view, int key)
{
	if (is_leaving(key)) {
		leave(view);
	} else if (key == VIEW_ENTER) {
		leave(view);
		sort_by(view, (enum column)view->chosen);
	} else {
		view->chosen = clamp(view->chosen + movement(view, key), 0, COLUMN_COUNT - 1);
	}
}

void view_press(struct view *view, const struct model *model, int key)
{
	view->notice = NULL;
	if (view->prompt)
		view_type(view, key);
	else if (view->mode == SHOWS_HELP)
		press_in_help(view, key);
	else if (key == '?' || key == 'h' || key == VIEW_F1)
		open_help(view);
	else if (key == 'p' || key == ' ')
		freeze(view);
	else if (view->mode == SHOWS_PAGE)
		press_on_page(view, key);
	else if (view->mode == SHOWS_COLUMNS)
		press_among_columns(view, key);
	else
		press_among_rows(view, model, key);
}

static void click_heading(struct view *view, int x)
{
	struct layout layout = layout_for(&view->rows, view->width, view->skipped);

	for (int i = layout.count - 1; i >= 0; i--) {
		if (x < layout.at[i])
			continue;
		if (rows_order(&view->rows)->column == layout.columns[i])
			toggle(view, 'I');
		else
			sort_by(view, layout.columns[i]);
		return;
	}
}

void view_click(struct view *view, const struct model *model, int y, int x, bool twice)
{
	int row = y - view_head(view) + view->top;

	if (view->mode == SHOWS_COLUMNS && y > 0 && y <= COLUMN_COUNT) {
		view->chosen = y - 1;
		press_among_columns(view, VIEW_ENTER);
	} else if (view->mode != SHOWS_ROWS) {
		return;
	} else if (y == view_head(view) - 1) {
		click_heading(view, x);
	} else if (y >= view_head(view) && y < view_head(view) + view->room && row < view->rows.count) {
		move_cursor(view, row);
		if (twice)
			open_page(view, model);
	}
}
