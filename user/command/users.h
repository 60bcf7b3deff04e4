/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of users, each asked for once. Commands include it.
 */
#ifndef PROCLIFE_USERS_H
#define PROCLIFE_USERS_H

#include <linux/types.h>

struct users;

struct users *users_new(void); /* NULL: memory is short; nobody has a name then */
void users_free(struct users *users);

/* The name, valid until users_free(), or NULL. `users`: what users_new() returned. */
const char *users_name(void *users, __u32 uid);

#endif
