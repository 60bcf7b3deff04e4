/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * "Did you mean …?": the name in a table that a mistyped word most resembles. Anyone in user/ but the model may include
 * it.
 */
#ifndef PROCLIFE_SIMILAR_H
#define PROCLIFE_SIMILAR_H

/* The ith name of a table; NULL behind the last. */
typedef const char *name_at_fn(const void *table, int i);

/* Fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the other; case counts. */
int edit_distance(const char *one, const char *other);

/* The name that differs from `word` by no more than a third of its letters (one letter at least), or that begins with
 * it; the first of the nearest. NULL: no name is similar. */
const char *similar_name(const char *word, name_at_fn *name_at, const void *table);

/* For tables that are plain NULL-ended lists of words. */
name_at_fn name_in_list;

#endif
