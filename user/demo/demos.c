/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of demos, in the order in which a course would show them.
 */
#include <string.h>

#include "user/demo/kinds.h"

/* clang-format off */
const struct demo *const demos[] = {
	/* Creation and identity */
	&demo_program,
	&demo_birth,
	&demo_worker,
	&demo_pids,
	&demo_isolation,
	/* Ends */
	&demo_death,
	&demo_zombie,
	&demo_orphan,
	&demo_join,
	&demo_terminate,
	&demo_daemon,
	&demo_daemonize,
	/* States */
	&demo_states,
	&demo_blocking,
	&demo_parallel,
	/* Scheduling */
	&demo_sched_fcfs,
	&demo_sched_sjf,
	&demo_sched_rr,
	&demo_sched_mlfq,
	&demo_sched_linux,
	/* Working together */
	&demo_mutex,
	&demo_tickets,
	&demo_queue,
	&demo_joinable,
	&demo_counter,
	&demo_pool,
	&demo_deadlock,
	/* The textbook's notation */
	&demo_tree,
	NULL};
/* clang-format on */

const struct demo *demo_named(const char *name)
{
	for (int i = 0; demos[i]; i++)
		if (!strcmp(demos[i]->name, name))
			return demos[i];
	return NULL;
}
