/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of control groups (version 2) by their ids. Pipeline, sinks and commands include it.
 */
#ifndef PROCLIFE_CGROUPS_H
#define PROCLIFE_CGROUPS_H

#include <linux/types.h>
#include <stdbool.h>

struct cgroups;

/* NULL: memory is short. Without a mounted hierarchy every name is unknown. */
struct cgroups *cgroups_new(void);
void cgroups_free(struct cgroups *cgroups);

/* The same of the hierarchy whose root is that folder. */
struct cgroups *cgroups_of(const char *root);

/* How many names are kept. */
int cgroups_known(const struct cgroups *cgroups);

/* The path below the hierarchy's root, "/" for that itself; NULL: not known. It is valid until the next call. */
const char *cgroups_path(struct cgroups *cgroups, __u64 id);

/* Is `path` the group `top`, or one below it? `top` may be given as a path of the file system, too. */
bool cgroups_contain(const struct cgroups *cgroups, const char *top, const char *path);

/* Is there a group of that name now? */
bool cgroups_exist(const struct cgroups *cgroups, const char *top);

/* Its id, and how many levels it is below the root of all groups. False: not to be had, as in a namespace of control
 * groups, whose root may be anywhere. */
bool cgroups_place(const struct cgroups *cgroups, const char *top, __u64 *id, __u32 *level);

/* The container that a group's path names: the id or unit as docker, podman, containerd, Kubernetes, LXC or
 * systemd-nspawn write it; at most `room` bytes with the NUL. False: none. */
bool cgroups_container(const char *path, char *container, int room);

#endif
