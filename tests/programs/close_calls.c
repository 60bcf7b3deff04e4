/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What comes close to a deadlock and is none, for somebody might go on: side by side, and one deadlock among them, to see
 * that somebody has looked at all. What circle it does not tell is none. `outside` wants a pipe as standard input, to
 * which whoever started this could write.
 */
#include "stage.h"

#include <sys/ptrace.h>
#include <sys/socket.h>

static void timer(void)
{
	int ends[2];

	open_pipe(ends);
	alarm(1000);
	read_for_ever(ends[0]);
}

static void on_signal(int number)
{
	(void)number;
}

static void handler(void)
{
	int ends[2];

	open_pipe(ends);
	signal(SIGUSR1, on_signal);
	read_for_ever(ends[0]);
}

/* A descriptor on its way in a message. */
static void send_away(int end)
{
	char byte = 0, space[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec data = {&byte, 1};
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof(space)};
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);
	int pair[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &end, sizeof(int));
	must(sendmsg(pair[0], &message, 0));
}

static void on_its_way(void)
{
	int ends[2];

	open_pipe(ends);
	send_away(ends[1]);
	read_for_ever(ends[0]);
}

static void on_its_way_only(void)
{
	int ends[2];

	open_pipe(ends);
	send_away(ends[1]);
	close(ends[1]);
	read_for_ever(ends[0]);
}

static void *sleep_in_thread(void *nothing)
{
	sleep_long();
	return nothing;
}

static void another_thread(void)
{
	pthread_t thread;
	int ends[2];

	open_pipe(ends);
	must(-pthread_create(&thread, NULL, sleep_in_thread, NULL));
	read_for_ever(ends[0]);
}

/* As in unread_pipe, with a second child that sleeps. */
static void with_sleeper(pid_t *stuck)
{
	int ends[2];

	open_pipe(ends);
	*stuck = enter();
	if (!*stuck) {
		close(ends[0]);
		write_for_ever(ends[1]);
	}
	if (!enter()) {
		close(ends[0]);
		close(ends[1]);
		sleep_long();
	}
	close(ends[1]);
}

static void any_child(void)
{
	pid_t stuck;

	with_sleeper(&stuck);
	wait(NULL);
}

static void told_of_children(void)
{
	pid_t stuck;

	with_sleeper(&stuck);
	signal(SIGCHLD, on_signal);
	waitpid(stuck, NULL, 0);
}

static void shared_reader(void)
{
	int ends[2];

	open_pipe(ends);
	if (!enter()) {
		close(ends[1]);
		sleep_long();
	}
	if (!enter()) {
		close(ends[0]);
		write_for_ever(ends[1]);
	}
	close(ends[1]);
	wait(NULL);
}

/* The lock's open file is the child's by now; it was taken by who waits for it. */
static void handed_on_lock(void)
{
	int file = open_nameless(), again = open_again(file);

	lock(file);
	if (!enter()) {
		close(again);
		sleep_long();
	}
	close(file);
	lock(again);
}

static void seized(void)
{
	pid_t tracer;
	int ends[2];

	open_pipe(ends);
	tracer = enter();
	if (!tracer) {
		close(ends[0]);
		close(ends[1]);
		must(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
		sleep_long();
	}
	read_for_ever(ends[0]);
}

static void stopped(void)
{
	int ends[2];
	pid_t child;

	open_pipe(ends);
	child = enter();
	if (!child) {
		close(ends[0]);
		write_for_ever(ends[1]);
	}
	close(ends[1]);
	await_state(child, 'S');
	must(kill(child, SIGSTOP));
	await_state(child, 'T');
	wait(NULL);
}

/* Who could write is not among those that are traced: whoever started this. */
static void outside(void)
{
	read_for_ever(STDIN_FILENO);
}

static void all(void)
{
	static scene *const scenes[] = {unread_pipe,	timer,	   handler,	     on_its_way,    on_its_way_only,
					another_thread, any_child, told_of_children, shared_reader, handed_on_lock,
					seized,		stopped,   outside,	     NULL};

	play_all(scenes);
}

static const struct test_case cases[] = {{"all", all}, {NULL, NULL}};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
