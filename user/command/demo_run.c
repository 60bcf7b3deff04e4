/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One run of a demo; see demo_run.h.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/demo_leftovers.h"
#include "user/command/demo_run.h"
#include "user/command/places.h"

#define WAIT_S 10 /* how long descendants of a demo may outlive it at most */
#define WORDS_MOST 8

struct words { /* for the program */
	char *list[WORDS_MOST + 1];
	int count;
	bool failed;
};

static void add_word(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_word(struct words *words, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (words->count == WORDS_MOST || vasprintf(&words->list[words->count], format, args) < 0) {
		words->list[words->count] = NULL;
		words->failed = true;
	} else {
		words->count++;
	}
	va_end(args);
}

static void add_words(struct words *words, const struct demo *demo, const struct settings *settings, const char *folder)
{
	if (demo->arguments)
		add_word(words, "%s", demo->arguments);
	if (settings->broken)
		add_word(words, "broken");
	if (settings->slow > 1)
		add_word(words, "slow=%d", settings->slow);
	if (settings->list)
		add_word(words, "list=%s", settings->list);
	if (settings->actions)
		add_word(words, "actions=%s", settings->actions);
	if (settings->quantum)
		add_word(words, "quantum=%d", settings->quantum);
	if (folder)
		add_word(words, "folder=%s", folder);
}

int demo_find(const struct demo *demo, const char *suffix, char *path, size_t size)
{
	const char *name = demo->program ? demo->program : demo->name;
	char built[80], installed[80];

	snprintf(built, sizeof(built), "demos/%s%s", name, suffix);
	snprintf(installed, sizeof(installed), "../libexec/proclife/demos/%s%s", name, suffix);
	if (!place_of(built, installed, path, size))
		return 0;
	message("demo %s: %s is not there: the labs' files belong into demos/ beside proclife, where 'make' puts them, or "
		"where 'make install' does",
		demo->name, path);
	return -1;
}

/* A folder for the program's files: made here, so that it is removed even if the program is interrupted. */
static int make_folder(char *folder, size_t size)
{
	const char *place = getenv("TMPDIR");

	snprintf(folder, size, "%s/proclife-XXXXXX", place && *place ? place : "/tmp");
	if (mkdtemp(folder))
		return 0;
	message("can't make a folder for the demo's files, %s: %s; TMPDIR names where", folder, strerror(errno));
	return -1;
}

static void remove_folder(const char *folder)
{
	DIR *listing = opendir(folder);
	struct dirent *file;

	while (listing && (file = readdir(listing)))
		unlinkat(dirfd(listing), file->d_name, 0);
	if (listing)
		closedir(listing);
	if (rmdir(folder))
		message("can't remove %s: %s", folder, strerror(errno));
}

/* How the program itself ended: 0, or what is to be our exit status, said why. */
static int outcome(const struct demo_run *run)
{
	const struct pipeline_result *result = &run->result;

	if (result->exit_status > 128 && result->exit_status < 128 + 65)
		return result->exit_status;
	if (result->trace.exit_status == 0)
		return 0;
	if (result->trace.exit_status > 0)
		message("demo %s: its program failed with exit status %d: there is nothing to compare",
			run->lab.demo->name, result->trace.exit_status);
	return EXIT_FAILED;
}

/* From here on nothing cuts us short: the pipeline hears of a signal, the program begins with all as it was (*before). */
static void hold_signals(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGQUIT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, before);
}

static int trace(struct demo_run *run, char **argv, const sigset_t *blocked, const struct sink_kind *sink,
		 const struct sink_options *options)
{
	struct pipeline_options pipeline = {.argv = argv,
					    .blocked = blocked,
					    .again = true,
					    .wait_s = WAIT_S * run->lab.settings->slow,
					    .sink = sink,
					    .hear = log_take,
					    .hear_ctx = &run->log};
	int status;

	if (options)
		pipeline.sink_options = *options;
	pipeline_run(&pipeline, &run->result);
	leftovers_end(run->result.model);
	status = outcome(run);
	run->lab.model = run->result.model;
	run->lab.log = &run->log;
	if (status)
		return status;
	if (!run->log.failed && !check_lab(&run->check, &run->lab))
		return 0;
	message("demo %s: out of memory", run->lab.demo->name);
	return EXIT_FAILED;
}

static int run_in_folder(struct demo_run *run, const struct sink_kind *sink, const struct sink_options *options,
			 const sigset_t *blocked)
{
	const struct demo *demo = run->lab.demo;
	char program[PATH_MAX], folder[PATH_MAX] = "";
	struct words words = {.list = {program}, .count = 1};
	int status = EXIT_FAILED;

	if (demo_find(demo, "", program, sizeof(program)))
		return EXIT_FAILED;
	if ((demo->takes & TAKES_FOLDER) && make_folder(folder, sizeof(folder)))
		return EXIT_FAILED;
	add_words(&words, demo, run->lab.settings, *folder ? folder : NULL);
	if (words.failed)
		message("demo %s: out of memory", run->lab.demo->name);
	else
		status = trace(run, words.list, blocked, sink, options);
	while (words.count > 1)
		free(words.list[--words.count]);
	if (*folder)
		remove_folder(folder);
	return status;
}

/* A trace leaves SIGPIPE ignored, as the program of the next demo would find it. */
int demo_run(struct demo_run *run, const struct demo *demo, const struct settings *settings,
	     const struct sink_kind *sink, const struct sink_options *options)
{
	struct sigaction closed_pipe;
	sigset_t before;
	int status;

	run->lab.demo = demo;
	run->lab.settings = settings;
	sigaction(SIGPIPE, NULL, &closed_pipe);
	hold_signals(&before);
	status = run_in_folder(run, sink, options, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGPIPE, &closed_pipe, NULL);
	return status;
}

void demo_run_free(struct demo_run *run)
{
	check_free(&run->check);
	log_free(&run->log);
	pipeline_free(&run->result);
	memset(run, 0, sizeof(*run));
}
