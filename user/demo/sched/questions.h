/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What learners are asked beforehand about the scheduling policies. Only their demo.c includes it.
 */
#ifndef PROCLIFE_SCHED_QUESTIONS_H
#define PROCLIFE_SCHED_QUESTIONS_H

#include "user/demo/demo.h"

extern const struct question questions_of_fcfs[], questions_of_sjf[], questions_of_rr[], questions_of_mlfq[];

#endif
