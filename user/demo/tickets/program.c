/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ten buyers, three tickets, a JSON file that says how many are left. Each buyer looks, decides, writes. Four times:
 * without a lock, and with a mutex, a locked file and a semaphore. With the word "broken" all locks are left out.
 * A buyer's exit status tells what it believes: 0, I have a ticket; 1, sold out.
 */
#include "user/demo/program.h"

#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/sem.h>

#define BUYERS 10
#define TICKETS 3
#define FORMAT "{\"tickets\": %d}\n"

struct shop {
	char path[4096];
	long decide_ms;
	pthread_mutex_t *mutex;
	int semaphores;
	int looking[2]; /* a pipe that everybody holds open who has not looked yet */
};

struct safety { /* one way to keep the others out */
	const char *name;
	void (*lock)(struct shop *shop, int file), (*unlock)(struct shop *shop, int file);
};

static int tickets_in(int file)
{
	char text[64] = "";
	int left = 0;

	if (pread(file, text, sizeof(text) - 1, 0) > 0)
		sscanf(text, FORMAT, &left);
	return left;
}

static void write_tickets(int file, int left)
{
	char text[64];
	int length = snprintf(text, sizeof(text), FORMAT, left);

	if (pwrite(file, text, (size_t)length, 0) != length || ftruncate(file, length))
		_exit(2);
}

/* The worst that can happen to a shop without a lock, made sure of: all look before anybody writes. */
static void until_all_have_looked(struct shop *shop, int file)
{
	(void)file;
	close(shop->looking[1]);
	block_until_closed(shop->looking[0]);
}

static void lock_mutex(struct shop *shop, int file)
{
	(void)file;
	pthread_mutex_lock(shop->mutex);
}

static void unlock_mutex(struct shop *shop, int file)
{
	(void)file;
	pthread_mutex_unlock(shop->mutex);
}

static void lock_file(struct shop *shop, int file)
{
	(void)shop;
	flock(file, LOCK_EX);
}

static void unlock_file(struct shop *shop, int file)
{
	(void)shop;
	flock(file, LOCK_UN);
}

static void down(struct shop *shop, int file)
{
	struct sembuf take = {.sem_op = -1};

	(void)file;
	semop(shop->semaphores, &take, 1);
}

static void up(struct shop *shop, int file)
{
	struct sembuf give = {.sem_op = 1};

	(void)file;
	semop(shop->semaphores, &give, 1);
}

/* Look, decide, write: safe only if nobody else writes in between. */
static bool buy(struct shop *shop, const struct safety *safety)
{
	int file = open(shop->path, O_RDWR), left; /* opened by each, as a lock belongs to an open file */

	if (safety->lock)
		safety->lock(shop, file);
	left = tickets_in(file);
	if (!safety->lock)
		until_all_have_looked(shop, file);
	sleep_ms(shop->decide_ms);
	if (left > 0)
		write_tickets(file, left - 1);
	if (safety->unlock)
		safety->unlock(shop, file);
	return left > 0;
}

static void start_buyer(struct shop *shop, const struct safety *safety, int number, int gate[2])
{
	char name[16];

	snprintf(name, sizeof(name), "%s-%d", safety->name, number);
	if (fork_named(name))
		return;
	close(gate[1]);
	block_until_closed(gate[0]);
	_exit(buy(shop, safety) ? 0 : 1);
}

/* Its exit status: how many tickets the file says are left. */
static void count_what_is_left(struct shop *shop, const struct safety *safety)
{
	char name[16];

	snprintf(name, sizeof(name), "left-%s", safety->name);
	if (!fork_named(name))
		_exit(tickets_in(open(shop->path, O_RDONLY)));
	reap_all();
}

static void sell(struct shop *shop, const struct safety *safety)
{
	int gate[2], file = open(shop->path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (file < 0)
		_exit(1);
	write_tickets(file, TICKETS);
	close(file);
	open_pipe(gate);
	open_pipe(shop->looking);
	for (int i = 1; i <= BUYERS; i++)
		start_buyer(shop, safety, i, gate);
	close(shop->looking[0]);
	close(shop->looking[1]);
	close(gate[0]);
	close(gate[1]); /* the sale is open */
	reap_all();
	count_what_is_left(shop, safety);
}

/* System V semaphores outlive who made them, if nobody removes them. In a namespace of our own they end with us,
 * however we end. */
static int semaphore_of_our_own(void)
{
	int set;

	if (unshare(CLONE_NEWIPC) && unshare(CLONE_NEWUSER | CLONE_NEWIPC))
		_exit(1);
	set = semget(IPC_PRIVATE, 1, 0600);
	if (set < 0 || semctl(set, 0, SETVAL, 1))
		_exit(1);
	return set;
}

int main(int argc, char **argv)
{
	static const struct safety safeties[] = {{"unsafe", NULL, NULL},
						 {"mutex", lock_mutex, unlock_mutex},
						 {"flock", lock_file, unlock_file},
						 {"semop", down, up}};
	struct shop shop = {.decide_ms = 10 * slowness(argv), .mutex = shared_memory(sizeof(*shop.mutex))};
	const char *folder = word(argv, "folder");

	(void)argc;
	snprintf(shop.path, sizeof(shop.path), "%s/tickets.json", folder ? folder : ".");
	make_lock(shop.mutex);
	shop.semaphores = semaphore_of_our_own();
	for (int i = 0; i < 4; i++) {
		struct safety safety = safeties[i];

		if (is_broken(argv))
			safety.lock = safety.unlock = NULL;
		sell(&shop, &safety);
	}
	return 0;
}
