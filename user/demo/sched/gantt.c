/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Gantt charts, the textbook's above the kernel's on the same scale, and the figures side by side; see compare.h.
 */
#include <stdio.h>

#include "user/demo/cells.h"
#include "user/demo/sched/compare.h"

#define MARGIN 11	 /* of names before a row */
#define COLUMNS_A_TICK 4 /* at most: more is not clearer */

static void add_mark(struct buffer *out, int job)
{
	buffer_printf(out, job == IDLE ? "." : "%d", job);
}

void gantt_turns(struct buffer *out, const struct turns *turns, __u64 total_ns, int columns)
{
	for (int column = 0, nth = 0; column < columns; column++) {
		__u64 at_ns = total_ns * (2 * (__u64)column + 1) / (2 * (__u64)columns);

		while (nth < turns->count && turns->list[nth].to_ns <= at_ns)
			nth++;
		if (nth == turns->count)
			break;
		add_mark(out, turns->list[nth].job);
	}
	buffer_text(out, "\n");
}

static void gantt_textbook(struct buffer *out, const struct textbook *textbook, int ticks, int columns)
{
	for (int column = 0; column < columns; column++) {
		int tick = ticks * (2 * column + 1) / (2 * columns);

		if (tick < textbook->count)
			add_mark(out, textbook->ticks[tick].job);
	}
	buffer_text(out, "\n");
}

/* Numbers above the columns where their ticks begin. */
static void add_axis(struct buffer *out, int ticks, int columns)
{
	static const int steps[] = {5, 10, 20, 50, 100, 200, 500};
	int step = 0, at = 0;
	char number[16];

	while (step < 6 && steps[step] * columns / ticks < 4)
		step++;
	say_cell(out, -MARGIN, _("tick"));
	for (int tick = 0; tick < ticks; tick += steps[step]) {
		int column = tick * columns / ticks, length = snprintf(number, sizeof(number), "%d", tick);

		if (column + length > columns)
			break;
		buffer_printf(out, "%*s%s", column - at, "", number);
		at = column + length;
	}
	buffer_text(out, "\n");
}

static void add_charts(struct buffer *out, const struct comparison *all, int width)
{
	const struct turns *turns = &all->turns;
	__u64 seen_ns = turns->count ? turns->list[turns->count - 1].to_ns : 0;
	int ticks = (int)((seen_ns + turns->tick_ns / 2) / turns->tick_ns), columns = width - MARGIN;

	if (ticks < all->textbook.count)
		ticks = all->textbook.count;
	if (ticks * COLUMNS_A_TICK <= columns)
		columns = ticks * COLUMNS_A_TICK;
	else if (ticks <= columns)
		columns = columns / ticks * ticks;
	add_axis(out, ticks, columns);
	say_cell(out, -MARGIN, _("textbook"));
	gantt_textbook(out, &all->textbook, ticks, columns);
	say_cell(out, -MARGIN, _("kernel"));
	gantt_turns(out, turns, (__u64)ticks * turns->tick_ns, columns);
}

static void add_figures(struct buffer *out, struct figures book, struct figures seen)
{
	const double pairs[][2] = {
		{book.response, seen.response}, {book.waiting, seen.waiting}, {book.turnaround, seen.turnaround}};

	for (int i = 0; i < 3; i++) {
		say_cell(out, 9, "%.2f", pairs[i][0]);
		say_cell(out, 7, "%.2f", pairs[i][1]);
	}
	buffer_text(out, "\n");
}

static void add_table(struct buffer *out, const struct comparison *all)
{
	say_cell(out, -10, "%s", "");
	say_cell(out, 16, _("RESPONSE"));
	say_cell(out, 16, _("WAITING"));
	say_cell(out, 16, _("TURNAROUND"));
	buffer_text(out, "\n");
	say_cell(out, -10, _("ticks"));
	for (int i = 0; i < 3; i++) {
		say_cell(out, 9, _("book"));
		say_cell(out, 7, _("kernel"));
	}
	buffer_text(out, "\n");
	for (int job = 0; job < all->jobs.count; job++) {
		say_cell(out, -10, "job-%d", job);
		add_figures(out, textbook_figures(&all->textbook, &all->jobs, job), turns_figures(&all->turns, job));
	}
	say_cell(out, -10, _("average"));
	add_figures(out, textbook_averages(&all->textbook, &all->jobs), turns_averages(&all->turns));
}

void draw_schedule(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct comparison all;

	compare(&all, lab);
	say_wrapped(out, width, 0, _("Which job had the CPU, by number; a tick is %llu ms of CPU time."),
		    all.turns.tick_ns / MS);
	add_charts(out, &all, width);
	buffer_text(out, "\n");
	add_table(out, &all);
	if (table)
		table_like_the_textbook(&all, width, out);
	comparison_free(&all);
}
