/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The detached kind of daemon leaves parent, session and terminal behind: fork, setsid, fork. Three of them, and three ways
 * to end. With the word "broken" the setsid is left out.
 */
#include "user/demo/program.h"

struct service {
	const char *name;
	void (*end)(int leave);
};

static void end_when_done(int leave)
{
	block_until_closed(leave);
}

static void end_by_fault(int leave)
{
	block_until_closed(leave);
	prctl(PR_SET_DUMPABLE, 0); /* no core file */
	*nowhere() = 1;
}

/* The daemon proper: not the leader of its session, so it never gets a terminal again. Tells its pid, for whoever is to
 * stop it: what is a file in /run for a real one. */
static void serve(const struct service *service, int up, int leave)
{
	pid_t pid = getpid();

	call_me(service->name);
	if (chdir("/") || write(up, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	service->end(leave);
	_exit(0);
}

/* The pid of the daemon. `up` stays open as long as the daemon lives. */
static pid_t daemonize(const struct service *service, bool broken, int up[2], int leave[2])
{
	pid_t daemon = 0, launcher;

	open_pipe(up);
	open_pipe(leave);
	launcher = fork_named("launcher");
	if (!launcher) {
		close(up[0]);
		close(leave[1]);
		if (!broken)
			setsid(); /* a session of our own, without a terminal */
		if (!fork())
			serve(service, up[1], leave[0]);
		_exit(0); /* the daemon is an orphan now */
	}
	close(up[1]);
	close(leave[0]);
	reap(launcher);
	if (read(up[0], &daemon, sizeof(daemon)) != sizeof(daemon))
		_exit(1);
	return daemon;
}

static void stop(pid_t daemon)
{
	pid_t pid = fork_named("stopper");

	if (!pid) {
		kill(daemon, SIGTERM);
		_exit(0);
	}
	reap(pid);
}

int main(int argc, char **argv)
{
	static const struct service services[] = {
		{"stopped", end_when_done}, {"crashed", end_by_fault}, {"finished", end_when_done}};
	int up[2], leave[2];

	(void)argc;
	for (int i = 0; i < 3; i++) {
		pid_t daemon = daemonize(&services[i], is_broken(argv), up, leave);

		sleep_ms(50 * slowness(argv));
		if (i == 0)
			stop(daemon);
		close(leave[1]);
		block_until_closed(up[0]); /* it has ended; it is not ours to wait for */
		close(up[0]);
	}
	return 0;
}
