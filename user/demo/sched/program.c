/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A dispatcher: of many processes that want to compute it lets one at a time do so, by a textbook's policy. A job that
 * is not dispatched is stopped (SIGSTOP): the textbook's "ready". Time is counted in ticks of CPU time that jobs have
 * had, so that nothing depends on what else this machine does.
 * With the word "broken" the policy is not kept: fcfs takes the last that came, sjf the longest job, rr lets a job run
 * to its end, mlfq never moves a job to a lower queue.
 */
#include "user/demo/program.h"
#include "user/demo/sched/jobs.h"

struct job {
	pid_t pid;			/* 0: it has not arrived yet */
	int arrival, burst, left;	/* in ticks */
	int level, place, quantum_left; /* which queue (0 is served first), where in it, and what is left of its turn */
};

struct dispatcher {
	struct job jobs[JOBS_MOST];
	int count, quantum, tick_ms;
	enum policy policy;
	bool broken;
	int now, places;     /* the time; how many places in queues have been given away */
	volatile int *slice; /* for the job that is dispatched: how long; shared with all */
};

/* A job stops itself until it is dispatched, computes for a slice, and so on; it ends with its last tick. */
static void be_job(int left, const struct dispatcher *dispatcher)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (left) {
		raise(SIGSTOP);
		compute_ms((long)*dispatcher->slice * dispatcher->tick_ms);
		left -= *dispatcher->slice;
	}
	_exit(0);
}

static void wait_until_stopped_or_ended(pid_t pid)
{
	siginfo_t info;

	while (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WEXITED) && errno == EINTR)
		;
}

static void queue_up(struct dispatcher *dispatcher, struct job *job)
{
	job->place = dispatcher->places++;
	job->quantum_left = dispatcher->quantum;
}

/* To arrive is to be born. */
static void admit_arrivals(struct dispatcher *dispatcher)
{
	for (int i = 0; i < dispatcher->count; i++) {
		struct job *job = &dispatcher->jobs[i];
		char name[16];

		if (job->pid || job->arrival > dispatcher->now)
			continue;
		snprintf(name, sizeof(name), "job-%d", i);
		job->pid = fork_named(name);
		if (!job->pid)
			be_job(job->burst, dispatcher);
		wait_until_stopped_or_ended(job->pid);
		queue_up(dispatcher, job);
	}
}

/* The policy: which of two goes first? */
static bool goes_before(const struct dispatcher *dispatcher, const struct job *one, const struct job *other)
{
	if (dispatcher->policy == SJF && one->burst != other->burst)
		return dispatcher->broken ? one->burst > other->burst : one->burst < other->burst;
	if (dispatcher->policy == MLFQ && one->level != other->level)
		return one->level < other->level;
	if (dispatcher->policy == FCFS && dispatcher->broken)
		return one->place > other->place;
	return one->place < other->place;
}

static struct job *first_of_ready(struct dispatcher *dispatcher)
{
	struct job *first = NULL;

	for (int i = 0; i < dispatcher->count; i++) {
		struct job *job = &dispatcher->jobs[i];

		if (job->pid && job->left && (!first || goes_before(dispatcher, job, first)))
			first = job;
	}
	return first;
}

/* Ticks until the next job arrives; -1: none will. */
static int next_arrival(const struct dispatcher *dispatcher)
{
	int next = -1;

	for (int i = 0; i < dispatcher->count; i++) {
		const struct job *job = &dispatcher->jobs[i];

		if (!job->pid && (next < 0 || job->arrival - dispatcher->now < next))
			next = job->arrival - dispatcher->now;
	}
	return next;
}

static bool has_turns(const struct dispatcher *dispatcher)
{
	return dispatcher->policy == MLFQ || (dispatcher->policy == RR && !dispatcher->broken);
}

/* Until the job's end, the end of its turn, or the next arrival. */
static int slice_for(const struct dispatcher *dispatcher, const struct job *job)
{
	int slice = job->left, arrival = next_arrival(dispatcher);

	if (has_turns(dispatcher) && job->quantum_left < slice)
		slice = job->quantum_left;
	return arrival > 0 && arrival < slice ? arrival : slice;
}

static void dispatch(struct dispatcher *dispatcher, struct job *job, int slice)
{
	*dispatcher->slice = slice;
	kill(job->pid, SIGCONT);
	wait_until_stopped_or_ended(job->pid);
	job->left -= slice;
	job->quantum_left -= slice;
	dispatcher->now += slice;
}

/* Its turn is over: to the end of the queue, with MLFQ of the one below. */
static void demote(struct dispatcher *dispatcher, struct job *job)
{
	if (job->level < LEVELS - 1 && !dispatcher->broken)
		job->level++;
	queue_up(dispatcher, job);
}

static bool turn_is_over(const struct dispatcher *dispatcher, const struct job *job)
{
	return has_turns(dispatcher) && !job->quantum_left;
}

/* Only MLFQ takes the CPU from a job because another has come. */
static bool goes_on(const struct dispatcher *dispatcher, const struct job *job)
{
	return job && job->left && dispatcher->policy != MLFQ && !turn_is_over(dispatcher, job);
}

/* Nothing to do until the next job arrives. */
static void be_idle(struct dispatcher *dispatcher)
{
	int ticks = next_arrival(dispatcher);

	sleep_ms((long)ticks * dispatcher->tick_ms);
	dispatcher->now += ticks;
}

static void dispatch_all(struct dispatcher *dispatcher)
{
	struct job *job = NULL;

	for (;;) {
		admit_arrivals(dispatcher);
		if (!goes_on(dispatcher, job)) {
			if (job && job->left && turn_is_over(dispatcher, job))
				demote(dispatcher, job);
			job = first_of_ready(dispatcher);
		}
		if (job)
			dispatch(dispatcher, job, slice_for(dispatcher, job));
		else if (next_arrival(dispatcher) >= 0)
			be_idle(dispatcher);
		else
			return;
	}
}

int main(int argc, char **argv)
{
	struct dispatcher dispatcher = {.policy = policy_named(word(argv, "policy")), .broken = is_broken(argv)};
	const char *quantum = word(argv, "quantum"), *list = word(argv, "list");
	struct job_list jobs;

	(void)argc;
	if (list_read(&jobs, list ? list : usual_jobs(dispatcher.policy)) != LIST_FINE)
		return 2;
	for (int i = 0; i < jobs.count; i++)
		dispatcher.jobs[i] = (struct job){
			.arrival = jobs.job[i].arrival, .burst = jobs.job[i].burst, .left = jobs.job[i].burst};
	dispatcher.count = jobs.count;
	dispatcher.quantum = quantum ? atoi(quantum) : USUAL_QUANTUM;
	dispatcher.tick_ms = TICK_MS * slowness(argv);
	dispatcher.slice = shared_memory(sizeof(*dispatcher.slice));
	call_me("dispatcher");
	use_cpu(0);
	dispatch_all(&dispatcher);
	return 0;
}
