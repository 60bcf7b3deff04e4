/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who is who: a pid that is used again, and pid namespaces, where a process has a number in each.
 */
#include "truth.h"

#include <sys/mount.h>

#define TRIES 300

static void want_pid(pid_t pid)
{
	FILE *file = fopen("/proc/sys/kernel/ns_last_pid", "w");

	if (!file || fprintf(file, "%d", pid - 1) < 0 || fclose(file))
		skip("can't write /proc/sys/kernel/ns_last_pid");
}

/* Somebody else may take the number first: then try again. */
static void pid_reuse(void)
{
	struct bracket born[2], reaped[2];
	pid_t first, second;

	for (int i = 0; i < TRIES; i++) {
		first = fork_at(&born[0]);
		if (!first)
			_exit(11);
		reap_at(first, &reaped[0]);
		want_pid(first);
		second = fork_at(&born[1]);
		if (!second)
			_exit(12);
		reap_at(second, &reaped[1]);
		if (second == first)
			break;
	}
	if (first != second)
		skip("no pid was given out twice");
	for (int i = 0; i < 2; i++)
		tell("'pid': %d, 'birth': {'at_ns': {'>=': %llu, '<=': %llu}}, 'end': {'code': %d}, "
		     "'zombie': {'reaped_at_ns': {'>=': %llu, '<=': %llu}}",
		     first, born[i].from, born[i].to, 11 + i, reaped[i].from, reaped[i].to);
}

/* /proc still shows the outer namespace: its "self" is our number there. */
static pid_t outer_pid(void)
{
	char text[32] = "";

	if (readlink("/proc/self", text, sizeof(text) - 1) <= 0)
		die("/proc/self");
	return atoi(text);
}

struct in_namespace {
	pid_t init, child, child_inside, thread_inside;
	atomic_int told;
};

static void init_of_namespace(struct in_namespace *space)
{
	pid_t child;

	space->init = outer_pid();
	child = fork_at(NULL);
	if (!child) {
		space->child = outer_pid();
		space->child_inside = getpid();
		_exit(21);
	}
	reap(child);
	_exit(22);
}

static void pid_namespace(void)
{
	struct in_namespace *space = shared(sizeof(*space));
	pid_t init;

	if (unshare(CLONE_NEWPID))
		skip("can't make a pid namespace");
	init = fork_at(NULL);
	if (!init)
		init_of_namespace(space);
	reap(init);
	if (space->init != init || space->child_inside != 2)
		die("not the namespace that was expected");
	tell("'pid': %d, 'ns_pid': 1, 'ppid': %d, 'parent': {'pid': %d}, 'children': [{'pid': %d}], 'end': {'code': 22}",
	     init, getpid(), getpid(), space->child);
	tell("'pid': %d, 'ns_pid': 2, 'ppid': %d, 'parent': {'pid': %d}, 'end': {'code': 21}, 'zombie': {'reaper_pid': %d, "
	     "'reaper': {'pid': %d}}",
	     space->child, init, init, init, init);
	tell("'pid': %d, 'ns_pid': %d", getpid(), getpid());
}

/* Two deep: the number inside is that of the innermost. */
static void nested_namespace(void)
{
	pid_t *inner = shared(2 * sizeof(*inner));
	pid_t outer_init;

	if (unshare(CLONE_NEWPID))
		skip("can't make a pid namespace");
	outer_init = fork_at(NULL);
	if (!outer_init) {
		pid_t inner_init;

		if (unshare(CLONE_NEWPID))
			die("unshare");
		inner_init = fork_at(NULL);
		if (!inner_init) {
			inner[0] = outer_pid();
			inner[1] = getpid();
			_exit(0);
		}
		reap(inner_init);
		_exit(0);
	}
	reap(outer_init);
	tell("'pid': %d, 'ns_pid': 1, 'ppid': %d", outer_init, getpid());
	tell("'pid': %d, 'ns_pid': %d, 'ppid': %d, 'parent': {'pid': %d}", inner[0], inner[1], outer_init, outer_init);
}

static const struct test_case cases[] = {
	{"pid-reuse", pid_reuse},
	{"pid-namespace", pid_namespace},
	{"nested-pid-namespace", nested_namespace},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
