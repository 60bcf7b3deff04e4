/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The timeline: a lane for each row of the tree, time from left to right, a glyph for what it mostly did in each slice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/language.h"
#include "user/sink/text.h"

#define FEW_LANES 16 /* so many are shown even if there is hardly anything to see in them */
#define LANES_SHOWN 28
#define TICK_COLUMNS 12 /* the least that a label of the axis takes */
#define SECOND 1000000000u
#define REASON_MARGIN 4 /* columns of line around a reason */

enum look { NOTHING, RUNNING, PARTLY, READY, BLOCKED, STOPPED, ZOMBIE, LOOK_COUNT };

static const struct {
	enum style style;
	const char *glyph, *words;
} looks[LOOK_COUNT] = {
	[NOTHING] = {PLAIN, " ", NULL},
	[RUNNING] = {LOOKS_RUNNING, "█", N_("running")},
	[PARTLY] = {LOOKS_RUNNING, "▄", N_("at times")},
	[READY] = {LOOKS_READY, "▒", N_("ready")},
	[BLOCKED] = {LOOKS_BLOCKED, "─", N_("blocked")},
	[STOPPED] = {LOOKS_STOPPED, "T", N_("stopped")},
	[ZOMBIE] = {LOOKS_ZOMBIE, "z", N_("zombie")},
};

struct picture {
	struct text *text;
	__u64 from_ns, to_ns;
	int name_columns, columns;
};

struct slice {
	struct cell cell;
	bool lives, zombie;
	float zombie_ns; /* of all whose row it is */
};

static __u64 column_ns(const struct picture *picture, int column)
{
	double share = (double)column / picture->columns;

	return picture->from_ns + (__u64)((double)(picture->to_ns - picture->from_ns) * share);
}

static int column_at(const struct picture *picture, __u64 at_ns)
{
	double share;

	if (at_ns <= picture->from_ns)
		return 0;
	if (at_ns >= picture->to_ns)
		return picture->columns - 1;
	share = (double)(at_ns - picture->from_ns) / (double)(picture->to_ns - picture->from_ns);
	return (int)(share * picture->columns);
}

/* In a row of many: more are zombies than live. */
static bool is_leak(const struct slice *slice, float length_ns)
{
	const float *ns = slice->cell.ns;

	return slice->zombie_ns > 1.5f * length_ns &&
	       slice->zombie_ns > ns[STATE_RUNNING] + ns[STATE_READY] + ns[STATE_BLOCKED] + ns[STATE_STOPPED];
}

/* A glimpse of running shows, lest a process that only reacts seem dead; beside it what took longest. */
static enum look look_of(const struct slice *slice, float length_ns)
{
	const float *ns = slice->cell.ns;

	if (is_leak(slice, length_ns))
		return ZOMBIE;
	if (ns[STATE_RUNNING] >= length_ns / 2)
		return RUNNING;
	if (ns[STATE_READY] > ns[STATE_RUNNING] && ns[STATE_READY] >= length_ns / 3)
		return READY;
	if (ns[STATE_RUNNING] >= length_ns / 10)
		return PARTLY;
	if (ns[STATE_STOPPED] > ns[STATE_BLOCKED])
		return STOPPED;
	if (ns[STATE_BLOCKED] + ns[STATE_READY] + ns[STATE_RUNNING] > 0 && slice->lives) {
		float most = ns[STATE_BLOCKED];

		if (ns[STATE_READY] > most && ns[STATE_READY] > ns[STATE_RUNNING])
			return READY;
		return ns[STATE_RUNNING] > most ? PARTLY : BLOCKED;
	}
	return slice->zombie ? ZOMBIE : NOTHING;
}

static __u64 later(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

static void add_zombie(const struct picture *picture, const struct process *process, struct slice *slices)
{
	__u64 from_ns = process->end_ns, length = zombie_for_ns(process, picture->text->trace);
	int last;

	if (!length)
		return;
	last = column_at(picture, from_ns + length - 1);
	for (int column = column_at(picture, from_ns); column <= last; column++) {
		__u64 begin_ns = column_ns(picture, column), end_ns = column_ns(picture, column + 1);

		slices[column].zombie |= 2 * length >= column_ns(picture, 1) - picture->from_ns;
		begin_ns = later(begin_ns, from_ns);
		end_ns = end_ns < from_ns + length ? end_ns : from_ns + length;
		slices[column].zombie_ns += end_ns > begin_ns ? (float)(end_ns - begin_ns) : 0;
	}
}

static void add_process(const struct picture *picture, const struct process *process, struct slice *slices)
{
	const struct text *text = picture->text;
	__u64 end_ns = process->birth_ns + life_ns(process, text->trace);
	int last = column_at(picture, end_ns);

	for (int column = column_at(picture, process->birth_ns); column <= last; column++) {
		__u64 from_ns = later(column_ns(picture, column), process->birth_ns);
		__u64 to_ns = column_ns(picture, column + 1);

		if (to_ns > end_ns) /* what the lane's own slices hold beyond that is not its life */
			to_ns = end_ns;
		if (to_ns <= from_ns)
			continue;
		slices[column].lives = true;
		lanes_sample(&text->lanes, process, from_ns, to_ns, &slices[column].cell);
	}
	add_zombie(picture, process, slices);
}

/* Blocked for long enough to be read: with the reason, right where it begins. */
static void put_blocked(struct text *text, enum reason reason, int columns)
{
	const char *name = reason == REASON_NONE || reason == REASON_OTHER ? "" : reason_name(reason);
	int left = columns - text_width(name, strlen(name));

	if (!*name || left < REASON_MARGIN) {
		put_times(text, looks[BLOCKED].style, looks[BLOCKED].glyph, columns);
		return;
	}
	put_times(text, looks[BLOCKED].style, looks[BLOCKED].glyph, 1);
	put(text, looks[BLOCKED].style, name);
	put_times(text, looks[BLOCKED].style, looks[BLOCKED].glyph, left - 1);
}

static void put_slices(const struct picture *picture, const struct slice *slices)
{
	struct text *text = picture->text;
	float length_ns = (float)(picture->to_ns - picture->from_ns) / (float)picture->columns;
	int next;

	for (int column = 0; column < picture->columns; column = next) {
		enum look look = look_of(&slices[column], length_ns);
		enum reason reason = slices[column].cell.reason;

		for (next = column + 1; next < picture->columns && look_of(&slices[next], length_ns) == look; next++)
			if (look == BLOCKED && slices[next].cell.reason != reason)
				break;
		if (look == NOTHING)
			move_to(text, text->wanted_column + next - column);
		else if (look == BLOCKED)
			put_blocked(text, reason, next - column);
		else
			put_times(text, looks[look].style, looks[look].glyph, next - column);
	}
}

static void put_label(const struct picture *picture, const struct row *row)
{
	const struct branch *branch = row->branch;
	struct text *text = picture->text;
	struct buffer words = {0};
	char behind[24];
	int indent = row->depth < 8 ? row->depth : 8, room;

	if (branch->count > 1)
		snprintf(behind, sizeof(behind), " ×%d", branch->count);
	else
		snprintf(behind, sizeof(behind), "[%u]", branch->members[0]->pid);
	escape_terminal(&words, branch->members[0]->comm, strlen(branch->members[0]->comm));
	move_to(text, indent);
	room = picture->name_columns - 1 - indent - text_width(behind, strlen(behind));
	if (words.data && text_width(words.data, words.size) > room)
		put_within(text, PLAIN, words.data, room > 0 ? room : 0);
	else
		put(text, PLAIN, words.data ? words.data : "");
	put(text, FAINT, behind);
	move_to(text, picture->name_columns);
	buffer_free(&words);
}

static int put_lane(const struct picture *picture, const struct row *row)
{
	struct slice *slices = calloc((size_t)picture->columns, sizeof(*slices));

	if (!slices)
		return -1;
	for (int i = 0; i < row->branch->count; i++)
		add_process(picture, row->branch->members[i], slices);
	put_label(picture, row);
	put_slices(picture, slices);
	end_line(picture->text);
	free(slices);
	return 0;
}

/* 1, 2 or 5 times a power of ten, so many that the labels keep apart. */
static __u64 tick_ns(const struct picture *picture)
{
	double least = (double)(picture->to_ns - picture->from_ns) * TICK_COLUMNS / picture->columns;
	__u64 unit = 1;

	while ((double)unit * 10 < least)
		unit *= 10;
	return (double)unit >= least	   ? unit
	       : (double)unit * 2 >= least ? 2 * unit
	       : (double)unit * 5 >= least ? 5 * unit
					   : 10 * unit;
}

/* A round time as a person would write it: 0.5 s, 20 ms. */
static void put_tick(struct text *text, __u64 ns, __u64 step)
{
	const char *unit = step >= SECOND / 10 ? "s" : step >= SECOND / 10000 ? "ms" : "µs";
	double in_units = (double)ns / (step >= SECOND / 10 ? 1e9 : step >= SECOND / 10000 ? 1e6 : 1e3);

	putf(text, FAINT, "%.10g %s", in_units, unit);
}

static void put_axis(const struct picture *picture)
{
	struct text *text = picture->text;
	__u64 step = tick_ns(picture), length = picture->to_ns - picture->from_ns;

	for (__u64 ns = 0; ns < length; ns += step) {
		int column = column_at(picture, picture->from_ns + ns);

		if (column + TICK_COLUMNS / 2 > picture->columns)
			break;
		move_to(text, picture->name_columns + column);
		put_tick(text, ns, step);
	}
	end_line(text);
	move_to(text, picture->name_columns);
	for (int column = 0, next; column < picture->columns; column = next) {
		__u64 ticks = (column_ns(picture, column + 1) - picture->from_ns - 1) / step;

		next = column_at(picture, picture->from_ns + (ticks + 1) * step);
		if (next <= column || (ticks + 1) * step >= length)
			next = picture->columns;
		put(text, FAINT, "┬");
		put_times(text, FAINT, "─", next - column - 1);
	}
	end_line(text);
}

static void put_legend(const struct picture *picture)
{
	struct text *text = picture->text;

	for (int look = RUNNING; look < LOOK_COUNT; look++) {
		const char *words = _(looks[look].words);
		int columns = text_width(words, strlen(words)) + 4;

		if (text->wanted_column + columns > text->width)
			end_line(text);
		put(text, looks[look].style, looks[look].glyph);
		putf(text, FAINT, " %s", words);
		move_to(text, text->wanted_column + 2);
	}
	end_line(text);
}

static void lay_out(struct picture *picture)
{
	int width = picture->text->width;

	picture->name_columns = width / 4 < 14 ? 14 : width / 4 > 28 ? 28 : width / 4;
	if (picture->name_columns > width - 8)
		picture->name_columns = width / 2;
	picture->columns = width - picture->name_columns;
	picture->from_ns = picture->text->trace->started_ns;
	picture->to_ns = picture->text->trace->ended_ns;
}

/* Anything to see: one of them lives for a column or more. */
static bool is_visible(const struct picture *picture, const struct branch *branch)
{
	__u64 first_ns = branch->members[0]->birth_ns, last_ns = 0, shortest = column_ns(picture, 1) - picture->from_ns;

	for (int i = 0; i < branch->count; i++) {
		const struct process *process = branch->members[i];
		__u64 end_ns = process->birth_ns + life_ns(process, picture->text->trace) +
			       zombie_for_ns(process, picture->text->trace);

		last_ns = end_ns > last_ns ? end_ns : last_ns;
	}
	return last_ns >= first_ns + shortest;
}

/* Many rows: only those that show more than a dot, and not more than fit. Returns how many were left out, or -1. */
static int put_lanes(const struct picture *picture, const struct forest *forest)
{
	bool all = picture->text->options->verbose || forest->row_count <= FEW_LANES;
	int left = 0, shown = 0;

	for (int i = 0; i < forest->row_count; i++) {
		const struct row *row = &forest->rows[i];

		if (!all && (shown == LANES_SHOWN || !is_visible(picture, row->branch)))
			left++;
		else if (put_lane(picture, row))
			return -1;
		else
			shown++;
	}
	return left;
}

int text_timeline(struct text *text, const struct forest *forest)
{
	struct picture picture = {.text = text};
	int left;

	lay_out(&picture);
	if (picture.columns < 4 || picture.to_ns <= picture.from_ns + (__u64)picture.columns)
		return 0; /* nothing to see in that little room or time */
	put_heading(text, _("Timeline"));
	put_axis(&picture);
	left = put_lanes(&picture, forest);
	if (left > 0) {
		putf(text, FAINT, _("… and %d rows that would be hardly a dot (-v shows all)"), left);
		end_line(text);
	}
	put_legend(&picture);
	return left < 0 ? -1 : 0;
}
