/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The textbook's process-run.py with real processes: "list=4:100,1:0" is a process of 4 instructions that all use the
 * CPU, and one of 1 that never does: an IO. All on one CPU, first come, first served: who has it keeps it until it
 * blocks or ends. With the word "broken" who does an IO asks again and again whether it is over, and is never blocked.
 */
#include "user/demo/program.h"

#define TICK_MS 10 /* an instruction takes that long */
#define IO_TICKS 5 /* what an IO takes besides: one instruction to begin it, one when it is over */

/* Spreads the instructions that use the CPU evenly among all, where the textbook draws lots. */
static bool uses_cpu(int nth, int percent)
{
	return (nth + 1) * percent / 100 > nth * percent / 100;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The device is busy; the process does not need the CPU. */
static void await_io(long ms, bool broken)
{
	long until = now_ms() + ms;

	if (!broken)
		sleep_ms(ms);
	while (broken && now_ms() < until)
		;
}

static void run_instructions(int count, int percent, long tick_ms, bool broken)
{
	for (int i = 0; i < count; i++) {
		compute_ms(tick_ms);
		if (uses_cpu(i, percent))
			continue;
		await_io(IO_TICKS * tick_ms, broken);
		compute_ms(tick_ms);
	}
}

/* First come, first served; where we may not ask for that, processes take turns in time slices as well. */
static void serve_first_come(void)
{
	struct sched_param priority = {.sched_priority = 1};

	sched_setscheduler(0, SCHED_FIFO, &priority);
}

int main(int argc, char **argv)
{
	const char *list = word(argv, "list");
	long tick_ms = TICK_MS * slowness(argv);
	int count, percent, number = 0, length;

	(void)argc;
	use_cpu(0);
	serve_first_come();
	for (; list && sscanf(list, "%d:%d%n", &count, &percent, &length) == 2; list += length, list += *list == ',') {
		char name[16];

		snprintf(name, sizeof(name), "pid-%d", number++);
		if (fork_named(name))
			continue;
		run_instructions(count, percent, tick_ms, is_broken(argv));
		_exit(0);
	}
	reap_all(); /* which blocks: now they run */
	return 0;
}
