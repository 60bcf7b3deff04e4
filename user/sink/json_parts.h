/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The pieces that the report document and the lines of jsonl have in common, so that a field has one name and one
 * meaning in both. json*.c include it.
 */
#ifndef PROCLIFE_JSON_PARTS_H
#define PROCLIFE_JSON_PARTS_H

#include "user/sink/json_writer.h"
#include "user/sink/sink.h"

/* Each adds members to the object that is open. */
void json_birth_members(struct json *json, const struct process *process);
void json_place_members(struct json *json, const struct process *process); /* pid namespace, cgroup, container */
void json_exec_members(struct json *json, const struct execution *exec);   /* exec NULL: not known */
/* model: to tell which process a sender was; NULL where it is not at hand, then that member is left out. */
void json_end_members(struct json *json, const struct process *process, const struct model *model);
void json_told_members(struct json *json, const struct process *process);
void json_finding_members(struct json *json, const struct finding *finding);

/* Each adds one member. */
/* until_ns: the end of a process that lives on. Of a main thread only: unborn_ns, how long its process had lived before it,
 * and ended_ns, how long its process outlived it. */
void json_states(struct json *json, const struct thread *thread, __u64 until_ns);
void json_blocked(struct json *json, const struct thread *thread);
void json_folded(struct json *json,
		 const struct model *model); /* the processes that are not listed; null: there are none */
void json_wakers(struct json *json, const struct thread *thread, const struct model *model);
void json_reason(struct json *json, const char *key, enum reason reason, int call);
void json_sender(struct json *json, const char *key, const struct sender *sender, const struct model *model);
void json_lost(struct json *json, __u64 lifecycle, __u64 timeline);
const char *json_adopter(const struct process *process); /* NULL: not known */

/* One process of the report document. */
void json_process(struct json *json, const struct process *process, const struct model *model,
		  const struct trace *trace);

#endif
