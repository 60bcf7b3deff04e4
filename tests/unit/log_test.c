/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The log of a lab: what it keeps must not move away.
 */
#include "tests/unit/found.h"
#include "user/demo/log.h"
#include "user/demo/why_words.h"

/* The path is told leaf first. */
static void exec_to(struct story *story, __u64 at_ms, const char *leaf)
{
	char bytes[sizeof(struct exec) + 32] = "";
	size_t length = strlen(leaf) + 1;
	struct exec exec = {.exe_len = (__u32)(length + 4), .old_tid = 101};

	memcpy(bytes, &exec, sizeof(exec));
	memcpy(bytes + sizeof(exec), leaf, length);
	memcpy(bytes + sizeof(exec) + length, "bin", 4);
	story_feed(story, EVENT_EXEC, at_ms, 101, 101, bytes, sizeof(exec) + exec.exe_len);
}

static void log_hears(void *log, const struct change *change)
{
	log_take(log, change);
}

static const struct sink_kind log_listener = {.name = "log", .change = log_hears};

/* The array of a process's execs moves as it grows. */
static void an_exec_is_found_after_many_more(void **state)
{
	struct log log = {0};
	struct story *story = story_new();
	struct buffer text = {0};
	int i = 0;

	(void)state;
	story->sink = &log_listener;
	story->sink_state = &log;
	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1100, 101, COMMAND, "worker");
	exec_to(story, 1200, "first");
	for (__u64 n = 0; n < 100; n++)
		exec_to(story, 1300 + n, "later");
	while (log.list[i].change.kind != CHANGE_EXEC)
		i++;
	words_of_exec(&text, &log.list[i]);
	assert_non_null(strstr(text.data, "/first"));
	buffer_free(&text);
	log_free(&log);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exec_is_found_after_many_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
