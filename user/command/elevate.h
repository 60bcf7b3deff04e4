/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Getting the privilege that tracing takes, by sudo. `run` includes it.
 */
#ifndef PROCLIFE_ELEVATE_H
#define PROCLIFE_ELEVATE_H

#include <stdbool.h>

/* True when the process has the capabilities that loading probes takes: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN. */
bool is_privileged(void);

/* Runs `proclife run` with the same arguments once more, by sudo, telling it our pid; waits. Returns its exit status,
 * or 125: said why. */
int elevate(int argc, char **argv);

#endif
