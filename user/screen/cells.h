/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The functions of the table of columns. Only columns.c and cells.c include it.
 */
#ifndef PROCLIFE_CELLS_H
#define PROCLIFE_CELLS_H

#include "user/screen/rows.h"

struct cell { /* where a value is to be put */
	struct line *line;
	const struct rows *rows;
	const struct row *row;
	int width;
	__u64 now_ns;
};

#define CELL(name)                                                                                                     \
	void cell_put_##name(const struct cell *cell);                                                                 \
	int cell_compare_##name(const struct rows *rows, const struct row *one, const struct row *other)
CELL(pid);
CELL(ppid);
CELL(user);
CELL(state);
CELL(running);
CELL(ready);
CELL(blocked);
CELL(time);
CELL(life);
CELL(age);
CELL(reason);
CELL(since);
CELL(waker);
CELL(threads);
CELL(command);
#undef CELL

#endif
