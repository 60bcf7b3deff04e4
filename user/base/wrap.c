/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Breaking text into lines; see wrap.h.
 */
#include <stdbool.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/utf8.h"
#include "user/base/wrap.h"

static size_t character_size(const char *text, size_t left)
{
	uint32_t code;
	size_t size = utf8_read(text, left, &code);

	return size ? size : 1;
}

/* Punctuation of East Asian text that may not begin a line. */
static bool clings(const char *character)
{
	static const char *const closing[] = {"，", "。", "；", "：", "、", "）", "！", "？", "”", "」", "》"};

	for (size_t i = 0; i < sizeof(closing) / sizeof(*closing); i++)
		if (!strncmp(character, closing[i], strlen(closing[i])))
			return true;
	return false;
}

/* May a line end before `here`? At a blank; beside a wide character. */
static bool may_break(const char *text, const char *before, const char *here)
{
	if (*here == ' ')
		return true;
	if (here == text || clings(here))
		return false;
	return text_width(before, (size_t)(here - before)) == 2 ||
	       text_width(here, character_size(here, strlen(here))) == 2;
}

static size_t line_ending_at(const char *text, const char *end, const char **next)
{
	*next = *end == ' ' || *end == '\n' ? end + 1 : end;
	return (size_t)(end - text);
}

size_t wrap_line(const char *text, int columns, const char **next)
{
	const char *best = NULL, *here = text, *before = text;
	int width = 0;

	while (*here && *here != '\n') {
		size_t size = character_size(here, strlen(here));
		int wide = text_width(here, size);

		if (may_break(text, before, here))
			best = here;
		if (width + wide > columns && here != text)
			return line_ending_at(text, best ? best : here, next);
		width += wide;
		before = here;
		here += size;
	}
	return line_ending_at(text, here, next);
}
