/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Processes as /proc shows them; see proc.h.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/source/proc.h"

/* fs/proc/array.c, do_task_stat(): behind the name, which may hold anything, come state, parent, and 17 more fields up to
 * the start. */
int proc_stat(int folder, const char *name, struct proc_stat *stat)
{
	char path[64], text[1024], *rest;
	unsigned long long start;
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/stat", name);
	fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	size = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[size > 0 ? size : 0] = 0;
	rest = strrchr(text, ')');
	if (!rest ||
	    sscanf(rest + 1, " %*c %u %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
		   &stat->parent, &start) != 2)
		return -1;
	stat->pid = (__u32)strtoul(text, NULL, 10);
	stat->start_ticks = start;
	return 0;
}

int proc_open(__u32 pid, __u64 start_ns)
{
	struct proc_stat stat;
	char path[32];
	int folder;

	snprintf(path, sizeof(path), "/proc/%u", pid);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -1;
	if (!proc_stat(folder, ".", &stat) && stat.start_ticks == start_ns / CLOCK_TICK_NS)
		return folder;
	close(folder);
	return -1;
}

struct members {
	struct proc_stat *all;
	bool *in;
	size_t count;
};

/* Every process of the machine. 0, or -1 with errno. */
static int list_all(struct members *members)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return -1;
	while ((entry = readdir(proc))) {
		struct proc_stat stat, *moved;

		if (*entry->d_name < '0' || *entry->d_name > '9' || proc_stat(dirfd(proc), entry->d_name, &stat))
			continue;
		moved = realloc(members->all, (members->count + 1) * sizeof(*moved));
		if (!moved) {
			closedir(proc);
			return -1;
		}
		members->all = moved;
		members->all[members->count++] = stat;
	}
	closedir(proc);
	return 0;
}

static int by_pid(const void *one, const void *other)
{
	const struct proc_stat *a = one, *b = other;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

static bool is_in(const struct members *members, __u32 pid)
{
	struct proc_stat key = {.pid = pid}, *found;

	found = bsearch(&key, members->all, members->count, sizeof(key), by_pid);
	return found && members->in[found - members->all];
}

/* 0, or -1 with errno. */
static int choose(struct members *members, __u32 root)
{
	bool found = false, more = true;

	members->in = calloc(members->count + 1, sizeof(*members->in));
	if (!members->in)
		return -1;
	qsort(members->all, members->count, sizeof(*members->all), by_pid);
	for (size_t i = 0; i < members->count; i++)
		if (members->all[i].pid == root)
			found = members->in[i] = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < members->count; i++) {
			if (members->in[i] || !is_in(members, members->all[i].parent))
				continue;
			more = members->in[i] = true;
		}
	}
	errno = ESRCH;
	return found ? 0 : -1;
}

static void visit_threads(__u32 pid, task_fn visit, void *ctx)
{
	struct dirent *entry;
	struct proc_stat stat;
	char path[32];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	tasks = opendir(path);
	if (!tasks)
		return;
	while ((entry = readdir(tasks)))
		if (*entry->d_name != '.' && !proc_stat(dirfd(tasks), entry->d_name, &stat))
			visit(ctx, stat.pid, stat.start_ticks);
	closedir(tasks);
}

int proc_family(__u32 pid, task_fn visit, void *ctx)
{
	struct members members = {0};
	int result = list_all(&members) || choose(&members, pid) ? -1 : 0, error = errno;

	for (size_t i = 0; !result && i < members.count; i++)
		if (members.in[i])
			visit_threads(members.all[i].pid, visit, ctx);
	free(members.all);
	free(members.in);
	errno = error;
	return result;
}
