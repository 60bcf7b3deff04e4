/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines that keep within the width: the only place that knows of columns, colours and poor character sets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/utf8.h"
#include "user/sink/text.h"

#define WRITE_AT 32768

/* Select Graphic Rendition, of the 16 colours that any terminal has and its user has chosen. */
static const char *const colours[STYLE_COUNT] = {
	[STRONG] = "1",		[FAINT] = "90",		[LOOKS_RUNNING] = "32", [LOOKS_READY] = "33",
	[LOOKS_BLOCKED] = "36", [LOOKS_STOPPED] = "35", [LOOKS_ZOMBIE] = "31",	[LOOKS_GOOD] = "32",
	[LOOKS_ODD] = "33",	[LOOKS_BAD] = "1;31",
};

static size_t character(const char *words, size_t size, uint32_t *code, int *columns)
{
	size_t length = utf8_read(words, size, code);

	if (!length) { /* not escaped, then: never passed on as it is */
		*code = '?';
		length = 1;
		*columns = 1;
	} else {
		*columns = text_width(words, length);
	}
	return length;
}

static void put_character(struct text *text, const char *bytes, size_t length, uint32_t code, int columns)
{
	struct buffer *out = &text->output.text;

	if (code < 0x80)
		buffer_char(out, (char)code);
	else if (text->options->utf8)
		buffer_add(out, bytes, length);
	else
		for (int i = 0; i < columns; i++)
			buffer_char(out, utf8_plain(code));
	text->column += columns;
}

static void fill(struct text *text)
{
	static const char blanks[] = "                                ";
	int most = (int)sizeof(blanks) - 1;

	while (text->column < text->wanted_column) {
		int missing = text->wanted_column - text->column, some = missing < most ? missing : most;

		buffer_add(&text->output.text, blanks, (size_t)some);
		text->column += some;
	}
}

/* As many characters as fit into `room` columns. */
static void put_some(struct text *text, const char *words, int room)
{
	size_t size = strlen(words), length;
	uint32_t code = 0;
	int columns, used = 0;

	for (; size; words += length, size -= length) {
		size_t left = room > used ? (size_t)(room - used) : 0;

		length = utf8_ascii(words, size < left ? size : left);
		if (length) {
			buffer_add(&text->output.text, words, length);
			text->column += (int)length;
			used += (int)length;
			continue;
		}
		length = character(words, size, &code, &columns);
		if (used + columns > room)
			return;
		put_character(text, words, length, code, columns);
		used += columns;
	}
}

static void begin_style(struct text *text, enum style style)
{
	if (text->options->colour && colours[style])
		buffer_printf(&text->output.text, "\x1b[%sm", colours[style]);
}

static void end_style(struct text *text, enum style style)
{
	if (text->options->colour && colours[style])
		buffer_text(&text->output.text, "\x1b[0m");
}

static void put_room(struct text *text, enum style style, const char *words, int room)
{
	bool cut;

	if (text->wanted_column + room > text->width)
		room = text->width - text->wanted_column;
	if (room <= 0 || !words || !*words) /* a buffer that nothing was put into */
		return;
	fill(text);
	cut = text_width(words, strlen(words)) > room;
	begin_style(text, style);
	put_some(text, words, cut ? room - 1 : room);
	if (cut)
		put_some(text, "…", 1);
	end_style(text, style);
	text->wanted_column = text->column;
}

void put(struct text *text, enum style style, const char *words)
{
	put_room(text, style, words, text->width);
}

/* Most is short: that takes no memory. */
void putf(struct text *text, enum style style, const char *format, ...)
{
	char some[256], *words = some;
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(some, sizeof(some), format, arguments);
	va_end(arguments);
	if (size >= (int)sizeof(some)) {
		words = malloc((size_t)size + 1);
		va_start(arguments, format);
		if (words)
			vsnprintf(words, (size_t)size + 1, format, arguments);
		va_end(arguments);
	}
	if (words && size >= 0)
		put(text, style, words);
	else
		text->output.text.failed = true;
	if (words != some)
		free(words);
}

void put_within(struct text *text, enum style style, const char *words, int columns)
{
	int end = text->wanted_column + columns;

	put_room(text, style, words, columns);
	move_to(text, end);
}

void put_right(struct text *text, enum style style, const char *words, int columns)
{
	int spare = columns - text_width(words, strlen(words));

	if (spare < 1 && text->wanted_column) /* keeps apart from what stands to the left */
		spare = 1;
	if (spare > 0)
		move_to(text, text->wanted_column + spare);
	put_within(text, style, words, spare > 0 ? columns - spare : columns);
}

void put_times(struct text *text, enum style style, const char *glyph, int times)
{
	if (times > text->width - text->wanted_column)
		times = text->width - text->wanted_column;
	if (times <= 0)
		return;
	fill(text);
	begin_style(text, style);
	for (int i = 0; i < times; i++)
		put_some(text, glyph, 1);
	end_style(text, style);
	text->wanted_column = text->column;
}

void move_to(struct text *text, int column)
{
	if (column > text->wanted_column)
		text->wanted_column = column;
}

void end_line(struct text *text)
{
	buffer_char(&text->output.text, '\n');
	text->column = text->wanted_column = 0;
	if (text->output.text.size >= WRITE_AT)
		output_write(&text->output);
}

void put_heading(struct text *text, const char *heading)
{
	end_line(text);
	put(text, FAINT, "── ");
	put(text, STRONG, heading);
	put(text, FAINT, " ");
	put_times(text, FAINT, "─", text->width - text->wanted_column);
	end_line(text);
}

static size_t word_length(const char *words)
{
	return strcspn(words, " ");
}

void put_paragraph(struct text *text, enum style style, const char *words, int indent)
{
	bool at_start = true;
	char *copy = strdup(words), *rest = copy;

	if (!copy) {
		text->output.text.failed = true;
		return;
	}
	while (*rest) {
		size_t length = word_length(rest);
		bool last = !rest[length];
		int columns = text_width(rest, length);

		rest[length] = 0;
		if (!at_start && text->wanted_column + 1 + columns > text->width) {
			end_line(text);
			move_to(text, indent);
		} else if (!at_start) {
			move_to(text, text->wanted_column + 1);
		}
		put(text, style, rest);
		at_start = false;
		rest += length + !last;
	}
	free(copy);
}
