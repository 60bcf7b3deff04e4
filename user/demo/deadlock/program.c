/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Three pairs that wait for each other: a parent for its child, which writes to the pipe that the parent does not read;
 * two workers that take two locked files crosswise; two that take two mutexes so. The watcher, who is in none of it, ends
 * one of each pair in the end. With the word "broken" nobody makes the mistake: the parent reads before it waits, and both
 * workers take the locks in the same order.
 */
#include "user/demo/program.h"

#include <sys/file.h>

#define PATIENCE_MS 1200
#define MUCH (1 << 20) /* bytes: a pipe holds 65,536 */

struct pair { /* two workers, and the two locks that each of them needs */
	const char *name;
	void (*take)(const struct pair *pair, int lock), (*give)(const struct pair *pair, int lock);
	pthread_mutex_t *mutexes;
	int files[2];
	const char *folder;
	bool careful;
	int meeting[2]; /* a pipe that each holds open until it has its first lock */
};

static void write_much(int fd)
{
	static char bytes[MUCH];
	ssize_t written;

	for (size_t at = 0; at < MUCH; at += (size_t)written) {
		written = write(fd, bytes + at, MUCH - at); /* blocks as soon as the pipe is full */
		if (written < 0)
			_exit(1);
	}
}

static void read_all(int fd)
{
	static char bytes[4096];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* The child ends when somebody has read what it writes; the parent waits for that end. *told: who the child is. */
static pid_t start_parent(bool careful, volatile pid_t *told)
{
	pid_t parent = fork_named("parent"), child;
	int ends[2];

	if (parent)
		return parent;
	open_pipe(ends);
	child = fork_named("child");
	if (!child) {
		close(ends[0]);
		write_much(ends[1]);
		_exit(0);
	}
	*told = child;
	close(ends[1]);
	if (careful)
		read_all(ends[0]);
	reap(child);
	_exit(0);
}

/* By each for itself: a lock by flock() belongs to what open() has made. */
static void open_files(struct pair *pair)
{
	char path[4096];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/file-%d", pair->folder ? pair->folder : ".", i + 1);
		pair->files[i] = open(path, O_RDWR | O_CREAT, 0600);
		if (pair->files[i] < 0)
			_exit(1);
	}
}

static void lock_file(const struct pair *pair, int lock)
{
	flock(pair->files[lock], LOCK_EX);
}

static void unlock_file(const struct pair *pair, int lock)
{
	flock(pair->files[lock], LOCK_UN);
}

static void lock_mutex(const struct pair *pair, int lock)
{
	pthread_mutex_lock(&pair->mutexes[lock]);
}

static void unlock_mutex(const struct pair *pair, int lock)
{
	pthread_mutex_unlock(&pair->mutexes[lock]);
}

/* What bad luck does one day in a hundred, made sure of: each has its first lock before any asks for its second. */
static void until_both_have_one(const struct pair *pair)
{
	close(pair->meeting[1]);
	block_until_closed(pair->meeting[0]);
}

static pid_t start_worker(struct pair *pair, int number, int first, int second)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%d", pair->name, number);
	pid = fork_named(name);
	if (pid)
		return pid;
	open_files(pair);
	pair->take(pair, first);
	if (pair->careful)
		sleep_ms(10);
	else
		until_both_have_one(pair);
	pair->take(pair, second);
	pair->give(pair, second);
	pair->give(pair, first);
	_exit(0);
}

static void start_pair(struct pair *pair, pid_t workers[2])
{
	open_pipe(pair->meeting);
	workers[0] = start_worker(pair, 1, 0, 1);
	workers[1] = start_worker(pair, 2, pair->careful ? 0 : 1, pair->careful ? 1 : 0);
	close(pair->meeting[0]);
	close(pair->meeting[1]);
}

static bool is_there(pid_t pid)
{
	return !waitpid(pid, NULL, WNOHANG);
}

static void end_if_there(pid_t pid)
{
	if (is_there(pid))
		kill(pid, SIGKILL);
}

int main(int argc, char **argv)
{
	pthread_mutex_t *mutexes = shared_memory(2 * sizeof(*mutexes));
	volatile pid_t *child = shared_memory(sizeof(*child));
	struct pair files = {.name = "flock", .take = lock_file, .give = unlock_file, .folder = word(argv, "folder")};
	struct pair memory = {.name = "mutex", .take = lock_mutex, .give = unlock_mutex, .mutexes = mutexes};
	pid_t parent, flocks[2], waiters[2];

	(void)argc;
	call_me("watcher");
	make_lock(&mutexes[0]);
	make_lock(&mutexes[1]);
	memory.folder = files.folder;
	files.careful = memory.careful = is_broken(argv);
	parent = start_parent(files.careful, child);
	start_pair(&files, flocks);
	start_pair(&memory, waiters);

	sleep_ms(PATIENCE_MS * slowness(argv));
	if (is_there(parent))
		kill(*child, SIGKILL); /* now the parent's wait is over */
	end_if_there(flocks[1]);       /* its end gives back its locks */
	end_if_there(waiters[1]);      /* but not its mutex */
	sleep_ms(50 * slowness(argv));
	end_if_there(waiters[0]);
	reap_all();
	return 0;
}
