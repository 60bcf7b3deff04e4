/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Those who lived before the trace: known by looks at the living, by what /proc tells, and by ends of which only the
 * latest time is known. And what a look makes good after a loss.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/story.h"

#define INIT 1

struct heard { /* how often each kind of change was told, and the last of each */
	struct model *model;
	int counts[CHANGE_COUNT];
	struct change last[CHANGE_COUNT];
};

static void hear(void *ctx, const struct change *change)
{
	struct heard *heard = ctx;

	heard->counts[change->kind]++;
	heard->last[change->kind] = *change;
}

struct one { /* who is looked at */
	__u32 pid, parent;
	__u64 born_ms;
	__u32 session, tty, uid, flags;
	__u32 state;
};

static void feed(struct heard *heard, struct one one, __u16 kind, __u64 at_ms, const void *payload, size_t size)
{
	char record[sizeof(struct event) + 512];
	struct event *event = (struct event *)record;

	*event = (struct event){.kind = kind, .size = (__u16)size, .at_ns = at_ms * MS, .start_ns = one.born_ms * MS};
	event->pid = event->tid = one.pid;
	memcpy(event + 1, payload, size);
	assert_int_equal(model_feed(heard->model, event), 0);
}

static void is_met(struct heard *heard, struct one one, __u64 at_ms)
{
	struct alive alive = {.task_start_ns = one.born_ms * MS,
			      .parent_pid = one.parent,
			      .real_parent_pid = one.parent,
			      .state = one.state,
			      .call = -1,
			      .fd = -1,
			      .uid = one.uid,
			      .session = one.session,
			      .group = one.session,
			      .tty = one.tty,
			      .ns_pid = one.pid,
			      .flags = one.flags,
			      .cgroup = 42,
			      .counted_ns = UNKNOWN_NS};

	feed(heard, one, EVENT_ALIVE, at_ms, &alive, sizeof(alive));
}

static void is_swept(struct heard *heard, __u64 began_ms, __u64 at_ms)
{
	struct swept swept = {.began_ns = began_ms * MS, .whole = 1};

	feed(heard, (struct one){0}, EVENT_SWEPT, at_ms, &swept, sizeof(swept));
}

static void ends(struct heard *heard, struct one one, __u64 at_ms, __u32 flags)
{
	struct end end = {.task_start_ns = one.born_ms * MS,
			  .parent_pid = one.parent,
			  .real_parent_pid = one.parent,
			  .status = 7 << 8,
			  .session = one.session,
			  .uid = one.uid,
			  .flags = END_LEADER | END_GROUP_DEAD | END_TOLD | flags,
			  .counted_ns = UNKNOWN_NS};

	feed(heard, one, EVENT_END, at_ms, &end, sizeof(end));
}

static struct process *known(const struct heard *heard, struct one one)
{
	return model_find(heard->model, one.pid, one.born_ms * MS);
}

static struct heard begin(void)
{
	return (struct heard){.model = NULL};
}

static void listen(struct heard *heard)
{
	heard->model = model_new(hear, heard);
	assert_non_null(heard->model);
}

static const struct one shell = {.pid = 50, .parent = INIT, .born_ms = 10, .session = 50, .tty = 34817};

static void who_is_met_is_told_of_once(void **state)
{
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	is_swept(&heard, 999, 1001);
	is_met(&heard, shell, 2000);
	assert_int_equal(heard.counts[CHANGE_BIRTH], 1);
	assert_int_equal(heard.counts[CHANGE_ORPHAN], 0);
	assert_int_equal(heard.counts[CHANGE_SESSION], 0);
	assert_int_equal(heard.counts[CHANGE_USER], 0);
	assert_true(known(&heard, shell)->existing);
	assert_int_equal(known(&heard, shell)->cgroup, 42);
	assert_int_equal(known(&heard, shell)->session, 50);
	assert_int_equal(model_stats(heard.model)->births, 0);
	assert_int_equal(model_stats(heard.model)->alive, 1);
	model_free(heard.model);
}

static void zombies_of_old(void **state)
{
	static const struct one zombie = {.pid = 60, .parent = 50, .born_ms = 20, .session = 50};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	ends(&heard, zombie, 1000, END_EARLIER);
	is_swept(&heard, 999, 1001);
	is_met(&heard, shell, 2000); /* the next look */
	ends(&heard, zombie, 2000, END_EARLIER);
	is_swept(&heard, 1999, 2001);
	assert_int_equal(heard.counts[CHANGE_ZOMBIE], 1);
	assert_int_equal(heard.counts[CHANGE_END], 0);
	assert_int_equal(heard.counts[CHANGE_REAP], 0);
	assert_true(known(&heard, zombie)->ended_before);
	assert_true(known(&heard, zombie)->end_bound);
	assert_int_equal(known(&heard, zombie)->code, 7);
	assert_int_equal(model_stats(heard.model)->ends, 0);
	assert_int_equal(model_stats(heard.model)->zombies, 1);
	is_met(&heard, shell, 3000);
	is_swept(&heard, 2999, 3001); /* it is not there any more */
	assert_int_equal(heard.counts[CHANGE_REAP], 1);
	assert_true(known(&heard, zombie)->reap_bound);
	assert_int_equal(model_stats(heard.model)->zombies, 0);
	model_free(heard.model);
}

/* Its birth was heard, its end was lost; a look finds it a zombie. */
static void an_end_that_was_lost_is_found(void **state)
{
	static const struct one child = {.pid = 60, .parent = 50, .born_ms = 1500, .session = 50};
	struct birth birth = {.task_start_ns = 1500 * MS, .parent_pid = 50, .by_tid = 50, .session = 50};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	feed(&heard, child, EVENT_BIRTH, 1500, &birth, sizeof(birth));
	ends(&heard, child, 2000, END_EARLIER);
	assert_int_equal(heard.counts[CHANGE_END], 1);
	assert_int_equal(heard.counts[CHANGE_ZOMBIE], 1);
	assert_true(known(&heard, child)->end_bound);
	assert_false(known(&heard, child)->ended_before);
	assert_int_equal(model_stats(heard.model)->ends, 1);
	ends(&heard, child, 2001, 0); /* nor is it told again should its own record come late */
	assert_int_equal(heard.counts[CHANGE_END], 1);
	model_free(heard.model);
}

static void a_birth_that_was_lost_is_found(void **state)
{
	static const struct one child = {.pid = 60, .parent = 50, .born_ms = 1500, .session = 50};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	is_met(&heard, child, 2000);
	is_met(&heard, child, 3000);
	assert_int_equal(heard.counts[CHANGE_BIRTH], 2);
	assert_false(known(&heard, child)->existing);
	assert_false(known(&heard, child)->birth_seen);
	assert_int_equal(known(&heard, child)->ppid, 50);
	model_free(heard.model);
}

/* Of a session that its parent never was in, which it does not lead: somebody else bore it. */
static void orphans_of_old(void **state)
{
	static const struct one orphan = {
		.pid = 61, .parent = INIT, .born_ms = 20, .session = 50, .tty = 34817, .flags = ALIVE_OF_INIT};
	static const struct one service = {
		.pid = 62, .parent = INIT, .born_ms = 21, .session = 62, .flags = ALIVE_OF_INIT};
	static const struct one ward = {
		.pid = 63, .parent = 50, .born_ms = 22, .session = 99, .flags = ALIVE_OF_SUBREAPER};
	static const struct one child = {
		.pid = 64, .parent = 50, .born_ms = 23, .session = 50, .flags = ALIVE_OF_SUBREAPER | ALIVE_OF_SESSION};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	is_met(&heard, orphan, 1000);
	is_met(&heard, service, 1000);
	is_met(&heard, ward, 1000);
	is_met(&heard, child, 1000);
	is_swept(&heard, 999, 1001);
	is_met(&heard, orphan, 2000);
	assert_int_equal(heard.counts[CHANGE_ORPHAN], 2);
	assert_true(known(&heard, orphan)->adopter_is_init);
	assert_false(known(&heard, ward)->adopter_is_init);
	assert_int_equal(known(&heard, ward)->adopter_pid, 50);
	assert_int_equal(known(&heard, service)->orphaned_ns, 0);
	assert_int_equal(known(&heard, child)->orphaned_ns, 0);
	assert_int_equal(model_stats(heard.model)->orphans, 2);
	model_free(heard.model);
}

/* Only when all who live are known it can be said that nobody leads its session. */
static void daemons_of_old(void **state)
{
	static const struct one daemon = {
		.pid = 61, .parent = INIT, .born_ms = 20, .session = 50, .flags = ALIVE_OF_INIT};
	static const struct one led = {.pid = 62, .parent = INIT, .born_ms = 20, .session = 70, .flags = ALIVE_OF_INIT};
	static const struct one leader = {.pid = 70, .parent = 9, .born_ms = 5, .session = 70};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, daemon, 1000);
	is_met(&heard, led, 1000);
	is_met(&heard, leader, 1000);
	assert_int_equal(heard.counts[CHANGE_DAEMON], 0);
	is_swept(&heard, 999, 1001);
	assert_int_equal(heard.counts[CHANGE_DAEMON], 1);
	assert_int_equal(known(&heard, daemon)->daemon, DAEMON_DETACHED);
	assert_int_equal(known(&heard, led)->daemon, DAEMON_NO);
	model_free(heard.model);
}

/* Where only a family is traced, the leader of a session may live outside. */
static void a_family_does_not_know_all_leaders(void **state)
{
	static const struct one orphan = {61, .parent = INIT, .born_ms = 20, .session = 50, .flags = ALIVE_OF_INIT};
	struct swept family = {.began_ns = 999 * MS};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, orphan, 1000);
	feed(&heard, (struct one){0}, EVENT_SWEPT, 1001, &family, sizeof(family));
	assert_int_equal(known(&heard, orphan)->daemon, DAEMON_NO);
	model_free(heard.model);
}

/* Its session's leader has ended, and is forgotten, long before it is left by its parent. */
static void a_daemon_whose_leader_is_forgotten(void **state)
{
	static const struct one parent = {.pid = 62, .parent = 9, .born_ms = 20, .session = 50};
	static const struct one child = {.pid = 63, .parent = 62, .born_ms = 1500, .session = 50};
	struct birth birth = {.parent_pid = 62, .parent_start_ns = 20 * MS, .session = 50};
	struct reparent adopted = {.parent_pid = INIT, .init = 1};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, parent, 1000);
	is_swept(&heard, 999, 1001);
	feed(&heard, child, EVENT_BIRTH, 1500, &birth, sizeof(birth));
	feed(&heard, child, EVENT_REPARENT, 1600, &adopted, sizeof(adopted));
	assert_int_equal(known(&heard, child)->daemon, DAEMON_DETACHED);
	model_free(heard.model);
}

static void what_it_runs_is_told_once(void **state)
{
	static const char data[] = "sh\0bin\0sh\0-x"; /* 7 bytes of exe, 6 of argv, the last NUL included */
	char image[sizeof(struct exec) + sizeof(data)];
	struct heard heard = begin();
	const struct process *process;

	(void)state;
	memcpy(image, &(struct exec){.exe_len = 7, .argv_len = 6, .argv_total = 6}, sizeof(struct exec));
	memcpy(image + sizeof(struct exec), data, sizeof(data));
	listen(&heard);
	is_met(&heard, shell, 1000);
	feed(&heard, shell, EVENT_IMAGE, 1001, image, sizeof(image));
	feed(&heard, shell, EVENT_IMAGE, 1002, image, sizeof(image));
	process = known(&heard, shell);
	assert_string_equal(process->image->exe, "/bin/sh");
	assert_int_equal(process->image->argc, 2);
	assert_string_equal(process->image->argv[1], "-x");
	assert_int_equal(process->exec_count, 0);
	assert_int_equal(heard.counts[CHANGE_EXEC], 0);
	model_free(heard.model);
}

/* A first process that never called setsid() is in session 0, and so are those it bore: a session like any other, but
 * who is in it may have been born before its parent left it, and its leader, the idle task, never ends. */
static void session_0_is_a_session(void **state)
{
	static const struct one old = {.pid = 61, .parent = INIT, .born_ms = 20, .flags = ALIVE_OF_INIT};
	struct session grouped = {.session = 0, .group = 61};
	struct reparent adopted = {.parent_pid = INIT, .init = 1};
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, old, 1000);
	is_swept(&heard, 999, 1001);
	assert_int_equal(heard.counts[CHANGE_ORPHAN], 0);
	feed(&heard, old, EVENT_SESSION, 1100, &grouped, sizeof(grouped));
	assert_int_equal(heard.counts[CHANGE_SESSION], 1);
	assert_int_equal(known(&heard, old)->group, 61);
	feed(&heard, old, EVENT_REPARENT, 1200, &adopted, sizeof(adopted));
	assert_int_equal(known(&heard, old)->daemon, DAEMON_NO);
	model_free(heard.model);
}

/* Where switches are not watched an exec, a look or the end tells of a new session and user. */
static void session_and_user_are_noticed_in_passing(void **state)
{
	struct exec exec = {.uid = 1000, .session = 50, .group = 77, .tty = 34817};
	struct one changed = shell;
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	feed(&heard, shell, EVENT_EXEC, 1100, &exec, sizeof(exec));
	assert_int_equal(heard.counts[CHANGE_USER], 1);
	assert_int_equal(heard.last[CHANGE_USER].user.old_uid, 0);
	assert_int_equal(heard.counts[CHANGE_SESSION], 1);
	assert_int_equal(heard.last[CHANGE_SESSION].session.old_group, 50);
	changed.uid = 65534;
	is_met(&heard, changed, 1200);
	assert_int_equal(heard.counts[CHANGE_USER], 2);
	assert_int_equal(heard.counts[CHANGE_SESSION], 2);
	changed.session = SESSION_UNKNOWN; /* given back already: nothing is said of it */
	changed.uid = 1;
	ends(&heard, changed, 1300, 0);
	assert_int_equal(heard.counts[CHANGE_USER], 3);
	assert_int_equal(heard.counts[CHANGE_SESSION], 2);
	assert_int_equal(known(&heard, shell)->uid, 1);
	model_free(heard.model);
}

/* Its leader has ended, others of it live: neither a zombie nor gone. */
static void who_lives_without_its_leader(void **state)
{
	struct one headless = shell;
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	headless.state = STATE_COUNT;
	headless.session = 60; /* not its own: init got it from somebody */
	headless.flags = ALIVE_BY_OTHERS | ALIVE_OF_INIT;
	is_met(&heard, headless, 1000);
	assert_true(known(&heard, shell)->adopter_is_init);
	is_swept(&heard, 999, 1001);
	is_met(&heard, headless, 2000);
	is_swept(&heard, 1999, 2001);
	assert_int_equal(heard.counts[CHANGE_BIRTH], 1);
	assert_int_equal(known(&heard, shell)->end, ENDED_NONE);
	assert_int_equal(known(&heard, shell)->ppid, INIT);
	is_swept(&heard, 2999, 3001);
	assert_true(known(&heard, shell)->end_lost);
	model_free(heard.model);
}

/* It has exited, and the record of its end is on its way. */
static void an_end_that_is_about_to_be_told(void **state)
{
	struct one exiting = shell;
	struct heard heard = begin();

	(void)state;
	listen(&heard);
	is_met(&heard, shell, 1000);
	is_swept(&heard, 999, 1001);
	exiting.state = STATE_COUNT;
	exiting.flags = 0;
	is_met(&heard, exiting, 2000);
	is_swept(&heard, 1999, 2001);
	assert_int_equal(known(&heard, shell)->end, ENDED_NONE);
	ends(&heard, shell, 2002, 0);
	assert_int_equal(known(&heard, shell)->end, ENDED_ERROR);
	assert_int_equal(known(&heard, shell)->code, 7);
	assert_false(known(&heard, shell)->end_lost);
	model_free(heard.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_met_is_told_of_once),
		cmocka_unit_test(zombies_of_old),
		cmocka_unit_test(an_end_that_was_lost_is_found),
		cmocka_unit_test(a_birth_that_was_lost_is_found),
		cmocka_unit_test(orphans_of_old),
		cmocka_unit_test(daemons_of_old),
		cmocka_unit_test(a_family_does_not_know_all_leaders),
		cmocka_unit_test(a_daemon_whose_leader_is_forgotten),
		cmocka_unit_test(what_it_runs_is_told_once),
		cmocka_unit_test(session_0_is_a_session),
		cmocka_unit_test(session_and_user_are_noticed_in_passing),
		cmocka_unit_test(who_lives_without_its_leader),
		cmocka_unit_test(an_end_that_is_about_to_be_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
