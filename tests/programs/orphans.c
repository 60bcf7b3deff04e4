/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Orphans: who adopts them, and when a parent's death makes none.
 */
#include "truth.h"

#include <linux/membarrier.h>

struct family {
	pid_t middle, young, adopter;
	atomic_int ready, go;
	ns_t last_seen, gone; /* the old parent seen for the last time; by when it had surely ended */
};

/* In the young one: watches its parent until that is another. */
static void outlive(struct family *family, pid_t parent)
{
	ns_t now;

	atomic_store(&family->ready, 1);
	for (;;) {
		now = now_ns();
		if (getppid() != parent)
			break;
		family->last_seen = now;
	}
	family->adopter = getppid();
}

static void tell_orphan(struct family *family, const char *adopter)
{
	tell("'pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'orphaned': {'at_ns': {'>=': %llu, '<=': %llu}, 'from': {'pid': "
	     "%d}, 'adopter_pid': %d, 'adopter': '%s'}",
	     family->young, family->middle, family->middle, family->last_seen, family->gone, family->middle,
	     family->adopter, adopter);
}

/* A parent that ends, and a child that outlives it and then does `life`. Returns when the parent is reaped. */
static struct family *make_orphan(void (*life)(struct family *))
{
	struct family *family = shared(sizeof(*family));
	pid_t middle = fork_at(NULL);

	if (!middle) {
		pid_t parent = getpid(), young = fork_at(NULL);

		if (!young) {
			outlive(family, parent);
			if (life)
				life(family);
			_exit(0);
		}
		family->young = young;
		await(&family->ready, 1);
		_exit(0);
	}
	family->middle = middle;
	reap(middle);
	family->gone = now_ns();
	return family;
}

static void to_subreaper(void)
{
	struct family *family;
	struct bracket reaped;

	become_subreaper();
	family = make_orphan(NULL);
	reap_at(family->young, &reaped);
	if (family->adopter != getpid())
		die("not the adopter that was expected");
	tell_orphan(family, "subreaper");
	tell("'pid': %d, 'zombie': {'reaper_pid': %d, 'reaped_at_ns': {'>=': %llu, '<=': %llu}}, 'daemon': null",
	     family->young, getpid(), reaped.from, reaped.to);
	tell("'pid': %d, 'children': [{'pid': %d}], 'orphaned': null", family->middle, family->young);
	tell("'pid': %d, 'children': [{'pid': %d}]", getpid(), family->middle);
}

/* The nearest subreaper, not the first. */
static void to_nearest(void)
{
	pid_t child;

	become_subreaper();
	child = fork_at(NULL);
	if (!child) {
		struct family *family;

		become_subreaper();
		family = make_orphan(NULL);
		reap(family->young);
		if (family->adopter != getpid())
			die("not the adopter that was expected");
		tell_orphan(family, "subreaper");
		_exit(0);
	}
	reap(child);
}

/* Adopted, and orphaned again when the adopter ends. The report tells the first time, and the last adopter. */
static void twice(void)
{
	struct family *family = shared(sizeof(*family));
	pid_t near, middle, young;

	become_subreaper();
	near = fork_at(NULL);
	if (!near) {
		become_subreaper();
		middle = fork_at(NULL);
		if (!middle) {
			pid_t parent = getpid();

			young = fork_at(NULL);
			if (!young) {
				outlive(family, parent);
				atomic_store(&family->go, 1);
				while (getppid() == family->adopter)
					sched_yield();
				family->adopter = getppid();
				_exit(0);
			}
			family->young = young;
			family->middle = getpid();
			await(&family->ready, 1);
			_exit(0);
		}
		await(&family->go, 1);
		reap(middle);
		family->gone = now_ns();
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	if (family->adopter != getpid())
		die("not the adopter that was expected");
	tell_orphan(family, "subreaper");
}

/* While another thread of the parent lives, its children have a parent. */
static void *make_child(void *data)
{
	struct family *family = data;
	pid_t parent = getpid(), child = fork_at(NULL);

	if (!child) {
		while (!atomic_load(&family->go))
			if (getppid() != parent)
				_exit(1);
		_exit(0);
	}
	family->young = child;
	return NULL;
}

static void to_nobody(void)
{
	struct family *family = shared(sizeof(*family));
	pthread_t thread;
	struct bracket reaped;
	int status;

	if (pthread_create(&thread, NULL, make_child, family))
		die("pthread_create");
	pthread_join(thread, NULL);
	atomic_store(&family->go, 1);
	status = reap_at(family->young, &reaped);
	if (status)
		die("it lost its parent");
	tell("'pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'orphaned': null, 'zombie': {'reaper_pid': %d, 'reaped_at_ns': "
	     "{'>=': %llu, '<=': %llu}}",
	     family->young, getpid(), getpid(), getpid(), reaped.from, reaped.to);
}

/* So, too, when it is the parent's first thread that ends. */
static void *collect_child(void *data)
{
	struct family *family = data;

	await_state(getpid(), 'Z');
	atomic_store(&family->go, 1);
	reap(family->young);
	_exit(0);
}

static void to_nobody_by_leader(void)
{
	struct family *family = shared(sizeof(*family));
	pid_t middle = fork_at(NULL);

	if (!middle) {
		pthread_t thread;

		make_child(family);
		if (pthread_create(&thread, NULL, collect_child, family))
			die("pthread_create");
		pthread_exit(NULL);
	}
	reap(middle);
	tell("'pid': %d, 'ppid': %d, 'orphaned': null, 'end': {'code': 0}, 'zombie': {'reaper_pid': %d}", family->young,
	     middle, middle);
	tell("'pid': %d, 'states': {'ended_ns': {'>=': 1}}", middle);
}

static void in_own_session(struct family *family)
{
	(void)family;
	if (setsid() < 0)
		die("setsid");
	sched_yield();
}

/* The old way to a daemon: fork, be orphaned, lead a session. */
static void detached(void)
{
	struct family *family;

	become_subreaper();
	family = make_orphan(in_own_session);
	reap(family->young);
	tell_orphan(family, "subreaper");
	tell("'pid': %d, 'session': %d, 'daemon': 'detached'", family->young, family->young);
}

/* daemon(3)'s way, twice forked: the session's leader is gone, so no terminal can ever be taken. */
static void twice_forked(void)
{
	struct family *family = shared(sizeof(*family));
	pid_t middle;

	become_subreaper();
	middle = fork_at(NULL);
	if (!middle) {
		pid_t parent, young;

		setsid();
		parent = getpid();
		young = fork_at(NULL);
		if (!young) {
			outlive(family, parent);
			_exit(0);
		}
		family->young = young;
		family->middle = parent;
		await(&family->ready, 1);
		_exit(0);
	}
	reap(middle);
	family->gone = now_ns();
	reap(family->young);
	tell_orphan(family, "subreaper");
	tell("'pid': %d, 'session': %d, 'daemon': 'detached'", family->young, middle);
	tell("'pid': %d, 'daemon': null", middle);
}

/* The kind that a parent terminates as it ends. */
static void attended(void)
{
	struct family *family = shared(sizeof(*family));
	pid_t middle = fork_at(NULL);

	if (!middle) {
		pid_t young = fork_at(NULL);

		if (!young)
			for (;;)
				pause();
		family->young = young;
		kill(young, SIGTERM);
		reap(young);
		_exit(0);
	}
	reap(middle);
	tell("'pid': %d, 'daemon': 'attended', 'orphaned': null, 'end': {'kind': 'killed', 'by': {'pid': %d}}",
	     family->young, middle);
}

/* As seen from below: without a subreaper between, pid 1 adopts. It reaps when it likes: not before we saw it there. */
static void to_init(void)
{
	struct family *family = make_orphan(NULL);
	ns_t here = 0, now;

	/* here: a time before it was last seen to be there */
	while (now = now_ns(), !kill(family->young, 0)) {
		here = now;
		usleep(1000);
	}
	/* The kernel may tell of it an RCU period later: let some pass. */
	for (int i = 0; i < 20; i++)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	tell_orphan(family, family->adopter == 1 ? "init" : "subreaper");
	tell("'pid': %d, 'end': {'kind': 'normal'}, 'zombie': {'auto': false, 'reaper_pid': %d, 'reaped_at_ns': {'>=': %llu}}",
	     family->young, family->adopter, here);
}

static const struct test_case cases[] = {
	{"to-subreaper", to_subreaper},
	{"to-nearest-subreaper", to_nearest},
	{"twice", twice},
	{"to-nobody", to_nobody},
	{"to-nobody-by-leader", to_nobody_by_leader},
	{"detached", detached},
	{"twice-forked", twice_forked},
	{"attended", attended},
	{"to-init", to_init},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
