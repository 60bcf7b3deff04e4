/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A line for each change, as it is concluded: {"time": …, "at_ns": …, "event": …, "pid": …, …}; after the last of
 * them the findings, and a summary with the losses.
 */
#include <stdlib.h>
#include <string.h>

#include "user/base/clock.h"
#include "user/base/signals.h"
#include "user/sink/json_parts.h"
#include "user/sink/kinds.h"
#include "user/sink/output.h"

struct lines {
	const struct trace *trace;
	struct cgroups *cgroups;
	struct output output;
};

static void *lines_open(const struct trace *trace, const struct sink_options *options)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return NULL;
	lines->trace = trace;
	lines->cgroups = options->cgroups;
	lines->output.file = options->out;
	return lines;
}

static struct json begin_line(struct lines *lines, __u64 at_ns, const char *event)
{
	const struct trace *trace = lines->trace;
	struct json json = {.out = &lines->output.text, .started_ns = trace->started_ns, .cgroups = lines->cgroups};

	/* By hand, not through a member: this runs for every line of a flood, and a time needs no escaping. */
	buffer_text(json.out, "{\"time\": \"");
	clock_text(json.out, trace_realtime_ns(trace, at_ns));
	buffer_char(json.out, '"');
	json.follows = true;
	json_at(&json, "at_ns", at_ns);
	json_text(&json, "event", event);
	return json;
}

static void end_line(struct lines *lines, struct json *json)
{
	json_close(json, '}');
	buffer_char(json->out, '\n');
	output_write(&lines->output);
}

static void whose(struct json *json, const struct process *process, const struct thread *thread)
{
	json_count(json, "pid", process->pid);
	json_count(json, "tid", thread->tid);
	json_name(json, "comm", "comm_bytes", thread->comm);
	json_process_id(json, "process", process);
}

static bool is_of_thread(const struct change *change)
{
	return change->thread != change->process->threads;
}

static void birth_line(struct json *json, const struct change *change)
{
	const struct process *process = change->process;

	if (is_of_thread(change)) {
		json_text(json, "kind", birth_kind_name(BIRTH_THREAD));
	} else {
		json_count(json, "parent_pid", process->ppid);
		json_process_id(json, "parent", process->parent);
		json_birth_members(json, process);
		json_count_or_null(json, "ns_pid", process->ns_pid);
		json_place_members(json, process);
		json_count(json, "uid", process->uid);
		json_count(json, "session", process->session);
	}
	json_count_or_null(json, "by_tid", change->thread->by_tid);
}

static void exec_line(struct json *json, const struct change *change)
{
	json_exec_members(json, change->exec.exec);
	json_count(json, "uid", change->exec.exec->uid);
	json_count_or_null(json, "old_tid", change->exec.exec->old_tid);
}

static void end_line_members(struct json *json, const struct change *change)
{
	if (is_of_thread(change))
		json_text(json, "kind", birth_kind_name(BIRTH_THREAD));
	else
		json_end_members(json, change->process, NULL);
	json_states(json, change->thread, change->at_ns);
	json_blocked(json, change->thread);
}

static void zombie_line(struct json *json, const struct change *change)
{
	json_count_or_null(json, "parent_pid", change->process->real_ppid);
	json_told_members(json, change->process);
}

static void reap_line(struct json *json, const struct change *change)
{
	const struct process *process = change->process;

	json_process_id(json, "reaper", process->reaper);
	json_count_or_null(json, "reaper_pid", process->reaper_pid);
	json_ns(json, "zombie_ns", process->zombie_ns);
	json_bool(json, "auto", process->reap_auto);
	json_bool(json, "bound", process->reap_bound);
}

static void orphan_line(struct json *json, const struct change *change)
{
	json_process_id(json, "from", change->orphan.from);
	json_count_or_null(json, "from_pid", change->orphan.from_pid);
	json_count_or_null(json, "adopter_pid", change->process->adopter_pid);
	json_text(json, "adopter", json_adopter(change->process));
}

static void rename_line(struct json *json, const struct change *change)
{
	json_name(json, "from", "from_bytes", change->rename.old);
	json_name(json, "to", "to_bytes", change->thread->comm);
}

static void session_line(struct json *json, const struct change *change)
{
	const struct process *process = change->process;

	json_count(json, "from", change->session.old_session);
	json_count(json, "to", process->session);
	json_count(json, "from_group", change->session.old_group);
	json_count(json, "to_group", process->group);
	json_count_or_null(json, "from_tty", change->session.old_tty);
	json_count_or_null(json, "to_tty", process->tty);
}

static void user_line(struct json *json, const struct change *change)
{
	json_count(json, "from", change->user.old_uid);
	json_count(json, "to", change->process->uid);
}

static void tracer_line(struct json *json, const struct change *change)
{
	json_count_or_null(json, "from", change->tracer.old_tracer);
	json_count_or_null(json, "to", change->process->tracer_pid);
}

static void signal_line(struct json *json, const struct change *change)
{
	json_text(json, "signal", signal_name(change->signal->signal));
	json_sender(json, "by", change->signal, NULL);
	json_bool(json, "handled", change->signal->handled);
	json_bool(json, "blocked", change->signal->blocked);
	json_bool(json, "ignored", change->signal->ignored);
}

static void daemon_line(struct json *json, const struct change *change)
{
	json_text(json, "kind", daemon_kind_name(change->process->daemon));
}

static void state_line(struct json *json, const struct change *change)
{
	const struct span *span = &change->state;

	json_text(json, "state", state_name(span->state));
	if (span->state == STATE_BLOCKED)
		json_reason(json, "reason", span->reason, span->call);
	else
		json_null(json, "reason");
	json_at(json, "from_ns", span->from_ns);
	json_at(json, "to_ns", span->to_ns);
	json_ns(json, "ns", span->to_ns - span->from_ns);
	if (span->state == STATE_BLOCKED && span->fd >= 0)
		json_number(json, "fd", span->fd);
	if (span->mixed_ready_ns)
		json_ns(json, "mixed_ready_ns", span->mixed_ready_ns);
	if (span->mixed_blocked_ns) {
		json_ns(json, "mixed_blocked_ns", span->mixed_blocked_ns);
		json_reason(json, "mixed_reason", span->mixed_reason, -1);
	}
}

static void wake_line(struct json *json, const struct change *change)
{
	json_process_id(json, "waker", change->wake.waker);
	json_count_or_null(json, "waker_pid", change->wake.pid);
	json_count_or_null(json, "waker_tid", change->wake.tid);
	json_bool(json, "irq", change->wake.irq);
	json_reason(json, "reason", change->wake.reason, -1);
	json_ns(json, "blocked_ns", change->wake.blocked_ns);
}

static void deadlock_line(struct json *json, const struct change *change)
{
	const struct deadlock *deadlock = change->deadlock;

	json_at(json, "since_ns", deadlock->since_ns);
	json_open(json, "circle", '[');
	for (int i = 0; i < deadlock->count; i++) {
		json_open(json, NULL, '{');
		json_process_id(json, "id", deadlock->circle[i].process);
		json_count(json, "pid", deadlock->circle[i].process->pid);
		json_reason(json, "reason", deadlock->circle[i].reason, -1);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void lost_line(struct json *json, const struct change *change)
{
	json_lost(json, change->lost.lifecycle, change->lost.timeline);
}

static void lines_change(void *sink, const struct change *change)
{
	static void (*const members[CHANGE_COUNT])(struct json *, const struct change *) = {
		[CHANGE_BIRTH] = birth_line,	   [CHANGE_EXEC] = exec_line,	    [CHANGE_END] = end_line_members,
		[CHANGE_ZOMBIE] = zombie_line,	   [CHANGE_REAP] = reap_line,	    [CHANGE_ORPHAN] = orphan_line,
		[CHANGE_RENAME] = rename_line,	   [CHANGE_SESSION] = session_line, [CHANGE_USER] = user_line,
		[CHANGE_TRACER] = tracer_line,	   [CHANGE_SIGNAL] = signal_line,   [CHANGE_DAEMON] = daemon_line,
		[CHANGE_STATE] = state_line,	   [CHANGE_WAKE] = wake_line,	    [CHANGE_LOST] = lost_line,
		[CHANGE_DEADLOCK] = deadlock_line,
	};
	struct lines *lines = sink;
	struct json json = begin_line(lines, change->at_ns, change_name(change->kind));

	if (change->process)
		whose(&json, change->process, change->thread);
	members[change->kind](&json, change);
	end_line(lines, &json);
}

static void finding_line(struct lines *lines, const struct finding *finding)
{
	struct json json = begin_line(lines, lines->trace->ended_ns, "finding");

	if (finding->process) {
		json_count(&json, "pid", finding->process->pid);
		json_count(&json, "tid", finding->process->threads->tid);
		json_name(&json, "comm", "comm_bytes", finding->process->comm);
	}
	json_finding_members(&json, finding);
	end_line(lines, &json);
}

static void summary_line(struct lines *lines, const struct model *model, const struct findings *findings)
{
	const struct model_stats *stats = model_stats(model);
	struct json json = begin_line(lines, lines->trace->ended_ns, "summary");

	json_count(&json, "started_boottime_ns", lines->trace->started_ns);
	json_ns(&json, "duration_ns", lines->trace->ended_ns - lines->trace->started_ns);
	json_count(&json, "events", stats->events);
	json_lost(&json, stats->lost_lifecycle, stats->lost_timeline);
	json_number(&json, "processes", model_count(model) + model_folded(model)->sums.processes);
	json_count(&json, "births", stats->births);
	json_count(&json, "thread_births", stats->thread_births);
	json_count(&json, "ends", stats->ends);
	json_count(&json, "reaps", stats->reaps);
	json_count(&json, "orphans", stats->orphans);
	json_number(&json, "alive", stats->alive);
	json_number(&json, "zombies", stats->zombies);
	json_number(&json, "findings", findings->count);
	json_text(&json, "note", lines->trace->note);
	json_folded(&json, model);
	end_line(lines, &json);
}

static int lines_tick(void *sink, const struct model *model, __u64 now_ns)
{
	struct lines *lines = sink;

	(void)model;
	(void)now_ns;
	return output_flush(&lines->output);
}

static int lines_finish(void *sink, const struct model *model, const struct findings *findings)
{
	struct lines *lines = sink;

	for (int i = 0; i < findings->count; i++)
		finding_line(lines, &findings->list[i]);
	summary_line(lines, model, findings);
	return output_finish(&lines->output);
}

static void lines_free(void *sink)
{
	struct lines *lines = sink;

	if (lines)
		buffer_free(&lines->output.text);
	free(lines);
}

const struct sink_kind sink_jsonl = {
	.name = "jsonl",
	.about = "a line of JSON for each change, as it happens",
	.detail_ns = 0,
	.open = lines_open,
	.change = lines_change,
	.tick = lines_tick,
	.finish = lines_finish,
	.free = lines_free,
};
