/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The same work twice: two workers who share one CPU, then two who have a CPU each.
 * With the word "broken" the second CPU is left out: all four work on the first.
 */
#include "user/demo/program.h"

/* A worker for the nth CPU, where it is born: a child inherits the CPUs that its parent may use. It computes as soon as
 * nobody holds the gate any more. */
static void start_worker(const char *name, int cpu, long ms, int gate[2])
{
	cpu_set_t all;

	sched_getaffinity(0, sizeof(all), &all);
	use_cpu(cpu);
	if (!fork_named(name)) {
		close(gate[1]);
		block_until_closed(gate[0]);
		compute_ms(ms);
		_exit(0);
	}
	sched_setaffinity(0, sizeof(all), &all);
}

/* Both wait at the gate, so that they begin together. */
static void work_in_pairs(const char *first, int first_cpu, const char *second, int second_cpu, long ms)
{
	int gate[2];

	open_pipe(gate);
	start_worker(first, first_cpu, ms, gate);
	start_worker(second, second_cpu, ms, gate);
	close(gate[0]);
	close(gate[1]);
	reap_all();
}

int main(int argc, char **argv)
{
	long ms = 200 * slowness(argv);
	cpu_set_t mine;
	int second_cpu;

	(void)argc;
	if (sched_getaffinity(0, sizeof(mine), &mine))
		return 1;
	second_cpu = CPU_COUNT(&mine) > 1 && !is_broken(argv);

	work_in_pairs("shared-1", 0, "shared-2", 0, ms);
	work_in_pairs("apart-1", 0, "apart-2", second_cpu, ms);
	return 0;
}
