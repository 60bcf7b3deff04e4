/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stopping with the command; see suspend.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "user/pipeline/suspend.h"

/* SIGTTOU, which a background process gets for that, has to be blocked. */
static void give_terminal(int terminal, pid_t group)
{
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &before);
	tcsetpgrp(terminal, group);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* SIGTSTP stops no orphaned group, which no shell could continue: then we come back at once. */
static void stop_until_continued(void)
{
	killpg(0, SIGTSTP);
}

static void go_on(int terminal, pid_t command_group)
{
	if (tcgetpgrp(terminal) == getpgrp())
		give_terminal(terminal, command_group);
	killpg(command_group, SIGCONT);
}

void suspend_with(pid_t command, int signal)
{
	pid_t group = getpgid(command), foreground;
	bool wants_terminal = signal == SIGTTIN || signal == SIGTTOU;
	int terminal;

	if (group < 0 || group == getpgrp())
		return;
	terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (terminal < 0)
		return;
	foreground = tcgetpgrp(terminal);
	if (foreground == group)
		give_terminal(terminal, getpgrp());
	if (foreground == group || (wants_terminal && foreground != getpgrp()))
		stop_until_continued();
	if (foreground == group || wants_terminal)
		go_on(terminal, group);
	close(terminal);
}
