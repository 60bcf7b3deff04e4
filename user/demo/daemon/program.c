/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The attended kind of daemon, the way of Python's multiprocessing: a child like any other, but when the code of main is
 * at its end it is terminated, not waited for. With the word "broken" it is neither: main just ends.
 */
#include "user/demo/program.h"

#define FOREVER 0

struct helper {
	const char *name;
	bool is_daemon;
	long work_ms;
};

struct pipes {
	int up[2];    /* each helper writes a byte to it once it is up */
	int leave[2]; /* closed when main has ended: even FOREVER ends */
};

/* How a helper starts a child. The kernel would let a daemon fork, too; the rule is the library's: who would end the
 * children of one that is terminated? */
static pid_t start_child(const struct helper *self, const char *name)
{
	return self->is_daemon ? -1 : fork_named(name);
}

static void be_helper(const struct helper *self, const struct pipes *pipes)
{
	pid_t pid = start_child(self, "its-own-child");

	if (!pid)
		_exit(0);
	if (pid > 0)
		reap(pid);
	write_byte(pipes->up[1]);
	if (self->work_ms == FOREVER)
		block_until_closed(pipes->leave[0]);
	else
		sleep_ms(self->work_ms);
	_exit(0);
}

static pid_t start_helper(const struct helper *helper, const struct pipes *pipes)
{
	pid_t pid = fork_named(helper->name);

	if (!pid)
		be_helper(helper, pipes);
	return pid;
}

/* What main's library does as main ends: daemons are terminated, all others are waited for. */
static _Noreturn void end_of_main(pid_t daemon, pid_t sibling)
{
	kill(daemon, SIGTERM);
	waitpid(daemon, NULL, 0);
	waitpid(sibling, NULL, 0);
	_exit(0);
}

static void be_main(int slow, bool broken, struct pipes *pipes)
{
	const struct helper kept = {"daemon-kept", true, FOREVER}, joined = {"daemon-joined", true, 50 * slow};
	const struct helper plain = {"sibling", false, 200 * slow};
	pid_t daemon, sibling;

	close(pipes->leave[1]);
	open_pipe(pipes->up);
	daemon = start_helper(&kept, pipes);
	sibling = start_helper(&plain, pipes);
	await_byte(pipes->up[0]);
	await_byte(pipes->up[0]);
	waitpid(start_helper(&joined, pipes), NULL, 0);
	if (broken)
		_exit(0);
	end_of_main(daemon, sibling);
}

int main(int argc, char **argv)
{
	struct pipes pipes;
	pid_t pid;

	(void)argc;
	open_pipe(pipes.leave);
	pid = fork_named("main");
	if (!pid)
		be_main(slowness(argv), is_broken(argv), &pipes);
	close(pipes.leave[0]);
	reap(pid);
	close(pipes.leave[1]); /* whoever is left may go */
	return 0;
}
