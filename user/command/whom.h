/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Users among options. Commands include it.
 */
#ifndef PROCLIFE_WHOM_H
#define PROCLIFE_WHOM_H

#include <linux/types.h>

/* A user's name or number. 0, or the exit status: said that there is none. */
int take_user_name(const char *name, __u32 *uid);

#endif
