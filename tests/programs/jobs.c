/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Job control, and how much of a life was spent running.
 */
#include "truth.h"

#include "pin.h"

#include <sys/ptrace.h>

static void spin_until(atomic_int *go)
{
	while (!atomic_load(go))
		;
	_exit(0);
}

/* go[1]: its own number. */
static void *spin_in_thread(void *go)
{
	atomic_store((atomic_int *)go + 1, gettid());
	spin_until(go);
	return NULL;
}

/* Its parent is told before it leaves its CPU. */
static void await_stop(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		die("it did not stop");
	await_state(pid, 'T');
}

/* Stopped from some time after we sent the first signal until we sent the second. */
static void stopped_by(int number)
{
	atomic_int *go = shared(sizeof(*go));
	ns_t stopping, stopped, continuing, continued;
	pid_t child = fork_at(NULL);

	if (!child)
		spin_until(go);
	stopping = now_ns();
	kill(child, number);
	await_stop(child);
	stopped = now_ns();
	while (now_ns() < stopped + 20000000)
		sched_yield();
	continuing = now_ns();
	kill(child, SIGCONT);
	continued = now_ns();
	atomic_store(go, 1);
	reap(child);
	tell("'pid': %d, 'states': {'stopped_ns': {'>=': %llu, '<=': %llu}}, 'end': {'kind': 'normal', 'by': null}",
	     child, continuing - stopped, continued - stopping);
	tell("'event': 'signal', 'pid': %d, 'signal': 'SIGCONT', 'by': {'pid': %d, 'why': 'kill', 'call': 'kill'}",
	     child, getpid());
	tell("'event': 'state', 'pid': %d, 'state': 'stopped', 'ns': {'>=': %llu}", child, 1ull);
}

static void stop(void)
{
	stopped_by(SIGSTOP);
}

static void tstp(void)
{
	setpgid(0, 0); /* an orphaned process group can't be stopped by SIGTSTP: the child shall not be in one */
	stopped_by(SIGTSTP);
}

/* Asleep before it is stopped, and after: each state has its own sum. */
static void stop_a_sleeper(void)
{
	ns_t stopping, stopped, continuing, continued;
	pid_t child = fork_at(NULL);

	if (!child)
		for (;;)
			pause();
	await_state(child, 'S');
	stopping = now_ns();
	kill(child, SIGSTOP);
	await_stop(child);
	stopped = now_ns();
	continuing = now_ns();
	kill(child, SIGCONT);
	continued = now_ns();
	kill(child, SIGTERM);
	reap(child);
	tell("'pid': %d, 'states': {'stopped_ns': {'>=': %llu, '<=': %llu}}, 'end': {'kind': 'killed', 'signal': 'SIGTERM'}, "
	     "'blocked': {'has': [{'reason': 'signal'}]}",
	     child, continuing - stopped, continued - stopping);
}

static void stop_threads(void)
{
	atomic_int *go = shared(2 * sizeof(*go));
	ns_t stopping, stopped, continuing, continued;
	pid_t child = fork_at(NULL);

	if (!child) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, spin_in_thread, go))
			die("pthread_create");
		spin_until(go);
	}
	while (!atomic_load(go + 1))
		sched_yield();
	stopping = now_ns();
	kill(child, SIGSTOP);
	await_stop(child);
	await_state(go[1], 'T'); /* its process counts as stopped before it has left its CPU */
	stopped = now_ns();
	continuing = now_ns();
	kill(child, SIGCONT);
	continued = now_ns();
	atomic_store(go, 1);
	reap(child);
	tell("'pid': %d, 'threads': [{'states': {'stopped_ns': {'>=': %llu, '<=': %llu}}}, {'states': {'stopped_ns': {'>=': "
	     "%llu, '<=': %llu}}}]",
	     child, continuing - stopped, continued - stopping, continuing - stopped, continued - stopping);
}

/* A tracer's stop is a stop as well, and its wait is no reap. */
static void traced(void)
{
	ns_t stopping, stopped, continuing, continued;
	pid_t child = fork_at(NULL);
	int status;

	if (!child)
		for (;;)
			pause();
	await_state(child, 'S');
	stopping = now_ns();
	if (ptrace(PTRACE_SEIZE, child, 0, 0) || ptrace(PTRACE_INTERRUPT, child, 0, 0))
		skip("can't trace a child");
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		die("it did not stop");
	stopped = now_ns();
	continuing = now_ns();
	ptrace(PTRACE_DETACH, child, 0, 0);
	continued = now_ns();
	kill(child, SIGKILL);
	reap(child);
	tell("'pid': %d, 'states': {'stopped_ns': {'>=': %llu, '<=': %llu}}, 'zombie': {'reaper_pid': %d}, 'end': {'kind': "
	     "'killed', 'by': {'pid': %d}}",
	     child, continuing - stopped, continued - stopping, getpid(), getpid());
}

/* The kernel's own sum of a task's time on CPUs, and of its waiting for one; how often it got one. */
static void read_schedstat(pid_t pid, ns_t *running, ns_t *ready, ns_t *turns)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu %llu %llu", running, ready, turns) != 3)
		skip("no /proc/PID/schedstat here");
	fclose(file);
}

static ns_t own_cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (ns_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

#define A_SWITCH_NS 20000 /* to another task and back takes longer, mostly */

/* Adds to *ran what lies between two looks at the clock, but where it may not have had the CPU meanwhile. */
static _Noreturn void work(ns_t *ran)
{
	ns_t until = own_cpu_ns() + 200000000, last = now_ns(), now;

	while (own_cpu_ns() < until) {
		now = now_ns();
		if (now < last + A_SWITCH_NS)
			*ran += now - last;
		last = now;
	}
	_exit(0);
}

/* The kernel's sum of the running is no bound below: where it reads its clock once for a wake-up and the switch that follows, it
 * counts what lies between as running (docs/kernel.md). What was neither run nor waited for was taken by the machine's host or by
 * interrupts, at any moment between birth and end: the wall clock less the waiting is the bound above. */
static void running_time(void)
{
	ns_t running, ready, turns, slack, *ran = shared(sizeof(*ran)), wall = now_ns();
	pid_t child = fork_at(NULL);

	if (!child)
		work(ran);
	await_end(child);
	wall = now_ns() - wall;
	read_schedstat(child, &running, &ready, &turns);
	reap(child);
	slack = (running / 100 > 1000000 ? running / 100 : 1000000) + turns * A_SWITCH_NS;
	tell("'pid': %d, 'states': {'running_ns': {'>=': %llu, '<=': %llu}}", child, *ran - turns * A_SWITCH_NS,
	     wall - ready + slack);
}

/* Forks one that does not outlive us. */
static pid_t fork_bound(struct bracket *born)
{
	pid_t pid = fork_at(born);

	if (!pid && prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("prctl");
	return pid;
}

/* Whoever is ordinary and pinned to the same CPU gets none of it while we do not sleep. */
static void take_cpu(int cpu)
{
	struct sched_param first = {.sched_priority = 1};

	if (pin(0, cpu) || sched_setscheduler(0, SCHED_FIFO, &first))
		skip("SCHED_FIFO is not to be had");
}

/* All of it, before anybody is forked. On CPU 0 from then on. */
static void need_cpus(void)
{
	if (pin(0, 1))
		skip("it takes the CPUs 0 and 1");
	take_cpu(0);
	if (sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){0}))
		die("sched_setscheduler");
}

static void spin(ns_t for_ns)
{
	ns_t until = now_ns() + for_ns;

	while (now_ns() < until)
		;
}

#define KEPT_NS 20000000

/* It reads a pipe until woken, then is ready, on the CPU of somebody who does not let go, and maybe on a second such. */
static void kept_waiting(bool moves)
{
	atomic_int *over = shared(sizeof(*over));
	struct bracket born, wrote;
	pid_t child, other = 0;
	ns_t let_go;
	int fds[2];
	char byte;

	need_cpus();
	if (pipe(fds))
		die("pipe");
	child = fork_bound(&born);
	if (!child)
		_exit(read(fds[0], &byte, 1) != 1);
	await_state(child, 'S');
	if (moves && !(other = fork_bound(NULL))) {
		take_cpu(1);
		for (atomic_store(over, 1); atomic_load(over) < 2;)
			;
		_exit(0);
	}
	if (moves)
		await(over, 1);
	take_cpu(0);
	wrote.from = now_ns();
	if (write(fds[1], "", 1) != 1)
		die("write");
	wrote.to = now_ns();
	spin(KEPT_NS);
	if (moves) {
		pin(child, 1);
		spin(KEPT_NS);
	}
	let_go = now_ns();
	atomic_store(over, 2);
	reap(child);
	if (other)
		reap(other);
	tell("'pid': %d, 'states': {'ready_ns': {'>=': %llu}}, 'blocked': {'has': [{'reason': 'pipe-read', 'ns': {'<=': %llu}}]}",
	     child, let_go - wrote.to, wrote.to - born.from);
}

static void ready(void)
{
	kept_waiting(false);
}

static void ready_elsewhere(void)
{
	kept_waiting(true);
}

#define ROUNDS 30

/* It works, then reads, on a CPU that somebody else wants as well. */
static _Noreturn void work_and_read(int to_read, int to_tell)
{
	char byte;

	for (int i = 0; i < ROUNDS; i++) {
		spin(1000000);
		if (write(to_tell, "", 1) != 1 || read(to_read, &byte, 1) != 1)
			die("work_and_read");
	}
	_exit(0);
}

/*
 * A sleeper that was moved to another CPU right after it fell asleep, and back. Where it has had more than its share of the CPU
 * the scheduler leaves it in the queue for a while (kernel/sched/fair.c, sched_delayed), and notes that it is queued anew.
 */
static void moved_asleep(void)
{
	int down[2], up[2];
	pid_t hog, child;
	ns_t asleep_ns = 0;
	char byte;

	need_cpus();
	if (pipe(down) || pipe(up))
		die("pipe");
	hog = fork_bound(NULL);
	if (!hog)
		for (;;)
			;
	child = fork_bound(NULL);
	if (!child)
		work_and_read(down[0], up[1]);
	pin(0, 1);
	for (int i = 0; i < ROUNDS; i++) {
		ns_t from;

		if (read(up[0], &byte, 1) != 1)
			die("read");
		pin(child, 1);
		await_state(child, 'S');
		from = now_ns();
		spin(2000000);
		pin(child, 0);
		asleep_ns += now_ns() - from;
		if (write(down[1], "", 1) != 1)
			die("write");
	}
	reap(child);
	kill(hog, SIGKILL);
	reap(hog);
	tell("'pid': %d, 'blocked': {'has': [{'reason': 'pipe-read', 'ns': {'>=': %llu}}]}", child, asleep_ns);
}

static const struct test_case cases[] = {
	{"stop", stop},
	{"terminal-stop", tstp},
	{"stop-a-sleeper", stop_a_sleeper},
	{"stop-threads", stop_threads},
	{"traced", traced},
	{"running-time", running_time},
	{"ready", ready},
	{"ready-elsewhere", ready_elsewhere},
	{"moved-asleep", moved_asleep},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
