/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Deadlocks of every kind, side by side. It tells each circle, the eldest first.
 */
#include "stage.h"

static void own_pipe(void)
{
	int ends[2];

	open_pipe(ends);
	tell_circle("pipe-read", getpid(), NULL, 0);
	read_for_ever(ends[0]);
}

static void own_full_pipe(void)
{
	int ends[2];

	open_pipe(ends);
	tell_circle("pipe-write", getpid(), NULL, 0);
	write_for_ever(ends[1]);
}

/* Each reads what the other is to write. */
static void two_readers(void)
{
	int one[2], other[2];

	open_pipe(one);
	open_pipe(other);
	if (!enter()) {
		tell_circle("pipe-read", getppid(), "pipe-read", getpid());
		close(one[0]);
		close(other[1]);
		read_for_ever(other[0]);
	}
	close(one[1]);
	close(other[0]);
	read_for_ever(one[0]);
}

/* A third one waits for the first lock as well: behind the one that is in the circle. */
static void crosswise(void)
{
	int one = open_nameless(), other = open_nameless();
	atomic_int *locked = shared(sizeof(*locked));
	int first = open_again(one), second = open_again(other);

	if (!enter()) {
		int mine = open_again(other), wanted = open_again(one);

		close(first);
		close(second);
		lock(mine);
		tell_circle("file-lock", getppid(), "file-lock", getpid());
		atomic_fetch_add(locked, 1);
		await(locked, 2);
		lock(wanted);
	}
	if (!enter()) {
		int late = open_again(one);

		close(first);
		close(second);
		await(locked, 2);
		await_state(getppid(), 'S');
		lock(late);
	}
	lock(first);
	atomic_fetch_add(locked, 1);
	await(locked, 2);
	lock(second);
}

static void own_lock(void)
{
	int file = open_nameless(), again = open_again(file);

	lock(file);
	tell_circle("file-lock", getpid(), NULL, 0);
	lock(again);
}

static void lock_record(int file)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	must(fcntl(file, F_SETLKW, &whole));
}

static void lock_and_wait(void)
{
	int file = open_nameless();

	lock_record(file);
	if (!enter()) {
		tell_circle("child", getppid(), "file-lock", getpid());
		lock_record(file);
	}
	wait(NULL);
}

static void *write_in_thread(void *end)
{
	write_for_ever(*(int *)end);
	return NULL;
}

/* The child has two threads, and both are stuck. */
static void threads(void)
{
	int one[2], other[2];
	pthread_t thread;

	open_pipe(one);
	open_pipe(other);
	if (!enter()) {
		tell_circle("child", getppid(), "pipe-write", getpid());
		close(one[0]);
		close(other[0]);
		must(-pthread_create(&thread, NULL, write_in_thread, &other[1]));
		write_for_ever(one[1]);
	}
	close(one[1]);
	close(other[1]);
	wait(NULL);
}

/* The parent's memory is lent out, and what its child reads only the parent could write. */
static void borrowed_memory(void)
{
	int ends[2];

	open_pipe(ends);
	if (!vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		stage->pids[atomic_fetch_add(&stage->count, 1)] = getpid();
		tell_circle("vfork", getppid(), "pipe-read", getpid());
		close(ends[1]);
		read_for_ever(ends[0]);
	}
	sleep_long();
}

static void circles(void)
{
	static scene *const scenes[] = {unread_pipe, own_pipe,	    own_full_pipe, two_readers,	    crosswise,
					own_lock,    lock_and_wait, threads,	   borrowed_memory, NULL};

	play_all(scenes);
}

static const struct test_case cases[] = {{"circles", circles}, {NULL, NULL}};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
