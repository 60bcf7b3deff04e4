/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Execs: a process takes on another program. Its path arrives leaf first, as the kernel walks it.
 */
#include "user/model/internal.h"

static size_t part_length(const char *text, size_t size)
{
	const char *end = memchr(text, 0, size);

	return end ? (size_t)(end - text) : size;
}

/* "cc\0bin\0usr\0" -> "/usr/bin/cc". One that did not fit whole has lost its beginning: ".../". */
static char *join_path(const char *parts, size_t size)
{
	bool cut = size >= EXEC_PATH_MAX;
	size_t at = size + (cut ? 5 : 1), length;
	char *path, *start;

	if (!size)
		return NULL;
	path = malloc(at + 1);
	if (!path)
		return NULL;
	path[at] = 0;
	for (const char *part = parts; part < parts + size; part += length + 1) {
		length = part_length(part, parts + size - part);
		at -= length;
		memcpy(path + at, part, length);
		path[--at] = '/';
	}
	start = path + at;
	if (cut) {
		start -= 3;
		memcpy(start, "...", 3);
	}
	memmove(path, start, strlen(start) + 1);
	return path;
}

static __u32 count_strings(const char *bytes, size_t size)
{
	__u32 count = 0;

	for (size_t at = 0; at < size; at += part_length(bytes + at, size - at) + 1)
		count++;
	return count;
}

/* One block: the pointers, NULL-ended, then the text they point to. */
static char **split_arguments(const char *bytes, size_t size, __u32 *argc)
{
	__u32 count = count_strings(bytes, size);
	char **argv = malloc((count + 1) * sizeof(*argv) + size + 1);
	char *text;

	if (!argv)
		return NULL;
	text = (char *)(argv + count + 1);
	memcpy(text, bytes, size);
	text[size] = 0;
	for (__u32 i = 0; i < count; i++) {
		argv[i] = text;
		text += strlen(text) + 1;
	}
	argv[count] = NULL;
	*argc = count;
	return argv;
}

static int fill_execution(struct execution *execution, const struct event *head, const struct exec *exec,
			  const char *data, size_t size)
{
	size_t path = exec->exe_len < size ? exec->exe_len : size;
	size_t rest = size - path, arguments = exec->argv_len < rest ? exec->argv_len : rest;

	*execution = (struct execution){.at_ns = head->at_ns,
					.uid = exec->uid,
					.old_tid = exec->old_tid,
					.argv_cut = exec->argv_total > arguments};
	execution->argv = split_arguments(data + path, arguments, &execution->argc);
	if (!execution->argv)
		return -1;
	execution->exe = join_path(data, path);
	if (!execution->exe && path) {
		free(execution->argv);
		return -1;
	}
	return 0;
}

static int add_execution(struct process *process, const struct event *head, const struct exec *exec, const char *data,
			 size_t size)
{
	if (array_grow(&process->execs, process->exec_count, sizeof(*process->execs)) ||
	    fill_execution(&process->execs[process->exec_count], head, exec, data, size))
		return -1;
	process->exec_count++;
	return 0;
}

/* de_thread() in fs/exec.c: the caller takes the leader's pid, and all other threads end. */
static struct thread *calling_thread(struct model *model, struct process *process, const struct event *head,
				     const struct exec *exec)
{
	struct thread *caller;

	if (!exec->old_tid || exec->old_tid == head->tid)
		return thread_of(model, process, head->tid, 0);
	caller = thread_known(model, process, exec->old_tid);
	if ((!caller || caller->end_ns != UNKNOWN_NS) && tracked_thread_of(process->threads)->led_from == exec->old_tid)
		return process->threads; /* a look has met it as the leader, before it told of the exec */
	if (!caller)
		caller = thread_of(model, process, exec->old_tid, 0);
	if (caller && caller != process->threads)
		thread_becomes_leader(model, process, caller);
	return caller;
}

int take_exec(struct model *model, struct subject subject, const struct exec *exec, size_t data_size)
{
	const char *data = (const char *)PAYLOAD(subject.head) + sizeof(*exec);
	struct process *process = subject.process;
	struct thread *thread;
	struct change change;

	if (exec->number && exec->number == tracked_of(process)->exec_number)
		return 0; /* two probes reported it, see bpf/preempted.h */
	tracked_of(process)->exec_number = exec->number;
	thread = calling_thread(model, process, subject.head, exec);
	if (!thread || add_execution(process, subject.head, exec, data, data_size))
		return -1;
	if (process->birth == BIRTH_VFORK)
		process->birth = BIRTH_SPAWN;
	copy_comm(thread->comm, exec->comm);
	memcpy(process->comm, thread->comm, sizeof(process->comm));
	if (subject.head->at_ns > thread->heard_ns)
		thread->heard_ns = subject.head->at_ns;
	user_noticed(model, process, thread, subject.head->at_ns, exec->uid);
	session_noticed(model, process, thread, subject.head->at_ns,
			(struct session){exec->session, exec->group, exec->tty, 0});
	change = change_of(CHANGE_EXEC, subject.head->at_ns, process, thread);
	change.exec.exec = &process->execs[process->exec_count - 1];
	tell(model, change);
	return 0;
}

int take_image(struct model *model, struct subject subject, const struct exec *exec, size_t data_size)
{
	const char *data = (const char *)PAYLOAD(subject.head) + sizeof(*exec);
	struct process *process = subject.process;
	struct execution *image;

	(void)model;
	if (process->image)
		return 0; /* told twice */
	image = malloc(sizeof(*image));
	if (!image || fill_execution(image, subject.head, exec, data, data_size)) {
		free(image);
		return -1;
	}
	process->image = image;
	return 0;
}
