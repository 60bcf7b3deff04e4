/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One process of the report document: a block of lines, a subject a line.
 */
#include "user/sink/image.h"
#include "user/sink/json_parts.h"

#define DEPTH 3 /* of a process's own lines: document, list, process */

static void who(struct json *json, const struct process *process)
{
	json_count(json, "id", (__u64)process->id);
	json_count(json, "pid", process->pid);
	json_count(json, "ppid", process->ppid);
	json_process_id(json, "parent", process->parent);
	json_count_or_null(json, "ns_pid", process->ns_pid);
	json_place_members(json, process);
	json_line(json, DEPTH);
	json_name(json, "comm", "comm_bytes", process->comm);
	json_exec_members(json, image_of(process));
	json_line(json, DEPTH);
	json_count(json, "uid", process->uid);
	json_count(json, "session", process->session);
	json_count(json, "group", process->group);
}

static void birth(struct json *json, const struct process *process)
{
	json_open(json, "birth", '{');
	json_at(json, "at_ns", process->birth_ns);
	json_birth_members(json, process);
	json_close(json, '}');
}

static void execs(struct json *json, const struct process *process)
{
	json_open(json, "execs", '[');
	for (int i = 0; i < process->exec_count; i++) {
		json_open(json, NULL, '{');
		json_at(json, "at_ns", process->execs[i].at_ns);
		json_exec_members(json, &process->execs[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void end(struct json *json, const struct process *process, const struct model *model)
{
	if (process->end == ENDED_NONE) {
		json_null(json, "end");
		return;
	}
	json_open(json, "end", '{');
	json_at(json, "at_ns", process->end_ns);
	json_end_members(json, process, model);
	json_told_members(json, process);
	json_close(json, '}');
}

/* How long it has been a zombie: to the trace's end if it still is one. */
static __u64 zombie_ns(const struct process *process, const struct trace *trace)
{
	if (process->zombie_ns != UNKNOWN_NS || process->reaped_ns != UNKNOWN_NS || process->end_ns == UNKNOWN_NS)
		return process->zombie_ns;
	return trace->ended_ns > process->end_ns ? trace->ended_ns - process->end_ns : 0;
}

static void zombie(struct json *json, const struct process *process, const struct trace *trace)
{
	if (process->end == ENDED_NONE) {
		json_null(json, "zombie");
		return;
	}
	json_open(json, "zombie", '{');
	json_ns(json, "ns", zombie_ns(process, trace));
	json_at(json, "reaped_at_ns", process->reaped_ns);
	json_process_id(json, "reaper", process->reaper);
	json_count_or_null(json, "reaper_pid", process->reaper_pid);
	json_bool(json, "auto", process->reap_auto);
	json_bool(json, "bound", process->reap_bound);
	json_close(json, '}');
}

static void orphaned(struct json *json, const struct process *process)
{
	if (!process->orphaned_ns) {
		json_null(json, "orphaned");
		return;
	}
	json_open(json, "orphaned", '{');
	json_at(json, "at_ns", process->orphaned_ns);
	json_process_id(json, "from", process->orphaned_from);
	json_count_or_null(json, "adopter_pid", process->adopter_pid);
	json_text(json, "adopter", json_adopter(process));
	json_close(json, '}');
}

static void wakers(struct json *json, const struct thread *thread, const struct model *model, const struct trace *trace)
{
	if (trace->no_wakers || thread->counted_ns == UNKNOWN_NS)
		json_null(json, "wakers");
	else
		json_wakers(json, thread, model);
}

static void threads(struct json *json, const struct process *process, const struct model *model,
		    const struct trace *trace)
{
	json_open(json, "threads", '[');
	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		json_line(json, DEPTH + 1);
		json_open(json, NULL, '{');
		json_count(json, "tid", thread->tid);
		json_name(json, "comm", "comm_bytes", thread->comm);
		json_at(json, "birth_ns", thread->birth_ns);
		json_at(json, "end_ns", thread->end_ns);
		json_states(json, thread, trace->ended_ns);
		json_count(json, "cpu_ns", thread->cpu_ns);
		json_blocked(json, thread);
		wakers(json, thread, model, trace);
		json_bool(json, "breakdown_incomplete", thread->breakdown_incomplete);
		json_close(json, '}');
	}
	json_line(json, DEPTH);
	json_close(json, ']');
}

static void children(struct json *json, const struct process *process)
{
	json_open(json, "children", '[');
	for (int i = 0; i < process->child_count; i++)
		json_process_id(json, NULL, process->children[i]);
	json_close(json, ']');
	json_number(json, "folded", process->folded);
}

/* Where the life of its main thread went. */
static void life(struct json *json, const struct process *process, const struct model *model, const struct trace *trace)
{
	json_line(json, DEPTH);
	json_states(json, process->threads, trace->ended_ns);
	json_line(json, DEPTH);
	json_blocked(json, process->threads);
	json_bool(json, "breakdown_incomplete", process->threads->breakdown_incomplete);
	json_line(json, DEPTH);
	wakers(json, process->threads, model, trace);
	json_line(json, DEPTH);
	threads(json, process, model, trace);
}

void json_process(struct json *json, const struct process *process, const struct model *model,
		  const struct trace *trace)
{
	json_line(json, DEPTH - 1);
	json_open(json, NULL, '{');
	who(json, process);
	json_line(json, DEPTH);
	birth(json, process);
	json_line(json, DEPTH);
	execs(json, process);
	json_line(json, DEPTH);
	end(json, process, model);
	json_line(json, DEPTH);
	zombie(json, process, trace);
	json_line(json, DEPTH);
	orphaned(json, process);
	json_text(json, "daemon", process->daemon == DAEMON_NO ? NULL : daemon_kind_name(process->daemon));
	life(json, process, model, trace);
	json_line(json, DEPTH);
	children(json, process);
	json_close(json, '}');
}
