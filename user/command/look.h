/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a report may look where it goes: width, colour, characters. Commands include it.
 */
#ifndef PROCLIFE_LOOK_H
#define PROCLIFE_LOOK_H

#include "user/sink/sink.h"

#define NARROWEST 40
#define WIDEST 400

/* Fills width, colour and utf8 for options->out: a terminal's own width, else COLUMNS, else 80; colour on a terminal
 * only, and not with NO_COLOR or TERM=dumb. */
void look_at(struct sink_options *options);

/* Opens the file at `path`, NULL for standard output, as options->out, and looks at it. 0, or -1: said why. */
int look_into(struct sink_options *options, const char *path);

/* Closes it. A file that is empty for nothing came of it is removed again, if it may be. 0, or -1 with errno: not all was written. */
int look_away(const struct sink_options *options, const char *path, bool failed);

#endif
