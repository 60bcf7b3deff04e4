/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife run: runs a command, traces it and all its descendants, then reports.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/elevate.h"
#include "user/command/identity.h"
#include "user/command/look.h"
#include "user/command/numbers.h"

struct run {
	struct pipeline_options options;
	struct identity identity;
	const char *output, *user, *fail_on;
	unsigned int caller, caller_uid, caller_gid; /* the process that called --elevate, or 0 */
	bool elevate;
};

static void help(void)
{
	printf("usage: proclife run [OPTION…] [--] PROGRAM [ARGUMENT…]\n\n"
	       "Runs PROGRAM, traces it and all its descendants, then reports on standard error.\n"
	       "PROGRAM's own input and output are untouched.\n\n"
	       "  -o, --output=FILE       write the report to FILE\n"
	       "  -f, --format=FORMAT     text (default), or one of those below\n"
	       "  -u, --user=USER         run PROGRAM as USER, with its groups and home\n"
	       "  -w, --wait[=SEC]        trace until the last descendant has ended, or SEC\n"
	       "                          seconds longer than PROGRAM (-w5)\n"
	       "      --fail-on=KIND,…    exit with status 3 when such a finding is found\n"
	       "      --elevate           without privilege: start again by sudo; PROGRAM keeps\n"
	       "                          your user, groups, environment and folder\n"
	       "      --no-timeline       totals only, no picture of states over time\n"
	       "  -v, --verbose           text: show all that is folded, threads and wakers\n"
	       "  -h, --help              this help\n\n"
	       "Formats:\n");
	for (int i = 0; sink_kinds[i]; i++)
		printf("  %-20s %s\n", sink_kinds[i]->name, sink_kinds[i]->about);
	printf("\nFindings:\n");
	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		printf("  %-20s %s\n", kind->name, kind->about);
	printf("\nExit status: PROGRAM's own; 128+N when signal N ended it; 3 for --fail-on; 125\n"
	       "when proclife itself failed, 126 PROGRAM can't be run, 127 no such PROGRAM.\n");
}

enum {
	OPTION_FAIL_ON = 256,
	OPTION_ELEVATE,
	OPTION_CALLER,
	OPTION_NO_TIMELINE,
	OPTION_LIFECYCLE,
	OPTION_TIMELINE,
	OPTION_WIDTH
};

static const struct option long_options[] = {
	{"output", required_argument, NULL, 'o'},
	{"format", required_argument, NULL, 'f'},
	{"user", required_argument, NULL, 'u'},
	{"wait", optional_argument, NULL, 'w'},
	{"fail-on", required_argument, NULL, OPTION_FAIL_ON},
	{"elevate", no_argument, NULL, OPTION_ELEVATE},
	{"caller", required_argument, NULL, OPTION_CALLER},
	{"no-timeline", no_argument, NULL, OPTION_NO_TIMELINE},
	{"lifecycle-bytes", required_argument, NULL, OPTION_LIFECYCLE},
	{"timeline-bytes", required_argument, NULL, OPTION_TIMELINE},
	{"width", required_argument, NULL, OPTION_WIDTH},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int take_format(struct run *run, const char *name)
{
	run->options.sink = sink_kind_named(name);
	return run->options.sink ? 0 : say_unknown("format", name, "proclife run --help");
}

/* Every name must be one of a finding. */
static int check_findings(const char *names)
{
	for (const char *name = names; *name;) {
		size_t length = strcspn(name, ",");
		char word[64];

		if (!finding_kind_named(name, length)) {
			snprintf(word, sizeof(word), "%.*s", (int)(length < 60 ? length : 60), name);
			return say_unknown("finding", word, "proclife run --help");
		}
		name += length + (name[length] == ',');
	}
	return 0;
}

static int take_hidden(struct run *run, int option, const char *value)
{
	unsigned long number;

	if (take_number(value, option == OPTION_CALLER || option == OPTION_WIDTH ? INT_MAX : 1u << 30, &number))
		return -1;
	if (option == OPTION_CALLER)
		run->caller = number;
	else if (option == OPTION_LIFECYCLE)
		run->options.lifecycle_bytes = number;
	else if (option == OPTION_TIMELINE)
		run->options.timeline_bytes = number;
	else
		run->options.sink_options.width = number;
	return 0;
}

static int take_wait(struct run *run, const char *seconds)
{
	unsigned long number;

	run->options.wait_s = WAIT_FOREVER;
	if (!seconds)
		return 0;
	if (take_number(seconds, INT_MAX, &number))
		return -1;
	run->options.wait_s = number;
	return 0;
}

static int take_option(struct run *run, int option)
{
	switch (option) {
	case 'o':
		run->output = optarg;
		return 0;
	case 'f':
		return take_format(run, optarg);
	case 'u':
		run->user = optarg;
		return 0;
	case 'w':
		return take_wait(run, optarg);
	case 'v':
		run->options.sink_options.verbose++;
		return 0;
	case OPTION_FAIL_ON:
		run->fail_on = optarg;
		return check_findings(optarg);
	case OPTION_ELEVATE:
		run->elevate = true;
		return 0;
	case OPTION_NO_TIMELINE:
		run->options.detail_ns = UNKNOWN_NS;
		return 0;
	default:
		return take_hidden(run, option, optarg);
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct run *run, int argc, char **argv)
{
	int option;

	argv[0] = "proclife run"; /* as getopt shall call us */
	while ((option = getopt_long(argc, argv, "+o:f:u:w::vh", long_options, NULL)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?') {
			message("see 'proclife run --help'");
			return EXIT_FAILED;
		}
		if (take_option(run, option))
			return EXIT_FAILED;
	}
	if (optind >= argc) {
		message("run what? (see 'proclife run --help')");
		return EXIT_FAILED;
	}
	run->options.argv = argv + optind;
	return -1;
}

static void touch_files_as(unsigned int uid, unsigned int gid)
{
	setfsgid(gid);
	setfsuid(uid);
}

/* The file belongs to whom the report is for: with --elevate to the caller, who may write where it may, nowhere else. */
static int open_output(struct run *run)
{
	struct buffer shown = {0};
	int fd;

	run->options.sink_options.out = stderr;
	if (!run->output)
		return 0;
	if (run->caller)
		touch_files_as(run->caller_uid, run->caller_gid);
	fd = open(run->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (run->caller)
		touch_files_as(geteuid(), getegid());
	run->options.sink_options.out = fd < 0 ? NULL : fdopen(fd, "w");
	if (run->options.sink_options.out)
		return 0;
	escape_terminal(&shown, run->output, strlen(run->output));
	message("can't write %s: %s", shown.data ? shown.data : "", strerror(errno));
	buffer_free(&shown);
	return -1;
}

static int choose_identity(struct run *run)
{
	if (run->caller && identity_of_caller(&run->identity, run->caller))
		return -1;
	run->caller_uid = run->identity.uid;
	run->caller_gid = run->identity.gid;
	if (run->user) {
		identity_free(&run->identity);
		if (identity_of_user(&run->identity, run->user))
			return -1;
	}
	if (run->identity.environment)
		run->options.as = &run->identity;
	return 0;
}

static bool is_named(const char *names, const char *kind)
{
	size_t length = strlen(kind);

	for (const char *name = names; *name; name += strcspn(name, ","), name += *name == ',')
		if (!strncmp(name, kind, length) && (!name[length] || name[length] == ','))
			return true;
	return false;
}

/* The command's own failure counts more than that of the report, and what was looked for more than both. */
static int exit_status(const struct run *run, const struct pipeline_result *result)
{
	for (int i = 0; run->fail_on && i < result->findings.count; i++)
		if (is_named(run->fail_on, result->findings.list[i].kind))
			return EXIT_FINDING;
	return result->output_failed && !result->exit_status ? EXIT_FAILED : result->exit_status;
}

static int trace(struct run *run)
{
	struct sink_options *look = &run->options.sink_options;
	struct pipeline_result result;
	int width = look->width, status;

	look_at(look);
	if (width)
		look->width = width;
	look->cgroups = cgroups_new();
	pipeline_run(&run->options, &result);
	status = exit_status(run, &result);
	pipeline_free(&result);
	cgroups_free(look->cgroups);
	return status;
}

static int run_command(int argc, char **argv)
{
	struct run run = {.options = {.wait_s = WAIT_COMMAND, .sink = sink_kinds[0]}};
	int status = take_options(&run, argc, argv);

	if (status >= 0)
		return status;
	if (run.elevate && !is_privileged())
		return elevate(argc, argv);
	status = EXIT_FAILED;
	if (!choose_identity(&run) && !open_output(&run)) {
		status = trace(&run);
		if (run.output)
			fclose(run.options.sink_options.out);
	}
	identity_free(&run.identity);
	return status;
}

const struct command command_run = {
	.name = "run",
	.about = "run a program, trace it and all its descendants, then report",
	.help = help,
	.run = run_command,
};
