/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Runs one program twice: this very file. Each run is a process of its own. With the word "broken" the second run is left
 * out.
 */
#include "user/demo/program.h"

/* What each run does: it takes a name, says that it is up, and stays until `leave` is closed. */
static int run_as(const char *name, int up, int leave)
{
	call_me(name);
	write_byte(up);
	block_until_closed(leave);
	return 0;
}

/* Starts another run of the file that this process is running. */
static pid_t run_again(const char *name, int up, int leave)
{
	char path[4096] = "", up_word[24], leave_word[24], name_word[24];
	pid_t pid;

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		_exit(1);
	snprintf(name_word, sizeof(name_word), "run=%s", name);
	snprintf(up_word, sizeof(up_word), "up=%d", up);
	snprintf(leave_word, sizeof(leave_word), "leave=%d", leave);
	pid = fork();
	if (!pid) {
		execl(path, path, name_word, up_word, leave_word, NULL);
		_exit(127);
	}
	return pid;
}

int main(int argc, char **argv)
{
	int up[2], leave[2], runs = is_broken(argv) ? 1 : 2;

	(void)argc;
	if (word(argv, "run"))
		return run_as(word(argv, "run"), atoi(word(argv, "up")), atoi(word(argv, "leave")));
	open_pipe(up);
	open_pipe(leave);
	fcntl(leave[1], F_SETFD, FD_CLOEXEC); /* only we can close it */
	run_again("first", up[1], leave[0]);
	if (runs == 2)
		run_again("second", up[1], leave[0]);
	for (int i = 0; i < runs; i++)
		await_byte(up[0]); /* all are up: at the same time */
	sleep_ms(100 * slowness(argv));
	close(leave[1]);
	reap_all();
	return 0;
}
