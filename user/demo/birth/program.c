/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The ways a process comes to be: some are there already; some are made by a running process, by one of several calls; some
 * because a person typed a command at a terminal; some because a batch job is due. With the word "broken" the shell of the
 * person is not given its terminal.
 */
#include "user/demo/program.h"

#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

static void born_by_fork(void)
{
	pid_t pid = fork_named("by-fork");

	if (!pid)
		_exit(0);
	reap(pid);
}

/* vfork: the parent is blocked until the child has ended, or executes another program. Its memory is the parent's. */
static void born_by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		call_me("by-vfork");
		_exit(0);
	}
	reap(pid);
}

static void born_by_spawn(void)
{
	char *const argv[] = {"true", NULL};
	pid_t pid;

	if (!posix_spawnp(&pid, "true", NULL, NULL, argv, environ))
		reap(pid);
}

/* clone: whatever is to be shared; here the table of open files. */
static void born_by_clone(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (!pid) {
		call_me("by-clone");
		_exit(0);
	}
	reap(pid);
}

static void type_line(int terminal, const char *line)
{
	if (write(terminal, line, strlen(line)) < 0)
		_exit(1);
}

/* A person's way: a shell that leads a session on a terminal, and does what is typed. */
static void born_by_request(bool broken)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), other_end;
	char printed[256];
	pid_t pid;

	if (terminal < 0 || grantpt(terminal) || unlockpt(terminal))
		_exit(1);
	pid = fork_named("login");
	if (!pid) {
		setsid();
		other_end = open(ptsname(terminal), O_RDWR | O_NOCTTY);
		if (!broken)
			ioctl(other_end, TIOCSCTTY, 0); /* from now on the session has this terminal */
		for (int fd = 0; fd < 3; fd++)
			dup2(other_end, fd);
		close(other_end);
		execlp("sh", "sh", "-i", NULL);
		_exit(127);
	}
	type_line(terminal, "sleep 0.05\nexit\n");
	while (read(terminal, printed, sizeof(printed)) > 0) /* what the shell writes, until it has gone */
		;
	close(terminal);
	reap(pid);
}

/* A batch job: nobody there, no terminal; the commands come from a file or, here, a pipe. */
static void born_by_batch(void)
{
	static const char job[] = "sleep 0.05\n";
	int commands[2];
	pid_t pid;

	open_pipe(commands);
	if (write(commands[1], job, sizeof(job) - 1) < 0)
		_exit(1);
	close(commands[1]);
	pid = fork_named("batch");
	if (!pid) {
		setsid();
		dup2(commands[0], 0);
		execlp("sh", "sh", NULL);
		_exit(127);
	}
	close(commands[0]);
	reap(pid);
}

int main(int argc, char **argv)
{
	(void)argc;
	born_by_fork();
	born_by_vfork();
	born_by_spawn();
	born_by_clone();
	born_by_request(is_broken(argv));
	born_by_batch();
	return 0;
}
