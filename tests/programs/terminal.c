/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Signals that come from a terminal: a typed Ctrl-C, a line that hangs up, a session whose leader ends.
 */
#include "victim.h"

#include <sys/ioctl.h>
#include <termios.h>

static int open_terminal(char name[64])
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) || unlockpt(master) || ptsname_r(master, name, 64))
		die("posix_openpt");
	return master;
}

/* A session of its own on that terminal. */
static void take_terminal(const char *name)
{
	int line;

	setsid();
	line = open(name, O_RDWR);
	if (line < 0 || ioctl(line, TIOCSCTTY, 0))
		die("the terminal");
}

static pid_t start_on_terminal(const char *name, int master)
{
	atomic_int *ready = shared(sizeof(*ready));
	pid_t child = fork_at(NULL);

	if (!child) {
		no_core();
		close(master); /* the line is up as long as anybody holds its other end */
		take_terminal(name);
		atomic_store(ready, 1);
		for (;;)
			pause();
	}
	await(ready, 1);
	return child;
}

static void typed(char key)
{
	char name[64];
	int master = open_terminal(name);
	pid_t child = start_on_terminal(name, master);

	if (write(master, &key, 1) != 1)
		die("write");
	tell_signal_end(child, reap_at(child, NULL), "killed", "{'pid': null, 'process': null, 'why': 'terminal'}");
	tell("'pid': %d, 'session': %d", child, child);
}

static void control_c(void)
{
	typed('\003');
}

static void control_backslash(void)
{
	typed('\034');
}

static void hang_up(void)
{
	char name[64];
	int master = open_terminal(name);
	pid_t child = start_on_terminal(name, master);

	close(master);
	tell_signal_end(child, reap_at(child, NULL), "killed", "{'why': 'hangup'}");
}

/* As a session's leader ends, its terminal's foreground group is told to hang up. */
static void leader_ends(void)
{
	pid_t *young = shared(sizeof(*young));
	char name[64];
	int master = open_terminal(name), status;
	pid_t leader;

	become_subreaper();
	leader = fork_at(NULL);
	if (!leader) {
		take_terminal(name);
		*young = victim(NULL);
		_exit(0);
	}
	reap(leader);
	status = reap_at(*young, NULL);
	close(master);
	tell_signal_end(*young, status, "killed", "{'why': 'hangup'}");
	tell("'pid': %d, 'session': %d, 'end': {'signal': 'SIGHUP'}", *young, leader);
}

static const struct test_case cases[] = {
	{"control-c", control_c},
	{"control-backslash", control_backslash},
	{"hang-up", hang_up},
	{"leader-ends", leader_ends},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
