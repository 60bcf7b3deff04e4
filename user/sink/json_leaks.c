/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The list of leaks as a document, proclife.leaks/1: parents with zombies, orphans with what they hold, and the findings
 * on both. What is not known is null.
 */
#include <string.h>

#include "user/base/clock.h"
#include "user/base/signals.h"
#include "user/sink/image.h"
#include "user/sink/json_parts.h"
#include "user/sink/leaks.h"
#include "user/sink/output.h"

#define ZOMBIES_TOLD 1000 /* of one parent, one by one */

static void who_members(struct json *json, const struct process *process)
{
	const struct execution *exec = image_of(process);

	json_process_id(json, "id", process);
	json_count(json, "pid", process->pid);
	json_name(json, "comm", "comm_bytes", process->comm);
	json_exec_members(json, exec);
	json_count(json, "uid", process->uid);
}

static void ref(struct json *json, const char *key, const struct process *process)
{
	if (!process) {
		json_null(json, key);
		return;
	}
	json_open(json, key, '{');
	json_count(json, "pid", process->pid);
	json_name(json, "comm", "comm_bytes", process->comm);
	json_close(json, '}');
}

/* What its first thread does, and for how long it has. */
static void doing(struct json *json, const struct leaks *leaks, const struct process *process)
{
	const struct thread *thread = process ? process->threads : NULL;

	if (!thread || thread->end_ns != UNKNOWN_NS) {
		json_null(json, "doing");
		return;
	}
	json_open(json, "doing", '{');
	json_text(json, "state", state_name(thread->state));
	if (thread->state == STATE_BLOCKED)
		json_reason(json, "reason", thread->reason, thread->call);
	else
		json_null(json, "reason");
	json_ns(json, "for_ns", leaks->ended_ns > thread->since_ns ? leaks->ended_ns - thread->since_ns : 0);
	json_bool(json, "about", thread->since_about);
	json_close(json, '}');
}

static const char *disposition(const struct process *process)
{
	if (!process)
		return NULL;
	return process->ignores_children ? "ignored" : process->handles_children ? "handled" : "default";
}

static void limit(struct json *json, const struct leaks *leaks, const struct zombie_parent *parent)
{
	if (!parent->limit.name) {
		json_null(json, "limit");
		return;
	}
	json_open(json, "limit", '{');
	json_text(json, "name", parent->limit.name);
	json_text(json, "cgroup", parent->limit.path);
	json_number(json, "most", parent->limit.most);
	json_number(json, "left", parent->limit.left);
	json_ns(json, "reached_in_ns", leaks_limit_ns(leaks, parent));
	json_close(json, '}');
}

static void zombie(struct json *json, const struct zombie *zombie, const struct leaks *leaks)
{
	const struct process *process = zombie->process;
	__u64 most_ns = process->end_bound ? leaks->ended_ns - process->birth_ns : zombie->least_ns;

	json_line(json, 4);
	json_open(json, NULL, '{');
	json_count(json, "pid", process->pid);
	json_name(json, "comm", "comm_bytes", process->comm);
	json_ns(json, "at_least_ns", zombie->least_ns);
	json_ns(json, "at_most_ns", most_ns);
	json_ns(json, "about_ns", process->end_bound ? zombie->about_ns : zombie->least_ns);
	if (process->code < 0)
		json_null(json, "code");
	else
		json_number(json, "code", process->code);
	json_text(json, "signal", process->signal ? signal_name(process->signal) : NULL);
	json_close(json, '}');
}

static void zombies(struct json *json, const struct leaks *leaks, const struct zombie_parent *parent)
{
	json_line(json, 3);
	json_open(json, "zombies", '[');
	for (int i = 0; i < parent->count && i < ZOMBIES_TOLD; i++)
		zombie(json, &parent->zombies[i], leaks);
	json_line(json, 3);
	json_close(json, ']');
}

static void parent(struct json *json, const struct leaks *leaks, const struct zombie_parent *parent)
{
	json_line(json, 2);
	json_open(json, NULL, '{');
	if (parent->process) {
		who_members(json, parent->process);
	} else {
		json_null(json, "id");
		json_count(json, "pid", parent->pid);
		json_name(json, "comm", "comm_bytes", parent->comm[0] ? parent->comm : NULL);
		json_exec_members(json, NULL);
		json_null(json, "uid");
	}
	json_line(json, 3);
	json_text(json, "sigchld", disposition(parent->process));
	doing(json, leaks, parent->process);
	json_line(json, 3);
	json_number(json, "count", parent->count);
	json_number(json, "leaked", parent->leaked);
	json_count(json, "patience_ns", parent->patience_ns);
	json_number(json, "grown", parent->grown);
	json_number(json, "reaped", parent->reaped);
	json_decimal(json, "grown_per_minute", leaks_per_minute(leaks, parent));
	json_bool(json, "growing", parent->growing);
	json_line(json, 3);
	limit(json, leaks, parent);
	if (parent->finding < 0)
		json_null(json, "finding");
	else
		json_number(json, "finding", parent->finding);
	zombies(json, leaks, parent);
	json_close(json, '}');
}

static void reader(struct json *json, const struct pipe_reader *reader)
{
	json_open(json, NULL, '{');
	json_count(json, "pid", reader->pid);
	json_count(json, "tid", reader->tid);
	json_name(json, "comm", "comm_bytes", reader->comm);
	json_number(json, "fd", reader->fd);
	json_text(json, "reason", reader->polls ? "poll" : "pipe-read");
	json_bool(json, "orphan", reader->orphan);
	json_at(json, "since_at_ns", reader->since_ns);
	json_close(json, '}');
}

static void holding(struct json *json, const struct holding *holding)
{
	json_line(json, 4);
	json_open(json, NULL, '{');
	json_text(json, "kind", holding_kind_name(holding->kind));
	json_name(json, "name", "name_bytes", holding->name);
	ref(json, "holder", holding->holder);
	json_number(json, "fd", holding->fd);
	json_number(json, "fds", holding->fds);
	json_bool(json, "reads", holding->reads);
	json_bool(json, "writes", holding->writes);
	json_count_or_null(json, "port", (__u64)holding->port);
	json_ns(json, "bytes", holding->bytes);
	if (holding->kind == HOLDS_PIPE && holding->writes) {
		json_bool(json, "others_write", holding->shared);
		json_open(json, "readers", '[');
		for (int i = 0; i < holding->reader_count; i++)
			reader(json, &holding->readers[i]);
		json_close(json, ']');
	}
	json_close(json, '}');
}

static void holdings(struct json *json, const struct orphan *orphan)
{
	json_line(json, 3);
	if (!orphan->seen) {
		json_null(json, "holds");
		return;
	}
	json_open(json, "holds", '[');
	for (int i = 0; i < orphan->holding_count; i++)
		holding(json, &orphan->holdings[i]);
	json_line(json, 3);
	json_close(json, ']');
}

/* From its own parent upwards, as far as they are known. */
static void chain(struct json *json, const struct process *process)
{
	const struct process *ancestor = process->orphaned_from;

	if (!ancestor) {
		json_null(json, "born_of");
		return;
	}
	json_open(json, "born_of", '[');
	for (; ancestor; ancestor = ancestor->parent)
		ref(json, NULL, ancestor);
	json_close(json, ']');
}

static void share(struct json *json, const char *key, double share)
{
	if (share < 0)
		json_null(json, key);
	else
		json_decimal(json, key, share);
}

static void orphan_facts(struct json *json, const struct leaks *leaks, const struct orphan *orphan)
{
	const struct process *process = orphan->process;

	json_line(json, 3);
	json_count(json, "adopter_pid", process->adopter_pid);
	json_text(json, "adopter", process->adopter_is_init ? "init" : "subreaper");
	json_ns(json, "adopted_for_ns", leaks->ended_ns - process->orphaned_ns);
	json_bool(json, "at_least", process->existing && !process->orphaned_from);
	chain(json, process);
	json_line(json, 3);
	json_count(json, "session", process->session);
	if (orphan->leader_known)
		json_bool(json, "session_leader_alive", orphan->leader_alive);
	else
		json_null(json, "session_leader_alive");
	json_text(json, "daemon", orphan_is_daemon(orphan) ? daemon_kind_name(DAEMON_DETACHED) : NULL);
	json_text(json, "unit", orphan->unit);
	share(json, "cpu_share", orphan_cpu(orphan));
	share(json, "cpu_ready_share", orphan_cpu_ready(orphan));
	doing(json, leaks, process);
}

static void orphan(struct json *json, const struct leaks *leaks, const struct orphan *orphan)
{
	json_line(json, 2);
	json_open(json, NULL, '{');
	who_members(json, orphan->process);
	orphan_facts(json, leaks, orphan);
	holdings(json, orphan);
	json_line(json, 3);
	json_open(json, "findings", '[');
	for (int i = 0; i < orphan->finding_count; i++)
		json_number(json, NULL, orphan->first_finding + i);
	json_close(json, ']');
	json_close(json, '}');
}

static void head(struct json *json, const struct leaks *leaks, const struct trace *trace)
{
	const struct model_stats *stats = model_stats(leaks->model);
	struct buffer started = {0};
	int found = 0;

	for (int i = 0; i < leaks->findings.count; i++)
		found += leaks->findings.list[i].severity != SEVERITY_INFO;
	clock_text(&started, trace->started_realtime_ns);
	json_line(json, 1);
	json_text(json, "schema", "proclife.leaks/1");
	json_line(json, 1);
	json_open(json, "trace", '{');
	json_text(json, "started", started.data);
	json_count(json, "started_boottime_ns", trace->started_ns);
	json_ns(json, "period_ns", leaks->ended_ns - leaks->started_ns);
	json_number(json, "alive", stats->alive);
	json_lost(json, stats->lost_lifecycle, stats->lost_timeline);
	json_text(json, "note", trace->note);
	json_close(json, '}');
	json_line(json, 1);
	json_number(json, "leaks", found);
	json->out->failed |= started.failed;
	buffer_free(&started);
}

static void list_findings(struct json *json, const struct findings *findings)
{
	json_line(json, 1);
	json_open(json, "findings", '[');
	for (int i = 0; i < findings->count; i++) {
		json_line(json, 2);
		json_open(json, NULL, '{');
		json_finding_members(json, &findings->list[i]);
		json_close(json, '}');
	}
	json_line(json, 1);
	json_close(json, ']');
}

static void lists(struct json *json, const struct leaks *leaks)
{
	json_line(json, 1);
	json_open(json, "parents", '[');
	for (int i = 0; i < leaks->parent_count; i++)
		parent(json, leaks, &leaks->parents[i]);
	json_line(json, 1);
	json_close(json, ']');
	json_line(json, 1);
	json_open(json, "orphans", '[');
	for (int i = 0; i < leaks->orphan_count; i++)
		orphan(json, leaks, &leaks->orphans[i]);
	json_line(json, 1);
	json_close(json, ']');
	list_findings(json, &leaks->findings);
}

static int write_json(const struct leaks *leaks, const struct trace *trace, const struct sink_options *options)
{
	struct output output = {.file = options->out};
	struct json json = {.out = &output.text, .started_ns = trace->started_ns};

	json_open(&json, NULL, '{');
	head(&json, leaks, trace);
	lists(&json, leaks);
	json_line(&json, 0);
	json_close(&json, '}');
	buffer_char(json.out, '\n');
	return output_finish(&output);
}

const struct leaks_format leaks_json = {"json", "one document, for programs", write_json};
