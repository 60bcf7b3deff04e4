/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A cgroup's id is the inode number of its folder (kernfs_node.id; kernel/cgroup/cgroup.c): a walk of the mounted
 * hierarchy tells the names. It is walked when an unknown id is asked for, but for a small share of the time only. A removed
 * group keeps its name for some walks: on a machine that makes and removes groups without end memory stays in proportion to
 * what exists.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uthash.h>

#include "user/base/buffer.h"
#include "user/base/cgroups.h"
#include "user/base/clock.h"

#define DEPTH 24
#define INITIAL_NAMESPACE 0xeffffffbu /* include/linux/proc_ns.h, PROC_CGROUP_INIT_INO */

#define WALK_SHARE 20	  /* no more than that part of the time goes into walks */
#define WALKS_REMOVED 64  /* a removed group is forgotten after so many */
#define MISSING_COUNT 256 /* ids that a walk did not find, and need no other */

struct named {
	__u64 id;
	char *path;
	unsigned int walk; /* the latest that met it */
	UT_hash_handle hh;
};

struct cgroups {
	char *root;   /* where the hierarchy is mounted; NULL: nowhere */
	char *within; /* which part of it */
	struct named *names;
	unsigned int walk; /* how many walks there were */
	__u64 walked_ns, walk_took_ns;
	__u64 missing[MISSING_COUNT]; /* ids are not used again: one that is missing stays so */
	unsigned int missing_next;
};

/* "31 23 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw" */
static void find_root(struct cgroups *cgroups)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char line[4096], within[1024], path[2048];

	while (mounts && !cgroups->root && fgets(line, sizeof(line), mounts))
		if (strstr(line, " - cgroup2 ") && sscanf(line, "%*s %*s %*s %1023s %2047s", within, path) == 2) {
			cgroups->root = strdup(path);
			cgroups->within = strdup(within);
		}
	if (mounts)
		fclose(mounts);
}

struct cgroups *cgroups_of(const char *root)
{
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));

	if (cgroups)
		cgroups->root = strdup(root);
	return cgroups;
}

struct cgroups *cgroups_new(void)
{
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));

	if (cgroups)
		find_root(cgroups);
	return cgroups;
}

static void drop(struct cgroups *cgroups, struct named *named)
{
	HASH_DEL(cgroups->names, named);
	free(named->path);
	free(named);
}

void cgroups_free(struct cgroups *cgroups)
{
	if (!cgroups)
		return;
	while (cgroups->names)
		drop(cgroups, cgroups->names);
	free(cgroups->root);
	free(cgroups->within);
	free(cgroups);
}

static struct named *find(const struct cgroups *cgroups, __u64 id)
{
	struct named *named;

	HASH_FIND(hh, cgroups->names, &id, sizeof(id), named);
	return named;
}

static struct named *new_named(__u64 id, const char *path)
{
	struct named *named = calloc(1, sizeof(*named));

	if (!named)
		return NULL;
	named->id = id;
	named->path = strdup(path);
	if (named->path)
		return named;
	free(named);
	return NULL;
}

static void enter(struct cgroups *cgroups, __u64 id, const char *path)
{
	struct named *named = find(cgroups, id);

	if (!named) {
		named = new_named(id, path);
		if (!named)
			return;
		HASH_ADD(hh, cgroups->names, id, sizeof(id), named);
	}
	named->walk = cgroups->walk;
}

static void walk(struct cgroups *cgroups, const char *path, int depth)
{
	struct buffer folder = {0}, below = {0};
	struct dirent *entry;
	struct stat stat;
	DIR *dir;

	buffer_printf(&folder, "%s%s", cgroups->root, path);
	dir = folder.failed ? NULL : opendir(folder.data);
	if (dir && !fstat(dirfd(dir), &stat))
		enter(cgroups, stat.st_ino, path);
	while (dir && depth < DEPTH && (entry = readdir(dir))) {
		if (entry->d_type != DT_DIR || *entry->d_name == '.')
			continue;
		below.size = 0;
		buffer_printf(&below, "%s/%s", path[1] ? path : "", entry->d_name);
		if (!below.failed)
			walk(cgroups, below.data, depth + 1);
	}
	if (dir)
		closedir(dir);
	buffer_free(&folder);
	buffer_free(&below);
}

static void forget_removed(struct cgroups *cgroups)
{
	struct named *next;

	for (struct named *named = cgroups->names; named; named = next) {
		next = named->hh.next;
		if (cgroups->walk - named->walk > WALKS_REMOVED)
			drop(cgroups, named);
	}
}

static void walk_all(struct cgroups *cgroups)
{
	__u64 began_ns = clock_now_ns(CLOCK_MONOTONIC);

	cgroups->walk++;
	walk(cgroups, "/", 0);
	forget_removed(cgroups);
	cgroups->walked_ns = clock_now_ns(CLOCK_MONOTONIC);
	cgroups->walk_took_ns = cgroups->walked_ns - began_ns;
}

static bool is_missing(const struct cgroups *cgroups, __u64 id)
{
	for (int i = 0; i < MISSING_COUNT; i++)
		if (cgroups->missing[i] == id)
			return true;
	return false;
}

const char *cgroups_path(struct cgroups *cgroups, __u64 id)
{
	struct named *named;

	if (!cgroups || !cgroups->root || !id)
		return NULL;
	named = find(cgroups, id);
	if (named)
		return named->path;
	if (is_missing(cgroups, id) ||
	    clock_now_ns(CLOCK_MONOTONIC) < cgroups->walked_ns + WALK_SHARE * cgroups->walk_took_ns)
		return NULL;
	walk_all(cgroups);
	named = find(cgroups, id);
	if (!named)
		cgroups->missing[cgroups->missing_next++ % MISSING_COUNT] = id;
	return named ? named->path : NULL;
}

int cgroups_known(const struct cgroups *cgroups)
{
	return (int)HASH_COUNT(cgroups->names);
}

/* Without the mount point, without slashes at the end: "" is the root. */
static const char *strip(const struct cgroups *cgroups, const char *path, size_t *length)
{
	size_t root = cgroups->root ? strlen(cgroups->root) : 0;

	if (root && !strncmp(path, cgroups->root, root) && (!path[root] || path[root] == '/'))
		path += root;
	*length = strlen(path);
	while (*length && path[*length - 1] == '/')
		(*length)--;
	return path;
}

bool cgroups_contain(const struct cgroups *cgroups, const char *top, const char *path)
{
	size_t length;

	if (!path)
		return false;
	top = strip(cgroups, top, &length);
	return !strncmp(path, top, length) && (!length || !path[length] || path[length] == '/');
}

static bool look_up(const struct cgroups *cgroups, const char *top, struct stat *stat_)
{
	struct buffer folder = {0};
	bool exists;
	size_t length;

	if (!cgroups->root)
		return false;
	top = strip(cgroups, top, &length);
	buffer_printf(&folder, "%s%s%.*s", cgroups->root, *top == '/' || !length ? "" : "/", (int)length, top);
	exists = !folder.failed && !stat(folder.data, stat_) && S_ISDIR(stat_->st_mode);
	buffer_free(&folder);
	return exists;
}

bool cgroups_exist(const struct cgroups *cgroups, const char *top)
{
	struct stat stat_;

	return look_up(cgroups, top, &stat_);
}

static int components(const char *path, size_t length)
{
	int count = 0;

	for (size_t i = 0; i < length; i++)
		count += path[i] != '/' && (!i || path[i - 1] == '/');
	return count;
}

bool cgroups_place(const struct cgroups *cgroups, const char *top, __u64 *id, __u32 *level)
{
	struct stat group, namespace;
	size_t length;

	if (stat("/proc/self/ns/cgroup", &namespace) || namespace.st_ino != INITIAL_NAMESPACE || !cgroups->within ||
	    !look_up(cgroups, top, &group))
		return false;
	top = strip(cgroups, top, &length);
	*id = group.st_ino;
	*level = (__u32)(components(cgroups->within, strlen(cgroups->within)) + components(top, length));
	return true;
}

/* Where the container's name begins, and what ends it. */
static const struct {
	const char *before, *behind;
} containers[] = {
	{"/docker-", ".scope"}, {"/docker/", "/"},	{"/libpod-", ".scope"}, {"/cri-containerd-", ".scope"},
	{"/crio-", ".scope"},	{"/lxc.payload.", "/"}, {"/lxc/", "/"},		{"/machine.slice/", ".scope"},
};

bool cgroups_container(const char *path, char *container, int room)
{
	for (size_t i = 0; path && i < sizeof(containers) / sizeof(*containers); i++) {
		const char *from = strstr(path, containers[i].before), *to;

		if (!from)
			continue;
		from += strlen(containers[i].before);
		to = strstr(from, containers[i].behind);
		snprintf(container, (size_t)room, "%.*s", to ? (int)(to - from) : (int)strlen(from), from);
		return *container;
	}
	return false;
}
