/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Simulation and reality side by side; see picture.h.
 */
#include <stdio.h>

#include "user/demo/cells.h"
#include "user/demo/process-run/picture.h"

#define WORD 14
#define DIFFERENCES_MOST 6 /* beyond that they are counted */

const struct process *numbered(const struct lab *lab, int number)
{
	char name[16];

	snprintf(name, sizeof(name), "pid-%d", number);
	return process_named(lab, name);
}

__u64 tick_ns(const struct lab *lab)
{
	return TICK_NS * (__u64)lab->settings->slow;
}

/* When the first of them had the CPU. */
static __u64 beginning(const struct lab *lab)
{
	const struct process *process;
	__u64 first = UNKNOWN_NS;

	for (int i = 0; (process = numbered(lab, i)); i++) {
		const struct moment *running = next_spell(lab, NULL, process, STATE_RUNNING, REASON_NONE);

		if (running && running->change.state.from_ns < first)
			first = running->change.state.from_ns;
	}
	return first;
}

/* Which instruction it was running: its first tick on the CPU is the first one's, and so on. */
static void name_instructions(struct ticks *ticks, int who, const struct instructions *instructions)
{
	unsigned char running[2 * INSTRUCTIONS_MOST];
	int count = running_ticks(instructions, running, 2 * INSTRUCTIONS_MOST), done = 0;

	for (int tick = 0; tick < ticks->count; tick++)
		if (ticks->state[tick][who] == TICK_CPU && done < count)
			ticks->state[tick][who] = running[done++];
}

static bool observe(const struct lab *lab, const struct process_list *list, struct ticks *seen)
{
	__u64 from_ns = beginning(lab);

	*seen = (struct ticks){0};
	for (int i = 0; i < list->count; i++) {
		const struct process *process = numbered(lab, i);

		if (!process || from_ns == UNKNOWN_NS)
			return false;
		ticks_observe(seen, lab, process, from_ns, tick_ns(lab));
	}
	ticks_share_cpu(seen, tick_ns(lab));
	for (int i = 0; i < list->count; i++)
		name_instructions(seen, i, &list->list[i]);
	return true;
}

static unsigned char at(const struct ticks *ticks, int tick, int who)
{
	return tick < ticks->count ? ticks->state[tick][who] : TICK_DONE;
}

static bool differs(const struct ticks *expected, const struct ticks *seen, int tick, int who)
{
	unsigned char one = at(expected, tick, who), other = at(seen, tick, who);

	return one != other && !(is_running(one) && is_running(other));
}

static int last_tick(const struct ticks *expected, const struct ticks *seen)
{
	return (expected->count > seen->count ? expected->count : seen->count) - 1;
}

/* One process's strips, from tick `first` on: as simulated, as observed, and where the two differ. */
static void draw_strips(const struct ticks *expected, const struct ticks *seen, int who, int first, int last,
			int margin, struct buffer *out)
{
	bool any = false;

	say(out, "pid-%d", who);
	say_cell(out, 6 - margin, " %s", _("textbook"));
	ticks_strip(expected, who, first, last, out);
	say(out, "\n     ");
	say_cell(out, 6 - margin, " %s", _("observed"));
	ticks_strip(seen, who, first, last, out);
	for (int tick = first; tick <= last; tick++)
		any |= differs(expected, seen, tick, who);
	if (any) {
		say(out, "\n%*s", margin - 1, "");
		for (int tick = first; tick <= last; tick++)
			buffer_char(out, differs(expected, seen, tick, who) ? '^' : ' ');
	}
	buffer_char(out, '\n');
}

static void draw_all_strips(const struct ticks *expected, const struct ticks *seen, int width, struct buffer *out)
{
	int margin = 17, last = last_tick(expected, seen), room = width - margin + 1;

	for (int first = 0; first <= last; first += room) {
		int until = first + room - 1 < last ? first + room - 1 : last;

		say(out, _("ticks %d to %d, a character each: █ running  ▒ ready  ─ blocked\n"), first + 1, until + 1);
		for (int who = 0; who < expected->processes; who++)
			draw_strips(expected, seen, who, first, until, margin, out);
		buffer_char(out, '\n');
	}
}

/* Who had the CPU in most of that tick, or -1: none of ours. */
static int who_ran(const struct ticks *seen, int tick)
{
	for (int who = 0; who < seen->processes; who++)
		if (is_running(at(seen, tick, who)))
			return who;
	return -1;
}

/* Why reality is so in that tick. */
static void say_why(const struct ticks *expected, const struct ticks *seen, int tick, int who, struct buffer *out)
{
	unsigned char really = at(seen, tick, who);
	int other = who_ran(seen, tick);

	if (really == TICK_READY && other >= 0)
		say(out,
		    _("pid-%d had the CPU for most of it: the kernel takes turns, or picks who has waited longest, not who "
		      "has the next number"),
		    other);
	else if (really == TICK_READY)
		say(out, _("somebody else had the CPU for most of the tick: another process, or the kernel itself"));
	else if (is_running(really) && at(expected, tick, who) == TICK_DONE)
		say(out,
		    _("it was late: what it waited for the CPU before, and the switches between processes, which take "
		      "no time in the textbook"));
	else if (is_running(really) && at(expected, tick, who) == TICK_BLOCKED)
		say(out, _("its IO began later, or was over sooner, than in the textbook"));
	else if (is_running(really))
		say(out, _("the kernel gave it the CPU earlier than the textbook does"));
	else if (really == TICK_BLOCKED)
		say(out, _("its IO began, or ended, in the middle of a tick: real ones keep no step with the ticks"));
	else if (really == TICK_DONE)
		say(out, _("it ended in this tick, or before: it had to wait for less than in the textbook"));
	else
		say(out, _("it was not yet, or no longer, to be seen"));
}

/* Ticks in a row that differ in the same way are one difference. */
static int explain_from(const struct ticks *expected, const struct ticks *seen, int tick, int who, int width, bool told,
			struct buffer *out)
{
	unsigned char one = at(expected, tick, who), other = at(seen, tick, who);
	struct buffer why = {0};
	int last = tick;

	while (last < last_tick(expected, seen) && at(expected, last + 1, who) == one &&
	       at(seen, last + 1, who) == other)
		last++;
	say_why(expected, seen, tick, who, &why);
	if (told && last == tick)
		say_wrapped(out, width, 2, _("pid-%d, tick %d: %s in the textbook, %s in the kernel: %s."), who,
			    tick + 1, tick_name(one, WORD), tick_name(other, WORD), why.data ? why.data : "");
	else if (told)
		say_wrapped(out, width, 2, _("pid-%d, ticks %d to %d: %s in the textbook, %s in the kernel: %s."), who,
			    tick + 1, last + 1, tick_name(one, WORD), tick_name(other, WORD), why.data ? why.data : "");
	buffer_free(&why);
	return last + 1;
}

static void explain(const struct ticks *expected, const struct ticks *seen, int width, struct buffer *out)
{
	int differences = 0;

	for (int who = 0; who < expected->processes; who++)
		for (int tick = 0; tick <= last_tick(expected, seen);)
			if (differs(expected, seen, tick, who))
				tick = explain_from(expected, seen, tick, who, width, differences++ < DIFFERENCES_MOST,
						    out);
			else
				tick++;
	if (!differences)
		say(out, "%s\n", _("Textbook and kernel agree in each tick."));
	if (differences > DIFFERENCES_MOST)
		say(out, _("... and %d more differences.\n"), differences - DIFFERENCES_MOST);
}

static void draw_tables(const struct ticks *expected, const struct ticks *seen, int width, struct buffer *out)
{
	static const char *const names[COLUMNS_MOST] = {"PID: 0", "PID: 1", "PID: 2", "PID: 3", "PID: 4", "PID: 5"};

	say(out, "%s\n\n", _("As the textbook's process-run.py has it:"));
	ticks_table(expected, names, width, out);
	say(out, "\n%s\n\n", _("As observed:"));
	ticks_table(seen, names, width, out);
	buffer_char(out, '\n');
}

static void draw_instructions(const struct process_list *list, int width, struct buffer *out)
{
	for (int who = 0; who < list->count; who++) {
		const struct instructions *instructions = &list->list[who];
		struct buffer words = {0};

		for (int i = 0; i < instructions->count; i++)
			say(&words, " %s", instructions->cpu[i] ? "cpu" : "io");
		say_wrapped(out, width, 6, "pid-%d:%s", who, words.data ? words.data : "");
		buffer_free(&words);
	}
	buffer_char(out, '\n');
}

void draw_run(const struct lab *lab, const struct process_list *list, bool table, int width, struct buffer *out)
{
	struct ticks expected, seen;

	draw_instructions(list, width, out);
	simulate(list, &expected);
	if (!observe(lab, list, &seen))
		return;
	if (table)
		draw_tables(&expected, &seen, width, out);
	else
		draw_all_strips(&expected, &seen, width, out);
	explain(&expected, &seen, width, out);
}
