/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A view on a terminal; see curses.h. The only file that knows ncurses.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include <curses.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#undef lines /* of term.h, which makes macros of such words */
#undef columns

#include "user/base/message.h"
#include "user/screen/curses.h"

#define WHEEL_STEPS 3
#define ESCAPE_MS 50 /* how long the rest of a key's sequence may take behind its escape */

struct screen {
	SCREEN *terminal;
	bool colour;
};

bool screen_possible(void)
{
	int error;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		message("top needs a terminal; without one: proclife top -b");
		return false;
	}
	if (setupterm(NULL, STDOUT_FILENO, &error) != OK) {
		message("top: TERM names no terminal that is known here; without one: proclife top -b");
		return false;
	}
	if (tigetstr("cup"))
		return true;
	message("top: the terminal that TERM names can't place the cursor; without one: proclife top -b");
	return false;
}

static void begin_colours(void)
{
	static const short foregrounds[LOOK_COUNT] = {[LOOK_PLAIN] = -1,
						      [LOOK_STRONG] = -1,
						      [LOOK_FAINT] = -1,
						      [LOOK_RUNNING] = COLOR_GREEN,
						      [LOOK_READY] = COLOR_YELLOW,
						      [LOOK_BLOCKED] = COLOR_CYAN,
						      [LOOK_STOPPED] = COLOR_MAGENTA,
						      [LOOK_ZOMBIE] = COLOR_RED,
						      [LOOK_GOOD] = COLOR_GREEN,
						      [LOOK_ODD] = COLOR_YELLOW,
						      [LOOK_BAD] = COLOR_RED,
						      [LOOK_BAR] = COLOR_BLACK,
						      [LOOK_BAR_CHOSEN] = COLOR_BLACK};

	start_color();
	use_default_colors();
	for (short look = 1; look < LOOK_COUNT; look++)
		init_pair(look, foregrounds[look],
			  (short)(look == LOOK_BAR	    ? COLOR_GREEN
				  : look == LOOK_BAR_CHOSEN ? COLOR_CYAN
							    : -1));
}

struct screen *screen_open(bool colour)
{
	struct screen *screen = calloc(1, sizeof(*screen));

	if (!screen)
		return NULL;
	screen->terminal = newterm(NULL, stdout, stdin);
	if (!screen->terminal) {
		free(screen);
		return NULL;
	}
	screen->colour = colour && has_colors();
	if (screen->colour)
		begin_colours();
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	return screen;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	move(LINES - 1, 0); /* where it has only one screen, what comes next begins on a line of its own */
	clrtoeol();
	refresh();
	endwin();
	delscreen(screen->terminal);
	free(screen);
}

static attr_t attributes(const struct screen *screen, enum look look, bool chosen)
{
	static const attr_t with_colour[LOOK_COUNT] = {
		[LOOK_STRONG] = A_BOLD, [LOOK_FAINT] = A_DIM, [LOOK_ZOMBIE] = A_BOLD, [LOOK_BAD] = A_BOLD};
	static const attr_t without[LOOK_COUNT] = {
		[LOOK_STRONG] = A_BOLD, [LOOK_ZOMBIE] = A_BOLD, [LOOK_BAD] = A_BOLD,
		[LOOK_ODD] = A_BOLD,	[LOOK_BAR] = A_REVERSE, [LOOK_BAR_CHOSEN] = A_REVERSE | A_BOLD};

	if (chosen)
		return A_REVERSE;
	return screen->colour ? with_colour[look] | COLOR_PAIR(look) : without[look];
}

static void show_line(const struct screen *screen, int y, const struct line *line)
{
	enum look rest = line->bar ? LOOK_BAR : LOOK_PLAIN;

	move(y, 0);
	for (int i = 0; i < line->span_count; i++) {
		size_t from = line->spans[i].from;
		size_t to = i + 1 < line->span_count ? line->spans[i + 1].from : line->text.size;

		attrset(attributes(screen, line->spans[i].look, line->chosen));
		addnstr(line->text.data + from, (int)(to - from));
	}
	attrset(attributes(screen, rest, line->chosen));
	if (line->bar || line->chosen)
		for (int column = line->column; column < COLS; column++)
			addch(' ');
	attrset(A_NORMAL);
}

void screen_show(struct screen *screen, struct view *view)
{
	view_resize(view, COLS, LINES);
	view_draw(view);
	erase();
	for (int y = 0; y < view->lines.count && y < LINES; y++)
		show_line(screen, y, &view->lines.list[y]);
	refresh();
}

static void take_mouse(struct view *view, const struct model *model)
{
	MEVENT event;
	int wheel = 0;

	if (getmouse(&event) != OK)
		return;
	if (event.bstate & BUTTON4_PRESSED)
		wheel = VIEW_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		wheel = VIEW_DOWN;
	for (int i = 0; wheel && i < WHEEL_STEPS; i++)
		view_press(view, model, wheel);
	if (!wheel)
		view_click(view, model, event.y, event.x, event.bstate & BUTTON1_DOUBLE_CLICKED);
}

static int key_of(wint_t code)
{
	static const struct {
		wint_t code;
		int key;
	} keys[] = {
		{KEY_UP, VIEW_UP},	   {KEY_DOWN, VIEW_DOWN},
		{KEY_LEFT, VIEW_LEFT},	   {KEY_RIGHT, VIEW_RIGHT},
		{KEY_PPAGE, VIEW_PAGE_UP}, {KEY_NPAGE, VIEW_PAGE_DOWN},
		{KEY_HOME, VIEW_HOME},	   {KEY_END, VIEW_END},
		{KEY_ENTER, VIEW_ENTER},   {KEY_BACKSPACE, VIEW_BACKSPACE},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (keys[i].code == code)
			return keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(10))
		return VIEW_F1 + (int)(code - KEY_F(1));
	return 0;
}

static int character_of(wint_t code)
{
	switch (code) {
	case '\r':
	case '\n':
		return VIEW_ENTER;
	case 27:
		return VIEW_ESCAPE;
	case 8:
	case 127:
		return VIEW_BACKSPACE;
	default:
		return (int)code;
	}
}

/* The signal of a new size goes to a descriptor of the pipeline's: the library is told by us. */
static void take_size(void)
{
	struct winsize size;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	    (size.ws_row != LINES || size.ws_col != COLS))
		resizeterm(size.ws_row, size.ws_col);
}

static void take_key(struct view *view, const struct model *model, bool special, wint_t code)
{
	int key = special ? key_of(code) : character_of(code);

	if (special && code == KEY_MOUSE)
		take_mouse(view, model);
	else if (!special && code == 'L' - '@')
		clearok(curscr, TRUE);
	else if (key)
		view_press(view, model, key);
}

int screen_answer(struct screen *screen, struct view *view, const struct model *model)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	wint_t code;
	int kind;

	take_size();
	view_resize(view, COLS, LINES);
	while (!view->over && (kind = get_wch(&code)) != ERR)
		take_key(view, model, kind == KEY_CODE_YES, code);
	screen_show(screen, view);
	poll(&input, 1, 0);
	return input.revents & (POLLHUP | POLLERR | POLLNVAL) ? -1 : 0;
}
