/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a demo that was interrupted leaves behind; see demo_leftovers.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/command/demo_leftovers.h"

#define CHILDREN "/proc/thread-self/children"

/* Were the pid another's by now, the model would know of the end. */
static int kill_known(const struct model *model)
{
	int killed = 0;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);
		int fd = process->end == ENDED_NONE && !process->existing ? pidfd_open((pid_t)process->pid, 0) : -1;

		if (fd < 0)
			continue;
		killed += !pidfd_send_signal(fd, SIGKILL, NULL, 0);
		close(fd);
	}
	return killed;
}

/* Children can't be another's: they are ours until we reap them. */
static void kill_children(void)
{
	FILE *list = fopen(CHILDREN, "re");
	int pid;

	while (list && fscanf(list, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (list)
		fclose(list);
}

/* Who was born after the trace's last look is in no list. But when its parent has been killed it is handed to us, if we
 * ask for that, now that nobody watches any more. */
void leftovers_end(const struct model *model)
{
	if (!model)
		return;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (kill_known(model))
		do
			kill_children();
		while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}
