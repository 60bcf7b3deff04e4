/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A user by name; see identity.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/identity.h"

static bool is_variable(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(entry, name, length) && entry[length] == '=';
}

static bool is_replaced(const char *entry)
{
	return is_variable(entry, "HOME") || is_variable(entry, "USER") || is_variable(entry, "LOGNAME") ||
	       is_variable(entry, "SHELL");
}

static char *variable(const char *name, const char *value)
{
	char *entry;

	return asprintf(&entry, "%s=%s", name, value) < 0 ? NULL : entry;
}

static char **environment_of(const struct passwd *user)
{
	size_t count = 0, kept = 0;
	char **environment;

	while (environ[count])
		count++;
	environment = calloc(count + 5, sizeof(*environment));
	if (!environment)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!is_replaced(environ[i]))
			environment[kept++] = strdup(environ[i]);
	environment[kept++] = variable("HOME", user->pw_dir);
	environment[kept++] = variable("USER", user->pw_name);
	environment[kept++] = variable("LOGNAME", user->pw_name);
	environment[kept] = variable("SHELL", *user->pw_shell ? user->pw_shell : "/bin/sh");
	return environment;
}

static const struct passwd *look_up(const char *name)
{
	const struct passwd *user = getpwnam(name);
	char *end;
	unsigned long number;

	if (user || *name < '0' || *name > '9')
		return user;
	number = strtoul(name, &end, 10);
	return *end ? NULL : getpwuid(number);
}

static int take_groups(struct identity *identity, const struct passwd *user)
{
	int count = 0;

	getgrouplist(user->pw_name, user->pw_gid, NULL, &count);
	identity->groups = calloc(count ? count : 1, sizeof(*identity->groups));
	if (!identity->groups || getgrouplist(user->pw_name, user->pw_gid, identity->groups, &count) < 0)
		return -1;
	identity->group_count = count;
	return 0;
}

int identity_of_user(struct identity *identity, const char *name)
{
	const struct passwd *user = look_up(name);
	struct buffer shown = {0};

	memset(identity, 0, sizeof(*identity));
	if (!user) {
		escape_word(&shown, name);
		message("no such user: %s (see 'getent passwd')", shown.data ? shown.data : "");
		buffer_free(&shown);
		return -1;
	}
	identity->uid = user->pw_uid;
	identity->gid = user->pw_gid;
	identity->environment = environment_of(user);
	if (identity->environment && !take_groups(identity, user))
		return 0;
	message("--user: out of memory");
	identity_free(identity);
	return -1;
}

void identity_free(struct identity *identity)
{
	for (int i = 0; identity->environment && identity->environment[i]; i++)
		free(identity->environment[i]);
	free((char **)identity->environment);
	free(identity->groups);
	free((char *)identity->folder);
	memset(identity, 0, sizeof(*identity));
}
