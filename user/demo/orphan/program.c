/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Two parents end before their children do. The first child goes to init. Before the second, the program makes itself a
 * subreaper: the child goes to it. With the word "broken" that call is left out.
 */
#include "user/demo/program.h"

/*
 * A parent that forks a child and ends. The child lives until `leave` is closed; `gone` closes when it has ended.
 * Returns when the parent has ended and was waited for.
 */
static void parent_that_leaves(const char *parent, const char *child, int leave[2], int gone[2])
{
	pid_t pid;

	open_pipe(leave);
	open_pipe(gone);
	pid = fork_named(parent);
	if (!pid) {
		if (!fork_named(child)) {
			close(leave[1]);
			close(gone[0]);
			block_until_closed(leave[0]);
			_exit(0);
		}
		_exit(0);
	}
	close(leave[0]);
	close(gone[1]);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	int leave[2], gone[2], slow = slowness(argv);

	(void)argc;
	parent_that_leaves("parent-1", "to-init", leave, gone);
	sleep_ms(100 * slow); /* nothing hurries it: it lives on without a parent of its own */
	close(leave[1]);
	block_until_closed(gone[0]); /* it has ended; nobody here can wait for it */
	close(gone[0]);

	if (!is_broken(argv))
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	parent_that_leaves("parent-2", "to-subreaper", leave, gone);
	sleep_ms(100 * slow);
	close(leave[1]);
	block_until_closed(gone[0]);
	waitpid(-1, NULL, 0); /* now our child, though we never forked it */
	return 0;
}
