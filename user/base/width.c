/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How many columns text takes on a terminal. Own tables of blocks, not wcwidth: the answer must not hang on the locale.
 */
#include "user/base/escape.h"
#include "user/base/utf8.h"

struct block {
	uint32_t first, last;
};

/* Drawn over or into the character before. */
static const struct block combining[] = {
	{0x300, 0x36f},	  {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},	{0x64b, 0x65f},	    {0x6d6, 0x6dc},
	{0x900, 0x902},	  {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},	{0xe31, 0xe31},	    {0xe34, 0xe3a},
	{0xe47, 0xe4e},	  {0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200c, 0x200d},   {0x20d0, 0x20ff},
	{0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

/* East Asian wide and full width forms, and emoji. */
static const struct block wide[] = {
	{0x1100, 0x115f},   {0x231a, 0x231b},	{0x23e9, 0x23ec},   {0x25fd, 0x25fe},	{0x2614, 0x2615},
	{0x2648, 0x2653},   {0x26a1, 0x26a1},	{0x26bd, 0x26be},   {0x26c4, 0x26c5},	{0x2705, 0x2705},
	{0x270a, 0x270b},   {0x2728, 0x2728},	{0x274c, 0x274c},   {0x2753, 0x2755},	{0x2795, 0x2797},
	{0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},	{0x2e80, 0x303e},   {0x3041, 0x33ff},	{0x3400, 0x4dbf},
	{0x4e00, 0xa4cf},   {0xa960, 0xa97f},	{0xac00, 0xd7a3},   {0xf900, 0xfaff},	{0xfe30, 0xfe6f},
	{0xff00, 0xff60},   {0xffe0, 0xffe6},	{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
	{0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

static bool within(const struct block *blocks, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= blocks[i].first && code <= blocks[i].last)
			return true;
	return false;
}

static int columns(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (within(combining, sizeof(combining) / sizeof(combining[0]), code))
		return 0;
	return within(wide, sizeof(wide) / sizeof(wide[0]), code) ? 2 : 1;
}

int text_width(const char *bytes, size_t size)
{
	size_t length = utf8_ascii(bytes, size);
	int width = (int)length; /* nearly always that is all */

	bytes += length;
	size -= length;
	while (size) {
		uint32_t code = 0;

		length = utf8_read(bytes, size, &code);
		width += length ? columns(code) : 1;
		if (!length)
			length = 1;
		bytes += length;
		size -= length;
	}
	return width;
}
