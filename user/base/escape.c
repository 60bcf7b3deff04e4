/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names from traced processes made harmless; see escape.h.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/base/utf8.h"

static const char *terminal_short(uint32_t code)
{
	switch (code) {
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	case 0x1b:
		return "\\e";
	default:
		return NULL;
	}
}

void escape_terminal(struct buffer *out, const char *bytes, size_t size)
{
	size_t length;
	uint32_t code;

	for (; size; bytes += length, size -= length) {
		const char *named;

		length = utf8_read(bytes, size, &code);
		named = length ? terminal_short(code) : NULL;
		if (named)
			buffer_text(out, named);
		else if (!length || (length == 1 && utf8_is_hidden(code)))
			buffer_printf(out, "\\x%02x", (unsigned char)*bytes);
		else if (utf8_is_hidden(code))
			buffer_printf(out, "\\u{%04x}", code);
		else
			buffer_add(out, bytes, length);
		if (!length)
			length = 1;
	}
}

void escape_word(struct buffer *out, const char *word)
{
	if (*word)
		escape_terminal(out, word, strlen(word));
	else
		buffer_text(out, "''");
}

static const char *json_short(uint32_t code)
{
	switch (code) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

/* \uNNNN, in two halves beyond the basic plane. */
static void json_numbered(struct buffer *out, uint32_t code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		buffer_printf(out, "\\u%04x\\u%04x", 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
	} else {
		buffer_printf(out, "\\u%04x", code);
	}
}

/* Hidden characters are numbered though JSON would allow most: documents get printed on terminals too. */
void escape_json(struct buffer *out, const char *bytes, size_t size)
{
	size_t length;
	uint32_t code;

	buffer_char(out, '"');
	for (; size; bytes += length, size -= length) {
		const char *named;

		length = utf8_read(bytes, size, &code);
		named = length ? json_short(code) : NULL;
		if (named)
			buffer_text(out, named);
		else if (!length)
			buffer_text(out, "\xef\xbf\xbd");
		else if (utf8_is_hidden(code))
			json_numbered(out, code);
		else
			buffer_add(out, bytes, length);
		if (!length)
			length = 1;
	}
	buffer_char(out, '"');
}

bool is_utf8(const char *bytes, size_t size)
{
	uint32_t code;

	for (size_t length; size; bytes += length, size -= length) {
		length = utf8_read(bytes, size, &code);
		if (!length)
			return false;
	}
	return true;
}

void escape_base64(struct buffer *out, const char *bytes, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t at = 0; at < size; at += 3) {
		size_t left = size - at < 3 ? size - at : 3;
		uint32_t three = 0;

		for (size_t i = 0; i < 3; i++)
			three = three << 8 | (i < left ? (unsigned char)bytes[at + i] : 0);
		for (size_t i = 0; i < 4; i++)
			buffer_char(out, i <= left ? digits[three >> (18 - 6 * i) & 63] : '=');
	}
}
