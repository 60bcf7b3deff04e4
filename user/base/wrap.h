/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Breaking text into lines: between words, and between the characters of scripts that have no spaces. Anyone in user/
 * but the model may include it.
 */
#ifndef PROCLIFE_WRAP_H
#define PROCLIFE_WRAP_H

#include <stddef.h>

/* The bytes of `text` that make its first line of at most `columns` (1 or more; a longer word is cut), without the blank
 * or line break behind it; *next is where the second line begins, at the final NUL if there is none. */
size_t wrap_line(const char *text, int columns, const char **next);

#endif
