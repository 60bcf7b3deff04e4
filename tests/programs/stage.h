/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For programs about deadlocks: scenes of processes that block, all played at once. The program itself is in none of them: it
 * looks on for a while, then ends them all.
 */
#ifndef PROCLIFE_STAGE_H
#define PROCLIFE_STAGE_H

#include "truth.h"

#include <sys/file.h>

#define ACTORS 64
#define LOOK_ON_MS 4000 /* longer than until somebody looks for the stuck (user/pipeline.c), on a slow machine, too */

struct stage { /* who has to be ended */
	atomic_int count;
	pid_t pids[ACTORS];
};

static struct stage *stage;

static inline void must(long result)
{
	if (result < 0)
		die("deadlocks");
}

static inline void sleep_long(void)
{
	for (;;)
		pause();
}

/* Forks one that dies with its parent, whatever becomes of that. */
static inline pid_t enter(void)
{
	pid_t pid = fork_at(NULL);

	if (!pid) {
		must(prctl(PR_SET_PDEATHSIG, SIGKILL));
		stage->pids[atomic_fetch_add(&stage->count, 1)] = getpid();
	}
	return pid;
}

static inline void open_pipe(int ends[2])
{
	must(pipe(ends));
}

/* A file without a name, and the same opened once more: a lock belongs to what open() made. */
static inline int open_nameless(void)
{
	int file = open("/tmp", O_TMPFILE | O_RDWR, 0600);

	must(file);
	return file;
}

static inline int open_again(int file)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	again = open(path, O_RDWR);
	must(again);
	return again;
}

static inline void read_for_ever(int fd)
{
	char byte;

	must(read(fd, &byte, 1));
	_exit(1);
}

static inline void write_for_ever(int fd)
{
	static char bytes[1 << 20];

	must(write(fd, bytes, sizeof(bytes)));
	_exit(1);
}

static inline void tell_circle(const char *first_reason, pid_t first, const char *second_reason, pid_t second)
{
	if (second)
		tell("'circle': [[%d, '%s'], [%d, '%s']]", first, first_reason, second, second_reason);
	else
		tell("'circle': [[%d, '%s']]", first, first_reason);
}

/* The one that tells of a circle is in it: its child tells for both, before it comes to wait. */
static inline void unread_pipe(void)
{
	int ends[2];

	open_pipe(ends);
	if (!enter()) {
		tell_circle("child", getppid(), "pipe-write", getpid());
		close(ends[0]);
		write_for_ever(ends[1]);
	}
	close(ends[1]);
	wait(NULL);
}

static inline void lock(int file)
{
	must(flock(file, LOCK_EX));
}

typedef void scene(void);

static inline void play(scene *scene)
{
	if (enter())
		return;
	scene();
	_exit(0);
}

/* Looks on, and ends all. */
static inline void look_on(void)
{
	struct timespec pause = {LOOK_ON_MS / 1000, LOOK_ON_MS % 1000 * 1000000};

	for (int i = 0; i < atomic_load(&stage->count); i++)
		while (!strchr("SDTZ", state_of(stage->pids[i])))
			sched_yield();
	while (nanosleep(&pause, &pause))
		;
	for (int i = 0; i < atomic_load(&stage->count); i++)
		kill(stage->pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
}

static inline void play_all(scene *const *scenes)
{
	stage = shared(sizeof(*stage));
	become_subreaper();
	while (*scenes)
		play(*scenes++);
	look_on();
}

#endif
