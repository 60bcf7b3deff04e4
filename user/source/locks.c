/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Locks on files, as /proc/locks tells of them (lock_get_status() in fs/locks.c): "1: FLOCK  ADVISORY  WRITE 1234
 * fe:00:5678 0 EOF", and behind it, with the same number and "->", each who waits for that lock.
 */
#include <string.h>
#include <sys/stat.h>

#include "user/source/source.h"

#define LINE 256
#define INITIAL_PID_NAMESPACE 0xEFFFFFFCu /* PROC_PID_INIT_INO, include/linux/proc_ns.h */

__u32 own_pid_namespace(void)
{
	struct stat namespace;

	return stat("/proc/self/ns/pid", &namespace) ? 0 : (__u32) namespace.st_ino;
}

bool sees_host_pids(void)
{
	return own_pid_namespace() == INITIAL_PID_NAMESPACE;
}

__u32 own_namespace_in_events(void)
{
	__u32 own = own_pid_namespace();

	return own == INITIAL_PID_NAMESPACE ? 0 : own ? own : ~0u;
}

struct line {
	char kind[16];
	unsigned long long number, inode;
	unsigned int major, minor;
	int pid;
	bool waits;
};

static bool read_line(const char *text, struct line *line)
{
	char mark[16];
	int read = 0;

	if (sscanf(text, "%llu: %15s %n", &line->number, mark, &read) != 2 || !read)
		return false;
	line->waits = !strcmp(mark, "->");
	text += line->waits ? read : (int)strcspn(text, " ");
	return sscanf(text, "%15s %*s %*s %d %x:%x:%llu", line->kind, &line->pid, &line->major, &line->minor,
		      &line->inode) == 5;
}

/* By flock(2), by fcntl(2), and by fcntl(2) for an open file (F_OFD_SETLK): of the last, who has it is not told. */
static bool is_lock(const struct line *line)
{
	return !strcmp(line->kind, "FLOCK") || !strcmp(line->kind, "POSIX") || !strcmp(line->kind, "OFDLCK");
}

static int tell(const struct line *line, __u64 at_ns, event_fn hear, void *ctx)
{
	struct {
		struct event head;
		struct file_lock lock;
	} event = {.head = {.kind = EVENT_FILE_LOCK, .size = sizeof(event.lock), .at_ns = at_ns}};

	if (line->pid > 0)
		event.head.pid = event.head.tid = (__u32)line->pid;
	event.lock.inode = line->inode;
	event.lock.device = line->major << 20 | line->minor; /* include/linux/kdev_t.h */
	event.lock.flags = (line->waits ? LOCK_WAITS : 0) | (strcmp(line->kind, "FLOCK") ? 0 : LOCK_FLOCK);
	event.lock.number = (__u32)line->number;
	return hear(ctx, &event.head);
}

int locks_tell(FILE *locks, __u64 at_ns, event_fn hear, void *ctx)
{
	char text[LINE];
	struct line line;
	int result = 0;

	while (fgets(text, sizeof(text), locks))
		if (read_line(text, &line) && is_lock(&line))
			result |= tell(&line, at_ns, hear, ctx);
	return result;
}
