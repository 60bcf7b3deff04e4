/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Orphans and what they hold: what somebody misses, and what comes close.
 */
#include "tests/unit/leaking.h"

/* left[102] was born of worker[101]; on a terminal, or else a daemon of a session whose leader has ended. */
static struct story *with_orphan(struct leaks *leaks, bool on_terminal)
{
	struct story *story = listen_from_the_start(leaks);

	story_born_as(story, 1100, 101, COMMAND, "worker", 101, on_terminal ? 0x8801 : 0);
	story_born_as(story, 1200, 102, 101, "left", 101, on_terminal ? 0x8801 : 0);
	story_ends_leaving_children(story, 1300, 101, 0);
	story_reaped(story, 1300, 101, COMMAND);
	model_finish(story->model, 5000 * MS);
	leaks_list(leaks, story->model);
	assert_int_equal(leaks->orphan_count, 1);
	leaks->orphans[0].seen = true;
	leaks->orphans[0].plain_stdio = !on_terminal;
	return story;
}

static struct holding *give(struct leaks *leaks, struct holding holding)
{
	struct orphan *orphan = &leaks->orphans[0];

	holding.holder = orphan->process;
	return leaks_hold(orphan, &holding);
}

static struct holding *give_pipe(struct leaks *leaks)
{
	return give(
		leaks,
		(struct holding){.kind = HOLDS_PIPE, .inode = 7, .name = (char *)"pipe:[7]", .fd = 1, .writes = true});
}

static const struct pipe_reader waiting = {.pid = 50, .tid = 50, .fd = 3, .comm = "cat", .since_ns = UNKNOWN_NS};

static void a_pipe_that_somebody_waits_for(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, true);
	struct pipe_reader polls = waiting;

	(void)state;
	polls.polls = true;
	leaks_read(give_pipe(&leaks), &polls);
	leaks_read(give_pipe(&leaks), &waiting);
	assert_int_equal(leaks.orphans[0].holding_count, 1);
	assert_int_equal(leaks.orphans[0].holdings[0].fds, 2);
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_says(
		found(&leaks, "pipe-held-by-orphan"),
		"cat[50] waits for the end of pipe:[7], which does not come while left[102] lives: it holds the write end "
		"as fd 1");
	assert_int_equal(found(&leaks, "pipe-held-by-orphan")->severity, SEVERITY_ERROR);
	over(story, &leaks);
}

static void a_pipe_that_is_polled(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, true);
	struct pipe_reader polls = waiting;

	(void)state;
	polls.polls = true;
	leaks_read(give_pipe(&leaks), &polls);
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_int_equal(found(&leaks, "pipe-held-by-orphan")->severity, SEVERITY_WARNING);
	over(story, &leaks);
}

/* Others write to it; only orphans read it; nobody reads it; it is the read end. */
static void pipes_that_nobody_misses(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, true);
	struct pipe_reader orphan = waiting;
	struct holding *holding = give_pipe(&leaks);

	(void)state;
	orphan.orphan = true;
	leaks_read(holding, &waiting);
	holding->shared = true;
	holding = give(&leaks, (struct holding){.kind = HOLDS_PIPE, .inode = 8, .fd = 4, .writes = true});
	leaks_read(holding, &orphan);
	give(&leaks, (struct holding){.kind = HOLDS_PIPE, .inode = 9, .fd = 5, .writes = true});
	holding = give(&leaks, (struct holding){.kind = HOLDS_PIPE, .inode = 10, .fd = 6, .reads = true});
	leaks_read(holding, &waiting);
	assert_int_equal(leaks_judge(&leaks), 0);
	assert_int_equal(leaks.findings.count, 1);
	assert_says(found(&leaks, "orphan-adopted"), "left[102] outlived its parent worker[101]");
	over(story, &leaks);
}

static void give_port(struct leaks *leaks)
{
	give(leaks, (struct holding){
			    .kind = HOLDS_LISTENER, .inode = 7, .name = (char *)"tcp 0.0.0.0:80", .port = 80, .fd = 3});
}

static void a_port_that_an_orphan_holds(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, true);

	(void)state;
	give_port(&leaks);
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_says(found(&leaks, "orphan-holds-port"), "left[102], an orphan, listens on tcp 0.0.0.0:80");
	assert_int_equal(fact(found(&leaks, "orphan-holds-port"), "port")->number, 80);
	over(story, &leaks);
}

static void a_port_that_a_daemon_serves(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, false);

	(void)state;
	give_port(&leaks);
	assert_true(orphan_is_deliberate(&leaks.orphans[0]));
	assert_int_equal(leaks_judge(&leaks), 0);
	assert_int_equal(found(&leaks, "orphan-holds-port")->severity, SEVERITY_INFO);
	over(story, &leaks);
}

static void removed_files(void **state)
{
	static const struct {
		__u64 bytes;
		int findings, leaks;
	} cases[] = {{1 << 10, 0, 0}, {1 << 20, 1, 0}, {1 << 30, 1, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct leaks leaks;
		struct story *story = with_orphan(&leaks, true);

		give(&leaks,
		     (struct holding){.kind = HOLDS_DELETED, .name = (char *)"/x", .fd = 3, .bytes = cases[i].bytes});
		assert_int_equal(leaks_judge(&leaks), cases[i].leaks);
		assert_int_equal(!!found(&leaks, "orphan-holds-deleted-file"), cases[i].findings);
		over(story, &leaks);
	}
}

static int busy_leaks(bool on_terminal, struct cpu_use cpu, __u64 lately_ms)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, on_terminal);
	int count;

	leaks.orphans[0].cpu = cpu;
	leaks.orphans[0].cpu_lately = (struct cpu_use){.running_ns = lately_ms * MS, .period_ns = 500 * MS};
	count = leaks_judge(&leaks);
	assert_int_equal(!!found(&leaks, "busy-orphan"), count);
	over(story, &leaks);
	return count;
}

static void busy_orphans(void **state)
{
	struct cpu_use much = {.running_ns = 900 * MS, .period_ns = 1000 * MS};
	struct cpu_use waiting = {.running_ns = 10 * MS, .ready_ns = 900 * MS, .period_ns = 1000 * MS};
	struct cpu_use little = {.running_ns = 400 * MS, .period_ns = 1000 * MS};

	(void)state;
	assert_int_equal(busy_leaks(true, much, 500), 1);
	assert_int_equal(busy_leaks(true, much, 10), 0); /* no longer */
	assert_int_equal(busy_leaks(true, waiting, 500), 1);
	assert_int_equal(busy_leaks(true, little, 500), 0);
	assert_int_equal(busy_leaks(true, (struct cpu_use){.running_ns = 90 * MS, .period_ns = 100 * MS}, 500), 0);
	assert_int_equal(busy_leaks(true, (struct cpu_use){0}, 500), 0);
	assert_int_equal(busy_leaks(false, much, 500), 0); /* a daemon may work */
}

/* As of at_ms it has been running and ready for so long since the trace came to it, at 1,000 ms. */
static void counts(struct story *story, __u64 at_ms, __u32 pid, __u64 running_ms, __u64 ready_ms)
{
	const struct process *process = model_find(story->model, pid, story->start_ns[pid]);
	struct alive alive = {.task_start_ns = story->start_ns[pid],
			      .parent_pid = story->parent[pid],
			      .state = STATE_BLOCKED,
			      .reason = REASON_CHILD,
			      .session = process->session,
			      .real_parent_pid = process->real_ppid,
			      .counted_ns = 1000 * MS,
			      .totals = {.running_ns = running_ms * MS, .ready_ns = ready_ms * MS}};

	FEED(story, EVENT_ALIVE, at_ms, pid, alive);
}

/* 102 had burnt a CPU for long before the trace, and is reaped within it: what it used there counts, for 101, nothing else. */
static void of_a_reaped_child_only_its_time_within_the_period_counts(void **state)
{
	struct end end = {.counted_ns = 1000 * MS, .totals = {.running_ns = 300 * MS, .ready_ns = 200 * MS}};
	struct leaks leaks;
	struct story *story = listen_from_the_start(&leaks);

	(void)state;
	story_born_as(story, 1001, 101, COMMAND, "waits", 50, 1);
	story_ends_leaving_children(story, 1002, COMMAND, 0);
	story_born(story, 1002, 102, 101, "burns");
	counts(story, 1500, 101, 1, 0);
	leaks_sample(&leaks, story->model, 1500 * MS);
	story_ends_as(story, 1501, 102, 0, end);
	story_reaped(story, 1501, 102, 101);
	model_forget(story->model, 1502 * MS);
	counts(story, 2000, 101, 2, 0);
	leaks_sample(&leaks, story->model, 2000 * MS);
	counts(story, 3000, 101, 3, 0);
	judge(story, &leaks, 3000);
	assert_int_equal(leaks.orphan_count, 1);
	assert_int_equal(leaks.orphans[0].cpu.running_ns, 303 * MS);
	assert_int_equal(leaks.orphans[0].cpu.ready_ns, 200 * MS);
	assert_int_equal(leaks.orphans[0].cpu.period_ns, 1999 * MS);
	assert_int_equal(leaks.orphans[0].cpu_lately.running_ns, 302 * MS);
	assert_null(found(&leaks, "busy-orphan"));
	over(story, &leaks);
}

/* Before its first switch a thread is not accounted for: it stays in the state that it was met in. */
static void before_its_first_switch_an_orphan_stays_in_its_state(void **state)
{
	static const enum state states[] = {STATE_RUNNING, STATE_READY, STATE_BLOCKED};

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		struct leaks leaks;
		struct story *story = listen_from_the_start(&leaks);
		struct alive alive = {.state = states[i], .counted_ns = UNKNOWN_NS, .real_parent_pid = 1};
		const struct cpu_use *cpu;

		story_born_as(story, 1001, 101, COMMAND, "waits", 50, 1);
		story_ends_leaving_children(story, 1001, COMMAND, 0);
		alive.task_start_ns = story->start_ns[101];
		FEED(story, EVENT_ALIVE, 3001, 101, alive);
		judge(story, &leaks, 3001);
		assert_int_equal(leaks.orphan_count, 1);
		cpu = &leaks.orphans[0].cpu;
		assert_int_equal(cpu->period_ns, 2000 * MS);
		assert_int_equal(cpu->running_ns, states[i] == STATE_RUNNING ? 2000 * MS : 0);
		assert_int_equal(cpu->ready_ns, states[i] == STATE_READY ? 2000 * MS : 0);
		assert_int_equal(!!found(&leaks, "busy-orphan"), states[i] != STATE_BLOCKED);
		over(story, &leaks);
	}
}

static int outlived_leaks(bool on_terminal, bool known, bool alive)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, on_terminal);
	int count;

	leaks.orphans[0].unit = strdup("web.service");
	leaks.orphans[0].leader_known = known;
	leaks.orphans[0].leader_alive = alive;
	count = leaks_judge(&leaks);
	assert_int_equal(!!found(&leaks, "daemon-outlived-service"), known && !alive);
	over(story, &leaks);
	return count;
}

static void daemons_that_outlived_their_service(void **state)
{
	(void)state;
	assert_int_equal(outlived_leaks(true, true, false), 1);
	assert_int_equal(outlived_leaks(false, true, false), 0); /* as a service that makes itself a daemon looks */
	assert_int_equal(outlived_leaks(true, true, true), 0);
	assert_int_equal(outlived_leaks(true, false, false), 0);
}

static void who_is_left_by_a_service_that_is_over_is_a_leak(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, false);

	(void)state;
	leaks.orphans[0].unit = strdup("web.service");
	leaks.orphans[0].unit_over = true;
	assert_int_equal(leaks_judge(&leaks), 1);
	assert_non_null(strstr(found(&leaks, "daemon-outlived-service")->summary, "web.service, which is over"));
	over(story, &leaks);
}

static void what_could_not_be_read_is_not_known(void **state)
{
	struct leaks leaks;
	struct story *story = with_orphan(&leaks, true);

	(void)state;
	leaks.orphans[0].seen = false;
	assert_int_equal(leaks_judge(&leaks), 0);
	assert_non_null(strstr(found(&leaks, "orphan-adopted")->advice, "not known"));
	over(story, &leaks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_that_somebody_waits_for),
		cmocka_unit_test(a_pipe_that_is_polled),
		cmocka_unit_test(pipes_that_nobody_misses),
		cmocka_unit_test(a_port_that_an_orphan_holds),
		cmocka_unit_test(a_port_that_a_daemon_serves),
		cmocka_unit_test(removed_files),
		cmocka_unit_test(busy_orphans),
		cmocka_unit_test(of_a_reaped_child_only_its_time_within_the_period_counts),
		cmocka_unit_test(before_its_first_switch_an_orphan_stays_in_its_state),
		cmocka_unit_test(daemons_that_outlived_their_service),
		cmocka_unit_test(who_is_left_by_a_service_that_is_over_is_a_leak),
		cmocka_unit_test(what_could_not_be_read_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
