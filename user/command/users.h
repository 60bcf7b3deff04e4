/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of users, each looked up once. /etc/passwd is read at the start; any other user is looked up by a thread of its own,
 * because a directory service that does not answer must not stop the draining of events. Commands include it.
 */
#ifndef PROCLIFE_USERS_H
#define PROCLIFE_USERS_H

#include <linux/types.h>

struct users;

struct users *users_new(void); /* NULL: memory is short; no user has a name then */
void users_free(struct users *users);

/* That user has this name: it need not be looked up. */
void users_know(struct users *users, __u32 uid, const char *name);

/* The name, valid until users_free(), or NULL if there is none, or none yet. `users`: what users_new() returned. */
const char *users_name(void *users, __u32 uid);

#endif
