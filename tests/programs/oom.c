/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A process that outgrows the memory of its cgroup, which the kernel kills.
 */
#include "victim.h"

#include <sys/stat.h>

#define LIMIT (32 << 20)

static bool put(const char *folder, const char *name, long long value)
{
	char path[512];
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file)
		return false;
	good = fprintf(file, "%lld", value) > 0;
	return !fclose(file) && good;
}

/* Where memory cgroups are mounted: version 1's, or version 2's if it governs memory. */
static bool find_mount(char mount[256], bool *is_v2)
{
	FILE *file = fopen("/proc/mounts", "r");
	char type[64], options[512], path[256];
	bool found = false;

	while (file && !found && fscanf(file, "%*s %255s %63s %511s %*d %*d", path, type, options) == 3) {
		char controllers[512] = "", list[300];
		FILE *offered;

		*is_v2 = !strcmp(type, "cgroup2");
		found = !strcmp(type, "cgroup") && strstr(options, "memory");
		if (*is_v2) {
			snprintf(list, sizeof(list), "%s/cgroup.subtree_control", path);
			offered = fopen(list, "r");
			found = offered && fgets(controllers, sizeof(controllers), offered) &&
				strstr(controllers, "memory");
			if (offered)
				fclose(offered);
		}
	}
	if (file)
		fclose(file);
	strcpy(mount, path);
	return found;
}

static void eat(const char *folder)
{
	no_core();
	if (!put(folder, "cgroup.procs", getpid()))
		_exit(98);
	for (;;) {
		char *memory = malloc(1 << 20);

		if (!memory)
			_exit(97);
		memset(memory, 1, 1 << 20);
	}
}

static void memory_cgroup(void)
{
	char mount[256], folder[300];
	bool is_v2;
	pid_t child;
	int status;

	if (!find_mount(mount, &is_v2))
		skip("no cgroup governs memory here");
	snprintf(folder, sizeof(folder), "%s/proclife-test-%d", mount, getpid());
	if (mkdir(folder, 0755))
		skip("can't make a memory cgroup");
	if (!put(folder, is_v2 ? "memory.max" : "memory.limit_in_bytes", LIMIT)) {
		rmdir(folder);
		skip("can't limit a memory cgroup");
	}
	put(folder, is_v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes",
	    is_v2 ? 0 : LIMIT); /* where there is swap */
	child = fork_at(NULL);
	if (!child)
		eat(folder);
	status = reap_at(child, NULL);
	rmdir(folder);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		skip("the cgroup's limit did not hold");
	tell_signal_end(child, status, "killed", "{'why': 'oom'}");
	tell("'pid': %d, 'zombie': {'reaper_pid': %d}", child, getpid());
}

/* What kill(2) does to a process that eats memory is still kill's doing. */
static void not_oom(void)
{
	pid_t child = victim(NULL);

	kill(child, SIGKILL);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "kill");
}

static const struct test_case cases[] = {
	{"memory-cgroup", memory_cgroup},
	{"not-oom", not_oom},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
