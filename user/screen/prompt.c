/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words that are typed into a view: what to search for, whose processes to show.
 */
#include <stdio.h>
#include <string.h>

#include "user/screen/view.h"

void view_ask(struct view *view, enum prompt prompt)
{
	view->prompt = prompt;
	*view->typed = 0;
}

static void type_character(char *typed, int code)
{
	size_t size = strlen(typed);
	char bytes[5] = "";

	if (code < 0x80)
		snprintf(bytes, sizeof(bytes), "%c", code);
	else if (code < 0x800)
		snprintf(bytes, sizeof(bytes), "%c%c", 0xc0 | code >> 6, 0x80 | (code & 0x3f));
	else if (code < 0x10000)
		snprintf(bytes, sizeof(bytes), "%c%c%c", 0xe0 | code >> 12, 0x80 | (code >> 6 & 0x3f),
			 0x80 | (code & 0x3f));
	if (size + strlen(bytes) < WORDS_MOST)
		memcpy(typed + size, bytes, strlen(bytes) + 1);
}

static void rub_out(char *typed)
{
	size_t size = strlen(typed);

	while (size && (typed[size - 1] & 0xc0) == 0x80)
		size--;
	if (size)
		typed[size - 1] = 0;
}

static void answer(struct view *view)
{
	enum prompt asked = view->prompt;

	view->prompt = ASKS_NOTHING;
	if (asked != ASKS_USER)
		return;
	memcpy(view->user, view->typed, sizeof(view->user));
	view->rows.options.user = *view->user ? view->user : NULL;
	view->due_ns = 0;
}

void view_type(struct view *view, int key)
{
	if (key == VIEW_ESCAPE || key == VIEW_F10) {
		view->prompt = ASKS_NOTHING;
		return;
	}
	if (key == VIEW_ENTER) {
		answer(view);
		return;
	}
	if (key == VIEW_F3 && view->prompt == ASKS_WORDS) {
		view_search_next(view);
		return;
	}
	if (key == VIEW_BACKSPACE)
		rub_out(view->typed);
	else if (key >= ' ' && key < VIEW_UP)
		type_character(view->typed, key);
	else
		return;
	if (view->prompt == ASKS_WORDS) {
		memcpy(view->words, view->typed, sizeof(view->words));
		view_search(view, view->cursor);
	}
}
