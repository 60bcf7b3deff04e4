/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Keeping changes; see log.h.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "user/demo/log.h"

static struct moment *room_for_one(struct log *log)
{
	struct moment *list;
	int room = log->room ? 2 * log->room : 256;

	if (log->count < log->room)
		return &log->list[log->count++];
	list = reallocarray(log->list, room, sizeof(*list));
	if (!list) {
		log->failed = true;
		return NULL;
	}
	log->list = list;
	log->room = room;
	return &log->list[log->count++];
}

static void copy_process(struct moment *moment, const struct process *process)
{
	moment->pid = process->pid;
	moment->ppid = process->real_ppid;
	moment->session = process->session;
	moment->group = process->group;
	moment->tty = process->tty;
	memcpy(moment->name, process->comm, sizeof(moment->name));
}

void log_take(void *ctx, const struct change *change)
{
	struct moment *moment = room_for_one(ctx);

	if (!moment)
		return;
	memset(moment, 0, sizeof(*moment));
	moment->change = *change;
	if (change->process)
		copy_process(moment, change->process);
	if (change->thread)
		memcpy(moment->name, change->thread->comm, sizeof(moment->name));
	if (change->kind == CHANGE_RENAME) {
		strncpy(moment->old_name, change->rename.old, COMM_LEN);
		moment->change.rename.old = NULL;
	}
	moment->exec = -1;
	if (change->kind == CHANGE_EXEC) { /* the array that it is in moves as it grows */
		moment->exec = (int)(change->exec.exec - change->process->execs);
		moment->change.exec.exec = NULL;
	}
	if (change->kind == CHANGE_SIGNAL) {
		moment->sender = *change->signal;
		moment->change.signal = NULL;
	}
}

void log_free(struct log *log)
{
	free(log->list);
	memset(log, 0, sizeof(*log));
}
