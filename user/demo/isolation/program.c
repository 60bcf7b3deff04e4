/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A child writes to a variable; what does its parent see? Processes tell by their exit statuses, for that is all that
 * comes back. With the word "broken" the variable lies in memory that the two share.
 */
#include "user/demo/program.h"

#define BEFORE 5
#define AFTER 9

/* A process whose only purpose is to end with that status, so that all can see the number. */
static void show(const char *name, int number)
{
	pid_t pid = fork_named(name);

	if (!pid)
		_exit(number);
	reap(pid);
}

int main(int argc, char **argv)
{
	int own = BEFORE, *variable = &own;
	pid_t pid;

	(void)argc;
	if (is_broken(argv))
		variable = shared_memory(sizeof(*variable));
	*variable = BEFORE;

	pid = fork_named("child");
	if (!pid) {
		*variable = AFTER;
		_exit(*variable);
	}
	show("child-status", WEXITSTATUS(reap(pid)));
	show("parent-sees", *variable);

	pid = fork_named("exits-300");
	if (!pid)
		_exit(300);
	reap(pid);
	return 0;
}
