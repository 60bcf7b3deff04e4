/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Blocked on a terminal, an event, a disk, a page.
 */
#include "scene.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void write_line(struct scene *scene)
{
	must(write(scene->fds[1], "x\n", 2));
}

/* The line discipline hands a line on by a worker of the kernel's: that is the waker. */
static void tty_case(void)
{
	struct scene *scene = new_scene();
	char name[64];

	scene->fds[1] = posix_openpt(O_RDWR | O_NOCTTY);
	if (scene->fds[1] < 0 || grantpt(scene->fds[1]) || unlockpt(scene->fds[1]) ||
	    ptsname_r(scene->fds[1], name, sizeof(name)))
		die("posix_openpt");
	scene->fds[0] = open(name, O_RDWR | O_NOCTTY);
	play_with(scene, "tty", read_one, write_line, true);
}

static void read_event(struct scene *scene)
{
	unsigned long long value;

	must(read(scene->fds[0], &value, sizeof(value)));
}

static void write_event(struct scene *scene)
{
	unsigned long long value = 1;

	must(write(scene->fds[0], &value, sizeof(value)));
}

static void eventfd_case(void)
{
	struct scene *scene = new_scene();

	scene->fds[0] = eventfd(0, 0);
	play(scene, "other(read)", read_event, write_event);
}

#define FILE_BYTES (1 << 20)

/* A file on a disk of which nothing is in memory. */
static void cold_file(struct scene *scene)
{
	static char bytes[FILE_BYTES];

	scene->fds[0] = open("/var/tmp", O_TMPFILE | O_RDWR, 0600);
	if (scene->fds[0] < 0)
		skip("no nameless file in /var/tmp");
	memset(bytes, 7, sizeof(bytes));
	must(write(scene->fds[0], bytes, sizeof(bytes)));
	must(fsync(scene->fds[0]));
	must(posix_fadvise(scene->fds[0], 0, 0, POSIX_FADV_DONTNEED));
}

/* Runs `block` in a child; what it counted of its own faults and switches says whether it had to wait at all. */
static void play_disk(const char *reason, act *block)
{
	struct scene *scene = new_scene();

	cold_file(scene);
	start(scene, block);
	if (reap_at(scene->child, NULL))
		skip("nothing had to be read from a disk");
	tell("'pid': %d, 'blocked': {'has': [{'reason': '%s', 'count': {'>=': 1}, 'ns': {'>=': 1, '<=': %llu}}]}",
	     scene->child, reason, scene->after - scene->before);
}

static void read_file(struct scene *scene)
{
	struct rusage before, after;
	char byte;

	getrusage(RUSAGE_SELF, &before);
	must(pread(scene->fds[0], &byte, 1, FILE_BYTES / 2));
	getrusage(RUSAGE_SELF, &after);
	if (after.ru_inblock == before.ru_inblock || after.ru_nvcsw == before.ru_nvcsw)
		_exit(1);
}

static void disk(void)
{
	play_disk("disk", read_file);
}

static void touch_page(struct scene *scene)
{
	struct rusage before, after;
	volatile char *bytes = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, scene->fds[0], 0);

	getrusage(RUSAGE_SELF, &before);
	(void)bytes[FILE_BYTES / 2];
	getrusage(RUSAGE_SELF, &after);
	if (after.ru_majflt == before.ru_majflt || after.ru_nvcsw == before.ru_nvcsw)
		_exit(1);
}

static void page_fault(void)
{
	play_disk("page-fault", touch_page);
}

/* The root of control groups, version 2. */
static void find_groups(char *root, size_t size)
{
	FILE *mounts = fopen("/proc/self/mounts", "r");
	char at[256], kind[64];

	if (!mounts)
		skip("no /proc/self/mounts");
	while (fscanf(mounts, "%*s %255s %63s %*[^\n]", at, kind) == 2)
		if (!strcmp(kind, "cgroup2")) {
			snprintf(root, size, "%s", at);
			fclose(mounts);
			return;
		}
	skip("no control groups of version 2");
}

static void write_group(const char *group, const char *name, long number)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", group, name);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%ld", number) < 0 || fclose(file))
		skip("this control group can't be written");
}

static bool is_frozen(const char *group)
{
	char path[512], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.events", group);
	fd = open(path, O_RDONLY);
	must(fd);
	must(read(fd, text, sizeof(text) - 1));
	close(fd);
	return strstr(text, "frozen 1");
}

/* It works, and is kept from it by its control group: it waits for no page. */
static void freezer(void)
{
	char group[300], root[256];
	ns_t frozen, thawing;
	pid_t child;

	find_groups(root, sizeof(root));
	snprintf(group, sizeof(group), "%s/proclife-test-%d", root, getpid());
	if (mkdir(group, 0755))
		skip("no control group can be made");
	child = fork_at(NULL);
	if (!child)
		for (;;)
			;
	write_group(group, "cgroup.procs", child);
	write_group(group, "cgroup.freeze", 1);
	while (!is_frozen(group) || !is_off_cpu(child)) /* do_freezer_trap() counts it just before it leaves its CPU */
		sched_yield();
	frozen = now_ns();
	must(nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL));
	thawing = now_ns();
	write_group(group, "cgroup.freeze", 0);
	kill(child, SIGKILL);
	reap(child);
	rmdir(group);
	tell("'pid': %d, 'blocked': {'has': [{'reason': 'other', 'ns': {'>=': %llu}}]}", child, thawing - frozen);
}

static const struct test_case cases[] = {
	{"tty", tty_case},	    {"eventfd", eventfd_case}, {"disk", disk},
	{"page-fault", page_fault}, {"freezer", freezer},      {NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
