/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A pool of workers that live for many tasks, beside a process for each task; and what one may ask a pool for. With the word
 * "broken" the pool is neither closed nor joined: main just ends.
 */
#include "user/demo/program.h"

struct task { /* a message to a worker, and back: less than PIPE_BUF, so it arrives whole, at one of them */
	int number;
	int compute_us, sleep_ms;
};

struct pool {
	int tasks[2], results[2];
	int workers;
};

static void do_task(const struct task *task)
{
	long until = own_cpu_us() + task->compute_us;

	while (own_cpu_us() < until)
		;
	if (task->sleep_ms)
		sleep_ms(task->sleep_ms);
}

/* A worker lives until there are no more tasks: until the pool is closed. */
static void work(struct pool *pool)
{
	struct task task;

	close(pool->tasks[1]);
	while (read(pool->tasks[0], &task, sizeof(task)) == sizeof(task)) {
		do_task(&task);
		if (write(pool->results[1], &task, sizeof(task)) != sizeof(task))
			break;
	}
	_exit(0);
}

static void open_pool(struct pool *pool, const char *name, int workers)
{
	char worker[16];

	open_pipe(pool->tasks);
	open_pipe(pool->results);
	pool->workers = workers;
	for (int i = 1; i <= workers; i++) {
		snprintf(worker, sizeof(worker), "%s-%d", name, i);
		if (!fork_named(worker))
			work(pool);
	}
	close(pool->tasks[0]);
}

static void submit(struct pool *pool, struct task task)
{
	if (write(pool->tasks[1], &task, sizeof(task)) != sizeof(task))
		_exit(1);
}

static int next_result(struct pool *pool)
{
	struct task task;

	if (read(pool->results[0], &task, sizeof(task)) != sizeof(task))
		_exit(1);
	return task.number;
}

/* close: no more tasks, so the workers end. join: wait until they have. */
static void close_and_join(struct pool *pool)
{
	close(pool->tasks[1]);
	reap_all();
	close(pool->results[0]);
	close(pool->results[1]);
}

/* Something that main does, and that all can see: a process of that name. */
static void mark(const char *what, int number)
{
	char name[16];
	pid_t pid;

	snprintf(name, sizeof(name), "%s-%d", what, number);
	pid = fork_named(name);
	if (!pid)
		_exit(0);
	reap(pid);
}

/* Each use is a process of its own, so that all its costs are its own. */
static void use(const char *name, void (*what)(int), int argument)
{
	pid_t pid = fork_named(name);

	if (!pid) {
		what(argument);
		_exit(0);
	}
	reap(pid);
}

static void by_pool(int tasks)
{
	struct pool pool;

	open_pool(&pool, tasks == 20 ? "p20" : "p100", 4);
	for (int i = 0; i < tasks; i++)
		submit(&pool, (struct task){.number = i, .compute_us = 500});
	for (int i = 0; i < tasks; i++)
		next_result(&pool);
	close_and_join(&pool);
}

static void by_processes(int tasks)
{
	const struct task task = {.compute_us = 500};

	for (int i = 0; i < tasks; i++)
		if (!fork_named(tasks == 20 ? "t20" : "t100")) {
			do_task(&task);
			_exit(0);
		}
	reap_all();
}

/* apply: one task, and wait for its result. apply_async: all tasks at once, results as they come. */
static void apply(int slow)
{
	struct pool pool;

	open_pool(&pool, "apply", 2);
	for (int i = 0; i < 4; i++) {
		submit(&pool, (struct task){.number = i, .sleep_ms = 15 * slow});
		next_result(&pool);
	}
	close_and_join(&pool);
}

/* The later the task, the sooner it is done. A callback runs in main, when its result comes. */
static void apply_async(int slow)
{
	struct pool pool;

	open_pool(&pool, "async", 4);
	for (int i = 0; i < 4; i++)
		submit(&pool, (struct task){.number = i, .sleep_ms = (160 - 40 * i) * slow});
	for (int i = 0; i < 4; i++)
		mark("callback", next_result(&pool));
	close_and_join(&pool);
}

/* map: results in the order of the tasks, however they came. */
static void map(int slow)
{
	struct pool pool;
	int result_of[4];

	open_pool(&pool, "map", 4);
	for (int i = 0; i < 4; i++)
		submit(&pool, (struct task){.number = i, .sleep_ms = (160 - 40 * i) * slow});
	for (int i = 0; i < 4; i++) {
		int number = next_result(&pool);

		result_of[number] = number;
	}
	for (int i = 0; i < 4; i++)
		mark("result", result_of[i]);
	close_and_join(&pool);
}

/* The same work, by as many workers as there may be CPUs, and by many more. */
static void compute_all(int workers)
{
	struct pool pool;

	open_pool(&pool, workers == 2 ? "few" : "many", workers);
	for (int i = 0; i < 16; i++)
		submit(&pool, (struct task){.number = i, .compute_us = 8000});
	for (int i = 0; i < 16; i++)
		next_result(&pool);
	close_and_join(&pool);
}

static void close_or_not(int broken)
{
	struct pool pool;

	open_pool(&pool, "last", 4);
	submit(&pool, (struct task){.number = 1, .sleep_ms = 50});
	if (!broken)
		close_and_join(&pool);
}

int main(int argc, char **argv)
{
	int slow = slowness(argv);

	(void)argc;
	use("pool-20", by_pool, 20);
	use("each-20", by_processes, 20);
	use("pool-100", by_pool, 100);
	use("each-100", by_processes, 100);
	use("main-apply", apply, slow);
	use("main-async", apply_async, slow);
	use("main-map", map, slow);
	use("main-few", compute_all, 2);
	use("main-many", compute_all, 16);
	use("main-last", close_or_not, is_broken(argv));
	return 0;
}
