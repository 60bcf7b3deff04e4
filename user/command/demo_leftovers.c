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

#include "user/base/message.h"
#include "user/command/demo_leftovers.h"
#include "user/source/handle.h"
#include "user/source/source.h"

#define CHILDREN "/proc/thread-self/children"

struct kills {
	int done;
	int impossible; /* processes that have no pid in our pid namespace, as far as is known */
};

static void kill_one(struct kills *kills, const struct process *process)
{
	__u32 pid = pid_within(process, own_namespace_in_events());
	int handle = process_handle(pid, process->birth_ns);

	kills->impossible += !pid;
	if (handle < 0)
		return;
	kills->done += !pidfd_send_signal(handle, SIGKILL, NULL, 0);
	close(handle);
}

/* Events name processes by the pids of the initial pid namespace, which mean other processes, or none, in ours. */
static struct kills kill_known(const struct model *model)
{
	struct kills kills = {0};

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (process->end == ENDED_NONE && !process->existing)
			kill_one(&kills, process);
	}
	return kills;
}

/* A child's pid is not reused before we reap it. */
static void kill_children(void)
{
	FILE *list = fopen(CHILDREN, "re");
	int pid;

	while (list && fscanf(list, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (list)
		fclose(list);
}

/* A process that was born after the trace's last sweep is in no list. But when its parent has been killed, the kernel makes it
 * our child if we are a subreaper, which changes no trace any more. */
void leftovers_end(const struct model *model)
{
	struct kills kills;

	if (!model)
		return;
	if (!proc_is_of_our_namespace()) {
		message("/proc is not that of this pid namespace: what the demo left running is not ended");
		return;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	kills = kill_known(model);
	if (kills.done)
		do
			kill_children();
		while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (kills.impossible && !kills.done)
		message("%d processes that the demo left running have no pid in this pid namespace: they are not ended",
			kills.impossible);
}
