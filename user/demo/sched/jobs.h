/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lists of jobs, as the textbook and we write them. The program and what judges it both read them here.
 *
 *	0:8,1:5		ours: ARRIVAL:BURST, …
 *	5,3,4		scheduler.py's: bursts; all arrive at 0
 *	0,18,0:2,5,0	mlfq.py's: ARRIVAL,BURST,IO: …; IO has to be 0: jobs that only compute
 *
 * Times are in ticks. Jobs are numbered from 0.
 */
#ifndef PROCLIFE_SCHED_JOBS_H
#define PROCLIFE_SCHED_JOBS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define JOBS_MOST 8
#define BURST_MOST 100
#define ARRIVAL_MOST 300
#define TICK_MS 10 /* of CPU time */
#define USUAL_QUANTUM 2
#define LEVELS 3 /* of MLFQ's queues */

enum policy { FCFS, SJF, RR, MLFQ };

struct job_list {
	struct {
		int arrival, burst;
	} job[JOBS_MOST];
	int count;
};

enum list_fault { LIST_FINE, LIST_UNREADABLE, LIST_TOO_MANY, LIST_ARRIVAL, LIST_BURST, LIST_IO };

/* "fcfs" and so on; FCFS if there is no such policy. */
static inline enum policy policy_named(const char *name)
{
	static const char *const names[] = {[FCFS] = "fcfs", [SJF] = "sjf", [RR] = "rr", [MLFQ] = "mlfq"};

	for (int i = SJF; i <= MLFQ; i++)
		if (name && !strcmp(name, names[i]))
			return (enum policy)i;
	return FCFS;
}

static inline const char *usual_jobs(enum policy policy)
{
	return policy == MLFQ ? "0:9,3:2,7:5" : "0:8,1:5,2:1,3:3";
}

/* A whole number of at most `most`, and *at behind it; -1: there is none. */
static inline int list_number(const char **at, int most)
{
	char *end;
	long number = **at >= '0' && **at <= '9' ? strtol(*at, &end, 10) : -1;

	if (number >= 0)
		*at = end;
	return number > most ? most + 1 : (int)number;
}

/* Adds one job of so many fields; *at is moved behind it. */
static inline enum list_fault list_add(struct job_list *jobs, const char **at, int fields, char separator)
{
	int field[3] = {0}, arrival, burst;

	for (int i = 0; i < fields; i++) {
		if (i && *(*at)++ != separator)
			return LIST_UNREADABLE;
		field[i] = list_number(at, ARRIVAL_MOST);
		if (field[i] < 0)
			return LIST_UNREADABLE;
	}
	arrival = fields == 1 ? 0 : field[0];
	burst = fields == 1 ? field[0] : field[1];
	if (jobs->count == JOBS_MOST)
		return LIST_TOO_MANY;
	if (arrival > ARRIVAL_MOST)
		return LIST_ARRIVAL;
	if (burst < 1 || burst > BURST_MOST)
		return LIST_BURST;
	jobs->job[jobs->count].arrival = arrival;
	jobs->job[jobs->count++].burst = burst;
	return field[2] ? LIST_IO : LIST_FINE;
}

/* Which of the three notations it is, the first separator and the number of colons tell. */
static inline enum list_fault list_read(struct job_list *jobs, const char *words)
{
	int fields = !strchr(words, ':') ? 1 : words[strcspn(words, ":,")] == ':' ? 2 : 3;
	char separator = fields == 2 ? ':' : ',', between = fields == 3 ? ':' : ',';
	enum list_fault fault;

	jobs->count = 0;
	for (;;) {
		fault = list_add(jobs, &words, fields, separator);
		if (fault != LIST_FINE || !*words)
			return fault;
		if (*words++ != between)
			return LIST_UNREADABLE;
	}
}

#endif
