/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of system calls, and of reasons that are named by one. Anyone in user/ but the model may include it.
 */
#ifndef PROCLIFE_SYSCALLS_H
#define PROCLIFE_SYSCALLS_H

#include "bpf/reason.h"
#include "user/base/buffer.h"

/* "ioctl"; NULL where the number has no name here. */
const char *syscall_name(int number);

/* Adds a reason's name; REASON_OTHER with its system call: "other(ioctl)", "other(999)", "other" if call is -1. */
void reason_text(struct buffer *out, enum reason reason, int call);

#endif
