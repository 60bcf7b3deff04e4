/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the files of the list of leaks share. Only user/finding/leaks*.c include it.
 */
#ifndef PROCLIFE_LEAKS_JUDGE_H
#define PROCLIFE_LEAKS_JUDGE_H

#define HASH_NONFATAL_OOM 1 /* an entry that found no memory has no table afterwards */
#include <uthash.h>

#include "user/base/buffer.h"
#include "user/finding/kinds.h"
#include "user/finding/leaks.h"

/* Each adds its findings. 0, or -1 when memory was short. */
int judge_parent(struct leaks *leaks, struct zombie_parent *parent);
int judge_orphan(struct leaks *leaks, struct orphan *orphan);

#endif
