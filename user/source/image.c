/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a process that lived before us runs, from /proc: as an event, so that a recording keeps it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "user/source/proc.h"
#include "user/source/source.h"

struct image {
	struct event head;
	char exec[sizeof(struct exec)]; /* a struct exec may only end a struct */
	char data[EXEC_PATH_MAX + EXEC_ARGV_MAX];
};

static ssize_t read_whole(int folder, const char *name, char *to, size_t room)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	size_t size = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while (size < room && (got = read(fd, to + size, room - size)) > 0)
		size += (size_t)got;
	close(fd);
	return (ssize_t)size;
}

/* "/usr/bin/cc" -> "cc\0bin\0usr\0": leaf first, as the kernel side tells paths. Returns the length. */
static size_t turn_path(const char *path, size_t length, char *to)
{
	size_t size = 0, part;

	while (length) {
		const char *slash = memrchr(path, '/', length);

		if (!slash)
			break;
		part = length - (size_t)(slash + 1 - path);
		memcpy(to + size, slash + 1, part);
		size += part;
		to[size++] = 0;
		length = (size_t)(slash - path);
	}
	return size;
}

/* A file that was removed since is said to be so behind its name: that is no part of it. */
static size_t path_length(const char *path, size_t length)
{
	static const char removed[] = " (deleted)";
	size_t tail = sizeof(removed) - 1;

	return length > tail && !memcmp(path + length - tail, removed, tail) ? length - tail : length;
}

static void read_exe(int folder, struct exec *exec, char *data)
{
	char path[EXEC_PATH_MAX];
	ssize_t length = readlinkat(folder, "exe", path, sizeof(path) - 1);

	if (length > 0 && *path == '/')
		exec->exe_len = (__u32)turn_path(path, path_length(path, (size_t)length), data);
}

static void read_arguments(int folder, struct exec *exec, char *data)
{
	ssize_t size = read_whole(folder, "cmdline", data + exec->exe_len, EXEC_ARGV_MAX);

	if (size > 0)
		exec->argv_len = exec->argv_total = (__u32)size;
	if (size == EXEC_ARGV_MAX)
		exec->argv_total++; /* there may be more */
}

int image_tell(__u32 pid, __u64 start_ns, __u64 at_ns, event_fn hear, void *ctx)
{
	struct image image = {
		.head = {.kind = EVENT_IMAGE, .at_ns = at_ns, .start_ns = start_ns, .pid = pid, .tid = pid}};
	struct exec exec = {0};
	int folder = proc_open(pid, start_ns);

	if (folder < 0)
		return 0;
	read_exe(folder, &exec, image.data);
	read_arguments(folder, &exec, image.data);
	close(folder);
	memcpy(image.exec, &exec, sizeof(exec));
	image.head.size = (__u16)(sizeof(exec) + exec.exe_len + exec.argv_len);
	return exec.exe_len || exec.argv_len ? hear(ctx, &image.head) : 0;
}
