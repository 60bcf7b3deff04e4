/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A bound for what a trace keeps: ordinary processes become figures, nothing of them is lost from the sums, and whoever is
 * not ordinary is listed and found as ever.
 */
#include "tests/unit/report.h"
#include "user/sink/text.h"

#define MANY 3000
#define FIRST 1000 /* pid of the first of them */
#define MOST 100

static struct process *found(struct story *story, __u32 pid)
{
	return model_find(story->model, pid, story->start_ns[pid]);
}

/* As user/pipeline/fold.c, before the command has ended. */
static bool lets_go(void *ctx, const struct process *process)
{
	struct story *story = ctx;

	if (process->pid == COMMAND || findings_tell_of(&story->findings, story->model, process))
		return false;
	if (story->sink && story->sink->fold)
		story->sink->fold(story->sink_state, process);
	return true;
}

static void fold(struct story *story)
{
	if (story->trace.most_kept)
		model_fold(story->model, story->trace.most_kept, lets_go, story);
}

static struct story *bounded(int most)
{
	struct story *story = story_new();

	story->trace.most_kept = most;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	return story;
}

/* Each lives for 5 ms, some with a second thread, and ends in one of several ways; born every millisecond. */
static void lives(struct story *story, __u32 pid, __u64 at_ms)
{
	struct blocked blocked = {.ns = MS, .count = 1, .longest_ns = MS, .reason = REASON_PIPE_READ};
	struct birth birth = {.task_start_ns = at_ms * MS + 1, .by_tid = pid, .comm = "worker"};
	struct end end = {.totals = {MS, MS, MS, 2 * MS}, .cpu_ns = 7, .reasons = 1};
	struct end thread_end = {
		.task_start_ns = at_ms * MS + 1, .totals = {4 * MS, 0, 0, 0}, .cpu_ns = 9, .comm = "worker"};

	story_born(story, at_ms, pid, COMMAND, "cc");
	if (pid % 5 == 0) {
		story_feed(story, EVENT_BIRTH, at_ms, pid, pid + 4000, &birth, sizeof(birth));
		story_feed(story, EVENT_END, at_ms + 5, pid, pid + 4000, &thread_end, sizeof(thread_end));
	}
	blocked.reason = pid % 2 ? REASON_PIPE_READ : REASON_FUTEX;
	blocked.task_start_ns = at_ms * MS;
	FEED(story, EVENT_BLOCKED, at_ms + 5, pid, blocked);
	story_ends_as(story, at_ms + 5, pid, (pid % 3) << 8, end);
	story_reaped(story, at_ms + 5, pid, COMMAND);
	fold(story);
}

static void many_live(struct story *story, __u32 from, __u32 to)
{
	for (__u32 i = from; i < to; i++)
		lives(story, FIRST + i, 1010 + i);
}

static struct sums sums_of(const struct model *model)
{
	struct sums sums = model_folded(model)->sums;

	for (int i = 0; i < model_count(model); i++)
		sums_add(&sums, model_process(model, i));
	sums_sort(&sums);
	return sums;
}

static void nothing_is_lost_from_the_sums(void **state)
{
	struct story *all = bounded(0), *few = bounded(MOST);
	struct sums sums, whole;

	(void)state;
	many_live(all, 0, MANY);
	many_live(few, 0, MANY);
	whole = sums_of(all->model);
	sums = sums_of(few->model);
	assert_int_equal(model_folded(all->model)->sums.processes, 0);
	assert_int_equal(model_count(all->model), MANY + 1);
	assert_true(model_count(few->model) <= MOST);
	assert_int_equal(sums.processes, MANY + 1);
	assert_int_equal(sums.threads, whole.threads);
	assert_int_equal(sums.cpu_ns, whole.cpu_ns);
	assert_memory_equal(&sums.totals, &whole.totals, sizeof(whole.totals));
	assert_int_equal(sums.blocked_count, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(sums.blocked[i].ns, MANY / 2 * MS);
		assert_int_equal(sums.blocked[i].count, MANY / 2);
		assert_int_equal(sums.blocked[i].longest_ns, MS);
	}
	assert_int_equal(model_stats(few->model)->births, model_stats(all->model)->births);
	assert_int_equal(model_stats(few->model)->reaps, model_stats(all->model)->reaps);
	assert_int_equal(model_last_id(few->model), model_last_id(all->model));
	story_free(all);
	story_free(few);
}

static void ends_and_children_are_counted(void **state)
{
	struct story *story = bounded(MOST);
	const struct folded *folded;

	(void)state;
	many_live(story, 0, MANY);
	folded = model_folded(story->model);
	assert_int_equal(folded->sums.processes, MANY + 1 - model_count(story->model));
	assert_int_equal(folded->normal + folded->error, folded->sums.processes);
	assert_int_equal(folded->normal, folded->sums.processes / 3);
	assert_int_equal(found(story, COMMAND)->folded, folded->sums.processes);
	assert_int_equal(found(story, COMMAND)->child_count, model_count(story->model) - 1);
	assert_null(found(story, FIRST));
	assert_non_null(found(story, FIRST + MANY - 1));
	story_free(story);
}

/* A zombie, an orphan, one that was killed, one reaped late, one by another than its parent: as many stories within the same crowd, and what is found of them. */
static struct story *with_odd_ones(int most)
{
	struct signal kill = {.number = SIGKILL, .call = 62};
	struct story *story = bounded(most);

	for (__u32 pid = 101; pid <= 107; pid++)
		story_born(story, 1001, pid, COMMAND, "odd");
	story_born(story, 1002, 110, 105, "orphan");
	story_born(story, 1002, 108, 107, "zombie");
	story_ends(story, 1003, 108, 0);
	story_ends(story, 1010, 101, 0);
	story_ends(story, 1010, 102, 0); /* reaped late */
	story_signal(story, 1009, 103, 104, "killer", kill);
	story_done(story, 1010, 103, SIGKILL);
	story_done(story, 1011, 104, 0);
	story_ends_leaving_children(story, 1012, 105, 0);
	story_reaped(story, 1012, 105, COMMAND);
	story_done(story, 1013, 106, SIGSEGV);
	many_live(story, 0, MANY / 2);
	story_ends_leaving_children(story, 2800, 107, 0);
	story_reaped(story, 2801, 108, 1);
	story_reaped(story, 2801, 107, COMMAND);
	story_ends(story, 2900, 110, 0);
	story_reaped(story, 2900, 110, 1);
	story_reaped(story, 2900, 102, COMMAND);
	many_live(story, MANY / 2, MANY);
	story_ends_leaving_children(story, 5000, COMMAND, 0);
	story_reaped(story, 5000, COMMAND, OUTSIDE);
	story_over(story, 5000, 5000);
	assert_int_equal(findings_collect(&story->findings, story->model), 0);
	return story;
}

static void whoever_is_not_ordinary_is_found(void **state)
{
	struct story *all = with_odd_ones(0), *few = with_odd_ones(MOST);

	(void)state;
	assert_true(model_count(few->model) <= MOST);
	for (__u32 pid = 101; pid <= 110; pid++)
		assert_int_equal(!found(few, pid), pid == 104 || pid == 109);
	assert_int_equal(few->findings.count, all->findings.count);
	assert_int_equal(few->findings.count, 6);
	for (int i = 0; i < few->findings.count; i++) {
		assert_string_equal(few->findings.list[i].kind, all->findings.list[i].kind);
		assert_string_equal(few->findings.list[i].summary, all->findings.list[i].summary);
		assert_int_equal(few->findings.list[i].process->id, all->findings.list[i].process->id);
	}
	story_free(all);
	story_free(few);
}

/* Parents go after their children, and a living one stays however old. */
static void ancestors_stay(void **state)
{
	struct story *story = bounded(16);

	(void)state;
	story_born(story, 1001, 101, COMMAND, "sh");
	story_born(story, 1002, 102, 101, "sh");
	story_born(story, 1003, 103, 102, "server");
	story_born(story, 1004, 104, 101, "cc");
	story_done(story, 1005, 104, 0);
	many_live(story, 0, 100);
	assert_null(found(story, 104));
	assert_int_equal(found(story, 101)->folded, 1);
	story_done(story, 1100, 103, 0);
	story_done(story, 1101, 102, 0);
	story_done(story, 1102, 101, 0);
	many_live(story, 100, 200);
	for (__u32 pid = 101; pid <= 103; pid++)
		assert_null(found(story, pid));
	assert_int_equal(found(story, COMMAND)->folded, 205 - model_count(story->model));
	story_free(story);
}

/* The init of a pid namespace adopts those who came into it, and bore none of them. */
static void who_adopted_stays(void **state)
{
	struct story *story = bounded(16);
	struct end end = {.flags = END_ADOPTED | END_ADOPTER_INIT, .adopter_pid = 101};

	(void)state;
	story_born(story, 1001, 101, COMMAND, "init");
	story_born(story, 1002, 102, COMMAND, "nsenter");
	story_born(story, 1003, 103, 102, "orphan");
	end.adopter_start_ns = story->start_ns[101];
	story_ends_as(story, 1004, 102, 0, end);
	story_reaped(story, 1004, 102, COMMAND);
	story_ends(story, 1005, 103, 0);
	story_reaped(story, 1006, 103, 101);
	story_done(story, 1007, 101, 0);
	many_live(story, 0, 100);
	assert_non_null(found(story, 101));
	assert_ptr_equal(found(story, 103)->real_parent, found(story, 101));
	assert_ptr_equal(found(story, 103)->reaper, found(story, 101));
	story_free(story);
}

static void nobody_comes_back(void **state)
{
	struct story *story = bounded(16);
	struct rename_to rename = {.comm = "late"};
	struct signal kill = {.number = SIGTERM, .call = 62};
	int count;

	(void)state;
	many_live(story, 0, 100);
	assert_null(found(story, FIRST + 10));
	count = model_count(story->model);
	FEED(story, EVENT_RENAME, 1200, FIRST + 10, rename);
	story_signal(story, 1200, FIRST + 10, COMMAND, "make", kill);
	story_done(story, 1200, FIRST + 10, 0);
	assert_null(found(story, FIRST + 10));
	assert_int_equal(model_count(story->model), count);
	assert_int_equal(model_stats(story->model)->ends, 100);
	story_born(story, 1300, FIRST + 10, COMMAND, "new"); /* another life of the same pid */
	assert_string_equal(found(story, FIRST + 10)->comm, "new");
	assert_ptr_equal(model_find_pid(story->model, FIRST + 10), found(story, FIRST + 10));
	story_free(story);
}

/* One that was handed on ended before its parent did; another reaps it, and goes before it. */
static void nobody_points_to_who_is_gone(void **state)
{
	struct story *story = bounded(16);
	struct reap reap = {.reaper_pid = 102, .reaper_tid = 102};

	(void)state;
	story_born(story, 1001, 101, COMMAND, "killed");
	story_born(story, 1002, 102, COMMAND, "reaper");
	story_ends(story, 1003, 101, SIGKILL);
	reap.reaper_start_ns = story->start_ns[102];
	FEED(story, EVENT_REAP, 1004, 101, reap);
	assert_ptr_equal(found(story, 101)->reaper, found(story, 102));
	story_done(story, 1005, 102, 0);
	many_live(story, 0, 100);
	assert_null(found(story, 102));
	assert_null(found(story, 101)->reaper);
	assert_int_equal(found(story, 101)->reaper_pid, 102);
	story_free(story);
}

/* A parent that goes on to new work after it killed a child did not attend it, though the new child is not listed. */
static void later_children_count_though_they_went(void **state)
{
	struct story *story = bounded(16);
	struct signal kill = {.number = SIGTERM, .call = 62};

	(void)state;
	story_born(story, 1001, 101, COMMAND, "server");
	story_born(story, 1002, 102, 101, "worker");
	story_signal(story, 1003, 102, 101, "server", kill);
	story_done(story, 1003, 102, SIGTERM);
	story_born(story, 1004, 103, 101, "worker");
	story_done(story, 1005, 103, 0);
	many_live(story, 0, 100);
	assert_null(found(story, 103));
	story_done(story, 1200, 101, 0);
	assert_int_equal(found(story, 102)->daemon, DAEMON_NO);
	story_free(story);
}

static bool refuses(void *ctx, const struct process *process)
{
	(void)process;
	++*(int *)ctx;
	return false;
}

/* Where nobody may go, that is not asked at every event. */
static void folding_in_vain_costs_little(void **state)
{
	struct story *story = story_new();
	int asked = 0;

	(void)state;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	for (__u32 i = 0; i < MANY; i++) {
		lives(story, FIRST + i, 1010 + i);
		model_fold(story->model, 16, refuses, &asked);
	}
	assert_int_equal(model_count(story->model), MANY + 1);
	assert_true(asked > MANY && asked < 10 * MANY);
	story_free(story);
}

static void the_report_says_so(void **state)
{
	struct report report = open_report(100);

	(void)state;
	report.story->trace.most_kept = MOST;
	listen(&report);
	story_born(report.story, 1000, COMMAND, OUTSIDE, "make");
	many_live(report.story, 0, 999);
	tell(&report, 3000);
	check_lines(&report);
	SHOWS(&report, "1,000 processes, 200 more threads · running 3.799 s");
	SHOWS(&report, "+910 below, not listed");
	SHOWS(&report,
	      "Not listed (--max-processes=100): 910 that ended by themselves and were reaped, 303 with exit 0, 607");
	SHOWS(&report, "stopped 1.820 s");
	SHOWS(&report, "not listed ×910");
	SHOWS(&report, "all together");
	close_report(&report);
}

static void was_off(struct story *story, __u32 pid, __u64 out_ms, __u64 back_ms, enum state state)
{
	struct offcpu offcpu = {.out_ns = out_ms * MS,
				.woken_ns = back_ms * MS,
				.state = state,
				.reason = state == STATE_BLOCKED ? REASON_SLEEP : REASON_NONE,
				.call = -1,
				.fd = -1};

	FEED(story, EVENT_OFFCPU, back_ms, pid, offcpu);
}

/* Each of a crowd has a lane; one among them is stopped, then blocked, then killed. Returns its lane in the report. */
static char *lane_of_victim(int most)
{
	struct report report = open_report(100);
	struct story *story = report.story;
	char *at, *lane;

	story->trace.most_kept = most;
	listen(&report);
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1001, 101, COMMAND, "victim");
	for (__u32 i = 0; i < MANY; i++) {
		story_born(story, 1010 + i, FIRST + i, COMMAND, "cc");
		was_off(story, FIRST + i, 1011 + i, 1013 + i, STATE_BLOCKED);
		story_done(story, 1014 + i, FIRST + i, 0);
		fold(story);
		if (i == 1000)
			was_off(story, 101, 1200, 1900, STATE_STOPPED);
	}
	if (most)
		assert_true(((struct text *)story->sink_state)->lanes.count <= 4 * most);
	was_off(story, 101, 2500, 4000, STATE_BLOCKED);
	story_done(story, 4500, 101, SIGKILL);
	tell(&report, 5000);
	check_lines(&report);
	at = strstr(strstr(report.text, "Timeline"), "victim[101]");
	assert_non_null(at);
	lane = strndup(at, strcspn(at, "\n"));
	close_report(&report);
	return lane;
}

/* Lanes go with the processes, and those that stay show what they showed. */
static void the_timeline_is_of_those_who_stay(void **state)
{
	char *all = lane_of_victim(0), *few = lane_of_victim(MOST);

	(void)state;
	assert_non_null(strstr(all, "TTTTTTT"));
	assert_non_null(strstr(all, "─sleep──"));
	assert_string_equal(few, all);
	free(all);
	free(few);
}

static char *document(const struct sink_kind *kind, int most)
{
	struct sink_options options = {.width = 80};
	struct story *story = story_new();
	char *text;
	size_t size;

	options.out = open_memstream(&text, &size);
	story->trace.most_kept = most;
	story->sink = kind;
	story->sink_state = kind->open(&story->trace, &options);
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	many_live(story, 0, 999);
	story_done(story, 3000, COMMAND, 0);
	story_over(story, 3000, 3000);
	assert_int_equal(kind->finish(story->sink_state, story->model, &story->findings), 0);
	kind->free(story->sink_state);
	fclose(options.out);
	story_free(story);
	return text;
}

static void says(const struct sink_kind *kind, int most, const char *part)
{
	char *text = document(kind, most);

	if (!strstr(text, part))
		fail_msg("not said by %s: %s", kind->name, part);
	free(text);
}

static void json_says_so(void **state)
{
	const char *folded = "\"folded\": {\"processes\": 910, \"threads\": 1092, \"normal\": 303, \"error\": 607, "
			     "\"running_ns\": 1638000000, \"ready_ns\": 910000000, \"blocked_ns\": 910000000, "
			     "\"stopped_ns\": 1820000000, \"cpu_ns\": 8008, \"blocked\": [{\"reason\": ";

	(void)state;
	says(&sink_json, MOST, folded);
	says(&sink_json, 0, "\"folded\": null");
	says(&sink_json, 0, "\"folded\": 0");
	says(&sink_json, MOST, "\"folded\": 910");
	says(&sink_jsonl, MOST, folded);
	says(&sink_jsonl, MOST, "\"processes\": 1000");
	says(&sink_jsonl, 0, "\"folded\": null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_from_the_sums),
		cmocka_unit_test(ends_and_children_are_counted),
		cmocka_unit_test(whoever_is_not_ordinary_is_found),
		cmocka_unit_test(ancestors_stay),
		cmocka_unit_test(who_adopted_stays),
		cmocka_unit_test(nobody_comes_back),
		cmocka_unit_test(nobody_points_to_who_is_gone),
		cmocka_unit_test(later_children_count_though_they_went),
		cmocka_unit_test(folding_in_vain_costs_little),
		cmocka_unit_test(the_report_says_so),
		cmocka_unit_test(the_timeline_is_of_those_who_stay),
		cmocka_unit_test(json_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
