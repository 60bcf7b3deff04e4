/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Demos one after another: their pages, or members of the JSON list, then what came of them all; see demo_show.h.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/clock.h"
#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/demo_json.h"
#include "user/command/demo_print.h"
#include "user/command/demo_quiz.h"
#include "user/command/demo_show.h"
#include "user/command/demo_summary.h"

struct showing { /* what gathers over all demos that are shown */
	const struct request *request;
	const struct sink_options *look; /* of standard output */
	struct buffer json, quiz;	 /* lists of members, if asked for */
	struct summary summary;
	int shown, right, asked;
};

/* Asks, where that was asked for; on standard error where standard output is for a program. */
static void ask(const struct showing *showing, struct quiz *quiz, const struct demo *demo,
		const struct sink_options *look)
{
	if (showing->request->predict)
		quiz_ask(quiz, demo, showing->request->as_json ? stderr : stdout, look);
}

static void mark(struct showing *showing, struct quiz *quiz, const struct lab *lab)
{
	quiz_mark(quiz, lab);
	quiz_json_add(&showing->quiz, quiz, lab->demo, !showing->shown);
	showing->right += quiz->right_count;
	showing->asked += quiz->told_count;
}

static bool is_interrupted(int status)
{
	return status > 128;
}

/* demo_run(), and its row of the summary. */
static int run_noted(struct showing *showing, struct demo_run *run, const struct demo *demo,
		     const struct settings *settings, const struct sink_kind *sink, const struct sink_options *options)
{
	__u64 began_ns = clock_now_ns(CLOCK_BOOTTIME);
	int status = demo_run(run, demo, settings, sink, options);

	if (is_interrupted(status) ||
	    !summary_add(&showing->summary, run, status, clock_now_ns(CLOCK_BOOTTIME) - began_ns))
		return status;
	message("demo %s: out of memory", demo->name);
	return EXIT_FAILED;
}

/* Runs one as text. 0: passed, 1: not, else why it could not be shown. */
static int show(struct showing *showing, const struct demo *demo, const struct settings *settings)
{
	const struct request *request = showing->request;
	struct sink_options look = *showing->look;
	struct demo_run run = {0};
	struct quiz quiz = {0};
	int status;

	look.verbose = request->verbose;
	look.picture_only = !request->verbose;
	print_theory(demo, settings->broken, &look);
	ask(showing, &quiz, demo, &look);
	if (fflush(stdout))
		return 0; /* no reader: the caller will notice */
	status = run_noted(showing, &run, demo, settings, sink_kind_named("text"), &look);
	if (!status) {
		print_outcome(&run, request->table, &look);
		mark(showing, &quiz, &run.lab);
		quiz_print(&quiz, demo, &look);
		status = !run.check.passed;
	}
	demo_run_free(&run);
	return status;
}

/* Runs one without a page. */
static int show_brief(struct showing *showing, const struct demo *demo, const struct settings *settings)
{
	struct demo_run run = {0};
	int status, before = showing->summary.count;

	if (!before)
		summary_print_heading(showing->look);
	if (fflush(stdout))
		return 0;
	status = run_noted(showing, &run, demo, settings, NULL, NULL);
	if (showing->summary.count > before)
		summary_print_row(&showing->summary.rows[before], showing->look);
	if (!status)
		status = !run.check.passed;
	demo_run_free(&run);
	return status;
}

/* Runs one as a member of the JSON list. */
static int show_json(struct showing *showing, const struct demo *demo, const struct settings *settings)
{
	char *report = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&report, &size);
	struct sink_options options = {.out = memory};
	struct demo_run run = {0};
	struct quiz quiz = {0};
	int status;

	if (!memory) {
		message("demo %s: out of memory", demo->name);
		return EXIT_FAILED;
	}
	ask(showing, &quiz, demo, showing->look);
	status = run_noted(showing, &run, demo, settings, sink_kind_named("json"), &options);
	if (!status && !fflush(memory)) {
		demo_json_add(&showing->json, &run, report, !showing->shown);
		mark(showing, &quiz, &run.lab);
		status = !run.check.passed;
	}
	fclose(memory);
	free(report);
	demo_run_free(&run);
	return status;
}

static int show_source(const struct demo *demo)
{
	char path[PATH_MAX], line[400];
	FILE *file;

	if (demo_find(demo, ".c", path, sizeof(path)))
		return EXIT_FAILED;
	file = fopen(path, "r");
	if (!file) {
		message("can't open %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	while (fgets(line, sizeof(line), file))
		printf("%s", line);
	fclose(file);
	return 0;
}

/* Wishes that a demo does not know are no wishes to it when it is one of many; asked for alone it was told so. */
static int show_one(struct showing *showing, const struct demo *demo, bool broken)
{
	struct settings settings = showing->request->settings;

	settings.broken = broken;
	if (!(demo->takes & TAKES_LIST))
		settings.list = NULL;
	if (!(demo->takes & TAKES_ACTIONS))
		settings.actions = NULL;
	if (!(demo->takes & TAKES_QUANTUM))
		settings.quantum = 0;
	if (settings.list && demo->listed)
		demo = demo->listed;
	if (showing->request->source)
		return show_source(demo);
	if (showing->request->as_json)
		return show_json(showing, demo, &settings);
	if (showing->request->brief)
		return show_brief(showing, demo, &settings);
	return show(showing, demo, &settings);
}

/* Which demo is the nth (from 0) to be shown, and whether its wrong variant; NULL: there are no more. */
const struct demo *demo_wanted(const struct request *request, int n, bool *broken)
{
	int named = 0;

	if (request->all)
		while (demos[named])
			named++;
	else
		while (request->names[named])
			named++;
	*broken = n == named && request->broken;
	if (*broken)
		return demo_named(request->broken);
	if (n >= named)
		return NULL;
	return request->all ? demos[n] : demo_named(request->names[n]);
}

/* The answers and what was right, to hand in. 0, or -1: said why. */
static int write_quiz(struct showing *showing, FILE *file)
{
	struct buffer whole = {0};
	bool written;

	quiz_json_open(&whole);
	buffer_add(&whole, showing->quiz.data, showing->quiz.size);
	quiz_json_close(&whole, showing->right, showing->asked);
	written = !whole.failed && fwrite(whole.data, 1, whole.size, file) == whole.size;
	if (fclose(file) || !written) {
		say_unwritten(showing->request->quiz_file);
		written = false;
	}
	buffer_free(&whole);
	return written ? 0 : -1;
}

static void sum_up(const struct showing *showing)
{
	const struct request *request = showing->request;

	if (request->source || request->as_json || (!request->brief && showing->summary.count < 2))
		return;
	if (!request->brief)
		summary_print_table(&showing->summary, showing->look);
	summary_print(&showing->summary, showing->look);
}

/* The worst of all statuses; a signal ends it at once. */
static int show_all(struct showing *showing)
{
	const struct request *request = showing->request;
	int worst = 0, status;
	const struct demo *demo;
	bool broken;

	if (request->as_json)
		demo_json_open(&showing->json);
	for (int n = 0; !is_interrupted(worst) && !ferror(stdout) && (demo = demo_wanted(request, n, &broken)); n++) {
		status = show_one(showing, demo, broken);
		showing->shown += status <= 1;
		worst = status > worst ? status : worst;
	}
	if (request->as_json) {
		demo_json_close(&showing->json);
		printf("%s", showing->json.data ? showing->json.data : "");
	}
	sum_up(showing);
	return worst;
}

int demo_show(const struct request *request, const struct sink_options *look)
{
	struct showing showing = {.request = request, .look = look};
	FILE *quiz_file = NULL;
	int status;

	if (request->quiz_file && !(quiz_file = fopen(request->quiz_file, "we")))
		return say_unwritten(request->quiz_file);
	status = show_all(&showing);
	if (quiz_file && write_quiz(&showing, quiz_file))
		status = EXIT_FAILED;
	buffer_free(&showing.json);
	buffer_free(&showing.quiz);
	summary_free(&showing.summary);
	return status;
}
