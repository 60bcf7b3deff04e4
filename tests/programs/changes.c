/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What may change in a process's life: name, session, group, user, tracer. Each child leaves the CPU after a change,
 * by when it is noticed at the latest. Truth with an "event" is of jsonl, the other of the report document.
 */
#include "truth.h"

#include <sys/ptrace.h>

static void leave_cpu(void)
{
	usleep(1000);
}

static pid_t run(void (*life)(void))
{
	pid_t child = fork_at(NULL);

	if (!child) {
		life();
		leave_cpu();
		_exit(0);
	}
	reap(child);
	return child;
}

static void rename_twice(void)
{
	prctl(PR_SET_NAME, "caterpillar");
	leave_cpu();
	prctl(PR_SET_NAME, "butterfly");
}

/* Between two switches: each name is one that it had. */
static void rename_at_once(void)
{
	char name[16];

	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "name-%d", i);
		prctl(PR_SET_NAME, name);
	}
}

static void renamed_at_once(void)
{
	pid_t child = run(rename_at_once);

	tell("'event': 'rename', 'pid': %d, 'from': 'changes', 'to': 'name-0'", child);
	for (int i = 1; i < 20; i++)
		tell("'event': 'rename', 'pid': %d, 'from': 'name-%d', 'to': 'name-%d'", child, i - 1, i);
}

static void renamed(void)
{
	pid_t child = run(rename_twice);

	tell("'pid': %d, 'comm': 'butterfly', 'execs': []", child);
	tell("'event': 'rename', 'pid': %d, 'tid': %d, 'from': 'changes', 'to': 'caterpillar'", child, child);
	tell("'event': 'rename', 'pid': %d, 'tid': %d, 'from': 'caterpillar', 'to': 'butterfly'", child, child);
}

static void *rename_thread(void *data)
{
	prctl(PR_SET_NAME, "worker");
	leave_cpu();
	return data;
}

static void make_renamed_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, rename_thread, NULL) || pthread_join(thread, NULL))
		die("pthread_create");
}

static void thread_renamed(void)
{
	pid_t child = run(make_renamed_thread);

	tell("'pid': %d, 'comm': 'changes', 'threads': [{'comm': 'changes'}, {'comm': 'worker'}]", child);
	tell("'event': 'rename', 'pid': %d, 'from': 'changes', 'to': 'worker'", child);
}

static void lead_session(void)
{
	if (setsid() < 0)
		die("setsid");
}

static void session(void)
{
	pid_t child = run(lead_session);

	tell("'pid': %d, 'session': %d, 'group': %d", child, child, child);
	tell("'event': 'session', 'pid': %d, 'from': %d, 'to': %d, 'from_group': %d, 'to_group': %d", child, getsid(0),
	     child, getpgrp(), child);
}

static void lead_group(void)
{
	if (setpgid(0, 0))
		die("setpgid");
}

static void group(void)
{
	pid_t child = run(lead_group);

	tell("'pid': %d, 'session': %d, 'group': %d", child, getsid(0), child);
	tell("'event': 'session', 'pid': %d, 'from': %d, 'to': %d, 'from_group': %d, 'to_group': %d", child, getsid(0),
	     getsid(0), getpgrp(), child);
}

static void become_nobody(void)
{
	if (setuid(65534))
		die("setuid");
}

static void user(void)
{
	pid_t child;

	if (getuid())
		skip("not root");
	child = run(become_nobody);
	tell("'pid': %d, 'uid': 65534", child);
	tell("'event': 'user', 'pid': %d, 'from': 0, 'to': 65534", child);
}

static void tracer(void)
{
	atomic_int *go = shared(sizeof(*go));
	pid_t child = fork_at(NULL);
	int status;

	if (!child) {
		while (!atomic_load(go))
			leave_cpu();
		_exit(0);
	}
	if (ptrace(PTRACE_SEIZE, child, 0, 0) || ptrace(PTRACE_INTERRUPT, child, 0, 0))
		skip("can't trace a child");
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	if (ptrace(PTRACE_DETACH, child, 0, 0))
		die("detach");
	atomic_store(go, 1);
	reap(child);
	tell("'event': 'tracer', 'pid': %d, 'from': null, 'to': %d", child, getpid());
	tell("'event': 'tracer', 'pid': %d, 'from': %d, 'to': null", child, getpid());
}

/* A whole life, told as it happens. */
static void life(void)
{
	struct bracket born, reaped;
	pid_t child = fork_at(&born);

	if (!child) {
		execl("/bin/sh", "sh", "-c", "exit 3", NULL);
		_exit(127);
	}
	reap_at(child, &reaped);
	tell("'event': 'birth', 'pid': %d, 'kind': 'fork', 'parent_pid': %d, 'comm': 'changes'", child, getpid());
	tell("'event': 'exec', 'pid': %d, 'comm': 'sh', 'argv': ['sh', '-c', 'exit 3']", child);
	tell("'event': 'end', 'pid': %d, 'kind': 'error', 'code': 3, 'signal': null, 'by': null, 'at_ns': {'>=': %llu, '<=': %llu}",
	     child, born.from, reaped.to);
	tell("'event': 'zombie', 'pid': %d, 'parent_pid': %d, 'told': true", child, getpid());
	tell("'event': 'reap', 'pid': %d, 'reaper_pid': %d, 'auto': false, 'bound': false, 'zombie_ns': {'>=': 0, '<=': %llu}, "
	     "'at_ns': {'>=': %llu, '<=': %llu}",
	     child, getpid(), reaped.to - born.from, reaped.from, reaped.to);
}

/* Who was blocked, and who woke whom: the child writes, we read. */
static void waking(void)
{
	pid_t parent = getpid(), child;
	int ends[2];
	char byte;

	if (pipe(ends))
		die("pipe");
	child = fork_at(NULL);
	if (!child) {
		await_state(parent, 'S');
		_exit(write(ends[1], "x", 1) != 1);
	}
	if (read(ends[0], &byte, 1) != 1)
		die("read");
	reap(child);
	tell("'event': 'state', 'pid': %d, 'state': 'blocked', 'reason': 'pipe-read', 'fd': %d", parent, ends[0]);
	tell("'event': 'wake', 'pid': %d, 'waker_pid': %d, 'irq': false, 'reason': 'pipe-read'", parent, child);
}

static void orphan(void)
{
	pid_t *young = shared(sizeof(*young)), middle;

	become_subreaper();
	middle = fork_at(NULL);
	if (!middle) {
		pid_t parent = getpid(), child = fork_at(NULL);

		if (!child) {
			while (getppid() == parent)
				sched_yield();
			setsid();
			leave_cpu();
			_exit(0);
		}
		*young = child;
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	tell("'event': 'orphan', 'pid': %d, 'from_pid': %d, 'adopter_pid': %d, 'adopter': 'subreaper'", *young, middle,
	     getpid());
	tell("'event': 'daemon', 'pid': %d, 'kind': 'detached'", *young);
}

static const struct test_case cases[] = {
	{"rename", renamed},
	{"rename-at-once", renamed_at_once},
	{"thread-rename", thread_renamed},
	{"session", session},
	{"group", group},
	{"user", user},
	{"tracer", tracer},
	{"life", life},
	{"waking", waking},
	{"orphan", orphan},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
