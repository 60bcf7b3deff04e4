/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Two ways to say what a child shall do: a function of the program that forks it, or another program. With the word
 * "broken" the exec is left out.
 */
#include "user/demo/program.h"

/* The work of the first child: it needs no file, it has the whole program already. */
static void function_of_ours(int slow)
{
	compute_ms(50 * slow);
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);
	char duration[24];

	(void)argc;
	if (!fork_named("by-function")) {
		function_of_ours(slow);
		_exit(7);
	}

	snprintf(duration, sizeof(duration), "%d.%03d", slow * 50 / 1000, slow * 50 % 1000);
	if (!fork_named("by-program")) {
		if (!is_broken(argv))
			execlp("sleep", "sleep", duration, NULL); /* returns only if it failed */
		_exit(127);
	}
	reap_all();
	return 0;
}
