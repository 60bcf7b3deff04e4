/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The one who called `proclife run --elevate`: user, groups, environment and folder are read from its process, so that
 * none of it has to pass through sudo's command line; see identity.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/identity.h"

#define ENVIRONMENT_MAX (8u << 20)

static FILE *open_of(unsigned int pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	return fopen(path, "re");
}

/* The numbers behind "NAME:" in /proc/PID/status, at most `room` of them. Returns how many; -1: no such line. */
static int status_numbers(unsigned int pid, const char *name, unsigned int *numbers, int room)
{
	FILE *file = open_of(pid, "status");
	char *line = NULL, *at, *end;
	size_t size = 0, length = strlen(name);
	int count = -1;

	while (file && count < 0 && getline(&line, &size, file) > 0) {
		if (strncmp(line, name, length) || line[length] != ':')
			continue;
		at = line + length + 1;
		for (count = 0; count < room; count++, at = end) {
			numbers[count] = strtoul(at, &end, 10);
			if (end == at)
				break;
		}
	}
	free(line);
	if (file)
		fclose(file);
	return count;
}

static bool is_ancestor(unsigned int pid)
{
	unsigned int at = getpid();

	while (at > 1 && at != pid)
		if (status_numbers(at, "PPid", &at, 1) != 1)
			return false;
	return at == pid;
}

/* sudo tells who called it: nobody may borrow another one's identity. */
static bool belongs_to_caller(unsigned int uid)
{
	const char *sudo_uid = getenv("SUDO_UID");

	return sudo_uid && strtoul(sudo_uid, NULL, 10) == uid;
}

static char **split(char *bytes, size_t size)
{
	size_t count = 0;
	char **list;

	for (size_t i = 0; i < size; i++)
		count += !bytes[i];
	list = calloc(count + 2, sizeof(*list));
	for (size_t at = 0, i = 0; list && at < size; at += strlen(bytes + at) + 1)
		list[i++] = strdup(bytes + at);
	return list;
}

static char **environment_of(unsigned int pid)
{
	FILE *file = open_of(pid, "environ");
	char *bytes = file ? malloc(ENVIRONMENT_MAX + 1) : NULL;
	char **list = NULL;
	size_t size;

	if (bytes) {
		size = fread(bytes, 1, ENVIRONMENT_MAX, file);
		bytes[size] = 0;
		list = split(bytes, size);
	}
	free(bytes);
	if (file)
		fclose(file);
	return list;
}

static char *folder_of(unsigned int pid)
{
	char path[64], folder[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%u/cwd", pid);
	length = readlink(path, folder, sizeof(folder) - 1);
	if (length < 0)
		return NULL;
	folder[length] = 0;
	return strdup(folder);
}

static int take_all(struct identity *identity, unsigned int pid)
{
	unsigned int ids[4];

	identity->groups = calloc(NGROUPS_MAX, sizeof(*identity->groups));
	if (!identity->groups || status_numbers(pid, "Uid", ids, 4) != 4)
		return -1;
	identity->uid = ids[0];
	if (status_numbers(pid, "Gid", ids, 4) != 4)
		return -1;
	identity->gid = ids[0];
	identity->group_count = status_numbers(pid, "Groups", identity->groups, NGROUPS_MAX);
	identity->environment = environment_of(pid);
	identity->folder = folder_of(pid);
	return identity->group_count < 0 || !identity->environment || !identity->folder ? -1 : 0;
}

int identity_of_caller(struct identity *identity, unsigned int pid)
{
	memset(identity, 0, sizeof(*identity));
	if (!is_ancestor(pid) || take_all(identity, pid)) {
		message("--caller: process %u is no ancestor of this one, or /proc does not show its user and environment",
			pid);
	} else if (!belongs_to_caller(identity->uid)) {
		message("--caller: process %u does not belong to the user who called sudo (SUDO_UID)", pid);
	} else {
		return 0;
	}
	identity_free(identity);
	return -1;
}
