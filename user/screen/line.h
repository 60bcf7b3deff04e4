/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines of a screen: text in columns, with how each part of it looks. Whoever writes them need not know of colours, of
 * terminals without UTF-8, or of the width: nothing goes beyond it. Names of processes must have been escaped.
 */
#ifndef PROCLIFE_LINE_H
#define PROCLIFE_LINE_H

#include "user/base/buffer.h"

enum look {
	LOOK_PLAIN,
	LOOK_STRONG,
	LOOK_FAINT,
	LOOK_RUNNING,
	LOOK_READY,
	LOOK_BLOCKED,
	LOOK_STOPPED,
	LOOK_ZOMBIE,
	LOOK_GOOD,
	LOOK_ODD,
	LOOK_BAD,
	LOOK_BAR, /* of headings of columns, and of keys */
	LOOK_BAR_CHOSEN,
	LOOK_COUNT
};

#define SPANS_MOST 64

struct span_of_line {
	size_t from; /* byte; it goes to the next one's, or to the end */
	enum look look;
};

struct line {
	struct buffer text;
	struct span_of_line spans[SPANS_MOST];
	int span_count;
	int column, wanted_column; /* blanks up to wanted_column are written when something follows */
	int width;
	bool utf8;
	bool chosen; /* the one that keys act on: the whole line looks so */
	bool bar;    /* looks like a bar up to the right edge */
};

struct lines {
	struct line *list;
	int count, room;
	int width;
	bool utf8, failed;
};

/* Empties it, keeping its memory; lines added are that wide. */
void lines_begin(struct lines *lines, int width, bool utf8);
/* A new last line; NULL when memory is short: all below take that. */
struct line *lines_add(struct lines *lines);
void lines_free(struct lines *lines);

void line_put(struct line *line, enum look look, const char *words);
void line_putf(struct line *line, enum look look, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* In that many columns, cut short if need be. */
void line_put_within(struct line *line, enum look look, const char *words, int columns);
void line_put_right(struct line *line, enum look look, const char *words, int columns);
void line_put_times(struct line *line, enum look look, const char *glyph, int times);
/* What follows stands there, or further right if something is there already. */
void line_move_to(struct line *line, int column);
void line_move_by(struct line *line, int columns);
int line_column(const struct line *line);
int line_room(const struct line *line);

/* Words broken into as many lines as they need, all but the first indented. */
void line_put_paragraph(struct lines *lines, struct line *first, enum look look, const char *words, int indent);

#endif
