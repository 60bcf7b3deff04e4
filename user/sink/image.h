/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which program a process runs. Sinks include it.
 */
#ifndef PROCLIFE_IMAGE_H
#define PROCLIFE_IMAGE_H

#include "user/model/process.h"

/* The exec whose program it ran last: its own, else the one it was born into, which a fork takes over from the
 * parent. NULL when that was before the trace, or is not known. */
const struct execution *image_of(const struct process *process);

#endif
