/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names from traced processes are hostile until they have passed here. Sinks, screens and messages include it.
 */
#ifndef PROCLIFE_ESCAPE_H
#define PROCLIFE_ESCAPE_H

#include "user/base/buffer.h"

/* For a terminal: printable UTF-8 stays; control bytes (C0, DEL, C1), broken UTF-8 and bidirectional overrides become
 * \n, \t, \e, \xNN or \u{NNNN}; a backslash is doubled. */
void escape_terminal(struct buffer *out, const char *bytes, size_t size);

/* The same of a word that the user gave, for a message: '' if it is empty. */
void escape_word(struct buffer *out, const char *word);

/* A JSON string, quotes included: broken UTF-8 becomes U+FFFD (each bad byte one), so the document is always valid. */
void escape_json(struct buffer *out, const char *bytes, size_t size);

/* Is all of it UTF-8? Else different bytes may become the same JSON string. */
bool is_utf8(const char *bytes, size_t size);

/* Base64 (RFC 4648). */
void escape_base64(struct buffer *out, const char *bytes, size_t size);

/* Columns that `size` bytes of escaped text take on a terminal (wide characters two, combining ones none). */
int text_width(const char *bytes, size_t size);

#endif
