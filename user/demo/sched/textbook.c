/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * FCFS, SJF, RR and MLFQ on paper; see textbook.h.
 */
#include "user/demo/sched/textbook.h"

struct queue {
	int jobs[JOBS_MOST], count;
};

struct paper {
	const struct job_list *jobs;
	enum policy policy;
	int quantum;
	struct queue queues[LEVELS]; /* the first is served first; all but MLFQ have one */
	int left[JOBS_MOST], quantum_left[JOBS_MOST];
	int unfinished;
};

static void push(struct queue *queue, int job)
{
	queue->jobs[queue->count++] = job;
}

static int take(struct queue *queue, int nth)
{
	int job = queue->jobs[nth];

	queue->count--;
	memmove(&queue->jobs[nth], &queue->jobs[nth + 1], (size_t)(queue->count - nth) * sizeof(job));
	return job;
}

static void admit(struct paper *paper, int now)
{
	for (int i = 0; i < paper->jobs->count; i++)
		if (paper->jobs->job[i].arrival == now)
			push(&paper->queues[0], i);
}

/* SJF: whoever is shortest goes to the head, unless the head has begun. */
static void bring_shortest_forward(const struct paper *paper, struct queue *queue)
{
	int shortest = 0, head = queue->jobs[0];

	if (paper->left[head] < paper->jobs->job[head].burst)
		return;
	for (int i = 1; i < queue->count; i++)
		if (paper->jobs->job[queue->jobs[i]].burst < paper->jobs->job[queue->jobs[shortest]].burst)
			shortest = i;
	head = take(queue, shortest);
	memmove(&queue->jobs[1], &queue->jobs[0], (size_t)queue->count++ * sizeof(head));
	queue->jobs[0] = head;
}

/* The head of that queue has had the CPU for a tick, to `now`. */
static void after_tick(struct paper *paper, int level, int now)
{
	struct queue *queue = &paper->queues[level];
	int job = queue->jobs[0];
	bool over = !paper->left[job], turns = paper->policy == RR || paper->policy == MLFQ;

	if (over || (turns && !paper->quantum_left[job]))
		take(queue, 0);
	admit(paper, now);
	paper->unfinished -= over;
	if (over || !turns || paper->quantum_left[job])
		return;
	paper->quantum_left[job] = paper->quantum;
	push(&paper->queues[paper->policy == MLFQ && level < LEVELS - 1 ? level + 1 : level], job);
}

/* The next tick's: who, and the queue they are in (from 0); LEVELS: nobody. */
static int first_queue(struct paper *paper)
{
	int level = 0;

	while (level < LEVELS && !paper->queues[level].count)
		level++;
	if (level < LEVELS && paper->policy == SJF)
		bring_shortest_forward(paper, &paper->queues[level]);
	return level;
}

static void work_out_tick(struct textbook *textbook, struct paper *paper)
{
	int level = first_queue(paper), now = textbook->count++, job;
	struct tick *tick = &textbook->ticks[now];

	*tick = (struct tick){.job = IDLE};
	if (level == LEVELS) {
		admit(paper, now + 1);
		return;
	}
	job = paper->queues[level].jobs[0];
	*tick = (struct tick){(signed char)job, (signed char)(LEVELS - 1 - level), --paper->quantum_left[job]};
	if (paper->left[job]-- == paper->jobs->job[job].burst)
		textbook->first[job] = now;
	textbook->end[job] = now + 1;
	after_tick(paper, level, now + 1);
}

void textbook_work_out(struct textbook *textbook, const struct job_list *jobs, enum policy policy, int quantum)
{
	struct paper paper = {.jobs = jobs, .policy = policy, .quantum = quantum, .unfinished = jobs->count};

	textbook->count = 0;
	for (int i = 0; i < jobs->count; i++) {
		paper.left[i] = jobs->job[i].burst;
		paper.quantum_left[i] = quantum;
	}
	admit(&paper, 0);
	while (paper.unfinished && textbook->count < TICKS_MOST)
		work_out_tick(textbook, &paper);
}

struct figures textbook_figures(const struct textbook *textbook, const struct job_list *jobs, int job)
{
	int arrival = jobs->job[job].arrival;

	return (struct figures){.response = textbook->first[job] - arrival,
				.waiting = textbook->end[job] - arrival - jobs->job[job].burst,
				.turnaround = textbook->end[job] - arrival};
}

struct figures textbook_averages(const struct textbook *textbook, const struct job_list *jobs)
{
	struct figures sum = {0};

	for (int i = 0; i < jobs->count; i++) {
		struct figures one = textbook_figures(textbook, jobs, i);

		sum.response += one.response / jobs->count;
		sum.waiting += one.waiting / jobs->count;
		sum.turnaround += one.turnaround / jobs->count;
	}
	return sum;
}
