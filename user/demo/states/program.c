/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Every state a process can be in, side by side. All run on one CPU, so that two that want it cannot both have it.
 * With the word "broken" the reader asks for its data again and again instead of waiting for it.
 */
#include "user/demo/program.h"

static void be_busy(int slow)
{
	compute_ms(300 * slow);
}

static void be_asleep(int slow)
{
	sleep_ms(400 * slow);
}

static void be_stopped(int slow)
{
	(void)slow;
	raise(SIGSTOP);
}

static void read_a_byte(int from, bool broken)
{
	char byte;

	if (broken)
		fcntl(from, F_SETFL, O_NONBLOCK);
	while (read(from, &byte, 1) < 0 && errno == EAGAIN)
		;
}

static pid_t start(const char *name, void (*work)(int), int slow)
{
	pid_t pid = fork_named(name);

	if (!pid) {
		work(slow);
		_exit(0);
	}
	return pid;
}

static pid_t start_reader(int pipes[2], bool broken)
{
	pid_t pid = fork_named("reader");

	if (!pid) {
		close(pipes[1]);
		read_a_byte(pipes[0], broken);
		_exit(0);
	}
	return pid;
}

int main(int argc, char **argv)
{
	int pipes[2], slow = slowness(argv);
	pid_t stopped;

	(void)argc;
	open_pipe(pipes);
	use_cpu(0);
	start("sleeper", be_asleep, slow);
	start_reader(pipes, is_broken(argv));
	stopped = start("stopped", be_stopped, slow);
	waitpid(stopped, NULL, WUNTRACED); /* returns when it has stopped */
	start("busy-1", be_busy, slow);
	start("busy-2", be_busy, slow);
	sleep_ms(200 * slow);
	write_byte(pipes[1]); /* what the reader waits for */
	kill(stopped, SIGCONT);
	reap_all();
	return 0;
}
