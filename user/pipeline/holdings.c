/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What orphans hold, and who misses it: descriptors of the machine's processes joined with those that the model knows.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/syscalls.h"
#include "user/pipeline/holdings.h"
#include "user/source/holdings.h"

struct holder { /* whose descriptors are being read */
	struct leaks *leaks;
	struct orphan *orphan;
	const struct process *process;
};

static void take_fd(void *ctx, const struct open_fd *fd)
{
	static const enum holding_kind kinds[OPEN_ELSE] = {[OPEN_PIPE] = HOLDS_PIPE,
							   [OPEN_SOCKET] = HOLDS_SOCKET,
							   [OPEN_TERMINAL] = HOLDS_TERMINAL,
							   [OPEN_DELETED] = HOLDS_DELETED};
	struct holder *holder = ctx;
	struct holding found = {.holder = holder->process,
				.inode = fd->inode,
				.bytes = fd->bytes,
				.name = (char *)fd->name,
				.fd = fd->fd,
				.reads = fd->reads,
				.writes = fd->writes};

	if (holder->process == holder->orphan->process && fd->fd <= 2 &&
	    (fd->kind == OPEN_PIPE || fd->kind == OPEN_TERMINAL))
		holder->orphan->plain_stdio = false;
	if (fd->kind == OPEN_ELSE)
		return;
	found.kind = kinds[fd->kind];
	if (!leaks_hold(holder->orphan, &found))
		holder->leaks->failed = true;
}

static struct orphan *find_orphan(struct leaks *leaks, const struct process *process)
{
	for (int i = 0; process && i < leaks->orphan_count; i++)
		if (leaks->orphans[i].process == process)
			return &leaks->orphans[i];
	return NULL;
}

static void take_socket(void *ctx, const struct socket_name *socket)
{
	struct holder *holder = ctx;
	struct orphan *orphan = holder->orphan;

	for (int i = 0; i < orphan->holding_count; i++) {
		struct holding *holding = &orphan->holdings[i];
		char *name;

		if (holding->kind != HOLDS_SOCKET || holding->inode != socket->inode)
			continue;
		name = strdup(socket->name);
		if (!name) {
			holder->leaks->failed = true;
			return;
		}
		free(holding->name);
		holding->name = name;
		holding->port = socket->port;
		holding->kind = socket->listens ? HOLDS_LISTENER : HOLDS_SOCKET;
	}
}

static void name_sockets(struct leaks *leaks, struct orphan *orphan)
{
	struct holder holder = {.leaks = leaks, .orphan = orphan};

	for (int i = 0; i < orphan->holding_count; i++) {
		if (orphan->holdings[i].kind != HOLDS_SOCKET)
			continue;
		sockets_visit(orphan->process->pid, take_socket, &holder);
		return;
	}
}

void complete_holdings(struct leaks *leaks)
{
	for (int i = 0; i < leaks->orphan_count; i++)
		leaks->orphans[i].plain_stdio = true;
	for (int i = 0; i < model_count(leaks->model); i++) {
		const struct process *process = model_process(leaks->model, i);
		struct orphan *orphan = find_orphan(leaks, process->end == ENDED_NONE ? leaks_family(process) : NULL);
		struct holder holder = {.leaks = leaks, .orphan = orphan, .process = process};

		if (!orphan || process->pid == (__u32)getpid())
			continue;
		if (!holdings_visit(process->pid, process->birth_ns, take_fd, &holder) && process == orphan->process)
			orphan->seen = true;
	}
	for (int i = 0; i < leaks->orphan_count; i++)
		name_sockets(leaks, &leaks->orphans[i]);
}

enum waits { WAITS_NOT, WAITS_READ, WAITS_POLL };

/* By names: numbers of system calls are each machine's own. */
static enum waits how_it_waits(const struct sleeper *sleeper, int fd)
{
	static const char *const reads[] = {"read", "readv", "preadv2", "splice", "tee"};
	static const char *const polls[] = {"poll",	  "ppoll",	 "select",	"pselect6",
					    "epoll_wait", "epoll_pwait", "epoll_pwait2"};
	const char *name = syscall_name(sleeper->call);

	for (size_t i = 0; name && i < sizeof(reads) / sizeof(reads[0]); i++)
		if (!strcmp(name, reads[i]))
			return sleeper->fd == fd ? WAITS_READ : WAITS_NOT;
	for (size_t i = 0; name && i < sizeof(polls) / sizeof(polls[0]); i++)
		if (!strcmp(name, polls[i]))
			return WAITS_POLL;
	return WAITS_NOT;
}

struct waiting { /* a process that has the read end open: do its threads wait? */
	struct leaks *leaks;
	struct holding *holding;
	const struct process *process; /* NULL: not traced */
	__u32 pid;
	int fd;
	bool reads; /* one was found that surely does */
};

static void know_since(struct pipe_reader *reader, const struct process *process)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		if (thread->tid != reader->tid || thread->end_ns != UNKNOWN_NS || thread->state != STATE_BLOCKED)
			continue;
		reader->since_ns = thread->since_ns;
		reader->since_about = thread->since_about;
	}
}

static void take_sleeper(void *ctx, const struct sleeper *sleeper)
{
	struct waiting *waiting = ctx;
	enum waits how = how_it_waits(sleeper, waiting->fd);
	struct pipe_reader reader = {.pid = waiting->pid,
				     .tid = sleeper->tid,
				     .fd = waiting->fd,
				     .polls = how == WAITS_POLL,
				     .orphan = waiting->process && leaks_family(waiting->process),
				     .since_ns = UNKNOWN_NS};

	if (how == WAITS_NOT || waiting->reads)
		return;
	waiting->reads = how == WAITS_READ;
	holdings_comm(waiting->pid, reader.comm);
	if (waiting->process)
		know_since(&reader, waiting->process);
	if (!leaks_read(waiting->holding, &reader))
		waiting->leaks->failed = true;
}

static void meet(struct leaks *leaks, struct holding *holding, __u32 pid, const struct open_fd *fd)
{
	const struct process *known = model_find_pid(leaks->model, pid);
	struct waiting waiting = {.leaks = leaks, .holding = holding, .pid = pid, .fd = fd->fd};

	waiting.process = known && known->end == ENDED_NONE ? known : NULL;
	if (fd->writes && !(waiting.process && leaks_family(waiting.process)))
		holding->shared = true;
	if (fd->reads && pid != holding->holder->pid)
		holdings_sleepers(pid, take_sleeper, &waiting);
}

static void take_pipe(void *ctx, __u32 pid, const struct open_fd *fd)
{
	struct leaks *leaks = ctx;

	for (int i = 0; i < leaks->orphan_count; i++) {
		struct orphan *orphan = &leaks->orphans[i];

		for (int h = 0; h < orphan->holding_count; h++) {
			struct holding *holding = &orphan->holdings[h];

			if (holding->kind == HOLDS_PIPE && holding->writes && holding->inode == fd->inode)
				meet(leaks, holding, pid, fd);
		}
	}
}

void complete_pipes(struct leaks *leaks)
{
	for (int i = 0; i < leaks->orphan_count; i++)
		for (int h = 0; h < leaks->orphans[i].holding_count; h++)
			if (leaks->orphans[i].holdings[h].kind == HOLDS_PIPE && leaks->orphans[i].holdings[h].writes) {
				holdings_pipes(take_pipe, leaks);
				return;
			}
}
