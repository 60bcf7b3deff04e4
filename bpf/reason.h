/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Why a task is blocked: one table, the kernel side's numbers and the user side's names.
 * Anyone may include it. A new reason is a row here and a rule in bpf/states.bpf.c.
 */
#ifndef PROCLIFE_REASON_H
#define PROCLIFE_REASON_H

/* clang-format off */
#define REASONS(_)                                                                                                     \
	_(NONE, "none")                                                                                                \
	_(CHILD, "child")                                                                                              \
	_(VFORK, "vfork")                                                                                              \
	_(PIPE_READ, "pipe-read")                                                                                      \
	_(PIPE_WRITE, "pipe-write")                                                                                    \
	_(SOCKET_READ, "socket-read")                                                                                  \
	_(SOCKET_WRITE, "socket-write")                                                                                \
	_(ACCEPT, "accept")                                                                                            \
	_(CONNECT, "connect")                                                                                          \
	_(POLL, "poll")                                                                                                \
	_(FUTEX, "futex")                                                                                              \
	_(FILE_LOCK, "file-lock")                                                                                      \
	_(SEMAPHORE, "semaphore")                                                                                      \
	_(MESSAGE_QUEUE, "message-queue")                                                                              \
	_(SLEEP, "sleep")                                                                                              \
	_(SIGNAL, "signal")                                                                                            \
	_(TTY, "tty")                                                                                                  \
	_(DISK, "disk")                                                                                                \
	_(PAGE_FAULT, "page-fault")                                                                                    \
	_(OTHER, "other")

enum reason {
#define REASON_ID(id, name) REASON_##id,
	REASONS(REASON_ID)
#undef REASON_ID
	REASON_COUNT
};
/* clang-format on */

#endif
