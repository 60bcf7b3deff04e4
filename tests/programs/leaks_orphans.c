/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Orphans, and what they hold; see leaks.h.
 */
#include "leaks.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#define MUCH (80 << 20)

static int lifeline[2]; /* orphans read it: it ends when the case does */

static void no_stdio(void)
{
	int nothing = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		dup2(nothing, fd);
	if (nothing > 2)
		close(nothing);
}

static void live_on(void)
{
	char byte;

	close(lifeline[1]);
	while (read(lifeline[0], &byte, 1) > 0)
		;
	_exit(0);
}

/* On numbers that nothing else here has. */
static void make_lifeline(void)
{
	int ends[2];

	if (lifeline[1])
		return;
	if (pipe(ends))
		die("pipe");
	for (int i = 0; i < 2; i++) {
		lifeline[i] = fcntl(ends[i], F_DUPFD_CLOEXEC, 100);
		close(ends[i]);
	}
}

/* An orphan of a session whose leader has ended, with nothing on its standard descriptors; `prepare` gives it what it holds. */
static pid_t orphan(const char *name, void (*prepare)(int), int given)
{
	pid_t *told = shared(sizeof(*told)), middle;

	make_lifeline();
	become_subreaper();
	middle = fork_at(NULL);
	if (!middle) {
		pid_t young;

		setsid();
		young = named_child(name);
		if (young) {
			*told = young;
			_exit(0);
		}
		no_stdio();
		prepare(given);
		live_on();
	}
	reap(middle);
	return *told;
}

static void nothing(int given)
{
	(void)given;
}

static void keep_as_three(int fd)
{
	dup2(fd, 3);
	if (fd != 3)
		close(fd);
}

static void drop(int fd)
{
	close(fd);
}

static pid_t reader_of(int fd, int other, bool polls)
{
	pid_t pid = named_child("reader");
	struct pollfd polled = {.fd = fd, .events = POLLIN};
	char byte;

	if (pid)
		return pid;
	close(other);
	if (lifeline[1])
		close(lifeline[1]);
	if (polls)
		poll(&polled, 1, -1);
	_exit(read(fd, &byte, 1) != 0);
}

static void held(const char *reason, const char *severity, bool shared_end)
{
	pid_t writer, reader;
	int ends[2];

	if (pipe(ends))
		die("pipe");
	reader = reader_of(ends[0], ends[1], !strcmp(reason, "poll"));
	close(ends[0]);
	writer = orphan("writer", keep_as_three, ends[1]);
	if (!shared_end)
		close(ends[1]);
	await_state(reader, 'S');
	await_state(writer, 'S');
	tell("'orphans': [{'pid': %d, 'comm': 'writer', 'adopter_pid': %d, 'adopter': 'subreaper', 'at_least': true, 'born_of': "
	     "null, 'session_leader_alive': false, 'holds': {'has': [{'kind': 'pipe', 'fd': 3, 'writes': true, 'reads': false, "
	     "'others_write': %s, 'readers': [{'pid': %d, 'comm': 'reader', 'reason': '%s', 'orphan': false}]}]}}]",
	     writer, getpid(), shared_end ? "true" : "false", reader, reason);
	if (shared_end)
		tell("'status': 0, 'leaks': 0");
	else
		tell("'status': 3, 'leaks': 1, 'findings': [{'kind': 'pipe-held-by-orphan', 'severity': '%s', 'evidence': "
		     "{'reader_pid': %d, 'fd': 3}}]",
		     severity, reader);
	ready();
	stay();
	close(ends[1]);
	close(lifeline[1]);
	reap(writer);
	reap(reader);
}

static void pipe_read(void)
{
	held("pipe-read", "error", false);
}

static void pipe_polled(void)
{
	held("poll", "warning", false);
}

/* The reader waits for us as well. */
static void pipe_shared(void)
{
	held("pipe-read", "", true);
}

static int listener(int *port)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, length) || listen(fd, 1) ||
	    getsockname(fd, (struct sockaddr *)&name, &length))
		die("listen");
	*port = ntohs(name.sin_port);
	return fd;
}

/* A server that was left behind: its output still goes where its parent's did. */
static void with_output(int fd)
{
	int ends[2];

	if (pipe(ends))
		die("pipe");
	dup2(ends[1], 1);
	close(ends[0]);
	close(ends[1]);
	keep_as_three(fd);
}

static void listens(void (*prepare)(int), const char *severity, int status)
{
	int port, fd = listener(&port);
	pid_t server = orphan("server", prepare, fd);

	close(fd);
	await_state(server, 'S');
	tell("'status': %d, 'leaks': %d, 'orphans': [{'pid': %d, 'holds': {'has': [{'kind': 'listener', 'name': 'tcp "
	     "127.0.0.1:%d', 'port': %d, 'fd': 3}]}}], 'findings': [{'kind': 'orphan-holds-port', 'severity': '%s', "
	     "'evidence': {'port': %d}}]",
	     status, status == 3, server, port, port, severity, port);
	ready();
	stay();
	close(lifeline[1]);
	reap(server);
}

static void port(void)
{
	listens(with_output, "warning", 3);
}

/* A daemon as it should be, twice forked, is meant to listen. */
static void daemon_port(void)
{
	listens(keep_as_three, "info", 0);
}

static void removed(size_t bytes, const char *severity, int status)
{
	char path[] = "/tmp/proclife-test-XXXXXX";
	int fd = mkstemp(path);
	pid_t holder;

	if (fd < 0)
		die("mkstemp");
	unlink(path);
	if (posix_fallocate(fd, 0, (off_t)bytes))
		skip("no room for a file");
	holder = orphan("holder", keep_as_three, fd);
	close(fd);
	await_state(holder, 'S');
	tell("'status': %d, 'leaks': %d, 'orphans': [{'pid': %d, 'holds': {'has': [{'kind': 'deleted-file', 'name': '%s "
	     "(deleted)', 'fd': 3, 'bytes': {'>=': %zu}}]}}], 'findings': [{'kind': 'orphan-holds-deleted-file', "
	     "'severity': '%s'}]",
	     status, status == 3, holder, path, bytes, severity);
	ready();
	stay();
	close(lifeline[1]);
	reap(holder);
}

static void deleted_little(void)
{
	removed(1 << 20, "info", 0);
}

static void deleted_much(void)
{
	removed(MUCH, "warning", 3);
}

/* What a child of the orphan holds, the orphan's family holds. */
static void with_child(int fd)
{
	if (named_child("nephew")) {
		close(fd);
		return;
	}
	keep_as_three(fd);
	live_on();
}

static void family(void)
{
	int port, fd = listener(&port);
	pid_t server = orphan("server", with_child, fd);

	close(fd);
	await_state(server, 'S');
	tell("'orphans': [{'pid': %d, 'holds': {'has': [{'kind': 'listener', 'port': %d, 'holder': {'comm': 'nephew'}}]}}]",
	     server, port);
	ready();
	stay();
	close(lifeline[1]);
	reap(server);
	wait(NULL);
}

/* One that nobody misses. */
static void harmless(void)
{
	pid_t left = orphan("left", nothing, 0);

	await_state(left, 'S');
	tell("'status': 0, 'leaks': 0, 'orphans': [{'pid': %d, 'holds': [{'kind': 'pipe', 'fd': %d, 'writes': false}]}], "
	     "'findings': [{'severity': 'info'}]",
	     left, lifeline[0]);
	ready();
	stay();
	close(lifeline[1]);
	reap(left);
}

/* Made while we are watched: then it is known of whom. */
static void seen(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	pid_t left;
	char byte;

	ready();
	if (read(STDIN_FILENO, &byte, 1) != 1)
		die("read");
	left = orphan("left", drop, -1);
	tell("'status': 0, 'orphans': [{'pid': %d, 'at_least': false, 'born_of': [{'comm': 'leaks_orphans'}, {'pid': %d}], 'daemon': "
	     "'detached'}]",
	     left, getpid());
	while (poll(&input, 1, -1) < 0)
		;
	close(lifeline[1]);
	reap(left);
}

static const struct test_case cases[] = {
	{"pipe-read", pipe_read},
	{"pipe-polled", pipe_polled},
	{"pipe-shared", pipe_shared},
	{"port", port},
	{"daemon-port", daemon_port},
	{"deleted-little", deleted_little},
	{"deleted-much", deleted_much},
	{"family", family},
	{"harmless", harmless},
	{"seen", seen},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
