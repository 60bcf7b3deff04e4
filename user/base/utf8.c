/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading UTF-8 from untrusted bytes; see utf8.h.
 */
#include "user/base/utf8.h"

static size_t length_by_first(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2) /* a continuation, or the start of an overlong pair */
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

size_t utf8_read(const char *bytes, size_t size, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	static const unsigned char bits_of_first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const unsigned char *byte = (const unsigned char *)bytes;
	size_t length = size ? length_by_first(byte[0]) : 0;
	uint32_t value;

	if (!length || length > size)
		return 0;
	value = byte[0] & bits_of_first[length];
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*code = value;
	return length;
}

size_t utf8_ascii(const char *bytes, size_t size)
{
	size_t length = 0;

	while (length < size && !(bytes[length] & 0x80))
		length++;
	return length;
}

bool utf8_is_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},	    {0x7f, 0x9f},     /* C0; DEL and C1 */
		{0xad, 0xad},			      /* soft hyphen */
		{0x61c, 0x61c},			      /* Arabic letter mark */
		{0x200b, 0x200b},		      /* zero width space; the joiners after it are letters' own */
		{0x200e, 0x200f},		      /* left-to-right, right-to-left mark */
		{0x2028, 0x202e},		      /* line and paragraph separators, embeddings and overrides */
		{0x2060, 0x206f},		      /* word joiner, invisible operators, isolates */
		{0xfeff, 0xfeff},   {0xfff9, 0xfffb}, /* byte order mark; interlinear annotation */
		{0xe0000, 0xe007f},		      /* tags: invisible letters */
	};

	if (code >= ' ' && code <= '~')
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return true;
	return false;
}

char utf8_plain(uint32_t code)
{
	static const struct {
		uint32_t code;
		char plain;
	} table[] = {
		{0x2500, '-'}, {0x2502, '|'}, {0x251c, '|'}, {0x2514, '`'}, {0x252c, '+'}, {0x2026, '~'}, {0x2013, '-'},
		{0xd7, 'x'},   {0xb5, 'u'},   {0x2588, '#'}, {0x2584, '+'}, {0x2592, ':'}, {0xb7, '-'},	  {0x2192, '>'},
		{0x2191, '^'}, {0x25b2, '^'}, {0x25bc, 'v'}, {0x25b6, '>'}, {0x2193, 'v'}, {0x2190, '<'},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].code == code)
			return table[i].plain;
	return '?';
}
