/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of users; see users.h. The thread looks up the users behind `known` in the order of the list, one after the other.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/command/users.h"

#define USERS_MOST 256 /* further ones are shown by number */
#define PASSWD "/etc/passwd"

struct user {
	__u32 uid;
	char *name; /* NULL: it has none, or was not looked up yet */
	bool looked_up;
};

struct users {
	pthread_mutex_t lock;
	pthread_cond_t asked;
	pthread_t thread;
	bool has_thread, looks_up, over;
	struct user list[USERS_MOST];
	int count;
};

static struct user *add(struct users *users, __u32 uid, const char *name)
{
	struct user *user = &users->list[users->count];

	if (users->count == USERS_MOST)
		return NULL;
	user->uid = uid;
	user->name = name ? strdup(name) : NULL;
	user->looked_up = name;
	users->count++;
	return user;
}

static struct user *find(struct users *users, __u32 uid)
{
	for (int i = 0; i < users->count; i++)
		if (users->list[i].uid == uid)
			return &users->list[i];
	return NULL;
}

/* Half of the places stay free for users that are met. */
static void read_passwd(struct users *users)
{
	FILE *file = fopen(PASSWD, "re");
	const struct passwd *entry;

	while (file && users->count < USERS_MOST / 2 && (entry = fgetpwent(file)))
		if (!find(users, entry->pw_uid))
			add(users, entry->pw_uid, entry->pw_name);
	if (file)
		fclose(file);
}

struct users *users_new(void)
{
	struct users *users = calloc(1, sizeof(*users));

	if (!users)
		return NULL;
	pthread_mutex_init(&users->lock, NULL);
	pthread_cond_init(&users->asked, NULL);
	read_passwd(users);
	return users;
}

static struct user *next_to_look_up(struct users *users)
{
	for (int i = 0; i < users->count; i++)
		if (!users->list[i].looked_up)
			return &users->list[i];
	return NULL;
}

/* The lock is held but for the look-up itself, which may take for ever. */
static void *look_up(void *ctx)
{
	struct users *users = ctx;

	pthread_mutex_lock(&users->lock);
	while (!users->over) {
		struct user *user = next_to_look_up(users);
		const struct passwd *entry;

		if (!user) {
			pthread_cond_wait(&users->asked, &users->lock);
			continue;
		}
		users->looks_up = true;
		pthread_mutex_unlock(&users->lock);
		entry = getpwuid(user->uid);
		pthread_mutex_lock(&users->lock);
		users->looks_up = false;
		user->name = entry ? strdup(entry->pw_name) : NULL;
		user->looked_up = true;
	}
	pthread_mutex_unlock(&users->lock);
	return NULL;
}

/* A look-up that does not end ends with the process, and keeps its memory until then. */
void users_free(struct users *users)
{
	bool looks_up;

	if (!users)
		return;
	pthread_mutex_lock(&users->lock);
	users->over = true;
	looks_up = users->looks_up;
	pthread_cond_signal(&users->asked);
	pthread_mutex_unlock(&users->lock);
	if (looks_up)
		return;
	if (users->has_thread)
		pthread_join(users->thread, NULL);
	for (int i = 0; i < users->count; i++)
		free(users->list[i].name);
	pthread_cond_destroy(&users->asked);
	pthread_mutex_destroy(&users->lock);
	free(users);
}

void users_know(struct users *users, __u32 uid, const char *name)
{
	if (!users)
		return;
	pthread_mutex_lock(&users->lock);
	if (!find(users, uid))
		add(users, uid, name);
	pthread_mutex_unlock(&users->lock);
}

/* The thread starts with the first question: by then privileges have been dropped, which are each thread's own. */
static void ask(struct users *users, __u32 uid)
{
	if (!add(users, uid, NULL))
		return;
	if (!users->has_thread)
		users->has_thread = !pthread_create(&users->thread, NULL, look_up, users);
	pthread_cond_signal(&users->asked);
}

const char *users_name(void *ctx, __u32 uid)
{
	struct users *users = ctx;
	const struct user *user;
	const char *name;

	if (!users)
		return NULL;
	pthread_mutex_lock(&users->lock);
	user = find(users, uid);
	if (!user)
		ask(users, uid);
	name = user ? user->name : NULL;
	pthread_mutex_unlock(&users->lock);
	return name;
}
