/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a screen shows and how it answers to keys, without the screen: curses.c shows it on a terminal, a test reads its
 * lines, batch mode prints them. Pure: no I/O, no clock.
 */
#ifndef PROCLIFE_VIEW_H
#define PROCLIFE_VIEW_H

#include "user/screen/recent.h"
#include "user/screen/rows.h"

/* Keys that are no characters; a character is its code. */
enum view_key {
	VIEW_UP = 0x110000,
	VIEW_DOWN,
	VIEW_LEFT,
	VIEW_RIGHT,
	VIEW_PAGE_UP,
	VIEW_PAGE_DOWN,
	VIEW_HOME,
	VIEW_END,
	VIEW_ENTER,
	VIEW_ESCAPE,
	VIEW_BACKSPACE,
	VIEW_F1,
	VIEW_F3 = VIEW_F1 + 2,
	VIEW_F5 = VIEW_F1 + 4,
	VIEW_F6,
	VIEW_F10 = VIEW_F1 + 9,
};

enum view_mode { SHOWS_ROWS, SHOWS_PAGE, SHOWS_HELP, SHOWS_COLUMNS };
enum prompt { ASKS_NOTHING, ASKS_WORDS, ASKS_USER };

#define WORDS_MOST 64

struct view_options {
	const char *host;
	int cpus;
	bool utf8;
	bool tree;
	__u64 delay_ns; /* between refreshes */
	struct rows_options rows;
};

struct view {
	struct view_options options;
	struct rows rows;
	struct recent recent;
	struct lines lines; /* the screen, as last drawn */
	int width, height;
	enum view_mode mode;
	__u64 started_ns, due_ns; /* when the rows are to be refreshed next */
	unsigned long long refreshes;
	bool frozen, over;

	struct who selected; /* who the cursor is on, if it follows anybody: else it stays at the top */
	bool follows;
	int cursor, top, room; /* row of the cursor, of the first one seen, and how many are seen */
	int skipped;	       /* columns pushed out to the left */

	struct who shown; /* whose page it is */
	struct lines page;
	int page_top, help_top;
	int chosen; /* column, in the list of columns */

	enum prompt prompt;
	char typed[WORDS_MOST], words[WORDS_MOST], user[WORDS_MOST];
	const char *notice; /* in the last line until the next key; or NULL */
};

struct view *view_new(const struct view_options *options, __u64 now_ns);
void view_free(struct view *view);

void view_hear(struct view *view, const struct change *change);
/* At least once a second. True: the rows are new, or the page is. */
bool view_tick(struct view *view, const struct model *model, __u64 now_ns);
/* view->over is set when it shall end. */
void view_press(struct view *view, const struct model *model, int key);
/* A click at line y and column x; twice opens the page. */
void view_click(struct view *view, const struct model *model, int y, int x, bool twice);
void view_resize(struct view *view, int width, int height);

/* Writes view->lines: at most `height` of them. */
void view_draw(struct view *view);
/* All rows, however many there are, without what keys are for. */
void view_print(struct view *view, int width);

/* Only view*.c, page.c and help.c: */
void view_settle(struct view *view);	/* cursor and top, after the rows have changed */
int view_head(const struct view *view); /* lines above the rows, headings included */
/* prompt.c */
void view_ask(struct view *view, enum prompt prompt);
void view_type(struct view *view, int key);
/* To the first row that has the words, from row `from` on, and round. */
void view_search(struct view *view, int from);
void view_search_next(struct view *view);
void page_build(struct view *view, const struct model *model);
void help_build(struct lines *lines, int width, bool utf8);

#endif
