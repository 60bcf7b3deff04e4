/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Every way for a process to be born, and who its parent is.
 */
#include "truth.h"

#include <linux/sched.h>
#include <spawn.h>

extern char **environ;

static void tell_birth(pid_t pid, pid_t parent, const char *kind, const char *call, struct bracket born)
{
	tell("'pid': %d, 'ns_pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'uid': %d, 'session': %d, 'group': %d, "
	     "'birth': {'kind': '%s', 'call': '%s', 'at_ns': {'>=': %llu, '<=': %llu}}, 'orphaned': null",
	     pid, pid, parent, parent, getuid(), getsid(0), getpgrp(), kind, call, born.from, born.to);
}

static void tell_end(pid_t pid, int code, struct bracket reaped)
{
	tell("'pid': %d, 'end': {'kind': '%s', 'code': %d, 'signal': null, 'core': false, 'by': null}, 'execs': [], "
	     "'zombie': {'reaper_pid': %d, 'auto': false, 'bound': false, 'reaped_at_ns': {'>=': %llu, '<=': %llu}}",
	     pid, code ? "error" : "normal", code, getpid(), reaped.from, reaped.to);
}

static void fork_case(void)
{
	struct bracket born, reaped;
	pid_t child = fork_at(&born);

	if (!child)
		_exit(3);
	reap_at(child, &reaped);
	tell_birth(child, getpid(), "fork", "clone", born);
	tell_end(child, 3, reaped);
	tell("'pid': %d, 'children': [{'pid': %d}]", getpid(), child);
}

#ifdef SYS_fork
static void old_fork_call(void)
{
	struct bracket born = {.from = now_ns()};
	pid_t child = syscall(SYS_fork);

	if (!child)
		_exit(0);
	born.to = now_ns();
	reap(child);
	tell_birth(child, getpid(), "fork", "fork", born);
}
#endif

/* The child of vfork() writes into its parent's frame until it ends or executes: the callers' variables are not in it. */
static pid_t vfork_and_exit(int status)
{
	pid_t child = vfork();

	if (!child) {
		await_state(getppid(), 'D'); /* or the parent may never have slept */
		_exit(status);
	}
	return child;
}

static pid_t vfork_and_exec(const char *path, const char *name, const char *argument)
{
	pid_t child = vfork();

	if (!child) {
		execl(path, name, argument, NULL);
		_exit(127);
	}
	return child;
}

static void vfork_case(void)
{
	struct bracket born = {.from = now_ns()};
	pid_t child = vfork_and_exit(4);

	born.to = now_ns();
	reap(child);
	tell_birth(child, getpid(), "vfork", VFORK_CALL, born);
	tell("'pid': %d, 'blocked': {'has': [{'reason': 'vfork', 'count': {'>=': 1}, 'ns': {'<=': %llu}}]}, "
	     "'wakers': {'has': [{'process': {'pid': %d}, 'irq': false}]}",
	     getpid(), born.to - born.from, child);
}

static void vfork_exec(void)
{
	struct bracket born = {.from = now_ns()};
	pid_t child = vfork_and_exec("/bin/true", "true", "two words");

	born.to = now_ns();
	reap(child);
	tell_birth(child, getpid(), "spawn", VFORK_CALL, born);
	tell("'pid': %d, 'comm': 'true', 'argv': ['true', 'two words'], 'execs': [{'argv': ['true', 'two words']}]",
	     child);
}

static void spawn(void)
{
	char *argv[] = {"sh", "-c", "exit 5", NULL};
	struct bracket born = {.from = now_ns()}, reaped;
	pid_t child;

	if (posix_spawn(&child, "/bin/sh", NULL, NULL, argv, environ))
		die("posix_spawn");
	born.to = now_ns();
	reap_at(child, &reaped);
	tell("'pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'birth': {'kind': 'spawn', 'at_ns': {'>=': %llu, '<=': %llu}}, "
	     "'argv': ['sh', '-c', 'exit 5'], 'end': {'kind': 'error', 'code': 5}, 'execs': {'length': 1}, "
	     "'zombie': {'reaper_pid': %d, 'reaped_at_ns': {'>=': %llu, '<=': %llu}}",
	     child, getpid(), getpid(), born.from, born.to, getpid(), reaped.from, reaped.to);
}

static pid_t raw_clone(unsigned long flags)
{
	return syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
}

static pid_t clone_three(struct clone_args args)
{
	return syscall(SYS_clone3, &args, sizeof(args));
}

static void clone_flags(void)
{
	struct bracket born = {.from = now_ns()};
	pid_t child = raw_clone(CLONE_FILES | CLONE_FS | SIGCHLD);

	if (!child)
		_exit(0);
	born.to = now_ns();
	reap(child);
	tell_birth(child, getpid(), "clone", "clone", born);
}

static void clone_without_signal(void)
{
	struct bracket born = {.from = now_ns()}, reaped;
	pid_t child = raw_clone(0);

	if (!child)
		_exit(6);
	born.to = now_ns();
	reap_at(child, &reaped);
	tell_birth(child, getpid(), "clone", "clone", born);
	tell_end(child, 6, reaped);
	tell("'pid': %d, 'end': {'told': false}", child);
}

static void clone3_case(void)
{
	struct bracket born = {.from = now_ns()}, reaped;
	pid_t child = clone_three((struct clone_args){.exit_signal = SIGCHLD});

	if (!child)
		_exit(7);
	born.to = now_ns();
	reap_at(child, &reaped);
	tell_birth(child, getpid(), "fork", "clone3", born);
	tell_end(child, 7, reaped);
}

static void clone3_flags(void)
{
	struct bracket born = {.from = now_ns()};
	pid_t child = clone_three((struct clone_args){.flags = CLONE_FS, .exit_signal = SIGCHLD});

	if (!child)
		_exit(0);
	born.to = now_ns();
	reap(child);
	tell_birth(child, getpid(), "clone", "clone3", born);
}

/* The child of one's parent: a brother, whom the parent has to reap. */
static void clone_parent(void)
{
	struct bracket *born = shared(sizeof(*born)), reaped;
	pid_t *brother = shared(sizeof(*brother));
	pid_t middle = fork_at(NULL);

	if (!middle) {
		pid_t made;

		born->from = now_ns();
		made = raw_clone(CLONE_PARENT | SIGCHLD);
		if (!made)
			_exit(8);
		born->to = now_ns();
		*brother = made;
		_exit(0);
	}
	reap(middle);
	reap_at(*brother, &reaped);
	tell_birth(*brother, getpid(), "clone", "clone", *born);
	tell_end(*brother, 8, reaped);
	tell("'pid': %d, 'comm': '%s', 'argv': {'length': 2}", *brother, program_invocation_short_name);
	tell("'pid': %d, 'children': []", middle);
	tell("'pid': %d, 'children': [{'pid': %d}, {'pid': %d}]", getpid(), middle, *brother);
}

static void *fork_in_thread(void *unused)
{
	struct bracket born, reaped;
	pid_t child = fork_at(&born);

	(void)unused;
	if (!child)
		_exit(9);
	reap_at(child, &reaped);
	tell_birth(child, getpid(), "fork", "clone", born);
	tell_end(child, 9, reaped);
	tell("'pid': %d, 'threads': [{'tid': %d}]", child, child);
	tell("'pid': %d, 'threads': [{'tid': %d}, {'tid': %d}]", getpid(), getpid(), gettid());
	return NULL;
}

static void by_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fork_in_thread, NULL))
		die("pthread_create");
	pthread_join(thread, NULL);
}

/* Three generations: parents, children and their order. */
static void generations(void)
{
	pid_t *young = shared(2 * sizeof(*young));
	pid_t child = fork_at(NULL);

	if (!child) {
		for (int i = 0; i < 2; i++) {
			pid_t grandchild = fork_at(NULL);

			if (!grandchild)
				_exit(i);
			young[i] = grandchild;
			reap(grandchild);
		}
		_exit(2);
	}
	reap(child);
	tell("'pid': %d, 'children': [{'pid': %d}]", getpid(), child);
	tell("'pid': %d, 'ppid': %d, 'children': [{'pid': %d}, {'pid': %d}], 'end': {'code': 2}", child, getpid(),
	     young[0], young[1]);
	tell("'pid': %d, 'parent': {'pid': %d}, 'end': {'code': 0}", young[0], child);
	tell("'pid': %d, 'parent': {'pid': %d}, 'end': {'code': 1}", young[1], child);
}

static const struct test_case cases[] = {
	{"fork", fork_case},
#ifdef SYS_fork
	{"old-fork-call", old_fork_call},
#endif
	{"vfork", vfork_case},
	{"vfork-exec", vfork_exec},
	{"posix_spawn", spawn},
	{"clone-flags", clone_flags},
	{"clone-without-signal", clone_without_signal},
	{"clone3", clone3_case},
	{"clone3-flags", clone3_flags},
	{"clone-parent", clone_parent},
	{"by-thread", by_thread},
	{"generations", generations},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
