/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Figures of single processes, living or ended, as /proc tells them; see holdings.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "user/source/holdings.h"
#include "user/source/proc.h"

#define UNKNOWN (~0ull)

void holdings_comm(__u32 pid, char *comm)
{
	char path[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	*comm = 0;
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(comm, 17, file))
		*comm = 0;
	if (*comm && comm[strlen(comm) - 1] == '\n')
		comm[strlen(comm) - 1] = 0;
	fclose(file);
}

static FILE *open_file(__u32 pid, __u64 start_ns, const char *name)
{
	int folder = proc_open(pid, start_ns), fd;

	if (folder < 0)
		return NULL;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	close(folder);
	return fd < 0 ? NULL : fdopen(fd, "r");
}

/* kernel/sched/debug.c, proc_sched_show_task(): "se.exec_start   :   4584071.945143", in ms: the last moment on a CPU. */
static __u64 last_ran_ns(FILE *file)
{
	__u64 found = UNKNOWN;
	char line[256];
	double ms;

	while (file && found == UNKNOWN && fgets(line, sizeof(line), file))
		if (sscanf(line, "se.exec_start : %lf", &ms) == 1 && ms > 0)
			found = (__u64)(ms * 1e6);
	if (file)
		fclose(file);
	return found;
}

__u64 ended_ago_ns(__u32 pid, __u64 start_ns)
{
	__u64 then = last_ran_ns(open_file(pid, start_ns, "sched")), now = last_ran_ns(fopen("/proc/self/sched", "re"));

	return then == UNKNOWN || now == UNKNOWN || now < then ? UNKNOWN : now - then;
}

bool process_exists(__u32 pid, __u64 start_ns)
{
	int folder = proc_open(pid, start_ns);

	if (folder >= 0)
		close(folder);
	return folder >= 0;
}
