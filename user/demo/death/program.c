/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ways a process ends: as it meant to, with an error, by its own fault, by another's hand. With the word "broken" the
 * victim is asked to leave, not killed.
 */
#include "user/demo/program.h"

static int part_of(int sum, volatile int *parts)
{
	return sum / *parts;
}

static void divide_by_zero(void)
{
	volatile int sum = 2, none = 0, part = part_of(sum, &none);

	(void)part;
}

static void write_to_nowhere(void)
{
	*nowhere() = 1;
}

static void run_nonsense(void)
{
#ifdef __aarch64__
	__asm__ volatile(".inst 0"); /* an undefined instruction */
#else
	__builtin_trap(); /* an undefined instruction */
#endif
}

static void fail_by(const char *name, void (*fault)(void))
{
	pid_t pid = fork_named(name);

	if (!pid) {
		prctl(PR_SET_DUMPABLE, 0); /* no core file */
		fault();
		_exit(0);
	}
	reap(pid);
}

/* A process that waits for whatever comes: a signal, or the end of the pipe. It has its name by the time we know it. */
static pid_t start_target(const char *name, int leave[2])
{
	int named[2];
	pid_t pid;

	open_pipe(leave);
	open_pipe(named);
	pid = fork_named(name);
	close(named[1]);
	block_until_closed(named[0]);
	if (!pid) {
		prctl(PR_SET_DUMPABLE, 0);
		close(leave[1]);
		block_until_closed(leave[0]);
		_exit(0);
	}
	close(leave[0]);
	return pid;
}

/* Another process, the killer, sends the signal. */
static void end_by_signal(const char *name, int signal_number, bool broken)
{
	int leave[2];
	pid_t target = start_target(name, leave), pid;

	pid = fork_named("killer");
	if (!pid) {
		if (!broken)
			kill(target, signal_number);
		_exit(0);
	}
	reap(pid);
	close(leave[1]);
	reap(target);
}

int main(int argc, char **argv)
{
	pid_t pid;

	(void)argc;
	pid = fork_named("normal");
	if (!pid)
		_exit(0);
	reap(pid);

	pid = fork_named("error"); /* an interpreter, and a script that is not there */
	if (!pid) {
		close(2);
		execlp("sh", "sh", "/no/such/script", NULL);
		_exit(0);
	}
	reap(pid);

	fail_by("bad-address", write_to_nowhere);
	fail_by("division", divide_by_zero);
	fail_by("bad-instruction", run_nonsense);
	end_by_signal("victim", SIGKILL, is_broken(argv));
	end_by_signal("framed", SIGSEGV, false);
	return 0;
}
