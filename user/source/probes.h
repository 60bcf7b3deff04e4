/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The probes, as libbpf's skeleton has them. Only live.c includes it.
 */
#ifndef PROCLIFE_PROBES_H
#define PROCLIFE_PROBES_H

#include "user/source/source.h"

struct proclife_bpf;

/* Loaded and attached; proclife_bpf__destroy() takes them away again. NULL: refused. */
struct proclife_bpf *probes_attach(const struct live_options *options, struct live_ability *ability,
				   struct live_refusal *refusal);

/* For how many calls of wait no probe was run, as bpf/preempted.h explains. They may be those of processes that are not traced. */
__u64 probes_missed_waits(const struct proclife_bpf *bpf);

#endif
