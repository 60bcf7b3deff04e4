/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A textbook's list of actions, done by real processes: "a+b" a forks b, "b-" b ends. Each process does what it is told
 * through a pipe of its own, and says when it is done, so that a step is over before the next begins.
 * With the word "broken" a is an ordinary process, and no subreaper for its descendants.
 */
#include "user/demo/program.h"

#include <poll.h>
#include <sys/pidfd.h>

#define NAMES 26
#define DEFAULT_ACTIONS "a+b,b+c,c+d,b-"

struct order { /* to a process: fork that one, end, or wait for that child */
	enum { FORK, END, WAIT } what;
	int whom;
};

struct strings { /* by which the processes hang: a pipe to each, and one back */
	int to[NAMES][2], back[2];
	pid_t *pids; /* shared memory */
};

static void obey(struct strings *strings, int self);

static _Noreturn void be(struct strings *strings, int self)
{
	char name[2] = {(char)('a' + self)};

	call_me(name);
	strings->pids[self] = getpid();
	obey(strings, self);
	reap_all(); /* the program is over: its children end as well */
	_exit(0);
}

/* Says that it is done, and who its parent is: by now perhaps another than at its birth. */
static void answer(struct strings *strings)
{
	pid_t parent = getppid();

	if (write(strings->back[1], &parent, sizeof(parent)) != sizeof(parent))
		_exit(1);
}

/* Until the pipe is closed. */
static void obey(struct strings *strings, int self)
{
	struct order order;

	answer(strings); /* it is born */
	while (read(strings->to[self][0], &order, sizeof(order)) == sizeof(order)) {
		if (order.what == FORK) {
			if (!fork())
				be(strings, order.whom);
			continue; /* the newborn answers */
		}
		if (order.what == WAIT)
			reap(strings->pids[order.whom]);
		answer(strings);
		if (order.what == END)
			_exit(0);
	}
}

static pid_t tell(struct strings *strings, int who, int what, int whom)
{
	struct order order = {.what = what, .whom = whom};
	pid_t parent = 0;

	if (write(strings->to[who][1], &order, sizeof(order)) != sizeof(order) ||
	    read(strings->back[0], &parent, sizeof(parent)) != sizeof(parent))
		exit(1);
	return parent;
}

/* It ends; and its parent of now, if that is one of ours, waits for it. */
static void end_one(struct strings *strings, int who)
{
	struct pollfd end = {.fd = pidfd_open(strings->pids[who], 0), .events = POLLIN};
	pid_t parent = tell(strings, who, END, 0);

	poll(&end, 1, -1);
	close(end.fd);
	for (int i = 0; i < NAMES; i++)
		if (strings->pids[i] == parent)
			tell(strings, i, WAIT, who);
	strings->pids[who] = 0;
}

/* Each tree stands for a while, so that it can be seen. */
static void act(struct strings *strings, const char *actions, int slow)
{
	for (; *actions; actions += strcspn(actions, ","), actions += *actions == ',') {
		sleep_ms(50 * slow);
		if (actions[1] == '+')
			tell(strings, actions[0] - 'a', FORK, actions[2] - 'a');
		else
			end_one(strings, actions[0] - 'a');
	}
	sleep_ms(50 * slow);
}

/* The first of them: who adopts its descendants' orphans, as the textbook's root does. */
static void start_root(struct strings *strings, bool subreaper)
{
	pid_t parent;

	if (!fork()) {
		for (int i = 0; i < NAMES; i++)
			close(strings->to[i][1]); /* so that none can hold up the end of another */
		close(strings->back[0]);
		prctl(PR_SET_CHILD_SUBREAPER, subreaper);
		be(strings, 0);
	}
	close(strings->back[1]);
	if (read(strings->back[0], &parent, sizeof(parent)) != sizeof(parent))
		exit(1);
}

int main(int argc, char **argv)
{
	const char *actions = word(argv, "actions");
	struct strings strings = {.pids = shared_memory(NAMES * sizeof(pid_t))};

	(void)argc;
	alarm(30 * (unsigned)slowness(argv)); /* whatever fails, it is over then */
	for (int i = 0; i < NAMES; i++)
		open_pipe(strings.to[i]);
	open_pipe(strings.back);
	start_root(&strings, !is_broken(argv));
	act(&strings, actions ? actions : DEFAULT_ACTIONS, slowness(argv));

	for (int i = 0; i < NAMES; i++)
		close(strings.to[i][1]);
	reap_all();
	return 0;
}
