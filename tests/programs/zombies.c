/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * From an end to its reap: by every wait call, late, by nobody, by somebody else.
 */
#include "truth.h"

#include "pin.h"

#include <sys/resource.h>

/* A child that ends by itself, with that code. */
static pid_t child_of(int code)
{
	pid_t child = fork_at(NULL);

	if (!child)
		_exit(code);
	return child;
}

static void tell_reaped(pid_t pid, pid_t reaper, struct bracket reaped)
{
	tell("'pid': %d, 'zombie': {'ns': {'>=': 0}, 'reaper_pid': %d, 'reaper': {'pid': %d}, 'auto': false, 'bound': false, "
	     "'reaped_at_ns': {'>=': %llu, '<=': %llu}}, 'end': {'at_ns': {'<=': %llu}, 'told': true}",
	     pid, reaper, reaper, reaped.from, reaped.to, reaped.to);
}

enum waiting { BY_WAIT, BY_WAITPID, BY_WAITPID_ANY, BY_WAIT4, BY_WAITID, BY_WAITID_ALL, BY_WAITID_GROUP, BY_PIDFD };

static void collect(enum waiting way, pid_t child, int pidfd)
{
	struct rusage usage;
	siginfo_t info;
	int status;
	bool good = false;

	switch (way) {
	case BY_WAIT:
		good = wait(&status) == child;
		break;
	case BY_WAITPID:
		good = waitpid(child, &status, 0) == child;
		break;
	case BY_WAITPID_ANY:
		good = waitpid(-1, &status, 0) == child;
		break;
	case BY_WAIT4:
		good = wait4(child, &status, 0, &usage) == child;
		break;
	case BY_WAITID:
		good = !waitid(P_PID, child, &info, WEXITED);
		break;
	case BY_WAITID_ALL:
		good = !waitid(P_ALL, 0, &info, WEXITED);
		break;
	case BY_WAITID_GROUP:
		good = !waitid(P_PGID, getpgrp(), &info, WEXITED);
		break;
	case BY_PIDFD:
		good = !waitid(P_PIDFD, pidfd, &info, WEXITED);
		break;
	}
	if (!good)
		die("wait");
}

/* Twice: once blocked until the child ends, once the child is a zombie already. */
static void waits(enum waiting way)
{
	struct bracket reaped;
	pid_t child = fork_at(NULL), late;

	if (!child) {
		await_state(getppid(), 'S');
		_exit(1);
	}
	collect(way, child, way == BY_PIDFD ? open_pidfd(child) : -1);
	reaped.to = now_ns();
	tell("'pid': %d, 'zombie': {'reaper_pid': %d, 'bound': false, 'reaped_at_ns': {'<=': %llu}}, 'end': {'code': 1}",
	     child, getpid(), reaped.to);
	tell("'pid': %d, 'blocked': {'has': [{'reason': 'child', 'count': {'>=': 1}}]}, 'wakers': {'has': [{'process': "
	     "{'pid': %d}, 'irq': false}]}",
	     getpid(), child);

	late = child_of(2);
	await_state(late, 'Z');
	reaped.from = now_ns();
	collect(way, late, way == BY_PIDFD ? open_pidfd(late) : -1);
	reaped.to = now_ns();
	tell_reaped(late, getpid(), reaped);
}

#define WAITS(name, way)                                                                                               \
	static void name(void)                                                                                         \
	{                                                                                                              \
		waits(way);                                                                                            \
	}
WAITS(by_wait, BY_WAIT)
WAITS(by_waitpid, BY_WAITPID)
WAITS(by_waitpid_any, BY_WAITPID_ANY)
WAITS(by_wait4, BY_WAIT4)
WAITS(by_waitid, BY_WAITID)
WAITS(by_waitid_all, BY_WAITID_ALL)
WAITS(by_waitid_group, BY_WAITID_GROUP)
WAITS(by_pidfd, BY_PIDFD)

/* The last of the calls, which reaps, lies between its own two looks at the clock. */
static void polling(void)
{
	pid_t child = child_of(0);
	struct bracket reaped;
	int status;

	do
		reaped.from = now_ns();
	while (!waitpid(child, &status, WNOHANG));
	reaped.to = now_ns();
	tell_reaped(child, getpid(), reaped);
}

/*
 * Long a zombie, then reaped by a call that never blocks. A process shows as a zombie a moment before its parent is notified
 * (kernel/exit.c, exit_notify(), with interrupts disabled), and in that moment the host may take the CPU away. A parent that shares the CPU
 * with it runs before or after both.
 */
static void late(void)
{
	struct bracket reaped;
	pid_t child;
	ns_t ended;
	int status;

	if (pin(0, sched_getcpu()))
		die("sched_setaffinity");
	child = child_of(0);
	await_state(child, 'Z');
	ended = now_ns();
	while (now_ns() < ended + 200000000)
		;
	reaped.from = now_ns();
	if (waitpid(child, &status, WNOHANG) != child)
		die("waitpid");
	reaped.to = now_ns();
	tell_reaped(child, getpid(), reaped);
	tell("'pid': %d, 'zombie': {'ns': {'>=': %llu}}, 'end': {'at_ns': {'<=': %llu}}", child, reaped.from - ended,
	     ended);
}

/* Looking at a zombie leaves it one. */
static void looking_only(void)
{
	pid_t child = child_of(0);
	struct bracket reaped;
	siginfo_t info;

	for (int i = 0; i < 3; i++)
		if (waitid(P_PID, child, &info, WEXITED | WNOWAIT) || info.si_pid != child)
			die("waitid");
	reap_at(child, &reaped);
	tell_reaped(child, getpid(), reaped);
}

static void tell_auto(pid_t child, struct bracket life)
{
	tell("'pid': %d, 'end': {'kind': 'error', 'code': 4}, 'zombie': {'reaper': null, 'reaper_pid': null, 'auto': true, "
	     "'bound': false, 'reaped_at_ns': {'>=': %llu, '<=': %llu}}",
	     child, life.from, life.to);
}

static void nobody_has_to(void)
{
	struct bracket life = {.from = now_ns()};
	pid_t child = child_of(4);

	while (!kill(child, 0))
		sched_yield();
	if (waitpid(child, NULL, 0) != -1 || errno != ECHILD)
		die("it was to reap itself");
	life.to = now_ns(); /* its pid was given back under the lock that waitpid takes, too */
	tell_auto(child, life);
}

static void ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
	nobody_has_to();
}

static void no_zombies_wanted(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};

	sigaction(SIGCHLD, &action, NULL);
	nobody_has_to();
}

struct reaping {
	pid_t child;
	struct bracket reaped;
};

static void *reap_in_thread(void *data)
{
	struct reaping *reaping = data;

	reap_at(reaping->child, &reaping->reaped);
	return NULL;
}

static void by_another_thread(void)
{
	struct reaping reaping = {.child = child_of(0)};
	pthread_t thread;

	if (pthread_create(&thread, NULL, reap_in_thread, &reaping))
		die("pthread_create");
	pthread_join(thread, NULL);
	tell_reaped(reaping.child, getpid(), reaping.reaped);
}

/* The child outlives its parent, and ends under its adopter. */
static void by_subreaper(void)
{
	struct reaping *reaping = shared(sizeof(*reaping));
	pid_t middle;

	become_subreaper();
	middle = fork_at(NULL);
	if (!middle) {
		pid_t parent = getpid(), child = fork_at(NULL);

		if (!child) {
			while (getppid() == parent)
				sched_yield();
			_exit(0);
		}
		reaping->child = child;
		_exit(0);
	}
	reap(middle);
	reap_at(reaping->child, &reaping->reaped);
	tell_reaped(reaping->child, getpid(), reaping->reaped);
	tell("'pid': %d, 'parent': {'pid': %d}", reaping->child, middle);
}

/* A zombie whose parent ends goes to the adopter as it is: it never was an orphan. */
static void handed_on(void)
{
	struct reaping *reaping = shared(sizeof(*reaping));
	pid_t middle;

	become_subreaper();
	middle = fork_at(NULL);
	if (!middle) {
		pid_t child = child_of(3);

		reaping->child = child;
		await_end(child);
		_exit(0);
	}
	reap(middle);
	reap_at(reaping->child, &reaping->reaped);
	tell_reaped(reaping->child, getpid(), reaping->reaped);
	tell("'pid': %d, 'parent': {'pid': %d}, 'ppid': %d, 'orphaned': null", reaping->child, middle, middle);
}

static void by_namespace_init(void)
{
	struct reaping *reaping = shared(sizeof(*reaping));
	char text[32] = "";
	pid_t init;

	if (unshare(CLONE_NEWPID))
		skip("can't make a pid namespace");
	init = fork_at(NULL);
	if (!init) {
		pid_t middle = fork_at(NULL);

		if (!middle) {
			if (!fork_at(NULL)) {
				if (readlink("/proc/self", text, sizeof(text) - 1) > 0)
					reaping->child = atoi(text);
				while (getppid() != 1)
					sched_yield();
				_exit(5);
			}
			_exit(0);
		}
		reap(middle);
		wait(NULL);
		_exit(0);
	}
	reap(init);
	tell("'pid': %d, 'ns_pid': 3, 'end': {'code': 5}, 'zombie': {'reaper_pid': %d, 'reaper': {'pid': %d}, 'auto': false}, "
	     "'orphaned': {'adopter_pid': %d, 'adopter': 'init'}",
	     reaping->child, init, init, init);
}

static const struct test_case cases[] = {
	{"wait", by_wait},
	{"waitpid", by_waitpid},
	{"waitpid-any", by_waitpid_any},
	{"wait4", by_wait4},
	{"waitid", by_waitid},
	{"waitid-all", by_waitid_all},
	{"waitid-group", by_waitid_group},
	{"pidfd", by_pidfd},
	{"polling", polling},
	{"late", late},
	{"looking-only", looking_only},
	{"sigchld-ignored", ignored},
	{"no-zombies-wanted", no_zombies_wanted},
	{"by-another-thread", by_another_thread},
	{"by-subreaper", by_subreaper},
	{"handed-on", handed_on},
	{"by-namespace-init", by_namespace_init},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
