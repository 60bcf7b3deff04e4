/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The demos there are: each defined in the folder of its name, listed in demos.c. Only these include it.
 */
#ifndef PROCLIFE_DEMO_KINDS_H
#define PROCLIFE_DEMO_KINDS_H

#include "user/demo/demo.h"

/* Creation and identity */
extern const struct demo demo_program, demo_birth, demo_worker, demo_pids, demo_isolation;
/* Ends */
extern const struct demo demo_death, demo_zombie, demo_orphan, demo_join, demo_terminate, demo_daemon, demo_daemonize;
/* States */
extern const struct demo demo_states, demo_process_run, demo_blocking, demo_parallel;
/* Scheduling */
extern const struct demo demo_sched_fcfs, demo_sched_sjf, demo_sched_rr, demo_sched_mlfq;
extern const struct demo demo_sched_linux;
/* Working together */
extern const struct demo demo_mutex, demo_tickets;
extern const struct demo demo_queue, demo_joinable;
extern const struct demo demo_counter, demo_pool, demo_deadlock;
/* The textbook's notation */
extern const struct demo demo_tree;

#endif
