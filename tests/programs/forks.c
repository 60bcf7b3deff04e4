/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * forks COUNT ALIVE [unheard]: forks COUNT children as fast as it can, at most ALIVE at a time; each ends at once with its
 * number as exit code. Tells how many there were. `unheard`: its parent, who traces it, is stopped during the middle third.
 */
#include "truth.h"

static void collect(int *alive)
{
	if (wait(NULL) < 0)
		die("wait");
	(*alive)--;
}

int main(int argc, char **argv)
{
	bool unheard = argc > 3 && !strcmp(argv[3], "unheard");
	int count = argc > 2 ? atoi(argv[1]) : 0, most = argc > 2 ? atoi(argv[2]) : 0, alive = 0;

	if (count < 1 || most < 1) {
		fprintf(stderr, "forks COUNT ALIVE [unheard]\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		if (unheard && i % (count / 3 + 1) == count / 3)
			kill(getppid(), i < count / 2 ? SIGSTOP : SIGCONT);
		if (alive == most)
			collect(&alive);
		if (!fork_at(NULL))
			_exit(i & 255);
		alive++;
	}
	while (alive)
		collect(&alive);
	tell("'pid': %d, 'children': {'length': %d}", getpid(), count);
	return 0;
}
