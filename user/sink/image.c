/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which program a process runs; see image.h.
 */
#include <linux/sched.h>

#include "user/sink/image.h"

static const struct execution *last_exec_before(const struct process *process, __u64 at_ns)
{
	for (int i = process->exec_count - 1; i >= 0; i--)
		if (process->execs[i].at_ns <= at_ns)
			return &process->execs[i];
	return NULL;
}

/* Whose program it was born with: with CLONE_PARENT the parent is not the one that was copied. */
static const struct process *copied_of(const struct process *process)
{
	if (!process->birth_seen)
		return NULL;
	return process->clone_flags & CLONE_PARENT ? process->maker : process->parent;
}

const struct execution *image_of(const struct process *process)
{
	const struct execution *exec = last_exec_before(process, UNKNOWN_NS);

	while (!exec) {
		const struct process *copied;

		if (process->image)
			return process->image;
		copied = copied_of(process);
		if (!copied || copied->birth_ns >= process->birth_ns) /* a broken record: no circles */
			return NULL;
		exec = last_exec_before(copied, process->birth_ns);
		process = copied;
	}
	return exec;
}
