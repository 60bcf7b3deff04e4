/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Pidfds whose identity has been checked; see handle.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "user/source/handle.h"
#include "user/source/proc.h"

/* "NSpid:" lists the pids of a process from the namespace that /proc was mounted for down to the process's own. */
bool proc_is_of_our_namespace(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	int first, second, pids = 0;

	while (status && !pids && fgets(line, sizeof(line), status))
		pids = sscanf(line, "NSpid: %d %d", &first, &second);
	if (status)
		fclose(status);
	return pids == 1;
}

/* The pidfd is opened before the start time is read: if the process ends between the two, its pid is reused at the earliest
 * after that, and the start time differs, or the pidfd is that of a dead process. */
int process_handle(__u32 pid, __u64 start_ns)
{
	int handle, folder;

	if (!pid || !proc_is_of_our_namespace())
		return -1;
	handle = pidfd_open((pid_t)pid, 0);
	folder = handle < 0 ? -1 : proc_open(pid, start_ns);
	if (folder >= 0) {
		close(folder);
		return handle;
	}
	if (handle >= 0)
		close(handle);
	return -1;
}
