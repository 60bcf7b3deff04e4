/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How many tasks there may be: pids.max of a process's control groups (kernel/cgroup/pids.c; zombies count until they are
 * reaped), and the machine's own pid_max.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/source/holdings.h"

#define PATH 2048

static bool read_number(const char *path, long long *number)
{
	FILE *file = fopen(path, "re");
	bool read;

	if (!file)
		return false;
	read = fscanf(file, "%lld", number) == 1; /* not where it says "max" */
	fclose(file);
	return read;
}

/* Running and sleeping tasks, zombies among them: "0.00 0.01 0.05 2/204 4711". */
static bool machine_limit(struct pids_limit *limit)
{
	FILE *file = fopen("/proc/loadavg", "re");
	long long used, most;
	bool known;

	if (!file)
		return false;
	known = fscanf(file, "%*f %*f %*f %*d/%lld", &used) == 1 && read_number("/proc/sys/kernel/pid_max", &most);
	fclose(file);
	if (known)
		*limit = (struct pids_limit){.name = "pid_max", .most = most, .left = most - used};
	return known;
}

static bool has_option(const char *options, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *at = options; (at = strstr(at, wanted)); at += length)
		if ((at == options || at[-1] == ',') && (!at[length] || at[length] == ',' || at[length] == '\n'))
			return true;
	return false;
}

/* Where the hierarchy with the pids controller is mounted: version 1 if there is such a one. */
static bool find_mount(char *root, bool *is_first)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[4096], path[PATH], *rest;
	bool found = false;

	while (mounts && fgets(line, sizeof(line), mounts)) {
		char options[512] = "";

		rest = strstr(line, " - cgroup");
		if (!rest || sscanf(line, "%*s %*s %*s %*s %2047s", path) != 1)
			continue;
		*is_first = !strncmp(rest, " - cgroup ", 10) && sscanf(rest, " - cgroup %*s %511s", options) == 1 &&
			    has_option(options, "pids");
		if (!*is_first && (found || strncmp(rest, " - cgroup2 ", 11)))
			continue;
		snprintf(root, PATH, "%s", path);
		found = true;
		if (*is_first)
			break;
	}
	if (mounts)
		fclose(mounts);
	return found;
}

/* "8:pids:/path" of version 1, "0::/path" of version 2. */
static bool find_group(__u32 pid, bool is_first, char *group)
{
	char path[64], line[PATH];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/cgroup", pid);
	file = fopen(path, "re");
	while (file && !found && fgets(line, sizeof(line), file)) {
		char *controllers = strchr(line, ':'), *name = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!name)
			continue;
		*name++ = 0;
		name[strcspn(name, "\n")] = 0;
		found = is_first ? has_option(controllers + 1, "pids") : !controllers[1];
		if (found)
			snprintf(group, PATH, "%s", name);
	}
	if (file)
		fclose(file);
	return found;
}

static bool group_limit(const char *root, const char *group, struct pids_limit *limit)
{
	char path[2 * PATH + 16];
	long long most, used;

	snprintf(path, sizeof(path), "%s%s/pids.max", root, group);
	if (!read_number(path, &most))
		return false;
	snprintf(path, sizeof(path), "%s%s/pids.current", root, group);
	if (!read_number(path, &used))
		return false;
	*limit = (struct pids_limit){.name = "pids.max", .most = most, .left = most > used ? most - used : 0};
	return true;
}

/* From the group itself up to the root, whose name is "". */
static void look_upwards(const char *root, char *group, struct pids_limit *limit, char *path, int room)
{
	struct pids_limit here;
	char *end;

	while (*group) {
		if (group_limit(root, group, &here) && (!limit->name || here.left < limit->left)) {
			*limit = here;
			snprintf(path, (size_t)room, "%s", group);
		}
		end = strrchr(group, '/');
		*(end ? end : group) = 0;
	}
}

bool limit_of(__u32 pid, struct pids_limit *limit, char *path, int room)
{
	char root[PATH], group[PATH];
	bool is_first;

	*path = 0;
	*limit = (struct pids_limit){0};
	machine_limit(limit);
	if (find_mount(root, &is_first) && find_group(pid, is_first, group))
		look_upwards(root, group, limit, path, room);
	return limit->name;
}
