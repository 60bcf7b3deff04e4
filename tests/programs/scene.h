/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For test programs about blocked processes: a child blocks; once it is seen asleep, we wake it. So it was blocked at
 * least from then until we began to wake it, and at most for as long as the call took by its own clock.
 */
#ifndef PROCLIFE_SCENE_H
#define PROCLIFE_SCENE_H

#include "truth.h"

struct scene {
	pid_t child;
	atomic_int about;
	unsigned int futex;
	ns_t before, after;
	int fds[3]; /* what child and parent share; what for, each scene says */
	char path[64];
	int queue;
};

typedef void act(struct scene *);

#define SPELL 20000000 /* of blocks that a timer ends */

static inline void must(long result)
{
	if (result < 0)
		die("blocks");
}

static inline struct scene *new_scene(void)
{
	return shared(sizeof(struct scene));
}

static inline void start(struct scene *scene, act *block)
{
	pid_t child = fork_at(NULL);

	if (!child) {
		scene->before = now_ns();
		atomic_store(&scene->about, 1);
		block(scene);
		scene->after = now_ns();
		_exit(0);
	}
	scene->child = child;
	await(&scene->about, 1);
}

static inline void finish(struct scene *scene, const char *reason, ns_t least, const char *waker)
{
	if (reap_at(scene->child, NULL))
		die("the child");
	tell("'pid': %d, 'breakdown_incomplete': false, 'blocked': {'has': [{'reason': '%s', 'count': {'>=': 1}, 'ns': {'>=': "
	     "%llu, '<=': %llu}, 'longest_ns': {'>=': %llu, '<=': %llu}}]}, 'wakers': {'has': [%s]}",
	     scene->child, reason, least, scene->after - scene->before, least, scene->after - scene->before, waker);
}

/* Blocks a child and wakes it. passed_on: a worker of the kernel does the waking on our behalf. */
static inline void play_with(struct scene *scene, const char *reason, act *block, act *wake, bool passed_on)
{
	ns_t asleep, woken;
	char waker[64] = "{'irq': false}";

	start(scene, block);
	await_state(scene->child, 'S');
	asleep = now_ns();
	if (!passed_on)
		snprintf(waker, sizeof(waker), "{'process': {'pid': %d}, 'irq': false}", getpid());
	woken = now_ns();
	wake(scene);
	finish(scene, reason, woken - asleep, waker);
}

static inline void play(struct scene *scene, const char *reason, act *block, act *wake)
{
	play_with(scene, reason, block, wake, false);
}

static inline void play_timer(struct scene *scene, const char *reason, act *block)
{
	start(scene, block);
	finish(scene, reason, SPELL, "{'irq': true, 'process': null, 'pid': null}");
}

/* fds[0] is read by the child, fds[1] written by us; or the other way round */
static inline void read_one(struct scene *scene)
{
	char byte;

	must(read(scene->fds[0], &byte, 1));
}

static inline void write_one(struct scene *scene)
{
	must(write(scene->fds[1], "x", 1));
}

#endif
