/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which changes are wanted; see filter.h.
 */
#include <fnmatch.h>

#include "user/sink/filter.h"

unsigned int filter_usual(void)
{
	return 1u << CHANGE_BIRTH | 1u << CHANGE_EXEC | 1u << CHANGE_END | 1u << CHANGE_ZOMBIE | 1u << CHANGE_REAP |
	       1u << CHANGE_ORPHAN | 1u << CHANGE_DAEMON | 1u << CHANGE_DEADLOCK | 1u << CHANGE_LOST;
}

static bool is_of_thread(const struct change *change)
{
	return (change->kind == CHANGE_BIRTH || change->kind == CHANGE_END) &&
	       change->thread != change->process->threads;
}

static bool is_failure(const struct change *change)
{
	const struct process *process = change->process;

	return process->end != ENDED_NONE && process->end != ENDED_NORMAL;
}

static bool is_wanted_kind(const struct filter *filter, const struct change *change)
{
	unsigned int kinds = filter->kinds ? filter->kinds : filter_usual();

	return kinds & 1u << change->kind;
}

static bool is_whose(const struct filter *filter, const struct change *change)
{
	const struct process *process = change->process;

	if (filter->by_user && process->uid != filter->uid)
		return false;
	if (filter->comm && fnmatch(filter->comm, change->thread->comm, 0) && fnmatch(filter->comm, process->comm, 0))
		return false;
	return !filter->cgroup ||
	       cgroups_contain(filter->cgroups, filter->cgroup, cgroups_path(filter->cgroups, process->cgroup));
}

bool filter_passes(const struct filter *filter, const struct change *change)
{
	if (!change->process)
		return true; /* losses are everybody's */
	if (!is_wanted_kind(filter, change) || (is_of_thread(change) && !filter->threads))
		return false;
	if (filter->failed && !is_failure(change))
		return false;
	return is_whose(filter, change);
}
