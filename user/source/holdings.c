/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Open files as /proc/PID/fd shows them: the link names the file, the mode of the link is how it was opened, and what
 * stat(2) tells through it is the file itself, without opening it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "user/source/holdings.h"
#include "user/source/proc.h"

/* Majors of terminals, Documentation/admin-guide/devices.txt: consoles and serial lines, /dev/tty, pseudo-terminals. */
static bool is_terminal(dev_t device)
{
	unsigned int number = major(device);

	return number == 4 || (number == 5 && minor(device) != 2) || (number >= 136 && number <= 143);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length >= size && !strcmp(text + length - size, end);
}

/* Not those that never had a place on a disk: memfd_create(2), shared anonymous memory, System V's, asynchronous I/O. */
static bool is_removed(const char *name, const struct stat *stat)
{
	return S_ISREG(stat->st_mode) && !stat->st_nlink && strncmp(name, "/memfd:", 7) &&
	       strncmp(name, "/dev/zero", 9) && strncmp(name, "/SYSV", 5) && strncmp(name, "/[aio]", 6);
}

/* Only what lies in a file system has to be asked more of: that may be slow where it is another machine's. */
static void look_at_path(int folder, const char *entry, struct open_fd *found)
{
	struct stat stat;

	if (!ends_with(found->name, " (deleted)") && strncmp(found->name, "/dev/", 5))
		return;
	if (fstatat(folder, entry, &stat, 0))
		return;
	found->inode = stat.st_ino;
	if (S_ISCHR(stat.st_mode) && is_terminal(stat.st_rdev)) {
		found->kind = OPEN_TERMINAL;
	} else if (is_removed(found->name, &stat)) {
		found->kind = OPEN_DELETED;
		found->bytes = (__u64)stat.st_blocks * 512;
	}
}

static void look_at(int folder, const char *entry, const char *name, fd_fn visit, void *ctx)
{
	struct open_fd found = {.kind = OPEN_ELSE, .fd = atoi(entry), .bytes = ~0ull, .name = name};
	unsigned long long inode;
	struct stat link;

	if (sscanf(name, "pipe:[%llu]", &inode) == 1) {
		found.kind = OPEN_PIPE;
		found.inode = inode;
	} else if (sscanf(name, "socket:[%llu]", &inode) == 1) {
		found.kind = OPEN_SOCKET;
		found.inode = inode;
	} else if (*name == '/') {
		look_at_path(folder, entry, &found);
	}
	if (!fstatat(folder, entry, &link, AT_SYMLINK_NOFOLLOW)) {
		found.reads = link.st_mode & S_IRUSR;
		found.writes = link.st_mode & S_IWUSR;
	}
	visit(ctx, &found);
}

/* prefix: only names that begin so. Closes the folder. */
static void visit_fds(int folder, const char *prefix, fd_fn visit, void *ctx)
{
	char name[PATH_MAX];
	struct dirent *entry;
	DIR *fds = fdopendir(folder);

	if (!fds) {
		close(folder);
		return;
	}
	while ((entry = readdir(fds))) {
		ssize_t length;

		if (*entry->d_name == '.')
			continue;
		length = readlinkat(folder, entry->d_name, name, sizeof(name) - 1);
		name[length > 0 ? length : 0] = 0;
		if (length > 0 && !strncmp(name, prefix, strlen(prefix)))
			look_at(folder, entry->d_name, name, visit, ctx);
	}
	closedir(fds);
}

int holdings_visit(__u32 pid, __u64 start_ns, fd_fn visit, void *ctx)
{
	int process = proc_open(pid, start_ns), folder;

	if (process < 0)
		return -1;
	folder = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(process);
	if (folder < 0)
		return -1;
	visit_fds(folder, "", visit, ctx);
	return 0;
}

struct of_process {
	__u32 pid;
	pipe_fn visit;
	void *ctx;
};

static void pass_on(void *ctx, const struct open_fd *fd)
{
	struct of_process *of = ctx;

	of->visit(of->ctx, of->pid, fd);
}

void holdings_pipes(pipe_fn visit, void *ctx)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];

	while (proc && (entry = readdir(proc))) {
		struct of_process of = {.pid = (__u32)strtoul(entry->d_name, NULL, 10), .visit = visit, .ctx = ctx};
		int folder;

		if (!of.pid)
			continue;
		snprintf(path, sizeof(path), "/proc/%u/fd", of.pid);
		folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder >= 0)
			visit_fds(folder, "pipe:", pass_on, &of);
	}
	if (proc)
		closedir(proc);
}

/* "0 0x3 0x7ffd… …": the system call and its arguments; "running", or "-1 …" where it is in none. */
static bool read_sleeper(__u32 pid, struct sleeper *sleeper)
{
	char path[64];
	unsigned long long first;
	FILE *file;
	bool sleeps;

	snprintf(path, sizeof(path), "/proc/%u/task/%u/syscall", pid, sleeper->tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	sleeps = fscanf(file, "%d %llx", &sleeper->call, &first) == 2 && sleeper->call >= 0;
	fclose(file);
	sleeper->fd = sleeps && first <= INT_MAX ? (int)first : -1;
	return sleeps;
}

void holdings_sleepers(__u32 pid, sleeper_fn visit, void *ctx)
{
	struct dirent *entry;
	char path[32];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	tasks = opendir(path);
	while (tasks && (entry = readdir(tasks))) {
		struct sleeper sleeper = {.tid = (__u32)strtoul(entry->d_name, NULL, 10)};

		if (sleeper.tid && read_sleeper(pid, &sleeper))
			visit(ctx, &sleeper);
	}
	if (tasks)
		closedir(tasks);
}
