/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Looks for stories: who has what open and locked, who is blocked, told as the kernel side and the collector would. A look
 * begins at `ms`; by then all who are blocked have been so for a while.
 */
#ifndef PROCLIFE_SIGHT_H
#define PROCLIFE_SIGHT_H

#include "tests/unit/story.h"

#define CHILD 101
#define PIPE 5
#define FILE_ONE 200
#define FILE_TWO 201
#define ANY ((struct sleep){REASON_CHILD, -1, 0, 0})
#define WRITES ((struct sleep){REASON_PIPE_WRITE, 4, 0, 0})
#define READS ((struct sleep){REASON_PIPE_READ, 3, 0, 0})
#define LOCKS ((struct sleep){REASON_FILE_LOCK, -1, 0, 0})
#define ENDS 256

struct end_of_pipe { /* or an open file that has been locked */
	__u32 pid, fd;
	struct open_file open;
};

struct sight {
	struct story *story;
	__u64 ms;
	struct end_of_pipe ends[ENDS];
	int count;
	__u64 began_ns; /* as `looked` says */
	bool unswept;
};

struct sleep { /* of a blocked thread; all zero: in nothing that leads anywhere */
	enum reason reason;
	__s32 fd, awaited;
	__u32 flags;
};

/* As story_feed, without memory of its own. 0, or -1 as the model has it. */
static inline int sight_feed(struct story *story, __u16 kind, __u64 at_ms, __u32 pid, __u32 tid, const void *payload,
			     size_t size)
{
	struct {
		struct event head;
		unsigned char bytes[256];
	} event = {.head = {.kind = kind, .size = (__u16)size, .at_ns = at_ms * MS, .pid = pid, .tid = tid}};

	event.head.start_ns = story->start_ns[pid];
	memcpy(event.bytes, payload, size);
	return model_feed(story->model, &event.head);
}

static inline void look_begins(struct sight *sight, struct story *story, __u64 ms)
{
	*sight = (struct sight){.story = story, .ms = ms, .began_ns = ms * MS};
}

/* All ends of a kind are one open file, as fork leaves it. An inode below 100 is a pipe, both empty and full: whoever
 * reads or writes is blocked. */
static inline void has_open(struct sight *sight, __u32 pid, __u32 fd, __u64 inode, __u32 flags)
{
	struct end_of_pipe *end = &sight->ends[sight->count++];

	*end = (struct end_of_pipe){.pid = pid, .fd = fd};
	end->open = (struct open_file){.inode = inode, .device = 12, .fd = fd, .flags = flags};
	end->open.file = 1000 * inode + (inode < 100 ? flags & (FILE_READS | FILE_WRITES) : pid);
	if (inode < 100)
		end->open.flags |= FILE_PIPE | FILE_EMPTY | FILE_FULL;
}

static inline void count_ends(struct sight *sight, struct open_file *open)
{
	for (int i = 0; i < sight->count; i++) {
		const struct open_file *other = &sight->ends[i].open;

		open->references += other->file == open->file;
		if (other->inode != open->inode || !(open->flags & FILE_PIPE))
			continue;
		open->readers |= !!(other->flags & FILE_READS);
		open->writers |= !!(other->flags & FILE_WRITES);
	}
}

/* Before look_ends: what else it may have. */
static inline void count_all(struct sight *sight)
{
	for (int i = 0; i < sight->count; i++)
		count_ends(sight, &sight->ends[i].open);
}

static inline int locked(struct sight *sight, __u32 number, __u32 pid, __u64 inode, __u32 flags)
{
	struct file_lock lock = {.inode = inode, .device = 12, .flags = flags, .number = number};

	return sight_feed(sight->story, EVENT_FILE_LOCK, sight->ms, pid, pid, &lock, sizeof(lock));
}

static inline int tell_thread(struct sight *sight, __u32 pid, __u32 tid, __u64 born_ns, __u64 since_ms, __u32 state,
			      struct sleep sleep)
{
	struct story *story = sight->story;
	struct alive alive = {.task_start_ns = born_ns,
			      .parent_pid = story->parent[pid],
			      .real_parent_pid = story->parent[pid],
			      .state = state,
			      .reason = sleep.reason,
			      .call = -1,
			      .fd = sleep.fd,
			      .awaited = sleep.awaited,
			      .flags = sleep.flags,
			      .since_ns = since_ms * MS};

	alive.parent_start_ns = story->start_ns[story->parent[pid]];
	alive.totals.running_ns = (sight->ms + 2) * MS - born_ns;
	memcpy(alive.comm, story->comm[pid], COMM_LEN);
	return sight_feed(story, EVENT_ALIVE, sight->ms + 2, pid, tid, &alive, sizeof(alive));
}

static inline int is_in(struct sight *sight, __u32 pid, __u32 state, struct sleep sleep)
{
	return tell_thread(sight, pid, pid, sight->story->start_ns[pid], sight->ms - 100, state, sleep);
}

static inline int is_blocked(struct sight *sight, __u32 pid, struct sleep sleep)
{
	return is_in(sight, pid, STATE_BLOCKED, sleep);
}

static inline int tell_files(struct sight *sight)
{
	int result = 0;

	for (int i = 0; i < sight->count; i++)
		result |= sight_feed(sight->story, EVENT_OPEN_FILE, sight->ms + 1, sight->ends[i].pid,
				     sight->ends[i].pid, &sight->ends[i].open, sizeof(sight->ends[i].open));
	return result;
}

static inline int look_ends(struct sight *sight)
{
	struct swept swept = {.began_ns = (sight->ms + 1) * MS};
	struct looked looked = {.began_ns = sight->began_ns};

	if (!sight->unswept)
		sight_feed(sight->story, EVENT_SWEPT, sight->ms + 3, 0, 0, &swept, sizeof(swept));
	return sight_feed(sight->story, EVENT_LOOKED, sight->ms + 3, 0, 0, &looked, sizeof(looked));
}

static inline int heard(const struct story *story)
{
	return model_deadlock_count(story->model);
}

/* The command waits for its child, which writes into a pipe that the command alone could read. */
static inline struct story *unread_pipe(struct sight *sight)
{
	struct story *story = story_new();

	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, CHILD, COMMAND, "worker");
	look_begins(sight, story, 2000);
	has_open(sight, COMMAND, 3, PIPE, FILE_READS);
	has_open(sight, CHILD, 4, PIPE, FILE_WRITES);
	count_all(sight);
	return story;
}

#endif
