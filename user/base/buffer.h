/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A growing string of bytes, and arrays that grow. Anyone in user/ may include it.
 * An append that runs out of memory sets `failed` and leaves the rest as it was: check once, at the end.
 */
#ifndef PROCLIFE_BUFFER_H
#define PROCLIFE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer { /* all zero: empty. data is NUL-ended once anything was added */
	char *data;
	size_t size, room;
	bool failed;
};

void buffer_free(struct buffer *buffer);
void buffer_empty(struct buffer *buffer); /* to be filled anew, in the same memory */
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for one more in an array of `count` things of `unit` bytes, whose room doubles; `array` is the address of the pointer
 * to it. 0, or -1 when memory is short: it then is as it was. */
int array_grow(void *array, int count, size_t unit);

#endif
