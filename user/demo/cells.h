/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For the pictures that demos draw: cells of a table, and what a process did at a time. Only demo.c files, and those
 * beside them, include it.
 */
#ifndef PROCLIFE_CELLS_H
#define PROCLIFE_CELLS_H

#include "user/demo/observe.h"

/* Text in a cell of that many columns of a terminal: to the right, as printf's %5s; of -columns: to the left. */
void say_cell(struct buffer *out, int columns, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Text in lines of at most `width` columns, the second and later ones indented. */
void say_wrapped(struct buffer *out, int width, int indent, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

struct doing { /* what the main thread did in a while: ns by state, and why it was blocked for longest */
	__u64 ns[STATE_COUNT];
	enum reason reason;
	bool unborn, ended; /* for the whole of it */
};
struct doing doing_within(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns);
/* The state that it was in for longest. */
enum state mostly(const struct doing *doing);

#endif
