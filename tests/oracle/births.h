/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How the oracle's processes come into the world, and find their place in the plan; and their threads.
 */
#ifndef PROCLIFE_ORACLE_BIRTHS_H
#define PROCLIFE_ORACLE_BIRTHS_H

#include <linux/sched.h>
#include <spawn.h>

#include "tests/oracle/plan.h"

extern char **environ;

struct self { /* who we are, and the plan that all share */
	struct shared_plan *plan;
	struct node *node;
	int number;
};

static _Noreturn void life(struct shared_plan *plan, int number);

static inline size_t plan_size(int count)
{
	return sizeof(struct shared_plan) + count * sizeof(struct node);
}

static inline struct shared_plan *map_plan(int memory, int count)
{
	struct shared_plan *plan = mmap(NULL, plan_size(count), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);

	if (plan == MAP_FAILED)
		die("mmap");
	return plan;
}

/* The arguments that lead a fresh program back into its life. */
struct arguments {
	char memory[16], count[16], number[16];
	char *argv[6];
};

static inline void fill_arguments(struct arguments *arguments, struct shared_plan *plan, int number)
{
	snprintf(arguments->memory, sizeof(arguments->memory), "%d", plan->memory);
	snprintf(arguments->count, sizeof(arguments->count), "%d", plan->count);
	snprintf(arguments->number, sizeof(arguments->number), "%d", number);
	arguments->argv[0] = "oracle";
	arguments->argv[1] = "--go-on";
	arguments->argv[2] = arguments->memory;
	arguments->argv[3] = arguments->count;
	arguments->argv[4] = arguments->number;
	arguments->argv[5] = NULL;
}

static inline void settle_in(struct shared_plan *plan, int number)
{
	struct node *node = &plan->nodes[number];

	node->pid = getpid();
	plan->node_of[node->pid] = number + 1;
	node->session = getsid(0);
}

static inline pid_t clone_plain(bool third)
{
	struct clone_args args = {.flags = CLONE_FS, .exit_signal = SIGCHLD};

	if (third)
		return syscall(SYS_clone3, &args, sizeof(args));
	return syscall(SYS_clone, CLONE_FS | SIGCHLD, NULL, NULL, NULL, 0);
}

static inline pid_t spawn(struct arguments *arguments)
{
	pid_t pid;

	if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments->argv, environ))
		die("posix_spawn");
	return pid;
}

static inline pid_t give_birth(struct shared_plan *plan, int number)
{
	struct node *node = &plan->nodes[number];
	struct arguments arguments;
	pid_t pid;

	fill_arguments(&arguments, plan, number);
	switch (node->birth) {
	case BY_CLONE:
	case BY_CLONE3:
		pid = clone_plain(node->birth == BY_CLONE3);
		break;
	case BY_VFORK_ONLY:
		pid = vfork();
		if (!pid) {
			settle_in(plan, number);
			node->leaving = now_ns();
			_exit(node->code);
		}
		return pid;
	case BY_VFORK_EXEC:
		pid = vfork();
		if (!pid) {
			execve("/proc/self/exe", arguments.argv, environ);
			_exit(99);
		}
		return pid;
	case BY_SPAWN:
		return spawn(&arguments);
	default:
		pid = fork();
	}
	if (!pid)
		life(plan, number);
	return pid;
}

static inline void run_thread(struct self *self, void *(*body)(void *), void *data, bool stays)
{
	pthread_t thread;

	self->node->threads_born++; /* before it runs: it may exec, and we be gone */
	if (pthread_create(&thread, NULL, body, data))
		die("pthread_create");
	if (stays)
		pthread_detach(thread);
	else
		pthread_join(thread, NULL);
}

static inline void *work_in_thread(void *data)
{
	usleep(below(data, 500));
	return NULL;
}

static inline void *stay(void *data)
{
	for (;;)
		pause();
	return data;
}

struct task { /* of a thread that does something in the main thread's place */
	struct self *self;
	int number;
	struct node *child;
};

static inline void bear(struct self *self, int number)
{
	struct node *child = &self->plan->nodes[number];
	ns_t from;
	pid_t pid;

	if (child->flags & READS && pipe(child->pipe))
		die("pipe");
	from = now_ns();
	pid = give_birth(self->plan, number);
	if (pid < 0)
		die("birth");
	child->born = (struct bracket){from, now_ns()};
	child->pid = pid;
	if (!(child->flags & READS))
		return;
	if (write(child->pipe[1], "x", 1) != 1)
		die("write");
	close(child->pipe[0]);
	close(child->pipe[1]);
}

static inline void *bear_in_thread(void *data)
{
	struct task *task = data;

	bear(task->self, task->number);
	return NULL;
}

static inline void bear_child(struct self *self, int number)
{
	struct task task = {.self = self, .number = number};

	if (self->plan->nodes[number].flags & BORN_OF_THREAD)
		run_thread(self, bear_in_thread, &task, false);
	else
		bear(self, number);
}

#endif
