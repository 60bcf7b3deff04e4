/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A queue that can be joined: two producers put tasks, two consumers, both daemons of the attended kind, tell of each task
 * that it is done. main waits until all are, not until the consumers end: those it terminates. With the word "broken"
 * consumer-2 does not tell; main would wait for ever, if it had not set itself an alarm.
 */
#include "user/demo/program.h"

#include <sys/time.h>

#define TASKS 5 /* of each producer */

struct unfinished { /* tasks: put, and not done; in shared memory */
	pthread_mutex_t lock;
	pthread_cond_t none;
	int count;
};

struct queue {
	struct unfinished *unfinished;
	int ends[2];	     /* of a pipe; a task is so small (PIPE_BUF) that it goes in and out whole */
	long make_ms, do_ms; /* of a task */
	bool forgets;	     /* consumer-2 does */
};

static void make_unfinished(struct unfinished *unfinished)
{
	pthread_condattr_t kind;

	make_lock(&unfinished->lock);
	pthread_condattr_init(&kind);
	pthread_condattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	if (pthread_cond_init(&unfinished->none, &kind))
		_exit(1);
}

/* Counted before it can be taken: nobody finds 0 while there is something to do. */
static void put(struct queue *queue, int task)
{
	pthread_mutex_lock(&queue->unfinished->lock);
	queue->unfinished->count++;
	pthread_mutex_unlock(&queue->unfinished->lock);
	if (write(queue->ends[1], &task, sizeof(task)) != sizeof(task))
		_exit(1);
}

static void task_done(struct queue *queue)
{
	pthread_mutex_lock(&queue->unfinished->lock);
	if (!--queue->unfinished->count)
		pthread_cond_broadcast(&queue->unfinished->none);
	pthread_mutex_unlock(&queue->unfinished->lock);
}

static void join(struct queue *queue)
{
	pthread_mutex_lock(&queue->unfinished->lock);
	while (queue->unfinished->count)
		pthread_cond_wait(&queue->unfinished->none, &queue->unfinished->lock);
	pthread_mutex_unlock(&queue->unfinished->lock);
}

/* For ever: its code has no end. (Unless main is gone: then nobody can put any more.) */
static void consume(struct queue *queue, bool tells)
{
	int task;

	close(queue->ends[1]);
	while (read(queue->ends[0], &task, sizeof(task)) == sizeof(task)) {
		compute_ms(2);
		sleep_ms(queue->do_ms); /* what a task takes; the kernel sees a sleep for each */
		if (tells)
			task_done(queue);
	}
	_exit(0);
}

static pid_t start_consumer(struct queue *queue, int number)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "consumer-%d", number);
	pid = fork_named(name);
	if (!pid)
		consume(queue, number == 1 || !queue->forgets);
	return pid;
}

static pid_t start_producer(struct queue *queue, int number)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "producer-%d", number);
	pid = fork_named(name);
	if (!pid) {
		for (int i = 0; i < TASKS; i++) {
			sleep_ms(queue->make_ms);
			put(queue, i);
		}
		_exit(0);
	}
	return pid;
}

/* Nobody expects it: it will end us. */
static void set_alarm(long ms)
{
	struct itimerval once = {.it_value = {ms / 1000, ms % 1000 * 1000}};

	setitimer(ITIMER_REAL, &once, NULL);
}

static void be_main(struct queue *queue)
{
	pid_t consumers[2], producers[2];

	open_pipe(queue->ends);
	for (int i = 0; i < 2; i++)
		consumers[i] = start_consumer(queue, i + 1);
	for (int i = 0; i < 2; i++)
		producers[i] = start_producer(queue, i + 1);
	for (int i = 0; i < 2; i++)
		reap(producers[i]); /* nothing more will be put */
	join(queue);		    /* all that was put is done */

	/* The end of main's own code. What follows is its library's: daemons are terminated. */
	for (int i = 0; i < 2; i++)
		kill(consumers[i], SIGTERM);
	for (int i = 0; i < 2; i++)
		reap(consumers[i]);
	_exit(0);
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);
	struct queue queue = {.unfinished = shared_memory(sizeof(*queue.unfinished)),
			      .make_ms = 12 * slow,
			      .do_ms = 40 * slow,
			      .forgets = is_broken(argv)};
	pid_t pid;

	(void)argc;
	make_unfinished(queue.unfinished);
	pid = fork_named("main");
	if (!pid) {
		if (queue.forgets)
			set_alarm(800 * slow);
		be_main(&queue);
	}
	reap(pid);
	return 0;
}
