/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What may forbid loading probes here; see load_failure.h.
 */
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "user/base/privilege.h"
#include "user/source/load_failure.h"

static void first_line(const char *path, char *line, int room)
{
	FILE *file = fopen(path, "re");

	*line = 0;
	if (file && !fgets(line, room, file))
		*line = 0;
	if (file)
		fclose(file);
}

static bool in_initial_user_namespace(void)
{
	unsigned int inside, outside, count;
	char line[80];

	first_line("/proc/self/uid_map", line, sizeof(line));
	return sscanf(line, "%u %u %u", &inside, &outside, &count) != 3 || (!inside && !outside && count == ~0u);
}

static bool is_locked_down(void)
{
	char line[80];

	first_line("/sys/kernel/security/lockdown", line, sizeof(line));
	return strstr(line, "[confidentiality]");
}

void load_place_find(struct load_place *place)
{
	bool all = privilege_has(CAP_SYS_ADMIN);

	memset(place, 0, sizeof(*place));
	if (uname(&place->host) || sscanf(place->host.release, "%u.%u", &place->major, &place->minor) != 2)
		place->major = ~0u;
	place->has_types = !access(KERNEL_TYPES, R_OK);
	place->lacks_bpf = !all && !privilege_has(CAP_BPF);
	place->lacks_perfmon = !all && !privilege_has(CAP_PERFMON);
	place->in_user_namespace = !in_initial_user_namespace();
	place->locked_down = is_locked_down();
}
