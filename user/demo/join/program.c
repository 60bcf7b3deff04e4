/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ten mails are sent by ten processes; main waits for them one by one. Then another main that does not wait for its
 * children, until its own code is at its end. With the word "broken" the first main does not wait at all.
 */
#include "user/demo/program.h"

#define MAILS 10

static pid_t send_mail(int number, int slow)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "mail-%d", number);
	pid = fork_named(name);
	if (!pid) {
		compute_ms(2);
		sleep_ms(100 * slow); /* the mail server takes its time */
		_exit(0);
	}
	return pid;
}

static void join_each(int slow, bool broken)
{
	pid_t mails[MAILS];

	for (int i = 0; i < MAILS; i++)
		mails[i] = send_mail(i, slow);
	for (int i = 0; i < MAILS && !broken; i++)
		waitpid(mails[i], NULL, 0); /* join: blocked until that one has ended */
	_exit(0);
}

/* What a library may do when main is over (multiprocessing: _exit_function). */
static void join_at_the_end(int slow)
{
	if (!fork_named("late")) {
		sleep_ms(150 * slow);
		_exit(0);
	}
	call_me("main-is-over"); /* our own code ends here; the process does not */
	reap_all();
	_exit(0);
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);
	pid_t pid;

	(void)argc;
	pid = fork_named("main");
	if (!pid)
		join_each(slow, is_broken(argv));
	reap(pid);
	pid = fork_named("main-2");
	if (!pid)
		join_at_the_end(slow);
	reap(pid);
	return 0;
}
