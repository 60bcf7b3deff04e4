/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One job, four ways. A message will come in 100 ms, and there is work of 150 ms to do, whichever comes first.
 * Each way has a worker, and a sender that sleeps, sends a byte through a pipe, and waits to be thanked for it.
 * With the word "broken" nobody tells the last worker that its message is there.
 */
#include "user/demo/program.h"

#include <sys/epoll.h>

#define MESSAGE_MS 100
#define WORK_MS 150
#define PATIENCE_S 10 /* of a sender */
#define THANKS SIGUSR1

struct job {
	int from;  /* the pipe's end to read from */
	int ready; /* the pipe's end to write to when the message may be sent */
	pid_t sender;
	int slow;
	bool broken;
};

static void be_ready(const struct job *job)
{
	write_byte(job->ready);
}

static void work(const struct job *job)
{
	compute_ms(WORK_MS * job->slow);
}

/* Asks for the message, and thanks for it. False: not yet (which is said with O_NONBLOCK only), ask again. */
static bool receive(const struct job *job)
{
	char message;
	ssize_t size = read(job->from, &message, 1);

	if (size == 1)
		kill(job->sender, THANKS);
	return size >= 0 || errno != EAGAIN;
}

/* Synchronous and blocking: ask for the message, and sleep until it is there. */
static void sync_block(const struct job *job)
{
	be_ready(job);
	receive(job);
	work(job);
}

/* Synchronous and non-blocking: ask, be told "not yet" (EAGAIN), ask again. */
static void sync_nonblock(const struct job *job)
{
	fcntl(job->from, F_SETFL, O_NONBLOCK);
	be_ready(job);
	while (!receive(job))
		;
	work(job);
}

/* Asynchronous and blocking: sleep until any of many pipes (here one) has something, then ask there. */
static void async_block(const struct job *job)
{
	struct epoll_event event = {.events = EPOLLIN};
	int many = epoll_create1(0);

	fcntl(job->from, F_SETFL, O_NONBLOCK);
	epoll_ctl(many, EPOLL_CTL_ADD, job->from, &event);
	be_ready(job);
	while (epoll_wait(many, &event, 1, -1) < 1)
		;
	receive(job);
	work(job);
}

static const struct job *waiting; /* for the handler, which is told no more than the signal's number */
static volatile sig_atomic_t has_come;

static void on_message(int number)
{
	(void)number;
	has_come |= receive(waiting);
}

/* Asynchronous and non-blocking: have a signal sent when the message is there (O_ASYNC), and work on meanwhile. */
static void async_nonblock(const struct job *job)
{
	waiting = job;
	signal(SIGIO, on_message);
	fcntl(job->from, F_SETOWN, getpid());
	fcntl(job->from, F_SETFL, job->broken ? O_NONBLOCK : O_NONBLOCK | O_ASYNC);
	be_ready(job);
	work(job);
	while (!has_come)
		on_message(SIGIO); /* a late message: look for it */
}

static void send_message(int start, int to, int slow)
{
	struct timespec patience = {PATIENCE_S * slow, 0};
	sigset_t thanks;

	sigemptyset(&thanks);
	sigaddset(&thanks, THANKS);
	await_byte(start); /* the worker is ready */
	sleep_ms(MESSAGE_MS * slow);
	write_byte(to);
	sigtimedwait(&thanks, NULL, &patience);
}

static void run(const char *worker, const char *sender, void (*way)(const struct job *), bool broken, int slow)
{
	struct job job = {.slow = slow, .broken = broken};
	int start[2], message[2];

	open_pipe(start);
	open_pipe(message);
	job.sender = fork_named(sender);
	if (!job.sender) {
		close(start[1]);
		send_message(start[0], message[1], slow);
		_exit(0);
	}
	if (!fork_named(worker)) {
		job.from = message[0];
		close(message[1]);
		job.ready = start[1];
		way(&job);
		_exit(0);
	}
	for (int i = 0; i < 2; i++) {
		close(start[i]);
		close(message[i]);
	}
	reap_all();
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);
	sigset_t thanks;

	(void)argc;
	sigemptyset(&thanks);
	sigaddset(&thanks, THANKS);
	sigprocmask(SIG_BLOCK, &thanks, NULL); /* inherited: senders will wait for it */

	run("sync-block", "sender-1", sync_block, false, slow);
	run("sync-nonblock", "sender-2", sync_nonblock, false, slow);
	run("async-block", "sender-3", async_block, false, slow);
	run("async-nonblock", "sender-4", async_nonblock, is_broken(argv), slow);
	return 0;
}
