/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Asking a process to end: kill() returns at once, the process ends when it is done. With the word "broken" nobody waits
 * for it.
 */
#include "user/demo/program.h"

static void note(int number)
{
	(void)number; /* the signal interrupts sigsuspend(); that is all we want of it */
}

/* Works until SIGTERM comes; then tidies up until `may_end` is closed. Its name tells what it is at. */
static void work(int up, int may_end, const sigset_t *old)
{
	call_me("working");
	write_byte(up);
	sigsuspend(old); /* SIGTERM was blocked until here: it can't be missed */
	call_me("tidying-up");
	block_until_closed(may_end);
	_exit(0);
}

static pid_t start_worker(int up[2], int may_end[2])
{
	struct sigaction action = {.sa_handler = note};
	sigset_t term, old;
	pid_t pid;

	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &old);
	pid = fork_named("starting");
	if (!pid) {
		close(may_end[1]);
		work(up[1], may_end[0], &old);
	}
	signal(SIGTERM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return pid;
}

/* A process that does not want to end, and one signal that does not ask. */
static void end_the_stubborn(int up[2])
{
	pid_t pid = fork_named("stubborn"), killer;

	if (!pid) {
		signal(SIGTERM, SIG_IGN);
		write_byte(up[1]);
		for (;;)
			pause();
	}
	await_byte(up[0]);
	killer = fork_named("killer");
	if (!killer) {
		kill(pid, SIGTERM);
		kill(pid, SIGKILL);
		_exit(0);
	}
	reap(killer);
	reap(pid);
}

int main(int argc, char **argv)
{
	int up[2], may_end[2];
	pid_t worker, pid;

	(void)argc;
	open_pipe(up);
	open_pipe(may_end);
	worker = start_worker(up, may_end);
	await_byte(up[0]);
	kill(worker, SIGTERM);

	pid = fork_named("just-after"); /* we are here already: kill() has not waited for anything */
	if (!pid)
		_exit(kill(worker, 0) ? 1 : 0); /* signal 0 asks: is there such a process? */
	close(may_end[0]);
	reap(pid);
	close(may_end[1]);

	await_end(worker);
	pid = fork_named("when-ended");
	if (!pid)
		_exit(kill(worker, 0) ? 1 : 0); /* a zombie still is in the table */
	reap(pid);
	sleep_ms(100 * slowness(argv));
	if (!is_broken(argv))
		waitpid(worker, NULL, 0);
	end_the_stubborn(up);
	return 0;
}
