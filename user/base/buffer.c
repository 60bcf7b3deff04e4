/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A growing string of bytes; see buffer.h.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/buffer.h"

#define FIRST_ROOM 64

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}

/* Makes room for `size` bytes more and the NUL behind them. */
static bool reserve(struct buffer *buffer, size_t size)
{
	size_t room = buffer->room ? buffer->room : FIRST_ROOM;
	char *data;

	if (size >= SIZE_MAX / 2 - buffer->size)
		return !(buffer->failed = true);
	while (room <= buffer->size + size)
		room *= 2;
	if (room == buffer->room)
		return true;
	data = realloc(buffer->data, room);
	if (!data)
		return !(buffer->failed = true);
	buffer->data = data;
	buffer->room = room;
	return true;
}

void buffer_empty(struct buffer *buffer)
{
	buffer->size = 0;
	buffer->failed = false;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
	if (!reserve(buffer, size))
		return;
	if (size)
		memcpy(buffer->data + buffer->size, bytes, size);
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_char(struct buffer *buffer, char c)
{
	buffer_add(buffer, &c, 1);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	size_t left = buffer->room - buffer->size;
	va_list args, again;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(left ? buffer->data + buffer->size : NULL, left, format, args);
	if (size < 0) {
		buffer->failed = true;
	} else if ((size_t)size < left || reserve(buffer, (size_t)size)) {
		if ((size_t)size >= left) /* it didn't fit at the first try */
			vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
		buffer->size += (size_t)size;
	} else if (left) {
		buffer->data[buffer->size] = '\0';
	}
	va_end(again);
	va_end(args);
}

int array_grow(void *array, int count, size_t unit)
{
	void **memory = array, *moved;

	if (count & (count - 1)) /* full at powers of two only */
		return 0;
	moved = realloc(*memory, (count ? 2 * (size_t)count : 1) * unit);
	if (!moved)
		return -1;
	*memory = moved;
	return 0;
}
