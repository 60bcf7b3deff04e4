/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What this kernel has of that which not every kernel has. Only user/source/ includes it.
 */
#ifndef PROCLIFE_KERNEL_FACTS_H
#define PROCLIFE_KERNEL_FACTS_H

#include <stdbool.h>

struct kernel_facts {
	bool free_tells_cache;	     /* kmem_cache_free has its cache */
	bool release_task;	     /* the function, to which a program may be attached */
	bool ready_times;	     /* the scheduler keeps since when each task is ready (CONFIG_SCHED_INFO) */
	bool delays_sleepers;	     /* … who falls asleep may stay in the queue for a while */
	bool can_cast;		     /* bpf_rdonly_cast() */
	bool can_disable_preemption; /* bpf_preempt_disable() */
	bool preempts_programs;	     /* … which it has not, and it is fully preemptible: see preemption.h */
	bool preempts_probes;	     /* a probe at a tracepoint can be preempted, see bpf/preempted.h */
	bool open_files; /* the iterator of open files, and whether a timer runs: what deadlocks are found by */
};

/* The files that the probes are compiled into, one of which a kernel is given. */
enum probes_object { PROBES_WITH_CASTS, PROBES_WITHOUT_PREEMPTION, PROBES_WITHOUT_KFUNCS };

enum probes_object probes_object(const struct kernel_facts *facts);

/* By its version, as upstream has it: in no time, but a kernel with changes of its own may have less, and
 * then refuses what rests on it. 0, or -1: it is older or newer than those that this was checked with. */
int kernel_facts_by_version(struct kernel_facts *facts);

/* By its types (BTF), which takes tens of milliseconds. 0, or -1: it has none. */
int kernel_facts_by_types(struct kernel_facts *facts);

#endif
