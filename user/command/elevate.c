/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Getting the privilege that tracing takes; see elevate.h.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/base/descriptors.h"
#include "user/base/message.h"
#include "user/base/privilege.h"
#include "user/command/command.h"
#include "user/command/elevate.h"

extern char **environ;

bool is_privileged(void)
{
	return privilege_has(CAP_SYS_ADMIN) || (privilege_has(CAP_BPF) && privilege_has(CAP_PERFMON));
}

/* sudo gets the terminal's signals as we do, and decides: we only wait for what comes of it. */
static int wait_for(pid_t pid)
{
	int status;

	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILED;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int elevate(int argc, char **argv)
{
	char self[PATH_MAX], caller[16];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char **command = calloc(argc + 7, sizeof(*command));
	int error, count = 0;
	pid_t pid;

	if (length < 0 || !command) {
		message("--elevate: can't find out which file proclife is: /proc/self/exe: %s", strerror(errno));
		free(command);
		return EXIT_FAILED;
	}
	self[length] = 0;
	snprintf(caller, sizeof(caller), "%d", getpid());
	command[count++] = "sudo";
	command[count++] = "--";
	command[count++] = self;
	command[count++] = "run";
	command[count++] = "--caller";
	command[count++] = caller;
	for (int i = 1; i < argc; i++)
		command[count++] = argv[i];
	error = posix_spawnp(&pid, "sudo", NULL, NULL, command, environ);
	free(command);
	if (!error) {
		descriptors_close_inherited();
		descriptors_give_up(STDIN_FILENO);
		descriptors_give_up(STDOUT_FILENO);
		return wait_for(pid);
	}
	message("--elevate: can't start sudo: %s; install it, or run proclife as root", strerror(error));
	return EXIT_FAILED;
}
