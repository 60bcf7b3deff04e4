/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of control groups by their ids: right, and no more of them than there are groups. Any file system has folders with
 * numbers; one in memory does not use a number again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <unistd.h>

#include <cmocka.h>

#include "user/base/cgroups.h"

#define GROUPS 2000

struct tree {
	struct cgroups *cgroups;
	char root[64], folder[128];
};

static __u64 make(struct tree *tree, const char *name)
{
	struct stat stat_;

	snprintf(tree->folder, sizeof(tree->folder), "%s/%s", tree->root, name);
	assert_int_equal(mkdir(tree->folder, 0700), 0);
	assert_int_equal(stat(tree->folder, &stat_), 0);
	return stat_.st_ino;
}

static int set_up(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	struct statfs system;

	snprintf(tree->root, sizeof(tree->root), "/dev/shm/proclife-XXXXXX");
	*state = tree;
	if (statfs("/dev/shm", &system) || system.f_type != TMPFS_MAGIC || !mkdtemp(tree->root))
		return 0;
	tree->cgroups = cgroups_of(tree->root);
	return 0;
}

static int tear_down(void **state)
{
	struct tree *tree = *state;

	cgroups_free(tree->cgroups);
	rmdir(tree->root);
	free(tree);
	return 0;
}

/* Right after a walk none may be due: it is asked for until there was one. */
static const char *path_of(struct tree *tree, __u64 id)
{
	const char *path;

	do
		path = cgroups_path(tree->cgroups, id);
	while (!path);
	return path;
}

static void groups_that_come_and_go_leave_nothing(void **state)
{
	struct tree *tree = *state;
	__u64 first = 0;

	if (!tree->cgroups)
		skip();
	for (int i = 0; i < GROUPS; i++) {
		__u64 id = make(tree, "group");

		first = first ? first : id;
		assert_string_equal(path_of(tree, id), "/group");
		rmdir(tree->folder);
		assert_string_equal(path_of(tree, id), "/group"); /* whose processes may still be told of */
		assert_true(cgroups_known(tree->cgroups) >= 1 && cgroups_known(tree->cgroups) <= 70);
	}
	assert_null(cgroups_path(tree->cgroups, first));
}

static void ids_of_no_group_leave_nothing(void **state)
{
	struct tree *tree = *state;

	if (!tree->cgroups)
		skip();
	for (__u64 id = 1ull << 40; id < (1ull << 40) + GROUPS; id++)
		assert_null(cgroups_path(tree->cgroups, id));
	assert_int_equal(cgroups_known(tree->cgroups), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(groups_that_come_and_go_leave_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ids_of_no_group_leave_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
