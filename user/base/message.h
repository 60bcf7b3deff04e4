/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What proclife says of itself, on standard error, a line each: "proclife: …". Anyone in user/ but the model may
 * include it. Arguments that come from outside are escaped by the caller.
 */
#ifndef PROCLIFE_MESSAGE_H
#define PROCLIFE_MESSAGE_H

void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says that `what` (a file's name, "the report") can't be written, and why: errno. Says nothing if the reader of a pipe
 * has closed it. Returns the exit status: EXIT_FAILED, or EXIT_NO_READER. */
int say_unwritten(const char *what);

#endif
