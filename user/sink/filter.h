/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which changes a user wants to hear of. Pipeline asks, commands fill it in.
 */
#ifndef PROCLIFE_FILTER_H
#define PROCLIFE_FILTER_H

#include "user/base/cgroups.h"
#include "user/model/change.h"

struct filter {		  /* all that is set must hold; all zero: everything passes */
	const char *comm; /* a glob; NULL: any name */
	bool by_user;
	__u32 uid;
	const char *cgroup; /* a group's path: it, or below it; NULL: any */
	struct cgroups *cgroups;
	unsigned int kinds; /* bit n: changes of kind n; 0: the usual ones, see filter_usual() */
	bool threads;	    /* births and ends of threads, too */
	bool failed;	    /* of ends only those that are no success, and what comes of them */
};

/* The kinds that tell of lives and deaths: states, wake-ups, signals and changes of identity are told on demand. */
unsigned int filter_usual(void);

bool filter_passes(const struct filter *filter, const struct change *change);

#endif
