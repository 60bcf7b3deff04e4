/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * oracle SEED PROCESSES: lives through random families of processes (plan.h) and tells the truth of each one.
 *
 * The root is a subreaper: whoever has lost every other adopter comes to it. A process runs through life(): what it
 * does at its birth, its execs, threads, children, waits; then it ends as planned.
 */
#include "tests/oracle/draw.h"
#include "tests/oracle/ends.h"
#include "tests/oracle/tell.h"

#include <sys/resource.h>

#define FAMILIES_AT_ONCE 5

static void *become_another(void *data)
{
	struct self *self = data;
	struct arguments arguments;

	fill_arguments(&arguments, self->plan, self->number);
	execve("/proc/self/exe", arguments.argv, environ);
	die("execve");
	return NULL;
}

/* Done again after an exec: all but the session, which one can lead but once. */
static void begin(struct self *self)
{
	struct node *node = self->node;

	signal(SIGCHLD, node->flags & IGNORES_CHILDREN ? SIG_IGN : SIG_DFL);
	if (node->flags & ADOPTS)
		become_subreaper();
	if (node->flags & LEADS_SESSION && getsid(0) != getpid() && setsid() < 0)
		die("setsid");
	settle_in(self->plan, self->number);
}

static void exec_as_planned(struct self *self)
{
	bool starts_anew = self->node->birth == BY_VFORK_EXEC || self->node->birth == BY_SPAWN;

	if (self->node->execs_done == self->node->execs + starts_anew)
		return;
	if (self->node->flags & EXECS_IN_THREAD) {
		run_thread(self, become_another, self, true);
		stay(NULL);
	}
	become_another(self);
}

static void work(struct self *self)
{
	struct dice dice = {.state = self->number};
	char byte;

	for (int i = 0; i < self->node->threads; i++)
		run_thread(self, self->node->flags & THREADS_STAY ? stay : work_in_thread, &dice,
			   self->node->flags & THREADS_STAY);
	if (self->node->flags & READS && read(self->node->pipe[0], &byte, 1) != 1)
		die("read");
	if (self->node->flags & SLEEPS)
		usleep(below(&dice, 2000));
}

static void raise_children(struct self *self)
{
	struct node *node = self->node;

	for (int i = 0; i < node->child_count; i++)
		bear_child(self, node->children[i]);
	for (int i = 0; i < node->victim_count; i++)
		kill_one(&self->plan->nodes[node->victims[i]]);
	if (node->flags & IGNORES_CHILDREN) {
		wait_until_gone(self);
		return;
	}
	for (int i = 0; i < node->child_count; i++)
		wait_for(self, &self->plan->nodes[node->children[i]]);
	while (node->flags & ADOPTS && reap_any(self->plan))
		;
}

static _Noreturn void life(struct shared_plan *plan, int number)
{
	struct self self = {.plan = plan, .node = &plan->nodes[number], .number = number};

	begin(&self);
	exec_as_planned(&self);
	work(&self);
	raise_children(&self);
	if (self.node->wait == LEAVE_ALIVE)
		outlive_parent(self.node, plan->nodes[self.node->parent].pid);
	end(&self);
}

static struct shared_plan *new_plan(int count, unsigned long long seed)
{
	int memory = memfd_create("oracle", 0); /* left open over exec, on purpose */
	struct shared_plan *plan;

	if (memory < 0 || ftruncate(memory, plan_size(count)))
		die("memfd_create");
	plan = map_plan(memory, count);
	plan->count = count;
	plan->memory = memory;
	draw_plan(plan, seed);
	return plan;
}

static void ordinary_signals(void)
{
	static const int used[] = {SIGTERM, SIGUSR1, SIGUSR2, SIGHUP, SIGALRM, SIGINT, SIGSEGV, SIGABRT};
	sigset_t none;

	for (size_t i = 0; i < sizeof(used) / sizeof(*used); i++)
		signal(used[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* A few families at a time; all that is left over comes to us. */
static void run_families(struct shared_plan *plan)
{
	struct self root = {.plan = plan, .number = -1};
	int next = 0, alive = 0;
	struct node *gone;

	do {
		while (next < plan->count && alive < FAMILIES_AT_ONCE) {
			bear(&root, next);
			alive++;
			for (next++; next < plan->count && plan->nodes[next].parent >= 0; next++)
				;
		}
		gone = reap_any(plan);
		alive -= gone && gone->parent < 0;
	} while (gone || next < plan->count);
}

static int live_all(unsigned long long seed, int count)
{
	struct shared_plan *plan;

	ordinary_signals();
	become_subreaper();
	plan = new_plan(count, seed);
	run_families(plan);
	for (int i = 0; i < plan->count; i++)
		tell_node(plan, &plan->nodes[i]);
	return 0;
}

static _Noreturn void go_on(char **argv)
{
	struct shared_plan *plan = map_plan(atoi(argv[2]), atoi(argv[3]));
	int number = atoi(argv[4]);

	plan->nodes[number].execs_done++;
	life(plan, number);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "--go-on"))
		go_on(argv);
	if (argc == 3 && atoi(argv[2]) > 0)
		return live_all(strtoull(argv[1], NULL, 0), atoi(argv[2]));
	fprintf(stderr, "oracle SEED PROCESSES\n");
	return 2;
}
