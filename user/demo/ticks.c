/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * States tick by tick; see ticks.h. The words are the textbook's, which nobody translates.
 */
#include <string.h>

#include "user/demo/cells.h"
#include "user/demo/ticks.h"

#define COLUMN 14 /* the textbook's width of a column */
#define TIME 4

static const struct {
	const char *name, *short_name, *glyph;
} kinds[] = {
	[TICK_NONE] = {"", "", " "},
	[TICK_READY] = {"READY", "READY", "▒"},
	[TICK_CPU] = {"RUN:cpu", "RUN", "█"},
	[TICK_IO] = {"RUN:io", "RUN:io", "█"},
	[TICK_IO_DONE] = {"RUN:io_done", "RUN:io", "█"},
	[TICK_BLOCKED] = {"BLOCKED", "BLOCK", "─"},
	[TICK_STOPPED] = {"STOPPED", "STOP", "T"},
	[TICK_DONE] = {"DONE", "DONE", " "},
};

const char *tick_name(unsigned char tick, int columns)
{
	return (int)strlen(kinds[tick].name) <= columns ? kinds[tick].name : kinds[tick].short_name;
}

bool is_running(unsigned char tick)
{
	return tick == TICK_CPU || tick == TICK_IO || tick == TICK_IO_DONE;
}

static enum tick tick_of(const struct doing *doing)
{
	static const enum tick ticks[STATE_COUNT] = {[STATE_RUNNING] = TICK_CPU,
						     [STATE_READY] = TICK_READY,
						     [STATE_BLOCKED] = TICK_BLOCKED,
						     [STATE_STOPPED] = TICK_STOPPED};

	if (doing->unborn)
		return TICK_NONE;
	return doing->ended ? TICK_DONE : ticks[mostly(doing)];
}

/* What is left of a process in the tick in which it ends: more than half a tick, or it counts as ended. */
static bool is_over(const struct process *process, __u64 at_ns, __u64 tick_ns)
{
	return process->end != ENDED_NONE && process->end_ns < at_ns + tick_ns / 2;
}

void ticks_observe(struct ticks *ticks, const struct lab *lab, const struct process *process, __u64 from_ns,
		   __u64 tick_ns)
{
	int column = ticks->processes;

	if (column == COLUMNS_MOST)
		return;
	ticks->processes++;
	for (int i = 0; i < TICKS_MOST; i++) {
		__u64 at_ns = from_ns + (__u64)i * tick_ns;
		struct doing doing = doing_within(lab, process, at_ns, at_ns + tick_ns);

		doing.ended |= is_over(process, at_ns, tick_ns);
		ticks->state[i][column] = (unsigned char)tick_of(&doing);
		ticks->running_ns[i][column] = doing.ns[STATE_RUNNING];
		if (!doing.ended && i >= ticks->count)
			ticks->count = i + 1;
		if (doing.ended)
			for (; i < TICKS_MOST; i++)
				ticks->state[i][column] = TICK_DONE;
	}
}

static bool lives(const struct ticks *ticks, int tick, int who)
{
	return ticks->state[tick][who] != TICK_DONE && ticks->state[tick][who] != TICK_NONE;
}

/* Who had the CPU for longest in that tick, or -1: none of them had it for most of it. */
static int owner(const struct ticks *ticks, int tick, __u64 tick_ns)
{
	__u64 sum = 0;
	int most = -1;

	for (int who = 0; who < ticks->processes; who++) {
		__u64 ns = ticks->running_ns[tick][who];

		sum += ns;
		if (lives(ticks, tick, who) && (most < 0 || ns > ticks->running_ns[tick][most]))
			most = who;
	}
	return 2 * sum > tick_ns ? most : -1;
}

void ticks_share_cpu(struct ticks *ticks, __u64 tick_ns)
{
	for (int tick = 0; tick < ticks->count; tick++) {
		int first = owner(ticks, tick, tick_ns);

		for (int who = 0; who < ticks->processes; who++)
			if (who == first)
				ticks->state[tick][who] = TICK_CPU;
			else if (ticks->state[tick][who] == TICK_CPU)
				ticks->state[tick][who] = TICK_READY;
	}
}

static void row(const struct ticks *ticks, int tick, int column, struct buffer *out)
{
	int busy = 0, blocked = 0, woken = 0;

	for (int i = 0; i < ticks->processes; i++) {
		unsigned char state = ticks->state[tick][i];

		busy += is_running(state);
		blocked += state == TICK_BLOCKED;
		woken += tick && ticks->state[tick - 1][i] == TICK_BLOCKED && state != TICK_BLOCKED;
	}
	say(out, "%3d%c", tick + 1, woken ? '*' : ' ');
	for (int i = 0; i < ticks->processes; i++)
		say_cell(out, column, "%s", tick_name(ticks->state[tick][i], column - 1));
	if (busy)
		say_cell(out, column, "%d", busy);
	else if (blocked)
		say_cell(out, column, " ");
	if (blocked)
		say_cell(out, column, "%d", blocked);
	buffer_char(out, '\n');
}

void ticks_table(const struct ticks *ticks, const char *const *names, int width, struct buffer *out)
{
	int column = (width - TIME) / (ticks->processes + 2);

	if (column > COLUMN)
		column = COLUMN;
	say(out, "Time");
	for (int i = 0; i < ticks->processes; i++)
		say_cell(out, column, "%s", names[i]);
	say_cell(out, column, "CPU");
	say_cell(out, column, "IOs");
	buffer_char(out, '\n');
	for (int tick = 0; tick < ticks->count; tick++)
		row(ticks, tick, column, out);
}

void ticks_strip(const struct ticks *ticks, int process, int first, int last, struct buffer *out)
{
	for (int tick = first; tick <= last; tick++)
		buffer_text(out, kinds[tick < ticks->count ? ticks->state[tick][process] : TICK_DONE].glyph);
}
