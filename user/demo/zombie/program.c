/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Children end. One is waited for at once; fifty never are, by a parent that then ends itself; one is forgotten for a
 * while, and killed in vain meanwhile; one is of no interest to its parent. With the word "broken" the forgotten one stays
 * forgotten: the wait is left out.
 */
#include "user/demo/program.h"

/* A child that ends after a while. */
static pid_t child_that_ends(const char *name, long after_ms)
{
	pid_t pid = fork_named(name);

	if (!pid) {
		sleep_ms(after_ms);
		_exit(0);
	}
	return pid;
}

#define LEAK 50

/* A parent that goes on making children, and never waits for any. */
static _Noreturn void leak(long pause_ms)
{
	for (int i = 0; i < LEAK; i++) {
		await_end(child_that_ends("leaked", 0)); /* only looks: it stays a zombie */
		sleep_ms(pause_ms);
	}
	_exit(0);
}

static void leak_and_end(long pause_ms)
{
	pid_t pid = fork_named("leaky");

	if (!pid)
		leak(pause_ms);
	waitpid(pid, NULL, 0);
	reap_all(); /* what it has left has a new parent, which does wait: us */
}

static void kill_in_vain(pid_t zombie)
{
	pid_t pid = fork_named("killer");

	if (!pid)
		_exit(kill(zombie, SIGKILL) ? 1 : 0);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);
	pid_t pid;

	(void)argc;
	/* The good parent: blocked in waitpid() until the child has ended, and reaps it at once. */
	pid = child_that_ends("awaited", 100 * slow);
	waitpid(pid, NULL, 0);

	/* The worst one. Its zombies go when it goes. */
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* or init would adopt them, and wait */
	leak_and_end(4 * slow);

	/* The careless one: it knows that the child has ended, and has other things to do. */
	pid = child_that_ends("forgotten", 0);
	await_end(pid);
	sleep_ms(200 * slow);
	kill_in_vain(pid);
	sleep_ms(200 * slow);
	if (!is_broken(argv))
		waitpid(pid, NULL, 0);

	/* The one that said beforehand that it does not want to know: waiting only tells when it is gone. */
	signal(SIGCHLD, SIG_IGN);
	pid = child_that_ends("unwanted", 0);
	waitpid(pid, NULL, 0);
	while (!kill(pid, 0)) /* waitpid() may be a little ahead of that */
		usleep(1000);
	return 0;
}
