/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A view on a terminal. Commands include it.
 */
#ifndef PROCLIFE_CURSES_H
#define PROCLIFE_CURSES_H

#include "user/screen/view.h"

struct screen;

/* Can a screen be had on standard input and output? Said why not, on standard error. */
bool screen_possible(void);

/* NULL: it can't. From now on the terminal is ours, until screen_close(). */
struct screen *screen_open(bool colour);
void screen_close(struct screen *screen);

void screen_show(struct screen *screen, struct view *view);
/* Keys, clicks and a new size, as far as there are any. 0, or -1: the terminal is gone. */
int screen_answer(struct screen *screen, struct view *view, const struct model *model);

#endif
