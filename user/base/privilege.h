/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Privileges: which ones this process has, and how it drops those that it no longer needs.
 */
#ifndef PROCLIFE_PRIVILEGE_H
#define PROCLIFE_PRIVILEGE_H

#include <stdbool.h>

/* Is that capability (CAP_…) in our effective set? */
bool privilege_has(int capability);

struct privilege_needs { /* of the work that is still to be done */
	bool loads_again; /* probes: CAP_BPF and CAP_PERFMON; and programs are started that must inherit nothing, from a folder
			       that may be another user's own: CAP_DAC_READ_SEARCH */
	bool reads_others;  /* what /proc says of other users' processes: CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH */
	bool keeps_cpu;	    /* at real-time priority: CAP_SYS_NICE */
	bool signals_group; /* our process group, in which others may belong to root: CAP_KILL */
	bool keeps_user;    /* the user that we are */
	int folder;	    /* a descriptor of the folder where files will be opened; -1: nowhere */
};

/*
 * Drops for good all capabilities but those; unless probes are loaded again, also the bounding set, the identity of root
 * (for that of nobody), the right to gain privileges by an exec, and system calls that none of this work needs. Files that are
 * open stay open. 0, or -1 with errno: some of it was not possible.
 */
int privilege_drop(const struct privilege_needs *needs);

#endif
