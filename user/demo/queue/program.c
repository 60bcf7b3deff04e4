/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A queue that holds five messages, made of a pipe and a lock: one producer, two consumers, each of whom takes whole
 * messages, and ends at a sentinel. Then the same pipe bare, without the lock. A consumer's exit status is the number of
 * messages that it got whole. With the word "broken" the queue has no lock either.
 */
#include "user/demo/program.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#define PAGE 4096
#define PAGES 3 /* of a message: more than the kernel passes on as a whole (PIPE_BUF is a page) */
#define ROOM 16 /* pages in the pipe: five messages, and a piece of the sixth */
#define CONSUMERS 2
#define QUICKLY 12 /* messages, as fast as they go in */
#define SLOWLY 2   /* then some that have to be made first */
#define SENTINEL (-1)

struct message {
	struct {
		int number;
		char text[PAGE - sizeof(int)];
	} page[PAGES];
};

struct queue {
	const char *producer, *consumer; /* their names */
	pthread_mutex_t *lock;		 /* for who takes a message; NULL: a bare pipe */
	int ends[2];
	/* Sockets, so that nobody takes waiting at them for waiting at the pipe: */
	int begun[2];  /* held open by each that has not begun to read yet */
	int living[2]; /* held open by main while a consumer lives */
	long take_ms, make_ms;
};

static void put(struct queue *queue, int number)
{
	struct message message = {0};

	for (int i = 0; i < PAGES; i++)
		message.page[i].number = number;
	if (write(queue->ends[1], &message, sizeof(message)) != sizeof(message)) /* blocks while the pipe is full */
		_exit(255);
}

/* The worst that can happen to readers without a lock, made sure of: both have begun a message before one goes on. */
static void until_both_have_begun(struct queue *queue)
{
	if (queue->begun[1] < 0)
		return;
	close(queue->begun[1]);
	queue->begun[1] = -1;
	block_until_closed(queue->begun[0]);
}

/* Reads so many bytes, in as many pieces as they come in. False: nobody is left who could write them. */
static bool read_all(int fd, void *bytes, size_t size)
{
	for (ssize_t got; size; size -= (size_t)got, bytes = (char *)bytes + got) {
		got = read(fd, bytes, size); /* blocks while the pipe is empty */
		if (got <= 0)
			return false;
	}
	return true;
}

/* A message is read in two steps, as by everybody who first has to learn how long it is. */
static bool get(struct queue *queue, struct message *message)
{
	bool got;

	if (queue->lock)
		pthread_mutex_lock(queue->lock);
	got = read_all(queue->ends[0], &message->page[0], PAGE);
	if (!queue->lock)
		until_both_have_begun(queue);
	got = got && read_all(queue->ends[0], &message->page[1], sizeof(*message) - PAGE);
	if (queue->lock)
		pthread_mutex_unlock(queue->lock);
	return got;
}

static bool is_whole(const struct message *message)
{
	for (int i = 1; i < PAGES; i++)
		if (message->page[i].number != message->page[0].number)
			return false;
	return true;
}

static void consume(struct queue *queue)
{
	struct message message;
	int whole = 0;

	while (get(queue, &message) && (!is_whole(&message) || message.page[0].number != SENTINEL)) {
		whole += is_whole(&message);
		sleep_ms(queue->take_ms); /* what is to be done with a message */
	}
	_exit(whole);
}

/* One sentinel each. Only when they have ended does the producer close the pipe, so it was no end of file that ended them.
 * Of a bare pipe nothing else can: who may get torn messages may miss a sentinel. */
static void end_consumers(struct queue *queue)
{
	if (!queue->lock)
		return;
	for (int i = 0; i < CONSUMERS; i++)
		put(queue, SENTINEL);
	block_until_closed(queue->living[0]);
}

/* Its name tells what it is at. */
static void produce(struct queue *queue, int quickly, int slowly)
{
	char name[16];

	for (int i = 1; i <= quickly + slowly; i++) {
		if (i > quickly)
			sleep_ms(queue->make_ms);
		snprintf(name, sizeof(name), "put-%d", i);
		call_me(name);
		put(queue, i);
	}
	call_me(queue->producer);
	end_consumers(queue);
	_exit(0);
}

static void start_producer(struct queue *queue, int quickly, int slowly)
{
	if (fork_named(queue->producer))
		return;
	close(queue->ends[0]);
	close(queue->begun[1]);
	close(queue->living[1]);
	produce(queue, quickly, slowly);
}

static pid_t start_consumer(struct queue *queue, int number)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%d", queue->consumer, number);
	pid = fork_named(name);
	if (!pid) {
		close(queue->ends[1]);
		close(queue->living[1]);
		consume(queue);
	}
	return pid;
}

static void until_it_is_full(const struct queue *queue)
{
	int bytes = 0;

	while (!ioctl(queue->ends[0], FIONREAD, &bytes) && bytes < ROOM * PAGE)
		sleep_ms(1);
}

static void work_together(struct queue *queue, int quickly, int slowly)
{
	pid_t consumers[CONSUMERS];

	open_pipe(queue->ends);
	if (fcntl(queue->ends[1], F_SETPIPE_SZ, ROOM * PAGE) != ROOM * PAGE ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, queue->begun) || socketpair(AF_UNIX, SOCK_STREAM, 0, queue->living))
		_exit(1);
	start_producer(queue, quickly, slowly);
	until_it_is_full(queue);
	for (int i = 0; i < CONSUMERS; i++)
		consumers[i] = start_consumer(queue, i + 1);
	for (int i = 0; i < 2; i++) {
		close(queue->ends[i]);
		close(queue->begun[i]);
	}
	for (int i = 0; i < CONSUMERS; i++)
		reap(consumers[i]);
	close(queue->living[0]);
	close(queue->living[1]);
	reap_all();
}

int main(int argc, char **argv)
{
	long ms = slowness(argv);
	pthread_mutex_t *lock = shared_memory(sizeof(*lock));
	struct queue queue = {.producer = "producer", .consumer = "consumer", .take_ms = 30 * ms, .make_ms = 120 * ms};
	struct queue bare = queue;

	(void)argc;
	make_lock(lock);
	queue.lock = is_broken(argv) ? NULL : lock;
	work_together(&queue, QUICKLY, SLOWLY);
	bare.take_ms = 5 * ms;
	bare.producer = "writer";
	bare.consumer = "reader";
	work_together(&bare, QUICKLY, 0);
	return 0;
}
