/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parents that do not wait for their children, and some that do in their own way; see leaks.h.
 */
#include "leaks.h"

#include <poll.h>

#define LEFT 7

static void leave(int status)
{
	pid_t pid = named_child("lost");

	if (!pid && status < 0)
		kill(getpid(), -status);
	if (!pid)
		_exit(status);
	await_end(pid);
	tell("'parents': [{'zombies': {'has': [{'pid': %d, 'comm': 'lost', 'code': %s, 'signal': %s}]}}]", pid,
	     status < 0 ? "null"
	     : status	? "3"
			: "0",
	     status < 0 ? "'SIGKILL'" : "null");
}

static void tell_lost(const char *sigchld)
{
	tell("'status': 3, 'leaks': 1, 'parents': [{'pid': %d, 'count': %d, 'leaked': %d, 'grown': 0, 'reaped': 0, 'growing': "
	     "false, 'sigchld': '%s', 'doing': {'state': 'blocked', 'reason': 'pipe-read'}, 'limit': {'left': {'>=': 1}, "
	     "'reached_in_ns': null}}], 'findings': [{'kind': 'zombie-unreaped', 'severity': 'warning'}], 'orphans': []",
	     getpid(), LEFT, LEFT, sigchld);
}

/* A parent that does not wait. */
static void zombies(void)
{
	for (int i = 0; i < LEFT; i++)
		leave(i < 3 ? 0 : i < 5 ? 3 : -SIGKILL);
	tell_lost("default");
	ready();
	stay();
}

static void reap_one(int number)
{
	int error = errno;

	(void)number;
	waitpid(-1, NULL, WNOHANG);
	errno = error;
}

/* A handler that reaps one child a signal, and one signal for many ends. */
static void coalesced(void)
{
	struct sigaction action = {.sa_handler = reap_one, .sa_flags = SA_RESTART};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < LEFT + 1; i++) {
		pid_t pid = named_child("lost");

		if (!pid)
			_exit(0);
		await_end(pid);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	tell_lost("handled");
	ready();
	stay();
}

/* One more every tenth of a second. */
static void growing(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	tell("'status': 3, 'leaks': 1, 'parents': [{'pid': %d, 'growing': true, 'reaped': 0, 'grown': {'>=': 3}, "
	     "'grown_per_minute': {'>=': 20}, 'limit': {'reached_in_ns': {'>=': 1}}}], 'findings': [{'kind': "
	     "'zombie-growing', 'severity': 'error'}]",
	     getpid());
	ready();
	while (!poll(&input, 1, 100))
		if (!named_child("lost"))
			_exit(0);
}

/* One that waits, but only every second: none of its zombies is a leak. */
static void slow_reaper(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	tell("'status': 0, 'leaks': 0, 'findings': []");
	ready();
	for (int i = 1; !poll(&input, 1, 100); i++) {
		if (!named_child("late"))
			_exit(0);
		while (i % 10 == 0 && waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

/* Children of one that ignores SIGCHLD are never zombies. */
static void ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < LEFT; i++) {
		pid_t pid = named_child("gone");

		if (!pid)
			_exit(0);
		while (!kill(pid, 0))
			sched_yield();
	}
	tell("'status': 0, 'leaks': 0, 'parents': [], 'orphans': [], 'findings': []");
	ready();
	stay();
}

/* Nothing leaks here: a child lives, another was waited for. */
static void clean(void)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		die("pipe");
	child = named_child("alive");
	if (!child) {
		char byte;

		close(ends[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	close(ends[0]);
	if (!named_child("done"))
		_exit(1);
	wait(NULL);
	tell("'status': 0, 'leaks': 0, 'parents': [], 'orphans': [], 'findings': []");
	ready();
	stay();
	close(ends[1]);
	reap(child);
}

/* A name that would colour the terminal and break the line. */
static void hostile(void)
{
	pid_t pid = named_child("\033[31m\nred\377");

	if (!pid)
		_exit(0);
	await_end(pid);
	prctl(PR_SET_NAME, "\033]0;own\a");
	tell("'status': 3, 'leaks': 1, 'parents': [{'pid': %d, 'count': 1}]", getpid());
	ready();
	stay();
}

static void be_init(atomic_int *told)
{
	pid_t middle = named_child("middle");

	if (!middle)
		_exit(fork_at(NULL) ? 0 : 3);
	await_end(middle);
	await_end(middle + 1); /* ours by now */
	await(told, 1);
	ready();
	stay();
	_exit(0);
}

/* The init of a pid namespace that does not reap what it adopts. */
static void container(void)
{
	atomic_int *told = shared(sizeof(*told));
	pid_t init;

	if (unshare(CLONE_NEWPID))
		skip("no pid namespaces");
	init = named_child("init");
	if (!init)
		be_init(told);
	tell("'status': 3, 'leaks': 1, 'parents': [{'pid': %d, 'comm': 'init', 'count': 2, 'leaked': 2}], 'findings': [{'kind': "
	     "'zombie-adopted', 'severity': 'error'}]",
	     init);
	atomic_store(told, 1);
	reap(init);
}

static const struct test_case cases[] = {
	{"zombies", zombies},	      {"coalesced", coalesced}, {"growing", growing},
	{"slow-reaper", slow_reaper}, {"ignored", ignored},	{"clean", clean},
	{"hostile", hostile},	      {"container", container}, {NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
