/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The jobs of sched-fcfs and the others on one CPU, left to Linux: under each of its policies, and with a nice value, one
 * after the other. All are stopped until all are there; then they are continued, by number.
 * With the word "broken" nothing is asked of Linux: all are SCHED_OTHER, and equally nice.
 */
#include "user/demo/program.h"
#include "user/demo/sched/jobs.h"

#define BURSTS "8,5,1,3" /* in ticks; all arrive at once */

static const struct way {
	const char *name;
	int policy, nice_of_first;
} ways[] = {
	{"fifo", SCHED_FIFO, 0},   {"rr", SCHED_RR, 0},	      {"other", SCHED_OTHER, 0},
	{"batch", SCHED_BATCH, 0}, {"nice", SCHED_OTHER, 10},
};

/* Of two real-time processes the one with the higher priority runs. Children do not inherit it (RESET_ON_FORK). */
static bool ask_for(int policy, int priority)
{
	struct sched_param parameters = {policy == SCHED_FIFO || policy == SCHED_RR ? priority : 0};

	return !sched_setscheduler(0, policy | SCHED_RESET_ON_FORK, &parameters);
}

/* A tick so long that the longest job needs more than two quanta of SCHED_RR, 100 ms unless somebody has changed that. */
static long tick_for_rr(void)
{
	FILE *file = fopen("/proc/sys/kernel/sched_rr_timeslice_ms", "r");
	long quantum_ms = 100;

	if (file && fscanf(file, "%ld", &quantum_ms) != 1)
		quantum_ms = 100;
	if (file)
		fclose(file);
	return quantum_ms < 30 ? 10 : quantum_ms > 200 ? 60 : quantum_ms * 3 / 10;
}

/* A job says by its exit status whether Linux refused what it asked for. */
static void be_job(const struct way *way, int number, long ms, bool broken)
{
	int value = number ? 0 : way->nice_of_first;
	bool granted = broken || (ask_for(way->policy, 1) && (!value || nice(value) != -1));

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP); /* until all are there */
	compute_ms(ms);
	_exit(granted ? 0 : EPERM);
}

/*
 * A process that stops is still in the queue of its CPU as its parent is notified, and, continued now, would keep its place there: the
 * last job would be the first. The kernel reads this file when the process has left the queue (kernel/sched/core.c,
 * wait_task_inactive()); "running": it had not begun to stop.
 */
static void await_off_queue(pid_t pid)
{
	char path[64], text[8] = "";
	bool running = true;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	while (running) {
		FILE *file = fopen(path, "r");

		running = file && fgets(text, sizeof(text), file) && !strcmp(text, "running");
		if (file)
			fclose(file);
		if (running)
			sleep_ms(1);
	}
}

static pid_t start(const struct way *way, int number, long ms, bool broken)
{
	char name[16];
	siginfo_t info;
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%d", way->name, number);
	pid = fork_named(name);
	if (!pid)
		be_job(way, number, ms, broken);
	while (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED | WNOWAIT) && errno == EINTR)
		;
	await_off_queue(pid);
	return pid;
}

static void run_jobs(const struct way *way, const struct job_list *jobs, int slow, bool broken)
{
	long tick_ms = (way->policy == SCHED_RR ? tick_for_rr() : TICK_MS) * slow;
	pid_t pids[JOBS_MOST];

	for (int i = 0; i < jobs->count; i++)
		pids[i] = start(way, i, jobs->job[i].burst * tick_ms, broken);
	for (int i = 0; i < jobs->count; i++)
		kill(pids[i], SIGCONT);
	reap_all();
}

int main(int argc, char **argv)
{
	struct job_list jobs;

	(void)argc;
	if (list_read(&jobs, BURSTS) != LIST_FINE)
		return 2;
	use_cpu(0);
	ask_for(SCHED_FIFO, 2); /* above the jobs: none of them runs until all may */
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		run_jobs(&ways[i], &jobs, slowness(argv), is_broken(argv));
	return 0;
}
