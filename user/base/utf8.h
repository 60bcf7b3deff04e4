/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading UTF-8 from untrusted bytes. The rest of base includes it.
 */
#ifndef PROCLIFE_UTF8_H
#define PROCLIFE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one character into *code. Returns its length, 0 when the bytes don't begin with a well-formed one (overlong
 * forms, surrogates and codes beyond U+10FFFF are not). */
size_t utf8_read(const char *bytes, size_t size, uint32_t *code);

/* How many of the bytes at the beginning are ASCII: a column each, but for controls. */
size_t utf8_ascii(const char *bytes, size_t size);

/* A control, or a character that is not seen itself but changes or hides what is: bidirectional overrides, separators
 * of lines, spaces without width. */
bool utf8_is_hidden(uint32_t code);

/* What stands in, one character a column, for what we draw with where there is no UTF-8; '?' for all else. */
char utf8_plain(uint32_t code);

#endif
