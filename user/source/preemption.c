/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Whether the kernel is fully preemptible, and real-time priority; see preemption.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/source/preemption.h"

#define MODES_PATH "/sys/kernel/debug/sched/preempt"

/* kernel/sched/core.c, setup_preempt_mode(): the last of such words counts. */
static const char *mode_asked_for(const char *command_line)
{
	const char *word = NULL;

	for (const char *at = command_line; (at = strstr(at, "preempt=")); at++)
		if (at == command_line || at[-1] == ' ')
			word = at + strlen("preempt=");
	return word;
}

bool preemption_is_full(const char *version, const char *modes, const char *command_line)
{
	const char *mode;

	if (!strstr(version, "PREEMPT"))
		return false;
	if (!strstr(version, "PREEMPT_DYNAMIC"))
		return true;
	if (modes)
		return strstr(modes, "(full)") || strstr(modes, "(lazy)");
	mode = mode_asked_for(command_line);
	return !mode || (strncmp(mode, "none", 4) && strncmp(mode, "voluntary", 9));
}

/* The beginning of a file, or NULL. */
static const char *read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (got < 0)
		return NULL;
	text[got] = '\0';
	return text;
}

bool preemption_is_full_here(void)
{
	char modes[128], command_line[4096];
	const char *asked = read_file("/proc/cmdline", command_line, sizeof(command_line));
	struct utsname host;

	if (uname(&host))
		return true;
	return preemption_is_full(host.version, read_file(MODES_PATH, modes, sizeof(modes)), asked ? asked : "");
}

int preemption_prevent(void)
{
	const struct sched_param highest = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};

	return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &highest);
}

void preemption_allow(void)
{
	const struct sched_param ordinary = {0};

	sched_setscheduler(0, SCHED_OTHER, &ordinary);
}
