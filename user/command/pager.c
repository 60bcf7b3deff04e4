/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Output through a pager; see pager.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/base/path.h"
#include "user/command/pager.h"

/* Is the program of a shell's command there? One that a shell has to find out about, as $(…), is taken to be. */
static bool may_run(const char *command)
{
	char name[PATH_MAX];

	command += strspn(command, " \t");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(command, " \t"), command);
	if (strpbrk(name, "$`'\"\\(){}=;&|~"))
		return true;
	return strchr(name, '/') ? !access(name, X_OK) : path_has(name);
}

/* A shell's command; NULL: none. */
static const char *pager_command(void)
{
	const char *wanted = getenv("PAGER");

	if (wanted && *wanted && !may_run(wanted)) {
		message("the pager of $PAGER is not installed: %s", wanted);
		return NULL;
	}
	if (wanted)
		return *wanted && strcmp(wanted, "cat") ? wanted : NULL;
	return path_has("less") ? "less" : path_has("more") ? "more" : NULL;
}

static bool is_wanted(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb");
}

/* less: colours, no pause for what fits the screen, and it stays there. The pager has our privileges, so it starts no
 * other program. */
static _Noreturn void become_pager(const char *command, int input)
{
	dup2(input, STDIN_FILENO);
	setenv("LESS", "FRX", 0);
	setenv("LESSSECURE", "1", 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void note_signal(int number)
{
	(void)number;
}

void pager_start(struct pager *pager)
{
	const char *command = is_wanted() ? pager_command() : NULL;
	int pipe_fds[2];

	pager->pid = 0;
	if (!command)
		return;
	fflush(stdout);
	if (pipe2(pipe_fds, O_CLOEXEC) || (pager->pid = fork()) < 0) {
		message("can't start the pager %s: %s", command, strerror(errno));
		pager->pid = 0;
		return;
	}
	if (!pager->pid)
		become_pager(command, pipe_fds[0]);
	dup2(pipe_fds[1], STDOUT_FILENO);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	signal(SIGINT, note_signal); /* a handler, unlike SIG_IGN, is not inherited by the programs that we start */
}

void pager_wait(const struct pager *pager)
{
	if (!pager->pid)
		return;
	fclose(stdout);
	while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
