/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a demo looks like on a page. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_PRINT_H
#define PROCLIFE_DEMO_PRINT_H

#include "user/command/demo_run.h"

/* All to standard output. */
void print_theory(const struct demo *demo, bool broken, const struct sink_options *look); /* before the run */
/* After the run's own picture: the demo's, why each state changed, expected against observed, what to take home. */
void print_outcome(const struct demo_run *run, bool table, const struct sink_options *look);
void print_list(void);

/* Parts of pages, for the questions as well. */
enum tone { TONE_PLAIN, TONE_STRONG, TONE_GOOD, TONE_BAD, TONE_DOUBT };
void print_toned(const struct sink_options *look, enum tone tone, const char *text);
void print_wrapped(const char *text, int indent, const struct sink_options *look);
/* The same behind something that is `indent` wide, and stands on the first line already. */
void print_hanging(const char *text, int indent, const struct sink_options *look);
void print_toned_lines(const struct sink_options *look, enum tone tone, const char *text);
void print_heading(const char *heading, const struct sink_options *look);
const char *mark_of(enum verdict verdict, const struct sink_options *look); /* ✓, ✗ or ? */
enum tone tone_of(enum verdict verdict);

#endif
