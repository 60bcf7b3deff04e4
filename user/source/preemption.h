/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Preemption within the kernel. Kernels before 6.10 have no bpf_preempt_disable(): if they are fully preemptible, a program at a
 * function or of an iterator may lose its CPU while it uses task storage, and until it goes on, the probes of that CPU find
 * nothing there (kernel/bpf/bpf_task_storage.c, bpf_task_storage_trylock()). Only user/source/ includes it.
 */
#ifndef PROCLIFE_PREEMPTION_H
#define PROCLIFE_PREEMPTION_H

#include <stdbool.h>

/*
 * Is a kernel fully preemptible? version: of uname(). modes: /sys/kernel/debug/sched/preempt, whose mode in use stands in
 * brackets; NULL if it can't be read. command_line: that of the kernel. True if it is not known.
 */
bool preemption_is_full(const char *version, const char *modes, const char *command_line);

/* The same of this kernel. */
bool preemption_is_full_here(void);

/* This thread takes its CPU from all others, until preemption_allow(). That takes CAP_SYS_NICE. 0, or -1 with errno. */
int preemption_prevent(void);
void preemption_allow(void);

#endif
