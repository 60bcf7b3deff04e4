/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Filters: each alone, and all that are set together. And the names of control groups.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/unit/story.h"
#include "user/sink/filter.h"

/* A process and a change of it, by hand. */
struct one {
	struct process process;
	struct thread leader, other;
	struct change change;
};

static void set_up(struct one *one, const char *comm, __u32 uid, enum change_kind kind)
{
	memset(one, 0, sizeof(*one));
	one->process.threads = &one->leader;
	one->leader.next = &one->other;
	one->leader.process = one->other.process = &one->process;
	strcpy(one->process.comm, comm);
	strcpy(one->leader.comm, comm);
	strcpy(one->other.comm, "worker");
	one->process.uid = uid;
	one->change = (struct change){.kind = kind, .process = &one->process, .thread = &one->leader};
}

static bool passes(const struct filter *filter, const char *comm, __u32 uid, enum change_kind kind)
{
	struct one one;

	set_up(&one, comm, uid, kind);
	return filter_passes(filter, &one.change);
}

static void lives_pass_an_empty_filter(void **state)
{
	const struct filter empty = {0};

	(void)state;
	for (int kind = 0; kind < CHANGE_LOST; kind++)
		assert_int_equal(passes(&empty, "sh", 0, (enum change_kind)kind), filter_usual() >> kind & 1);
	assert_true(passes(&empty, "sh", 0, CHANGE_BIRTH));
	assert_true(passes(&empty, "sh", 0, CHANGE_DAEMON));
	assert_false(passes(&empty, "sh", 0, CHANGE_STATE));
	assert_false(passes(&empty, "sh", 0, CHANGE_RENAME));
}

static void names_are_globs(void **state)
{
	const struct filter filter = {.comm = "py*[0-9]"};
	struct one one;

	(void)state;
	assert_true(passes(&filter, "python3", 0, CHANGE_END));
	assert_false(passes(&filter, "python", 0, CHANGE_END));
	assert_false(passes(&filter, "xpython3", 0, CHANGE_END));
	set_up(&one, "python3", 0, CHANGE_RENAME); /* a thread has a name of its own: either will do */
	one.change.thread = &one.other;
	assert_false(filter_passes(&filter, &one.change));
	one.change.kind = CHANGE_EXEC;
	assert_true(filter_passes(&filter, &one.change));
	strcpy(one.process.comm, "sh");
	assert_false(filter_passes(&filter, &one.change));
	strcpy(one.other.comm, "pyx1");
	assert_true(filter_passes(&filter, &one.change));
}

static void root_is_a_user_too(void **state)
{
	const struct filter root = {.by_user = true, .uid = 0}, other = {.by_user = true, .uid = 1000};

	(void)state;
	assert_true(passes(&root, "sh", 0, CHANGE_END));
	assert_false(passes(&root, "sh", 1000, CHANGE_END));
	assert_true(passes(&other, "sh", 1000, CHANGE_END));
}

static void threads_pass_on_demand(void **state)
{
	struct filter filter = {0};
	struct one one;

	(void)state;
	set_up(&one, "sh", 0, CHANGE_BIRTH);
	one.change.thread = &one.other;
	assert_false(filter_passes(&filter, &one.change));
	filter.threads = true;
	assert_true(filter_passes(&filter, &one.change));
	one.change.kind = CHANGE_END;
	assert_true(filter_passes(&filter, &one.change));
}

static void failures(void **state)
{
	static const struct {
		enum end_kind end;
		bool passes;
	} ends[] = {{ENDED_NONE, false}, {ENDED_NORMAL, false}, {ENDED_ERROR, true},
		    {ENDED_FATAL, true}, {ENDED_KILLED, true},	{ENDED_UNKNOWN, true}};
	const struct filter filter = {.failed = true};
	struct one one;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		set_up(&one, "sh", 0, CHANGE_END);
		one.process.end = ends[i].end;
		assert_int_equal(filter_passes(&filter, &one.change), ends[i].passes);
		one.change.kind = CHANGE_REAP;
		assert_int_equal(filter_passes(&filter, &one.change), ends[i].passes);
	}
}

static void all_must_hold(void **state)
{
	struct filter filter = {
		.comm = "sh", .by_user = true, .uid = 5, .kinds = 1u << CHANGE_END | 1u << CHANGE_RENAME};

	(void)state;
	assert_true(passes(&filter, "sh", 5, CHANGE_END));
	assert_true(passes(&filter, "sh", 5, CHANGE_RENAME));
	assert_false(passes(&filter, "sh", 5, CHANGE_BIRTH));
	assert_false(passes(&filter, "sh", 6, CHANGE_END));
	assert_false(passes(&filter, "sed", 5, CHANGE_END));
	filter.cgroup = "/nowhere"; /* of which nothing is known */
	assert_false(passes(&filter, "sh", 5, CHANGE_END));
}

static void losses_are_everybodys(void **state)
{
	const struct filter filter = {.comm = "nobody", .kinds = 1u << CHANGE_EXEC, .failed = true};
	const struct change lost = {.kind = CHANGE_LOST};

	(void)state;
	assert_true(filter_passes(&filter, &lost));
}

static void groups_contain_those_below(void **state)
{
	struct cgroups *cgroups = cgroups_new();

	(void)state;
	assert_non_null(cgroups);
	assert_true(cgroups_contain(cgroups, "/a", "/a"));
	assert_true(cgroups_contain(cgroups, "/a/", "/a/b"));
	assert_false(cgroups_contain(cgroups, "/a", "/ab"));
	assert_false(cgroups_contain(cgroups, "/a/b", "/a"));
	assert_true(cgroups_contain(cgroups, "/", "/a"));
	assert_true(cgroups_contain(cgroups, "/", "/"));
	assert_false(cgroups_contain(cgroups, "/", NULL));
	cgroups_free(cgroups);
	assert_null(cgroups_path(NULL, 1));
}

/* Of whatever hierarchy this machine has: its root has a name, what is no group has none. */
static void groups_have_names(void **state)
{
	struct cgroups *cgroups = cgroups_new();
	const char *known = cgroups_path(cgroups, 1);

	(void)state;
	if (known)
		assert_string_equal(known, "/");
	if (known)
		assert_ptr_equal(cgroups_path(cgroups, 1), known);
	assert_int_equal(cgroups_exist(cgroups, "/"), known != NULL);
	assert_null(cgroups_path(cgroups, ~(__u64)0));
	assert_null(cgroups_path(cgroups, 0));
	assert_false(cgroups_exist(cgroups, "/no/such/group"));
	cgroups_free(cgroups);
}

static void containers_are_recognised(void **state)
{
	static const struct {
		const char *path, *container;
	} known[] = {{"/system.slice/docker-0123abcd.scope", "0123abcd"},
		     {"/docker/0123abcd", "0123abcd"},
		     {"/docker/0123abcd/init", "0123abcd"},
		     {"/machine.slice/libpod-77ff.scope/container", "77ff"},
		     {"/kubepods.slice/kubepods-pod1.slice/cri-containerd-beef.scope", "beef"},
		     {"/lxc.payload.web/init.scope", "web"},
		     {"/machine.slice/box.scope", "box"},
		     {"/user.slice/user-0.slice/session-1.scope", NULL},
		     {"/", NULL},
		     {NULL, NULL}};
	char name[80], brief[4];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		bool is = cgroups_container(known[i].path, name, sizeof(name));

		assert_int_equal(is, known[i].container != NULL);
		if (is)
			assert_string_equal(name, known[i].container);
	}
	assert_true(cgroups_container("/docker/0123abcd", brief, sizeof(brief)));
	assert_string_equal(brief, "012");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lives_pass_an_empty_filter),
		cmocka_unit_test(names_are_globs),
		cmocka_unit_test(root_is_a_user_too),
		cmocka_unit_test(threads_pass_on_demand),
		cmocka_unit_test(failures),
		cmocka_unit_test(all_must_hold),
		cmocka_unit_test(losses_are_everybodys),
		cmocka_unit_test(groups_contain_those_below),
		cmocka_unit_test(groups_have_names),
		cmocka_unit_test(containers_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
