/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Stories for tests: lives told to a real model as the kernel side would, in milliseconds. A pid is used once.
 * Each test file that includes it gets its own copy.
 */
#ifndef PROCLIFE_STORY_H
#define PROCLIFE_STORY_H

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "user/sink/kinds.h"

#define MS 1000000ull
#define OUTSIDE 7 /* the pid of who started the command, and of no process of the trace */
#define COMMAND 100
#define PIDS 8192

struct story {
	struct model *model;
	const struct sink_kind *sink; /* hears the changes, if set before the first event */
	void *sink_state;
	struct trace trace;
	struct findings findings;
	__u64 start_ns[PIDS];
	__u32 parent[PIDS];
	char comm[PIDS][COMM_LEN];
};

/* NUL-ended only where it is shorter, as the kernel's. */
static inline void story_name(char *to, const char *name)
{
	for (int i = 0; i < COMM_LEN && name[i]; i++)
		to[i] = name[i];
}

static void story_hear(void *ctx, const struct change *change)
{
	struct story *story = ctx;

	if (story->sink && story->sink->change)
		story->sink->change(story->sink_state, change);
}

static inline void story_feed(struct story *story, __u16 kind, __u64 at_ms, __u32 pid, __u32 tid, const void *payload,
			      size_t size)
{
	struct event *event = calloc(1, sizeof(*event) + size);

	*event = (struct event){.kind = kind, .size = (__u16)size, .at_ns = at_ms * MS, .pid = pid, .tid = tid};
	event->start_ns = story->start_ns[pid];
	memcpy(event + 1, payload, size);
	model_feed(story->model, event);
	free(event);
}

#define FEED(story, kind, at_ms, pid, payload) story_feed(story, kind, at_ms, pid, pid, &(payload), sizeof(payload))

static inline void story_born_as(struct story *story, __u64 at_ms, __u32 pid, __u32 parent, const char *comm,
				 __u32 session, __u32 tty)
{
	struct birth birth = {.parent_pid = parent,
			      .parent_start_ns = story->start_ns[parent],
			      .by_tid = parent,
			      .exit_signal = SIGCHLD,
			      .session = session,
			      .group = session,
			      .tty = tty,
			      .ns_pid = pid};

	story->start_ns[pid] = at_ms * MS;
	story->parent[pid] = parent;
	birth.task_start_ns = story->start_ns[pid];
	story_name(story->comm[pid], comm);
	memcpy(birth.comm, story->comm[pid], COMM_LEN);
	FEED(story, EVENT_BIRTH, at_ms, pid, birth);
}

static inline void story_born(struct story *story, __u64 at_ms, __u32 pid, __u32 parent, const char *comm)
{
	story_born_as(story, at_ms, pid, parent, comm, 50, 0);
}

/* All of its life running. result: of the signal that tells its parent, as signal_generate numbers them. */
static inline void story_ends_as(struct story *story, __u64 at_ms, __u32 pid, __u32 status, struct end end)
{
	__u64 life_ns = at_ms * MS - story->start_ns[pid];

	if (!end.totals.blocked_ns && !end.totals.ready_ns && !end.totals.stopped_ns)
		end.totals.running_ns = life_ns;
	if (!end.session)
		end.session = SESSION_UNKNOWN;
	memcpy(end.comm, story->comm[pid], COMM_LEN);
	end.task_start_ns = story->start_ns[pid];
	end.parent_pid = story->parent[pid];
	end.parent_start_ns = story->start_ns[story->parent[pid]];
	end.status = status;
	end.flags |= END_LEADER | END_GROUP_DEAD | END_TOLD;
	FEED(story, EVENT_END, at_ms, pid, end);
}

static inline void story_ends(struct story *story, __u64 at_ms, __u32 pid, __u32 status)
{
	story_ends_as(story, at_ms, pid, status, (struct end){.told_result = 1});
}

/* Its children go to init. */
static inline void story_ends_leaving_children(struct story *story, __u64 at_ms, __u32 pid, __u32 status)
{
	story_ends_as(story, at_ms, pid, status,
		      (struct end){.flags = END_ADOPTED | END_ADOPTER_INIT, .adopter_pid = 1, .told_result = 1});
}

static inline void story_reaped(struct story *story, __u64 at_ms, __u32 pid, __u32 by)
{
	struct reap reap = {.reaper_pid = by, .reaper_tid = by, .reaper_start_ns = story->start_ns[by]};

	FEED(story, EVENT_REAP, at_ms, pid, reap);
}

/* Ends and is reaped at once by its parent. */
static inline void story_done(struct story *story, __u64 at_ms, __u32 pid, __u32 status)
{
	story_ends(story, at_ms, pid, status);
	story_reaped(story, at_ms, pid, story->parent[pid]);
}

static inline void story_signal(struct story *story, __u64 at_ms, __u32 pid, __u32 by, const char *comm,
				struct signal signal)
{
	signal.sender_pid = signal.sender_tid = by;
	signal.sender_start_ns = story->start_ns[by];
	story_name(signal.sender_comm, comm);
	FEED(story, EVENT_SIGNAL, at_ms, pid, signal);
}

/* It is still there, in that state since the time given. */
static inline void story_alive(struct story *story, __u64 at_ms, __u32 pid, enum state state, enum reason reason,
			       __u64 since_ms)
{
	const struct process *process = model_find(story->model, pid, story->start_ns[pid]);
	struct alive alive = {
		.task_start_ns = story->start_ns[pid],
		.parent_pid = story->parent[pid],
		.state = state,
		.reason = reason,
		.call = -1,
		.fd = -1,
		.since_ns = since_ms * MS,
		.session = process->session,
		.group = process->group,
		.tty = process->tty,
		.real_parent_pid = process->real_ppid,
	};

	alive.parent_start_ns = story->start_ns[story->parent[pid]];
	alive.totals.running_ns = since_ms * MS - story->start_ns[pid];
	alive.totals.blocked_ns = (at_ms - since_ms) * MS;
	story_name(alive.comm, process->comm);
	FEED(story, EVENT_ALIVE, at_ms, pid, alive);
}

/* Begins a story: the command is born at 0 and known as "make". */
static inline struct story *story_new(void)
{
	static char *const argv[] = {(char *)"make", (char *)"all", NULL};
	struct story *story = calloc(1, sizeof(*story));

	story->model = model_new(story_hear, story);
	story->start_ns[OUTSIDE] = 1;
	story->trace = (struct trace){.kernel = "6.18",
				      .machine = "x86_64",
				      .cpus = 2,
				      .started_ns = 1000 * MS,
				      .argv = argv,
				      .command_pid = COMMAND,
				      .exit_status = 0};
	return story;
}

/* The command ended at ended_ms (its end itself is the story's to tell), the trace at at_ms. */
static inline void story_over(struct story *story, __u64 ended_ms, __u64 at_ms)
{
	model_finish(story->model, at_ms * MS);
	story->trace.ended_ns = at_ms * MS;
	story->trace.command_start_ns = story->start_ns[COMMAND];
	story->findings.command = model_find(story->model, COMMAND, story->start_ns[COMMAND]);
	story->findings.ended_ns = ended_ms * MS;
}

static inline void story_free(struct story *story)
{
	findings_free(&story->findings);
	model_free(story->model);
	free(story);
}

#endif
