/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a process holds open, and what bounds the number of its children: from /proc and the control groups, which is where
 * the kernel tells it. Pipeline includes it. All of it may be out of date the moment it was read.
 */
#ifndef PROCLIFE_HOLDINGS_H
#define PROCLIFE_HOLDINGS_H

#include <linux/types.h>
#include <stdbool.h>

enum open_kind { OPEN_PIPE, OPEN_SOCKET, OPEN_TERMINAL, OPEN_DELETED, OPEN_ELSE };

struct open_fd {
	enum open_kind kind;
	int fd;
	bool reads, writes;
	__u64 inode, bytes; /* bytes: what a removed file takes on its disk; else ~0 */
	const char *name;   /* the kernel's; raw bytes. Valid during the call */
};

/* Visits the descriptors of that very process. 0, or -1: it is gone, or may not be read. */
typedef void (*fd_fn)(void *ctx, const struct open_fd *fd);
int holdings_visit(__u32 pid, __u64 start_ns, fd_fn visit, void *ctx);

/* Visits every end of a pipe that any process has open, ours included. */
typedef void (*pipe_fn)(void *ctx, __u32 pid, const struct open_fd *fd);
void holdings_pipes(pipe_fn visit, void *ctx);

struct sleeper { /* a thread that waits in a system call */
	__u32 tid;
	int call, fd; /* fd: the call's first argument */
};

/* Visits the threads of a process that wait in a system call. */
typedef void (*sleeper_fn)(void *ctx, const struct sleeper *sleeper);
void holdings_sleepers(__u32 pid, sleeper_fn visit, void *ctx);

struct socket_name {
	__u64 inode;
	bool listens;
	int port;	  /* on this side; 0: none */
	const char *name; /* "tcp 127.0.0.1:80"; raw bytes. Valid during the call */
};

/* Visits the sockets of that process's network: TCP, UDP and Unix's own. */
typedef void (*socket_fn)(void *ctx, const struct socket_name *socket);
void sockets_visit(__u32 pid, socket_fn visit, void *ctx);

/* The name of any process, at most 17 bytes with the NUL; "" if it is gone. */
void holdings_comm(__u32 pid, char *comm);

/* When a zombie ended, by the scheduler's clock, as the time that has passed since; ~0: not known. That clock stands still
 * while the machine sleeps, and differs between CPUs by what was stolen from each. */
__u64 ended_ago_ns(__u32 pid, __u64 start_ns);

/* Does that very process still exist? */
bool process_exists(__u32 pid, __u64 start_ns);

/* The smallest of the limits on tasks that apply to a process, pids.max of its control groups and the machine's pid_max;
 * path: at most `room` bytes with the NUL, "" for the machine's. False: not known. */
struct pids_limit {
	const char *name;
	long long most, left;
};
bool limit_of(__u32 pid, struct pids_limit *limit, char *path, int room);

#endif
