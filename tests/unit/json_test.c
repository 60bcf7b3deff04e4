/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The report document and jsonl: what is not known is null, what is hostile is escaped, a disk that is full is told of.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/story.h"

#define CHILD 101

struct page {
	struct story *story;
	struct sink_options options;
	char *text;
	size_t size;
};

static void page_open(struct page *page, const struct sink_kind *kind)
{
	memset(page, 0, sizeof(*page));
	page->story = story_new();
	page->options.out = open_memstream(&page->text, &page->size);
	page->story->sink = kind;
	page->story->sink_state = kind->open(&page->story->trace, &page->options);
	assert_non_null(page->story->sink_state);
}

static void page_finish(struct page *page, __u64 at_ms)
{
	story_over(page->story, at_ms, at_ms);
	assert_int_equal(findings_collect(&page->story->findings, page->story->model), 0);
	assert_int_equal(page->story->sink->finish(page->story->sink_state, page->story->model, &page->story->findings),
			 0);
	fflush(page->options.out);
}

static void page_close(struct page *page)
{
	page->story->sink->free(page->story->sink_state);
	fclose(page->options.out);
	free(page->text);
	story_free(page->story);
}

static void says(const struct page *page, const char *text)
{
	if (!strstr(page->text, text))
		fail_msg("not said: %s\nin: %s", text, page->text);
}

static void says_not(const struct page *page, const char *text)
{
	if (strstr(page->text, text))
		fail_msg("said: %s\nin: %s", text, page->text);
}

static void unknown_is_null(void **state)
{
	struct page page;

	(void)state;
	page_open(&page, &sink_json);
	story_born(page.story, 1000, COMMAND, OUTSIDE, "make");
	page_finish(&page, 1100);
	says(&page, "\"schema\": \"proclife.report/1\"");
	says(&page, "\"parent\": null");
	says(&page, "\"end\": null");
	says(&page, "\"zombie\": null");
	says(&page, "\"orphaned\": null");
	says(&page, "\"daemon\": null");
	says(&page, "\"exe\": null");
	says(&page, "\"kind\": \"fork\"");
	page_close(&page);
}

static void known_is_said(void **state)
{
	struct page page;

	(void)state;
	page_open(&page, &sink_json);
	story_born(page.story, 1000, COMMAND, OUTSIDE, "make");
	story_born(page.story, 1010, CHILD, COMMAND, "cc");
	story_signal(page.story, 1019, CHILD, COMMAND, "make", (struct signal){.number = SIGTERM, .call = 62});
	story_ends(page.story, 1020, CHILD, SIGTERM);
	story_reaped(page.story, 1030, CHILD, COMMAND);
	story_ends(page.story, 1040, COMMAND, 3 << 8);
	page_finish(&page, 1100);
	says(&page,
	     "\"at_ns\": 20000000, \"kind\": \"killed\", \"code\": null, \"signal\": \"SIGTERM\", \"core\": false, "
	     "\"by\": {\"pid\": 100, \"comm\": \"make\", \"process\": 1, \"why\": \"kill\"");
	says(&page,
	     "\"ns\": 10000000, \"reaped_at_ns\": 30000000, \"reaper\": 1, \"reaper_pid\": 100, \"auto\": false");
	says(&page, "\"kind\": \"error\", \"code\": 3, \"signal\": null");
	says(&page,
	     "\"ns\": 60000000, \"reaped_at_ns\": null, \"reaper\": null"); /* still one, until the trace's end */
	says(&page, "\"children\": [2]");
	says(&page, "\"running_ns\": 10000000");
	page_close(&page);
}

static void names_are_escaped(void **state)
{
	struct page page;

	(void)state;
	for (int i = 0; i < 2; i++) {
		page_open(&page, i ? &sink_json : &sink_jsonl);
		story_born(page.story, 1000, COMMAND, OUTSIDE, "a\"\\\n\x1b[31m\xff\xc3");
		page_finish(&page, 1100);
		says(&page, "\"comm\": \"a\\\"\\\\\\n\\u001b[31m\xef\xbf\xbd\xef\xbf\xbd\"");
		says_not(&page, "\x1b");
		page_close(&page);
	}
}

/* The path is told leaf first. */
static void execs(struct story *story, const char *leaf, const char *argv, size_t argv_size)
{
	char bytes[sizeof(struct exec) + 64] = "";
	size_t length = strlen(leaf) + 1;
	struct exec exec = {
		.exe_len = (__u32)(length + 4), .argv_len = (__u32)argv_size, .argv_total = (__u32)argv_size};

	memcpy(bytes, &exec, sizeof(exec));
	memcpy(bytes + sizeof(exec), leaf, length);
	memcpy(bytes + sizeof(exec) + length, "bin", 4);
	memcpy(bytes + sizeof(exec) + length + 4, argv, argv_size);
	story_feed(story, EVENT_EXEC, 1030, 102, 102, bytes, sizeof(exec) + length + 4 + argv_size);
}

/* Two names that become the same string, and one that says all by itself. */
static void names_that_are_not_utf8_are_told_apart_by_their_bytes(void **state)
{
	static const char argv[] = "\xff\0plain";
	struct page page;

	(void)state;
	for (int i = 0; i < 2; i++) {
		page_open(&page, i ? &sink_json : &sink_jsonl);
		story_born(page.story, 1000, COMMAND, OUTSIDE, "a\xff");
		story_born(page.story, 1010, 101, COMMAND, "a\xfe");
		story_born(page.story, 1020, 102, COMMAND, "\xc3\xa9");
		execs(page.story, "sh", argv, sizeof(argv));
		page_finish(&page, 1100);
		says(&page, "\"comm\": \"a\xef\xbf\xbd\", \"comm_bytes\": \"Yf8=\"");
		says(&page, "\"comm\": \"a\xef\xbf\xbd\", \"comm_bytes\": \"Yf4=\"");
		says_not(&page, "\xc3\xa9\", \"comm_bytes\"");
		says(&page, "\"argv\": [\"\xef\xbf\xbd\", \"plain\"], \"argv_bytes\": [\"/w==\", null]");
		page_close(&page);
	}
}

static void a_line_for_each_change(void **state)
{
	struct page page;
	int lines = 0;

	(void)state;
	page_open(&page, &sink_jsonl);
	story_born(page.story, 1000, COMMAND, OUTSIDE, "make");
	story_born(page.story, 1010, CHILD, COMMAND, "cc");
	story_done(page.story, 1020, CHILD, 0);
	story_ends(page.story, 1040, COMMAND, 0);
	page_finish(&page, 1100);
	for (const char *at = page.text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_true(lines >= 8); /* births, ends, zombies, a reap, the summary, and what was found */
	says(&page, "\"event\": \"birth\", \"pid\": 101, \"tid\": 101, \"comm\": \"cc\"");
	says(&page, "\"event\": \"zombie\"");
	says(&page, "\"event\": \"reap\"");
	assert_non_null(strstr(strrchr(page.text, '{') - 400, "\"event\": \"summary\""));
	page_close(&page);
}

static ssize_t no_room(void *cookie, const char *bytes, size_t size)
{
	(void)cookie;
	(void)bytes;
	(void)size;
	errno = ENOSPC;
	return -1;
}

static void a_full_disk_is_told_of(void **state)
{
	const struct sink_kind *kinds[] = {&sink_json, &sink_jsonl, &sink_text};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct story *story = story_new();
		struct sink_options options = {.width = 80};

		options.out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = no_room});
		story->sink = kinds[i];
		story->sink_state = kinds[i]->open(&story->trace, &options);
		story_born(story, 1000, COMMAND, OUTSIDE, "make");
		story_over(story, 1100, 1100);
		errno = 0;
		assert_int_equal(kinds[i]->finish(story->sink_state, story->model, &story->findings), -1);
		assert_int_equal(errno, ENOSPC);
		kinds[i]->free(story->sink_state);
		fclose(options.out);
		story_free(story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(known_is_said),
		cmocka_unit_test(names_are_escaped),
		cmocka_unit_test(a_line_for_each_change),
		cmocka_unit_test(a_full_disk_is_told_of),
		cmocka_unit_test(names_that_are_not_utf8_are_told_apart_by_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
