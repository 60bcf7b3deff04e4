/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The traced command's first process: forked, held at a pipe, then let go. Nothing else of a traced tree is ever held.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/source/source.h"

extern char **environ;

static int become(const struct child_plan *plan)
{
	if (!plan->changes_user)
		return 0;
	if (setgroups(plan->group_count, plan->groups) || setresgid(plan->gid, plan->gid, plan->gid) ||
	    setresuid(plan->uid, plan->uid, plan->uid))
		return -1;
	return 0;
}

static _Noreturn void report_and_leave(int error_fd, int error)
{
	if (write(error_fd, &error, sizeof(error)) != sizeof(error))
		_exit(125);
	_exit(error == ENOENT ? 127 : error > 0 ? 126 : 125);
}

static _Noreturn void child_main(int go_fd, int error_fd, const struct child_plan *plan)
{
	char go;

	if (read(go_fd, &go, 1) != 1)
		_exit(125); /* proclife is gone */
	close(go_fd);
	if (become(plan) || (plan->folder && chdir(plan->folder)))
		report_and_leave(error_fd, -errno);
	if (plan->environment)
		environ = (char **)plan->environment;
	if (plan->blocked) {
		sigprocmask(SIG_SETMASK, plan->blocked, NULL);
		signal(SIGPIPE, SIG_DFL); /* an earlier trace of ours has ignored them */
		signal(SIGXFSZ, SIG_DFL);
	}
	execvp(plan->argv[0], plan->argv);
	report_and_leave(error_fd, errno);
}

int child_fork(struct child *child, const struct child_plan *plan)
{
	int go[2], error[2];

	if (pipe2(go, O_CLOEXEC))
		return -1;
	if (pipe2(error, O_CLOEXEC)) {
		close(go[0]);
		close(go[1]);
		return -1;
	}
	child->pid = fork();
	if (!child->pid) {
		close(go[1]);
		close(error[0]);
		child_main(go[0], error[1], plan);
	}
	close(go[0]);
	close(error[1]);
	child->go_fd = go[1];
	child->error_fd = error[0];
	if (child->pid < 0) {
		close(go[1]);
		close(error[0]);
	}
	return child->pid < 0 ? -1 : 0;
}

void child_cancel(struct child *child)
{
	close(child->go_fd);
	close(child->error_fd);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int child_go(struct child *child)
{
	int error = 0;
	ssize_t got = write(child->go_fd, "", 1);

	close(child->go_fd);
	if (got == 1) {
		do /* end of file: the exec closed the other end */
			got = read(child->error_fd, &error, sizeof(error));
		while (got < 0 && errno == EINTR);
	}
	close(child->error_fd);
	return got == sizeof(error) ? error : 0;
}
