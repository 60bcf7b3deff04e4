/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading a command's options. Commands include it.
 */
#ifndef PROCLIFE_OPTIONS_H
#define PROCLIFE_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

/* The next option of the command argv[0], as getopt_long() returns it; -1 behind the last. '?': one that is wrong, and the
 * message was printed. `shorts` has ':' in front, behind '+' if that is there. */
int option_next(int argc, char **argv, const char *shorts, const struct option *longs);

/* May `word` be the number that an option with an optional argument waits for? Digits, a point among them perhaps. */
bool is_number(const char *word);

#endif
