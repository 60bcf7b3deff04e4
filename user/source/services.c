/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * systemd's own records of its services; see services.h.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/source/services.h"

#define SYSTEM_UNITS "/run/systemd/units"
#define USER_MANAGER "user@"

struct part { /* of a path */
	const char *name;
	size_t length;
};

/* The part that begins at *path, and past it. False: there is none. */
static bool next_part(const char **path, struct part *part)
{
	*path += strspn(*path, "/");
	*part = (struct part){*path, strcspn(*path, "/")};
	*path += part->length;
	return part->length;
}

static bool ends_in(struct part part, const char *suffix)
{
	size_t length = strlen(suffix);

	return part.length > length && !strncmp(part.name + part.length - length, suffix, length);
}

/* A name that the kernel has a use for is written with an underscore before it: src/basic/cgroup-util.c, cg_escape(). */
static bool write_unit(struct part part, char unit[SERVICE_NAME_SIZE])
{
	if (*part.name == '_') {
		part.name++;
		part.length--;
	}
	return snprintf(unit, SERVICE_NAME_SIZE, "%.*s", (int)part.length, part.name) < SERVICE_NAME_SIZE;
}

/* The service that a manager of this machine runs there, and where that manager keeps its links. Below a service or scope the
 * groups are somebody else's; but a user's manager is a service itself. */
static bool find_managed(const char *cgroup, char unit[SERVICE_NAME_SIZE], char *units, size_t size)
{
	bool by_user = false;
	unsigned int uid;
	struct part part;

	snprintf(units, size, "%s", SYSTEM_UNITS);
	while (next_part(&cgroup, &part)) {
		if (ends_in(part, ".slice"))
			continue;
		if (!ends_in(part, ".service") || !write_unit(part, unit))
			return false;
		if (by_user || sscanf(unit, USER_MANAGER "%u.service", &uid) != 1)
			return true;
		by_user = true;
		snprintf(units, size, "/run/user/%u/systemd/units", uid);
	}
	return false;
}

static bool find_innermost(const char *cgroup, char unit[SERVICE_NAME_SIZE])
{
	struct part part, found = {NULL, 0};

	while (next_part(&cgroup, &part))
		if (ends_in(part, ".service"))
			found = part;
	return found.length && write_unit(found, unit);
}

static enum service_state state_of(const char *unit, const char *units)
{
	char link[64 + SERVICE_NAME_SIZE + 16];
	struct stat status;

	if (access(units, X_OK))
		return SERVICE_UNKNOWN;
	snprintf(link, sizeof(link), "%s/invocation:%s", units, unit);
	if (!lstat(link, &status))
		return SERVICE_ACTIVE;
	return errno == ENOENT ? SERVICE_OVER : SERVICE_UNKNOWN;
}

bool service_of(const char *cgroup, char unit[SERVICE_NAME_SIZE], enum service_state *state)
{
	char units[64];

	*state = SERVICE_UNKNOWN;
	if (!find_managed(cgroup, unit, units, sizeof(units)))
		return find_innermost(cgroup, unit);
	*state = state_of(unit, units);
	return true;
}
