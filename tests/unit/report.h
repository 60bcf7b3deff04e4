/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Text reports on stories: what the tests of the text sink have in common.
 */
#ifndef PROCLIFE_REPORT_H
#define PROCLIFE_REPORT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/story.h"
#include "user/base/escape.h"
#include "user/base/utf8.h"

/* argv: each NUL-ended, `size` bytes in all. */
static inline void story_exec(struct story *story, __u64 at_ms, __u32 pid, const char *comm, const char *exe,
			      const char *argv, size_t size)
{
	size_t path = strlen(exe) + 1, whole = sizeof(struct exec) + path + size;
	struct exec *exec = calloc(1, whole);

	exec->session = SESSION_UNKNOWN;
	exec->exe_len = (__u32)path;
	exec->argv_len = exec->argv_total = (__u32)size;
	memset(story->comm[pid], 0, COMM_LEN);
	story_name(story->comm[pid], comm);
	memcpy(exec->comm, story->comm[pid], COMM_LEN);
	memcpy(exec->data, exe, path);
	memcpy(exec->data + path, argv, size);
	story_feed(story, EVENT_EXEC, at_ms, pid, pid, exec, whole);
	free(exec);
}

/* A report in the making: open() before the story's first event, so that its sink hears of everything. */
struct report {
	struct story *story;
	struct sink_options options;
	char *text;
	size_t size;
	int result, error;
};

static inline struct report open_report(int width)
{
	struct report report = {.story = story_new(), .options = {.width = width, .utf8 = true}};

	return report;
}

/* Once the options are set as wanted, and before the first event. */
static inline void listen(struct report *report)
{
	report->options.out = open_memstream(&report->text, &report->size);
	report->story->sink = &sink_text;
	report->story->sink_state = sink_text.open(&report->story->trace, &report->options);
	assert_non_null(report->story->sink_state);
}

static inline void write_report(struct report *report)
{
	struct story *story = report->story;

	report->result = sink_text.finish(story->sink_state, story->model, &story->findings);
	report->error = errno;
	sink_text.free(story->sink_state);
	fclose(report->options.out);
}

static inline void close_report(struct report *report)
{
	story_free(report->story);
	free(report->text);
}

/* The command's end at at_ms, and the trace's; findings; the report. */
static inline void tell(struct report *report, __u64 at_ms)
{
	story_ends_leaving_children(report->story, at_ms, COMMAND, 0);
	story_reaped(report->story, at_ms, COMMAND, OUTSIDE);
	story_over(report->story, at_ms, at_ms);
	assert_int_equal(findings_collect(&report->story->findings, report->story->model), 0);
	write_report(report);
	assert_int_equal(report->result, 0);
}

static inline bool shows(const struct report *report, const char *part)
{
	return strstr(report->text, part) != NULL;
}

#define SHOWS(report, part)                                                                                            \
	do {                                                                                                           \
		if (!shows(report, part))                                                                              \
			fail_msg("\"%s\" is missing from:\n%s", part, (report)->text);                                 \
	} while (0)

static inline int lines_of(const struct report *report)
{
	int lines = 0;

	for (const char *c = report->text; *c; c++)
		lines += *c == '\n';
	return lines;
}

/* Skips colours: they take no room. */
static inline const char *without_colours(const char *line, size_t length, char *into)
{
	size_t at = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\x1b')
			while (i < length && line[i] != 'm')
				i++;
		else
			into[at++] = line[i];
	}
	into[at] = 0;
	return into;
}

static inline void check_lines(const struct report *report)
{
	char *plain = malloc(report->size + 1);

	for (const char *line = report->text; *line;) {
		size_t length = strcspn(line, "\n");

		without_colours(line, length, plain);
		if (text_width(plain, strlen(plain)) > report->options.width)
			fail_msg("wider than %d: %s", report->options.width, plain);
		if (*plain && plain[strlen(plain) - 1] == ' ')
			fail_msg("blanks at the end: \"%s\"", plain);
		line += length + 1;
	}
	free(plain);
}

/* Well-formed, printable, and of the characters that the terminal knows. */
static inline void check_characters(const struct report *report)
{
	for (size_t at = 0, length; at < report->size; at += length) {
		uint32_t code = 0;

		length = utf8_read(report->text + at, report->size - at, &code);
		assert_true(length > 0);
		if (code == '\n' || (code == '\x1b' && report->options.colour))
			continue;
		assert_false(utf8_is_hidden(code));
		if (!report->options.utf8)
			assert_true(code < 0x80);
	}
}

#endif
