/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A hundred processes take one from a number, which begins as 100: in shared memory without and with a lock, and kept by a
 * manager process that is asked over a socket, in two steps and in one. What is left is told by exit statuses. With the
 * word "broken" the lock is not taken.
 */
#include "user/demo/program.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#define TAKERS 100

/* A place where all meet: nobody goes on before everybody has come. It makes the worst case the only one. */
struct meeting {
	int arrived[2], go_on[2];
};

static void open_meeting(struct meeting *meeting)
{
	open_pipe(meeting->arrived);
	open_pipe(meeting->go_on);
}

static void meet(struct meeting *meeting)
{
	close(meeting->go_on[1]);
	write_byte(meeting->arrived[1]);
	block_until_closed(meeting->go_on[0]);
}

static void let_all_go(struct meeting *meeting)
{
	for (int i = 0; i < TAKERS; i++)
		await_byte(meeting->arrived[0]);
	close(meeting->go_on[1]);
	close(meeting->go_on[0]);
	close(meeting->arrived[0]);
	close(meeting->arrived[1]);
}

/* A process whose only purpose is to end with that status, so that all can see the number. */
static void show(const char *name, int number)
{
	pid_t pid = fork_named(name);

	if (!pid)
		_exit(number);
	reap(pid);
}

/* Look, then write: whoever looked before the others wrote undoes what they did. */
static void take_without_lock(const char *name, volatile int *number)
{
	struct meeting meeting;

	open_meeting(&meeting);
	for (int i = 0; i < TAKERS; i++)
		if (!fork_named(name)) {
			int seen = *number;

			meet(&meeting);
			*number = seen - 1;
			_exit(0);
		}
	let_all_go(&meeting);
	reap_all();
}

static void take_with_lock(const char *name, volatile int *number, pthread_mutex_t *lock)
{
	for (int i = 0; i < TAKERS; i++)
		if (!fork_named(name)) {
			pthread_mutex_lock(lock);
			int seen = *number;

			sched_yield(); /* whoever wants to come between us is welcome to try */
			*number = seen - 1;
			pthread_mutex_unlock(lock);
			_exit(0);
		}
	reap_all();
}

/* --- the manager: nobody but it touches the number */

enum request { GET, SET, TAKE };

struct message {
	enum request request;
	int number;
};

/* An address without a file: it is gone when the last socket is. */
static socklen_t manager_address(struct sockaddr_un *address, pid_t owner, const char *name)
{
	int length;

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	length = snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "proclife-%d-%s", owner, name);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static void answer_all(int socket, int number)
{
	struct sockaddr_un client;
	struct message message;

	for (int changes = 0; changes < TAKERS;) {
		socklen_t size = sizeof(client);

		if (recvfrom(socket, &message, sizeof(message), 0, (void *)&client, &size) != sizeof(message))
			_exit(255);
		if (message.request == SET)
			number = message.number;
		if (message.request == TAKE)
			number--;
		changes += message.request != GET;
		message.number = number;
		sendto(socket, &message, sizeof(message), 0, (void *)&client, size);
	}
	_exit(number);
}

static void start_manager(const char *name)
{
	struct sockaddr_un address;
	socklen_t size = manager_address(&address, getpid(), name);
	int listening = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (listening < 0 || bind(listening, (void *)&address, size))
		_exit(1);
	if (!fork_named(name))
		answer_all(listening, TAKERS);
	close(listening);
}

static int connect_to(const char *name)
{
	struct sockaddr_un address, own = {.sun_family = AF_UNIX};
	socklen_t size = manager_address(&address, getppid(), name);
	int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (socket_fd < 0 || bind(socket_fd, (void *)&own, sizeof(own.sun_family)) ||
	    connect(socket_fd, (void *)&address, size))
		_exit(1);
	return socket_fd;
}

/* Blocked until the manager answers. */
static int ask(int socket, enum request request, int number)
{
	struct message message = {request, number};

	if (send(socket, &message, sizeof(message), 0) != sizeof(message) ||
	    recv(socket, &message, sizeof(message), 0) != sizeof(message))
		_exit(1);
	return message.number;
}

/* Two requests are not one: between get and set the manager serves others. */
static void take_in_two_steps(void)
{
	struct meeting meeting;

	start_manager("manager-set");
	open_meeting(&meeting);
	for (int i = 0; i < TAKERS; i++)
		if (!fork_named("get-and-set")) {
			int manager = connect_to("manager-set"), seen = ask(manager, GET, 0);

			meet(&meeting);
			ask(manager, SET, seen - 1);
			_exit(0);
		}
	let_all_go(&meeting);
	reap_all();
}

static void take_in_one_step(void)
{
	start_manager("manager-take");
	for (int i = 0; i < TAKERS; i++)
		if (!fork_named("take")) {
			ask(connect_to("manager-take"), TAKE, 0);
			_exit(0);
		}
	reap_all();
}

int main(int argc, char **argv)
{
	volatile int *number = shared_memory(sizeof(*number));
	pthread_mutex_t *lock = shared_memory(sizeof(*lock));

	(void)argc;
	make_lock(lock);
	*number = TAKERS;
	take_without_lock("free", number);
	show("left-free", *number);

	*number = TAKERS;
	if (is_broken(argv))
		take_without_lock("locked", number);
	else
		take_with_lock("locked", number, lock);
	show("left-locked", *number);

	take_in_two_steps();
	take_in_one_step();
	return 0;
}
