/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * switches COUNT: two processes hand a byte to and fro COUNT times, each asleep until the other has done its part.
 */
#include "truth.h"

static void hand_on(int from, int to, int count)
{
	char byte;

	for (int i = 0; i < count; i++)
		if (write(to, "x", 1) != 1 || read(from, &byte, 1) != 1)
			die("switches");
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0, there[2], back[2];
	pid_t child;

	if (count < 1) {
		fprintf(stderr, "switches COUNT\n");
		return 2;
	}
	if (pipe(there) || pipe(back))
		die("pipe");
	child = fork_at(NULL);
	if (!child) {
		hand_on(there[0], back[1], count);
		_exit(0);
	}
	hand_on(back[0], there[1], count);
	reap(child);
	for (int i = 0; i < 2; i++)
		tell("'pid': %d, 'blocked': {'has': [{'reason': 'pipe-read'}]}, 'wakers': {'has': [{'process': {'pid': %d}}]}",
		     i ? child : getpid(), i ? getpid() : child);
	return 0;
}
