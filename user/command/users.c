/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of users; see users.h.
 */
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "user/command/users.h"

#define USERS_MOST 256 /* those beyond are shown by number */

struct user {
	__u32 uid;
	char *name; /* NULL: it has none */
};

struct users {
	struct user list[USERS_MOST];
	int count;
};

struct users *users_new(void)
{
	return calloc(1, sizeof(struct users));
}

void users_free(struct users *users)
{
	for (int i = 0; users && i < users->count; i++)
		free(users->list[i].name);
	free(users);
}

const char *users_name(void *ctx, __u32 uid)
{
	struct users *users = ctx;
	const struct passwd *known;

	for (int i = 0; users && i < users->count; i++)
		if (users->list[i].uid == uid)
			return users->list[i].name;
	if (!users || users->count == USERS_MOST)
		return NULL;
	known = getpwuid(uid);
	users->list[users->count].uid = uid;
	users->list[users->count].name = known ? strdup(known->pw_name) : NULL;
	return users->list[users->count++].name;
}
