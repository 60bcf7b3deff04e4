/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What leaks on the live machine: watched for a while, listed by the model, completed from /proc, judged, told.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/pipeline.h"
#include "user/pipeline/holdings.h"
#include "user/sink/output.h"
#include "user/source/holdings.h"
#include "user/source/services.h"
#include "user/source/source.h"

#define SHORT_NS 1000000000u /* a look that has nothing to decide; … */
#define LONG_NS 4500000000u  /* … and one that has, if nobody said how long */
#define TICK_NS 500000000u
#define TICKS 20 /* of a long period: no more, for each looks at all that live */

struct leaking {
	const struct leaks_options *options;
	struct leaks leaks;
	struct cgroups *cgroups;
};

static void hear(void *ctx, const struct change *change)
{
	struct leaking *leaking = ctx;

	leaks_hear(&leaking->leaks, change);
}

static bool is_adopters(const struct process *process)
{
	const struct process *parent = process->real_parent;

	return process->threads->wait_flags & (ALIVE_OF_INIT | ALIVE_OF_SUBREAPER) &&
	       (!parent || parent->cgroup != process->cgroup);
}

/* A child of an adopter, in a service that is over: it was somebody else's, of that service. A daemon that was there before us
 * would else look like any other child of init's. */
static void find_left_behind(void *ctx, struct model *model, __u64 now_ns)
{
	const struct leaking *leaking = ctx;
	int count = sees_host_pids() ? model_count(model) : 0;

	for (int i = 0; i < count; i++) {
		struct process *process = model_process(model, i);
		char unit[SERVICE_NAME_SIZE];
		enum service_state state;
		const char *path;

		if (process->end != ENDED_NONE || process->orphaned_ns || process->pid_namespace ||
		    !is_adopters(process))
			continue;
		path = cgroups_path(leaking->cgroups, process->cgroup);
		if (path && service_of(path, unit, &state) && state == SERVICE_OVER)
			model_adopted_before(model, process, now_ns, process->threads->wait_flags & ALIVE_OF_INIT);
	}
}

/* Not 0: enough is known. */
static int tick(void *ctx, struct model *model, __u64 now_ns)
{
	struct leaking *leaking = ctx;
	__u64 looked_ns;

	if (!leaking->leaks.started_ns)
		leaking->leaks.started_ns = now_ns;
	looked_ns = now_ns - leaking->leaks.started_ns;
	find_left_behind(leaking, model, now_ns);
	leaks_sample(&leaking->leaks, model, now_ns);
	if (leaking->options->for_ns || looked_ns < SHORT_NS)
		return 0;
	return looked_ns >= LONG_NS || !leaks_undecided(&leaking->leaks, model, now_ns);
}

/* No more than its whole life. */
static void estimate_age(const struct leaks *leaks, struct zombie *zombie)
{
	const struct process *process = zombie->process;
	__u64 about_ns = ended_ago_ns(process->pid, process->birth_ns), life_ns = leaks->ended_ns - process->birth_ns;

	if (about_ns != UNKNOWN_NS)
		zombie->about_ns = about_ns < life_ns ? about_ns : life_ns;
}

static void complete_parent(struct leaks *leaks, struct zombie_parent *parent)
{
	struct pids_limit limit;
	char path[1024];

	if (!parent->process)
		holdings_comm(parent->pid, parent->comm);
	for (int i = 0; i < parent->count; i++)
		if (parent->zombies[i].process->end_bound)
			estimate_age(leaks, &parent->zombies[i]);
	if (!limit_of(parent->pid, &limit, path, sizeof(path)))
		return;
	parent->limit = (struct task_limit){.name = limit.name, .most = limit.most, .left = limit.left};
	if (*path && !(parent->limit.path = strdup(path)))
		leaks->failed = true;
}

/* A number stays taken while it is that of a session: whoever has it is the leader. */
static void complete_leader(const struct model *model, struct orphan *orphan)
{
	__u32 session = orphan->process->session;
	const struct process *known = model_find_pid(model, session);
	char path[32];

	snprintf(path, sizeof(path), "/proc/%u", session);
	orphan->leader_known = session;
	orphan->leader_alive = session == orphan->process->pid ||
			       (!access(path, F_OK) && !(known && known->end != ENDED_NONE));
}

static void complete_unit(struct leaking *leaking, struct orphan *orphan)
{
	const struct process *process = orphan->process;
	const char *path = cgroups_path(leaking->cgroups, process->cgroup);
	char unit[SERVICE_NAME_SIZE];
	enum service_state state;

	if (!path || !service_of(path, unit, &state))
		return;
	if (!(orphan->unit = strdup(unit)))
		leaking->leaks.failed = true;
	orphan->unit_over = state == SERVICE_OVER && !process->pid_namespace &&
			    process_exists(process->pid, process->birth_ns); /* else it ended with it */
}

static void complete(struct leaking *leaking, const struct model *model)
{
	struct leaks *leaks = &leaking->leaks;

	for (int i = 0; i < leaks->parent_count; i++)
		complete_parent(leaks, &leaks->parents[i]);
	for (int i = 0; i < leaks->orphan_count; i++) {
		complete_leader(model, &leaks->orphans[i]);
		complete_unit(leaking, &leaks->orphans[i]);
	}
	complete_holdings(leaks);
	complete_pipes(leaks);
}

static int tell(struct leaking *leaking, const struct pipeline_result *result, int *found)
{
	const struct leaks_options *options = leaking->options;
	struct leaks *leaks = &leaking->leaks;

	if (!leaks->started_ns)
		leaks->started_ns = result->trace.started_ns;
	leaks->findings.pid_namespace = result->findings.pid_namespace;
	leaks_list(leaks, result->model);
	if (sees_host_pids())
		complete(leaking, result->model);
	*found = leaks_judge(leaks);
	if (leaks->failed)
		message("leaks: out of memory: the list is not complete");
	output_begin(&options->sink_options);
	if (!options->format->write(leaks, &result->trace, &options->sink_options))
		return 0;
	return say_unwritten("the list of leaks");
}

int pipeline_leaks(const struct leaks_options *options, int *found)
{
	struct leaking leaking = {.options = options, .cgroups = cgroups_new()};
	struct watch_options watch = {.pid = options->pid,
				      .states = true,
				      .threads = true,
				      .reads_on = true,
				      .sink_options.verbose = options->sink_options.verbose,
				      .for_ns = options->for_ns,
				      .hear = hear,
				      .tick = tick,
				      .end = find_left_behind,
				      .tick_ns = options->for_ns / TICKS > TICK_NS ? options->for_ns / TICKS : TICK_NS,
				      .ctx = &leaking};
	struct pipeline_result result;
	int status = pipeline_watch(&watch, &result);

	*found = 0;
	if (!status)
		status = tell(&leaking, &result, found);
	leaks_free(&leaking.leaks);
	cgroups_free(leaking.cgroups);
	pipeline_free(&result);
	return status;
}
