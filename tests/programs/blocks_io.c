/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Blocked on pipes, sockets and in poll.
 */
#include "scene.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

static void write_much(struct scene *scene)
{
	static const char bytes[4096];

	must(write(scene->fds[1], bytes, sizeof(bytes)));
}

static void set_blocking(int fd, bool blocking)
{
	must(fcntl(fd, F_SETFL, blocking ? 0 : O_NONBLOCK));
}

static void fill(int fd)
{
	static const char bytes[4096];

	set_blocking(fd, false);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	set_blocking(fd, true);
}

static void drain(struct scene *scene)
{
	static char bytes[4096];

	set_blocking(scene->fds[0], false);
	while (read(scene->fds[0], bytes, sizeof(bytes)) > 0)
		;
}

static void pipe_read(void)
{
	struct scene *scene = new_scene();

	must(pipe(scene->fds));
	play(scene, "pipe-read", read_one, write_one);
}

static void pipe_write(void)
{
	struct scene *scene = new_scene();

	must(pipe(scene->fds));
	fill(scene->fds[1]);
	play(scene, "pipe-write", write_much, drain);
}

static void socket_read(void)
{
	struct scene *scene = new_scene();

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, scene->fds));
	play(scene, "socket-read", read_one, write_one);
}

static void receive(struct scene *scene)
{
	char byte;

	must(recv(scene->fds[0], &byte, 1, 0));
}

static void socket_receive(void)
{
	struct scene *scene = new_scene();

	must(socketpair(AF_UNIX, SOCK_DGRAM, 0, scene->fds));
	play(scene, "socket-read", receive, write_one);
}

static void socket_write(void)
{
	struct scene *scene = new_scene();

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, scene->fds));
	fill(scene->fds[1]);
	play(scene, "socket-write", write_much, drain);
}

static struct sockaddr_un address_of(struct scene *scene)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "%s", scene->path);
	return address;
}

static void listen_at(struct scene *scene, int backlog)
{
	struct sockaddr_un address;

	snprintf(scene->path, sizeof(scene->path), "proclife-test-%d", getpid());
	address = address_of(scene);
	scene->fds[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	must(bind(scene->fds[0], (struct sockaddr *)&address, sizeof(address)));
	must(listen(scene->fds[0], backlog));
}

static void accept_one(struct scene *scene)
{
	must(accept(scene->fds[0], NULL, NULL));
}

static void connect_one(struct scene *scene)
{
	struct sockaddr_un address = address_of(scene);

	must(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof(address)));
}

static void accept_case(void)
{
	struct scene *scene = new_scene();

	listen_at(scene, 1);
	play(scene, "accept", accept_one, connect_one);
}

/* With a backlog of 0 one connection waits to be accepted, the next one waits for that. */
static void connect_case(void)
{
	struct scene *scene = new_scene();

	listen_at(scene, 0);
	connect_one(scene);
	play(scene, "connect", connect_one, accept_one);
}

static void poll_one(struct scene *scene)
{
	must(poll(&(struct pollfd){.fd = scene->fds[0], .events = POLLIN}, 1, -1));
}

static void poll_case(void)
{
	struct scene *scene = new_scene();

	must(pipe(scene->fds));
	play(scene, "poll", poll_one, write_one);
}

static void select_one(struct scene *scene)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(scene->fds[0], &set);
	must(select(scene->fds[0] + 1, &set, NULL, NULL, NULL));
}

static void select_case(void)
{
	struct scene *scene = new_scene();

	must(pipe(scene->fds));
	play(scene, "poll", select_one, write_one);
}

static void epoll_one(struct scene *scene)
{
	struct epoll_event event;

	must(epoll_wait(scene->fds[2], &event, 1, -1));
}

static void epoll_case(void)
{
	struct scene *scene = new_scene();
	struct epoll_event event = {.events = EPOLLIN};

	must(pipe(scene->fds));
	scene->fds[2] = epoll_create1(0);
	must(epoll_ctl(scene->fds[2], EPOLL_CTL_ADD, scene->fds[0], &event));
	play(scene, "poll", epoll_one, write_one);
}

static void poll_timer(struct scene *scene)
{
	(void)scene;
	must(poll(NULL, 0, SPELL / 1000000));
}

static void poll_timeout(void)
{
	play_timer(new_scene(), "poll", poll_timer);
}

static const struct test_case cases[] = {
	{"pipe-read", pipe_read},	{"pipe-write", pipe_write},
	{"socket-read", socket_read},	{"socket-receive", socket_receive},
	{"socket-write", socket_write}, {"accept", accept_case},
	{"connect", connect_case},	{"poll", poll_case},
	{"select", select_case},	{"epoll", epoll_case},
	{"poll-timeout", poll_timeout}, {NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
