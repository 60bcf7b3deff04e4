// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that do nothing, on the tracepoints at which `proclife run` has its probes: what any tracer of them costs at least.
 */
#include "bpf/kernel.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define NOTHING(section, name)                                                                                         \
	SEC(section) int name(void *ctx)                                                                               \
	{                                                                                                              \
		return 0;                                                                                              \
	}

NOTHING("tp_btf/task_newtask", newtask)
NOTHING("tp_btf/sched_process_exec", process_exec)
NOTHING("tp_btf/sched_process_exit", process_exit)
NOTHING("tp_btf/sched_process_exit", last_changes)
NOTHING("tp_btf/sched_process_wait", process_wait)
NOTHING("tp_btf/sched_process_free", process_free)
NOTHING("raw_tp/kmem_cache_free", slab_free)
NOTHING("tp_btf/signal_generate", signal_generate)
NOTHING("tp_btf/sched_switch", sched_switch)
NOTHING("tp_btf/sched_waking", sched_waking)
