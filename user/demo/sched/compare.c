/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the user asked for, what the textbook says to it, and what the kernel saw; see compare.h.
 */
#include <stdio.h>

#include "user/demo/sched/compare.h"

static void find_jobs(const struct lab *lab, const struct process **jobs, int count)
{
	char name[16];

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "job-%d", i);
		jobs[i] = process_named(lab, name);
	}
}

void compare(struct comparison *comparison, const struct lab *lab)
{
	const struct settings *settings = lab->settings;
	const struct process *jobs[JOBS_MOST];
	__u64 least_ns = TICK_MS * MS * (__u64)settings->slow / 4;

	*comparison = (struct comparison){
		.policy = policy_named(lab->demo->arguments + strlen("policy=")),
		.quantum = settings->quantum ? settings->quantum : USUAL_QUANTUM,
	};
	list_read(&comparison->jobs, settings->list ? settings->list : usual_jobs(comparison->policy));
	textbook_work_out(&comparison->textbook, &comparison->jobs, comparison->policy, comparison->quantum);
	find_jobs(lab, jobs, comparison->jobs.count);
	turns_find(&comparison->turns, lab, jobs, comparison->jobs.count, least_ns);
}

void comparison_free(struct comparison *comparison)
{
	turns_free(&comparison->turns);
}

struct figures averages_under(const struct comparison *comparison, enum policy policy)
{
	struct textbook other = {0};

	textbook_work_out(&other, &comparison->jobs, policy, comparison->quantum);
	return textbook_averages(&other, &comparison->jobs);
}
