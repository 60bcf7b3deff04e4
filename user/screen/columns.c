/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of columns: what each is called, how wide it is, and which there is room for.
 */
#include "user/screen/cells.h"

#define COMMAND_LEAST 20   /* a column is shown only if the command has so much left */
#define COMMAND_IN_TREE 40 /* … or that, in the tree */
#define COMMAND_SCANT 8	   /* pid and state are, if it has that */

/* priority: the order in which columns get room. */
static const struct {
	const char *name, *about;
	int width, priority;
	bool right;
	void (*put)(const struct cell *cell);
	int (*compare)(const struct rows *rows, const struct row *one, const struct row *other);
} columns[COLUMN_COUNT] = {
	[COLUMN_PID] = {"PID", "number of the process", 5, 0, true, cell_put_pid, cell_compare_pid},
	[COLUMN_PPID] = {"PPID", "its parent now", 5, 8, true, cell_put_ppid, cell_compare_ppid},
	[COLUMN_USER] = {"USER", "whose it is", 8, 7, false, cell_put_user, cell_compare_user},
	[COLUMN_STATE] = {"S", "state", 2, 1, false, cell_put_state, cell_compare_state},
	[COLUMN_RUNNING] = {"RUN%", "running, of a CPU", 4, 2, true, cell_put_running, cell_compare_running},
	[COLUMN_READY] = {"RDY%", "ready: waiting for a CPU", 4, 4, true, cell_put_ready, cell_compare_ready},
	[COLUMN_BLOCKED] = {"BLK%", "blocked, of its threads' time", 4, 6, true, cell_put_blocked,
			    cell_compare_blocked},
	[COLUMN_TIME] = {"TIME", "running, since it is counted", 6, 9, true, cell_put_time, cell_compare_time},
	[COLUMN_LIFE] = {"LIFE", "its life so far, by states", 8, 11, false, cell_put_life, cell_compare_life},
	[COLUMN_AGE] = {"AGE", "since its birth", 6, 12, true, cell_put_age, cell_compare_age},
	[COLUMN_REASON] = {"BLOCKED ON", "what it is blocked on, how it ended", 12, 3, false, cell_put_reason,
			   cell_compare_reason},
	[COLUMN_SINCE] = {"FOR", "how long it is in this state", 6, 5, true, cell_put_since, cell_compare_since},
	[COLUMN_WAKER] = {"WOKEN BY", "who wakes it most often", 15, 13, false, cell_put_waker, cell_compare_waker},
	[COLUMN_THREADS] = {"THR", "threads that live", 3, 10, true, cell_put_threads, cell_compare_threads},
	[COLUMN_COMMAND] = {"COMMAND", "what it runs", 0, -1, false, cell_put_command, cell_compare_command},
};

const char *column_name(enum column column)
{
	return columns[column].name;
}

const char *column_about(enum column column)
{
	return columns[column].about;
}

int column_compare(const struct rows *rows, enum column column, const struct row *one, const struct row *other)
{
	return columns[column].compare(rows, one, other);
}

static int width_of(const struct rows *rows, enum column column)
{
	int width = columns[column].width;

	if (column == COLUMN_PID || column == COLUMN_PPID)
		for (__u32 limit = 100000; rows->greatest_pid >= limit && width < 7; limit *= 10)
			width++;
	return width;
}

/* Is there room for it beside those of higher priority? */
static int choose(const struct rows *rows, int width, int skipped, bool *shown)
{
	int used = 0;

	for (int priority = 0; priority < COLUMN_COUNT; priority++)
		for (int i = 0; i < COLUMN_COUNT; i++) {
			int more = width_of(rows, (enum column)i) + 1;
			int left = priority < 2 ? COMMAND_SCANT : rows->tree ? COMMAND_IN_TREE : COMMAND_LEAST;

			if (columns[i].priority != priority || (i && i <= skipped) || used + more + left > width)
				continue;
			shown[i] = true;
			used += more;
		}
	return used;
}

struct layout layout_for(const struct rows *rows, int width, int skipped)
{
	struct layout layout = {.count = 0};
	bool shown[COLUMN_COUNT] = {false};
	int at = 0;

	choose(rows, width, skipped, shown);
	shown[COLUMN_COMMAND] = true;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (!shown[i])
			continue;
		layout.columns[layout.count] = (enum column)i;
		layout.at[layout.count] = at;
		layout.widths[layout.count] = i == COLUMN_COMMAND ? width - at : width_of(rows, (enum column)i);
		at += layout.widths[layout.count++] + 1;
	}
	return layout;
}

void put_headings(struct line *line, const struct rows *rows, const struct layout *layout)
{
	const struct rows_order *order = rows->tree ? &rows->tree_order : &rows->flat_order;

	if (line)
		line->bar = true;
	for (int i = 0; i < layout->count; i++) {
		enum column column = layout->columns[i];
		enum look look = column == order->column ? LOOK_BAR_CHOSEN : LOOK_BAR;

		line_move_to(line, layout->at[i]);
		if (columns[column].right)
			line_put_right(line, look, columns[column].name, layout->widths[i]);
		else
			line_put_within(line, look, columns[column].name, layout->widths[i]);
	}
}

void put_row(struct line *line, const struct rows *rows, const struct layout *layout, const struct row *row,
	     __u64 now_ns)
{
	for (int i = 0; i < layout->count; i++) {
		struct cell cell = {line, rows, row, layout->widths[i], now_ns};

		line_move_to(line, layout->at[i]);
		columns[layout->columns[i]].put(&cell);
	}
}
