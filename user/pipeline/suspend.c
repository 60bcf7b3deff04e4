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

/* The command of our own group was stopped alone; a Ctrl-Z stops both of us. Where we lead the job that has the terminal, the shell waits
 * for us to stop, or to end. What it continues is the whole group. */
static void stop_as_job(int terminal)
{
	if (getpgrp() == getpid() && tcgetpgrp(terminal) == getpgrp())
		kill(getpid(), SIGTSTP);
}

static void go_on(int terminal, pid_t command_group)
{
	if (tcgetpgrp(terminal) == getpgrp())
		give_terminal(terminal, command_group);
	killpg(command_group, SIGCONT);
}

/* The command leads a group of its own. */
static void stop_beside(int terminal, pid_t group, bool wants_terminal)
{
	pid_t foreground = tcgetpgrp(terminal);

	if (foreground == group)
		give_terminal(terminal, getpgrp());
	if (foreground == group || (wants_terminal && foreground != getpgrp()))
		stop_until_continued();
	if (foreground == group || wants_terminal)
		go_on(terminal, group);
}

void suspend_with(pid_t command, int signal)
{
	pid_t group = getpgid(command);
	int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (terminal < 0)
		return;
	if (group == getpgrp())
		stop_as_job(terminal);
	else if (group >= 0)
		stop_beside(terminal, group, signal == SIGTTIN || signal == SIGTTOU);
	close(terminal);
}
