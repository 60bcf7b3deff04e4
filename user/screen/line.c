/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines that keep within the width; see line.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/utf8.h"
#include "user/base/wrap.h"
#include "user/screen/line.h"

void lines_begin(struct lines *lines, int width, bool utf8)
{
	lines->count = 0;
	lines->width = width;
	lines->utf8 = utf8;
	lines->failed = false;
}

static int make_room(struct lines *lines)
{
	int room = lines->room ? 2 * lines->room : 64;
	struct line *moved;

	if (lines->count < lines->room)
		return 0;
	moved = realloc(lines->list, (size_t)room * sizeof(*moved));
	if (!moved)
		return -1;
	memset(moved + lines->room, 0, (size_t)(room - lines->room) * sizeof(*moved));
	lines->list = moved;
	lines->room = room;
	return 0;
}

struct line *lines_add(struct lines *lines)
{
	struct line *line;
	struct buffer text;

	if (make_room(lines)) {
		lines->failed = true;
		return NULL;
	}
	line = &lines->list[lines->count++];
	text = line->text; /* its memory serves again */
	text.size = 0;
	if (text.data)
		*text.data = 0;
	*line = (struct line){.text = text, .width = lines->width, .utf8 = lines->utf8};
	return line;
}

void lines_free(struct lines *lines)
{
	for (int i = 0; i < lines->room; i++)
		buffer_free(&lines->list[i].text);
	free(lines->list);
	*lines = (struct lines){0};
}

static size_t character(const char *words, size_t size, uint32_t *code, int *columns)
{
	size_t length = utf8_read(words, size, code);

	*columns = 1;
	if (length && !utf8_is_hidden(*code)) {
		*columns = text_width(words, length);
		return length;
	}
	*code = '?'; /* not escaped, then: never passed on as it is */
	return length ? length : 1;
}

static void put_character(struct line *line, const char *bytes, size_t length, uint32_t code, int columns)
{
	if (code < 0x80)
		buffer_char(&line->text, (char)code);
	else if (line->utf8)
		buffer_add(&line->text, bytes, length);
	else
		for (int i = 0; i < columns; i++)
			buffer_char(&line->text, utf8_plain(code));
	line->column += columns;
}

static void begin_span(struct line *line, enum look look)
{
	struct span_of_line *last = line->span_count ? &line->spans[line->span_count - 1] : NULL;

	if (last && last->look == look)
		return;
	if (line->span_count == SPANS_MOST) /* the rest looks like what comes last */
		return;
	line->spans[line->span_count++] = (struct span_of_line){line->text.size, look};
}

static void fill(struct line *line)
{
	if (line->column < line->wanted_column)
		begin_span(line, line->bar ? LOOK_BAR : LOOK_PLAIN);
	for (; line->column < line->wanted_column; line->column++)
		buffer_char(&line->text, ' ');
}

/* As many characters as fit into `room` columns. */
static void put_some(struct line *line, const char *words, int room)
{
	size_t size = strlen(words), length;
	uint32_t code = 0;
	int columns, used = 0;

	for (; size; words += length, size -= length) {
		length = character(words, size, &code, &columns);
		if (used + columns > room)
			return;
		put_character(line, words, length, code, columns);
		used += columns;
	}
}

static void put_room(struct line *line, enum look look, const char *words, int room)
{
	bool cut;

	if (!line || !words || !*words)
		return;
	if (room > line->width - line->wanted_column)
		room = line->width - line->wanted_column;
	if (room <= 0)
		return;
	fill(line);
	begin_span(line, look);
	cut = text_width(words, strlen(words)) > room;
	put_some(line, words, cut ? room - 1 : room);
	if (cut)
		put_some(line, "…", 1);
	line->wanted_column = line->column;
}

void line_put(struct line *line, enum look look, const char *words)
{
	put_room(line, look, words, line ? line->width : 0);
}

void line_putf(struct line *line, enum look look, const char *format, ...)
{
	char words[512]; /* nothing longer is of use on a terminal */
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	if (size >= 0)
		line_put(line, look, words);
}

void line_put_within(struct line *line, enum look look, const char *words, int columns)
{
	int end = line_column(line) + columns;

	put_room(line, look, words, columns);
	line_move_to(line, end);
}

void line_put_right(struct line *line, enum look look, const char *words, int columns)
{
	int spare = columns - (words ? text_width(words, strlen(words)) : 0);

	if (spare > 0)
		line_move_by(line, spare);
	line_put_within(line, look, words, spare > 0 ? columns - spare : columns);
}

void line_put_times(struct line *line, enum look look, const char *glyph, int times)
{
	for (int i = 0; i < times; i++)
		put_room(line, look, glyph, 1);
}

void line_move_to(struct line *line, int column)
{
	if (line && column > line->wanted_column)
		line->wanted_column = column;
}

void line_move_by(struct line *line, int columns)
{
	if (line)
		line_move_to(line, line->wanted_column + columns);
}

int line_column(const struct line *line)
{
	return line ? line->wanted_column : 0;
}

int line_room(const struct line *line)
{
	return line && line->wanted_column < line->width ? line->width - line->wanted_column : 0;
}

void line_put_paragraph(struct lines *lines, struct line *first, enum look look, const char *words, int indent)
{
	struct line *line = first;
	const char *next;

	while (*words) {
		int room = line_room(line) > 0 ? line_room(line) : 1;
		size_t length = wrap_line(words, room, &next);
		struct buffer part = {0};

		buffer_add(&part, words, length);
		line_put(line, look, part.data);
		buffer_free(&part);
		words = next;
		if (!*words)
			return;
		line = lines_add(lines);
		line_move_to(line, indent < lines->width / 2 ? indent : 0);
	}
}
