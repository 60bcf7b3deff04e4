/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Figures and parts of the list of leaks; see leaks.h.
 */
#include <stdlib.h>
#include <string.h>

#include "user/finding/leaks_judge.h"

#define MINUTE_NS 60e9

double leaks_per_minute(const struct leaks *leaks, const struct zombie_parent *parent)
{
	__u64 period_ns = leaks->ended_ns - leaks->started_ns;

	return period_ns ? parent->grown * MINUTE_NS / (double)period_ns : 0;
}

__u64 leaks_limit_ns(const struct leaks *leaks, const struct zombie_parent *parent)
{
	double rate = leaks_per_minute(leaks, parent), ns;

	if (!parent->growing || rate <= 0 || !parent->limit.name)
		return UNKNOWN_NS;
	ns = (double)parent->limit.left / rate * MINUTE_NS;
	return ns < 1e18 ? (__u64)ns : UNKNOWN_NS;
}

__u64 zombie_age_ns(const struct zombie *zombie)
{
	return zombie->about_ns != UNKNOWN_NS && zombie->about_ns > zombie->least_ns ? zombie->about_ns
										     : zombie->least_ns;
}

double orphan_cpu(const struct orphan *orphan)
{
	return orphan->cpu.period_ns ? (double)orphan->cpu.running_ns / (double)orphan->cpu.period_ns : -1;
}

double orphan_cpu_ready(const struct orphan *orphan)
{
	return orphan->cpu.period_ns ? (double)orphan->cpu.ready_ns / (double)orphan->cpu.period_ns : -1;
}

bool orphan_is_daemon(const struct orphan *orphan)
{
	const struct process *process = orphan->process;

	return process->daemon == DAEMON_DETACHED || (orphan->leader_known && !orphan->leader_alive && !process->tty);
}

bool orphan_is_deliberate(const struct orphan *orphan)
{
	return orphan_is_daemon(orphan) && (!orphan->seen || orphan->plain_stdio);
}

const char *holding_kind_name(enum holding_kind kind)
{
	static const char *const names[HOLDING_KIND_COUNT] = {[HOLDS_PIPE] = "pipe",
							      [HOLDS_LISTENER] = "listener",
							      [HOLDS_SOCKET] = "socket",
							      [HOLDS_DELETED] = "deleted-file",
							      [HOLDS_TERMINAL] = "terminal"};

	return kind < HOLDING_KIND_COUNT ? names[kind] : "unknown";
}

/* The two ends of one pipe have the same inode. */
static bool same(const struct holding *one, const struct holding *other)
{
	return one->kind == other->kind && one->inode == other->inode && one->writes == other->writes &&
	       one->reads == other->reads;
}

struct holding *leaks_hold(struct orphan *orphan, const struct holding *found)
{
	struct holding *holding;

	for (int i = 0; i < orphan->holding_count; i++) {
		if (!same(&orphan->holdings[i], found))
			continue;
		orphan->holdings[i].fds++;
		return &orphan->holdings[i];
	}
	if (array_grow(&orphan->holdings, orphan->holding_count, sizeof(*orphan->holdings)))
		return NULL;
	holding = &orphan->holdings[orphan->holding_count++];
	*holding = *found;
	holding->fds = 1;
	holding->name = found->name ? strdup(found->name) : NULL;
	return holding;
}

struct pipe_reader *leaks_read(struct holding *holding, const struct pipe_reader *reader)
{
	if (array_grow(&holding->readers, holding->reader_count, sizeof(*holding->readers)))
		return NULL;
	holding->readers[holding->reader_count] = *reader;
	return &holding->readers[holding->reader_count++];
}
