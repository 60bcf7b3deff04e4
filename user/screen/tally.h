/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the time of each process went, all its threads together: since it is counted, and since the last refresh of the
 * screen. The model has that by thread, and lets go of threads soon after their end. Only user/screen/ includes it.
 */
#ifndef PROCLIFE_TALLY_H
#define PROCLIFE_TALLY_H

#include "user/model/model.h"

struct who { /* a process's identity */
	__u64 start_ns;
	__u32 pid;
};

struct tally {
	struct who who;
	struct totals life, period;
	struct totals of_living; /* of the threads that lived at the last update */
	__u64 heard_ns;		 /* the latest time of these */
};

struct tallies { /* in order of identity */
	struct tally *list;
	int count;
	struct totals gone; /* this period's of those that have been reaped since it began */
	__u64 updated_ns;
};

/* At each tick: until then the model still knows ended threads (user/pipeline/machine.c). 0, or -1 when memory was short: nothing
 * has changed then. */
int tallies_update(struct tallies *tallies, const struct model *model);
void tallies_begin_period(struct tallies *tallies);
const struct tally *tallies_find(const struct tallies *tallies, struct who who);
void tallies_free(struct tallies *tallies);

int who_compare(struct who one, struct who other);
struct who who_of(const struct process *process);
__u64 totals_ns(const struct totals *totals);

/* Does it still take a row: alive, or not reaped? */
bool is_there(const struct process *process);

#endif
