/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs: what state somebody is in, and waiting until it is. Only truth.h includes this file.
 */
#ifndef PROCLIFE_ASLEEP_H
#define PROCLIFE_ASLEEP_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reads the beginning of a file of /proc/PID; 0 when there is no such process, otherwise the length, of which text is a string. */
static inline ssize_t read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, text, size - 1);
	close(fd);
	if (length <= 0)
		return 0;
	text[length] = 0;
	return length;
}

/* The state letter of /proc/PID/stat; 0 when there is no such process. */
static inline char state_of(pid_t pid)
{
	char text[512], *end;

	if (!read_proc(pid, "stat", text, sizeof(text)))
		return 0;
	end = strrchr(text, ')');
	return end ? end[2] : 0;
}

/*
 * A task that shows as sleeping or stopped may still be on its way there, and stays awake if it is woken now.
 * /proc/PID/syscall tells of no task that has not left its CPU (task_current_syscall() in lib/syscall.c calls
 * wait_task_inactive()): it says "running".
 */
static inline bool is_off_cpu(pid_t pid)
{
	char text[256];

	return !read_proc(pid, "syscall", text, sizeof(text)) || strncmp(text, "running", 7) != 0;
}

static inline void await_state(pid_t pid, char state)
{
	while (state_of(pid) != state || (strchr("SDT", state) && !is_off_cpu(pid)))
		sched_yield();
}

#endif
