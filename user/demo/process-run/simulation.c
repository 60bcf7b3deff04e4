/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * process-run.py's notation and rules; see simulation.h.
 */
#include <stdlib.h>
#include <string.h>

#include "user/demo/process-run/simulation.h"

#define RUNNING_MOST (2 * INSTRUCTIONS_MOST)

/* Lots are drawn in the textbook; here those that use the CPU are spread evenly, which for 0 and 100 is the same. */
static void spread(struct instructions *instructions, int count, int percent)
{
	instructions->count = count;
	for (int i = 0; i < count; i++)
		instructions->cpu[i] = (i + 1) * percent / 100 > i * percent / 100;
}

/* A number from low to high, in digits only; moves *text behind it. -1: it is none. */
static int number_from(const char **text, int low, int high)
{
	size_t digits = strspn(*text, "0123456789");
	long number = digits && digits < 6 ? strtol(*text, NULL, 10) : -1;

	*text += digits;
	return number >= low && number <= high ? (int)number : -1;
}

static bool take_item(const char *text, struct process_list *list, const char **end)
{
	int count = number_from(&text, 1, INSTRUCTIONS_MOST), percent;

	if (count < 0 || *text++ != ':' || list->count == COLUMNS_MOST)
		return false;
	percent = number_from(&text, 0, 100);
	if (percent < 0 || (*text && *text != ','))
		return false;
	spread(&list->list[list->count++], count, percent);
	*end = text;
	return true;
}

bool process_list_of(const char *text, struct process_list *list, struct buffer *complaint)
{
	struct ticks ticks;

	memset(list, 0, sizeof(*list));
	for (const char *item = text; item; item = *item ? item + 1 : NULL)
		if (!take_item(item, list, &item)) {
			say(complaint,
			    _("'%s' is no list of processes: 5:100,3:0 is one of 5 instructions of which 100 %% "
			      "use the CPU, and one of 3 IOs; up to %d processes of up to %d instructions"),
			    text, COLUMNS_MOST, INSTRUCTIONS_MOST);
			return false;
		}
	simulate(list, &ticks);
	if (ticks.count < TICKS_MOST)
		return true;
	say(complaint, _("'%s' takes too long: %d ticks or more"), text, TICKS_MOST);
	return false;
}

bool understands_process_list(const struct settings *settings, struct buffer *complaint)
{
	struct process_list list;

	return process_list_of(settings->list, &list, complaint);
}

int running_ticks(const struct instructions *instructions, unsigned char *running, int most)
{
	int count = 0;

	for (int i = 0; i < instructions->count && count + 2 <= most; i++) {
		running[count++] = instructions->cpu[i] ? TICK_CPU : TICK_IO;
		if (!instructions->cpu[i])
			running[count++] = TICK_IO_DONE;
	}
	return count;
}

int count_ios(const struct instructions *instructions)
{
	int count = 0;

	for (int i = 0; i < instructions->count; i++)
		count += !instructions->cpu[i];
	return count;
}

struct machine {		/* one CPU, and a device for each process */
	int processes, current; /* -1: the CPU is idle */
	struct {
		unsigned char todo[RUNNING_MOST];
		int count, next, wakes_at; /* wakes_at: -1 unless it is blocked */
	} list[COLUMNS_MOST];
};

static bool is_ready(const struct machine *machine, int who)
{
	return machine->list[who].wakes_at < 0 && machine->list[who].next < machine->list[who].count;
}

/* The next by number behind the one that had the CPU, or -1. */
static int next_ready(const struct machine *machine, int last)
{
	for (int i = 1; i <= machine->processes; i++)
		if (is_ready(machine, (last + i) % machine->processes))
			return (last + i) % machine->processes;
	return -1;
}

static void wake(struct machine *machine, int tick)
{
	for (int i = 0; i < machine->processes; i++)
		if (machine->list[i].wakes_at == tick)
			machine->list[i].wakes_at = -1;
}

static enum tick tick_of(const struct machine *machine, int who)
{
	int next = machine->list[who].next;

	if (machine->list[who].wakes_at >= 0)
		return TICK_BLOCKED;
	if (next == machine->list[who].count)
		return TICK_DONE;
	return who == machine->current ? (enum tick)machine->list[who].todo[next] : TICK_READY;
}

/* The current one does its instruction; what becomes of it then. */
static void run_current(struct machine *machine, int *last, int tick)
{
	int who = machine->current;
	unsigned char done;

	if (who < 0)
		return;
	*last = who;
	done = machine->list[who].todo[machine->list[who].next++];
	if (done == TICK_IO)
		machine->list[who].wakes_at = tick + IO_TICKS + 1;
	if (!is_ready(machine, who))
		machine->current = next_ready(machine, who);
}

void simulate(const struct process_list *list, struct ticks *ticks)
{
	struct machine machine = {.processes = list->count};
	int last = 0;

	memset(ticks, 0, sizeof(*ticks));
	ticks->processes = list->count;
	for (int i = 0; i < list->count; i++) {
		machine.list[i].count = running_ticks(&list->list[i], machine.list[i].todo, RUNNING_MOST);
		machine.list[i].wakes_at = -1;
	}
	for (int tick = 0; tick < TICKS_MOST; tick++) {
		bool over = true;

		wake(&machine, tick);
		if (machine.current < 0 && list->count)
			machine.current = next_ready(&machine, last);
		for (int i = 0; i < list->count; i++) {
			ticks->state[tick][i] = (unsigned char)tick_of(&machine, i);
			over &= ticks->state[tick][i] == TICK_DONE;
		}
		if (over)
			return;
		ticks->count = tick + 1;
		run_current(&machine, &last, tick);
	}
}
