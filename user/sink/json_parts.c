/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The pieces that the report document and jsonl have in common; see json_parts.h.
 */
#include <string.h>

#include "user/base/signals.h"
#include "user/base/syscalls.h"
#include "user/sink/json_parts.h"
#include "user/words/spent.h"

void json_birth_members(struct json *json, const struct process *process)
{
	bool known = process->birth_seen || process->existing;

	json_text(json, "kind", known ? birth_kind_name(process->birth) : NULL);
	json_text(json, "call", process->birth_seen ? syscall_name(process->birth_call) : NULL);
}

void json_place_members(struct json *json, const struct process *process)
{
	const char *path = cgroups_path(json->cgroups, process->cgroup);
	char container[80];

	json_count_or_null(json, "pid_namespace", process->pid_namespace);
	json_name(json, "cgroup", "cgroup_bytes", path);
	json_text(json, "container", cgroups_container(path, container, sizeof(container)) ? container : NULL);
}

void json_exec_members(struct json *json, const struct execution *exec)
{
	json_name(json, "exe", "exe_bytes", exec ? exec->exe : NULL);
	json_names(json, "argv", "argv_bytes", exec ? exec->argv : NULL, exec ? exec->argc : 0);
	json_bool(json, "argv_cut", exec && exec->argv_cut);
}

static void sender_members(struct json *json, const struct sender *sender, const struct model *model)
{
	json_count_or_null(json, "pid", sender->pid);
	json_name(json, "comm", "comm_bytes", sender->pid ? sender->comm : NULL);
	if (model)
		json_process_id(json, "process", model_find(model, sender->pid, sender->start_ns));
	json_text(json, "why", signal_why_name(sender->why));
	json_text(json, "call", syscall_name(sender->call));
}

void json_sender(struct json *json, const char *key, const struct sender *sender, const struct model *model)
{
	if (sender->why == WHY_UNKNOWN) {
		json_null(json, key);
		return;
	}
	json_open(json, key, '{');
	sender_members(json, sender, model);
	json_close(json, '}');
}

/* Who killed it, and who had sent the signal that it first caught and then raised on itself. */
static void killer(struct json *json, const struct process *process, const struct model *model)
{
	const struct sender *first = &process->first_killer;

	if (process->end != ENDED_KILLED || process->killer.why == WHY_UNKNOWN) {
		json_null(json, "by");
		return;
	}
	json_open(json, "by", '{');
	sender_members(json, &process->killer, model);
	if (first->at_ns) {
		json_open(json, "first", '{');
		json_at(json, "at_ns", first->at_ns);
		json_text(json, "signal", signal_name(first->signal));
		sender_members(json, first, model);
		json_close(json, '}');
	} else {
		json_null(json, "first");
	}
	json_close(json, '}');
}

void json_end_members(struct json *json, const struct process *process, const struct model *model)
{
	json_text(json, "kind", process->end == ENDED_UNKNOWN ? NULL : end_kind_name(process->end));
	if (process->code < 0)
		json_null(json, "code");
	else
		json_number(json, "code", process->code);
	json_text(json, "signal", process->signal ? signal_name(process->signal) : NULL);
	json_bool(json, "core", process->core);
	killer(json, process, model);
}

void json_told_members(struct json *json, const struct process *process)
{
	static const char *const results[] = {"delivered", "ignored", "already-pending"};
	size_t result = (size_t)process->told_result;

	json_bool(json, "told", process->told);
	json_text(json, "told_result",
		  process->told && result < sizeof(results) / sizeof(results[0]) ? results[result] : NULL);
}

/* How long its main thread had ended while the process lived on: pthread_exit in main. */
static __u64 headless_ns(const struct process *process, __u64 until_ns)
{
	__u64 main_end_ns = process->threads->end_ns;
	__u64 end_ns = process->end == ENDED_NONE ? until_ns : process->end_ns;

	if (main_end_ns == UNKNOWN_NS || end_ns == UNKNOWN_NS || end_ns < main_end_ns)
		return 0;
	return end_ns - main_end_ns;
}

/* How long the process had lived before its main thread was born: exec by a thread that was not the main one. */
static __u64 unborn_ns(const struct process *process)
{
	__u64 main_birth_ns = process->threads->birth_ns;

	return main_birth_ns > process->birth_ns ? main_birth_ns - process->birth_ns : 0;
}

void json_states(struct json *json, const struct thread *thread, __u64 until_ns)
{
	if (thread->counted_ns == UNKNOWN_NS) {
		json_null(json, "states");
		return;
	}
	json_open(json, "states", '{');
	if (thread->counted_ns)
		json_at(json, "since_ns", thread->counted_ns);
	json_count(json, "running_ns", thread->totals.running_ns);
	json_count(json, "ready_ns", thread->totals.ready_ns);
	json_count(json, "blocked_ns", thread->totals.blocked_ns);
	json_count(json, "stopped_ns", thread->totals.stopped_ns);
	if (thread == thread->process->threads) {
		json_count(json, "unborn_ns", unborn_ns(thread->process));
		json_count(json, "ended_ns", headless_ns(thread->process, until_ns));
	}
	json_close(json, '}');
}

void json_reason(struct json *json, const char *key, enum reason reason, int call)
{
	struct buffer name = {0};

	reason_text(&name, reason, call);
	json_text(json, key, name.data);
	json->out->failed |= name.failed;
	buffer_free(&name);
}

static void reasons(struct json *json, const struct reason_total *sorted, int count)
{
	json_open(json, "blocked", '[');
	for (int i = 0; i < count; i++) {
		json_open(json, NULL, '{');
		json_reason(json, "reason", sorted[i].reason, sorted[i].call);
		json_count(json, "ns", sorted[i].ns);
		json_count(json, "count", sorted[i].count);
		json_count(json, "longest_ns", sorted[i].longest_ns);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void json_blocked(struct json *json, const struct thread *thread)
{
	struct reason_total sorted[BLOCKED_SLOTS] = {0};

	if (thread->counted_ns == UNKNOWN_NS) {
		json_null(json, "blocked");
		return;
	}
	longest_reasons(thread, sorted);
	reasons(json, sorted, thread->blocked_count);
}

void json_folded(struct json *json, const struct model *model)
{
	const struct folded *folded = model_folded(model);
	struct sums sums = folded->sums;

	if (!sums.processes) {
		json_null(json, "folded");
		return;
	}
	sums_sort(&sums);
	json_open(json, "folded", '{');
	json_number(json, "processes", sums.processes);
	json_number(json, "threads", sums.threads);
	json_count(json, "normal", folded->normal);
	json_count(json, "error", folded->error);
	json_count(json, "running_ns", sums.totals.running_ns);
	json_count(json, "ready_ns", sums.totals.ready_ns);
	json_count(json, "blocked_ns", sums.totals.blocked_ns);
	json_count(json, "stopped_ns", sums.totals.stopped_ns);
	json_count(json, "cpu_ns", sums.cpu_ns);
	reasons(json, sums.blocked, sums.blocked_count);
	json_close(json, '}');
}

void json_wakers(struct json *json, const struct thread *thread, const struct model *model)
{
	json_open(json, "wakers", '[');
	for (int i = 0; i < thread->waker_count; i++) {
		const struct waker_total *waker = &thread->wakers[i];
		bool task = !waker->irq && !waker->rest;

		json_open(json, NULL, '{');
		json_process_id(json, "process", task ? model_find(model, waker->pid, waker->start_ns) : NULL);
		json_count_or_null(json, "pid", task ? waker->pid : 0);
		json_bool(json, "irq", waker->irq);
		json_count(json, "count", waker->count);
		if (waker->rest)
			json_bool(json, "rest", true);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void json_lost(struct json *json, __u64 lifecycle, __u64 timeline)
{
	json_open(json, "lost", '{');
	json_count(json, "lifecycle", lifecycle);
	json_count(json, "timeline", timeline);
	json_close(json, '}');
}

const char *json_adopter(const struct process *process)
{
	if (!process->adopter_pid)
		return NULL;
	return process->adopter_is_init ? "init" : "subreaper";
}

void json_finding_members(struct json *json, const struct finding *finding)
{
	char bytes_name[64];

	json_text(json, "kind", finding->kind);
	json_text(json, "severity", severity_name(finding->severity));
	json_process_id(json, "process", finding->process);
	json_text(json, "summary", finding->summary);
	json_text(json, "advice", finding->advice);
	json_open(json, "evidence", '{');
	for (int i = 0; i < finding->evidence_count; i++) {
		const struct evidence *fact = &finding->evidence[i];

		if (fact->text) {
			snprintf(bytes_name, sizeof(bytes_name), "%s_bytes", fact->name);
			json_name(json, fact->name, bytes_name, fact->text);
		} else
			json_number(json, fact->name, fact->number);
	}
	json_close(json, '}');
}
