/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the parts of the list of leaks as text share. Only text_leaks*.c include it.
 */
#ifndef PROCLIFE_TEXT_LEAKS_H
#define PROCLIFE_TEXT_LEAKS_H

#include "user/finding/leaks.h"
#include "user/sink/text.h"

#define LEAK_INDENT 4
#define LEAK_LABEL 10

/* text_leaks.c */
void put_leak_headline(struct text *text, const struct finding *finding); /* and its summary */
void put_escaped_block(struct text *text, enum style style, const char *lead, const char *raw);
/* A label and what it is of: escaped already. Nothing if there are no words; frees them. */
void put_fact_line(struct text *text, const char *label, struct buffer *words);

/* text_leaks_who.c */
void put_zombie_parent(struct text *text, const struct leaks *leaks, const struct zombie_parent *parent);
/* in_short: the headline alone, and what it holds. */
void put_orphan(struct text *text, const struct leaks *leaks, const struct orphan *orphan, bool in_short);

#endif
