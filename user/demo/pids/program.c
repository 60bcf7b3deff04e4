/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who am I, who is my parent? Processes ask, and take the answer as their name, where the kernel's own numbers stand
 * beside it. With the word "broken" the last of them is not given a pid namespace of its own.
 */
#include "user/demo/program.h"

#define CHILDREN 10

/* Asks for its own pid, then for its parent's. In between it blocks, for a name is told when its bearer leaves the CPU. */
static void who_am_i(void)
{
	char name[16];

	snprintf(name, sizeof(name), "pid-%d", getpid());
	call_me(name);
	sleep_ms(10);
	snprintf(name, sizeof(name), "ppid-%d", getppid());
	call_me(name);
	_exit(0);
}

/* A child gets its argument as a copy of the parent's variables, and ends with it. */
static void start_child(int argument, int leave[2])
{
	char name[16];

	snprintf(name, sizeof(name), "child-%d", argument);
	if (fork_named(name))
		return;
	close(leave[1]);
	block_until_closed(leave[0]);
	_exit(argument);
}

/* In a new pid namespace the first process is its init: number 1, whatever others call it. */
static void count_from_one(bool broken)
{
	if (fork_named("unsharer"))
		return;
	if (!broken && unshare(CLONE_NEWPID))
		_exit(1);
	if (!fork_named("first-inside")) {
		if (!fork_named("second-inside"))
			_exit(getpid() & 127);
		reap_all();
		_exit(getpid() & 127);
	}
	reap_all();
	_exit(0);
}

int main(int argc, char **argv)
{
	int leave[2];

	(void)argc;
	if (!fork_named("asker"))
		who_am_i();
	reap_all();

	open_pipe(leave);
	for (int i = 0; i < CHILDREN; i++)
		start_child(i, leave); /* returns at once: whether the child runs yet is not our business */
	close(leave[1]);
	reap_all();

	count_from_one(is_broken(argv));
	reap_all();
	return 0;
}
