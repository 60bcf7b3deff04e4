/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife run: runs a command, traces it and all its descendants, then reports.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/command.h"
#include "user/command/elevate.h"
#include "user/command/identity.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/command/options.h"
#include "user/sink/output.h"

#define KEPT_LEAST 16 /* processes */
#define KEPT_MOST 1000000000

struct run {
	struct pipeline_options options;
	struct identity calling, chosen; /* by --caller and --user */
	const char *output, *user, *fail_on;
	unsigned int caller; /* the process that called --elevate, or 0 */
	bool elevate;
};

static void help(void)
{
	printf("usage: proclife run [OPTION…] [--] PROGRAM [ARGUMENT…]\n\n"
	       "Runs PROGRAM, traces it and all its descendants, then writes a report to\n"
	       "standard error. PROGRAM's own input and output are unchanged.\n\n"
	       "  -o, --output=FILE       write the report to FILE\n"
	       "  -f, --format=FORMAT     text (default), or one of those below\n"
	       "  -u, --user=USER         run PROGRAM as USER, with its groups and home\n"
	       "  -w, --wait[=SEC]        trace until the last descendant has ended, or until\n"
	       "                          SEC seconds after PROGRAM's end: -w5, -w 5, --wait=5\n"
	       "      --fail-on=KIND,…    exit with status 3 when such a finding is found\n"
	       "      --elevate           without privilege: start again by sudo; PROGRAM keeps\n"
	       "                          your user, groups, environment and folder\n"
	       "      --caller=PID        whose user, groups, environment and folder PROGRAM\n"
	       "                          gets; --elevate passes it through sudo\n"
	       "      --no-timeline       totals only, no picture of states over time\n"
	       "      --max-processes=N   bound memory: beyond N, the oldest that ended by\n"
	       "                          themselves and were reaped are counted, not listed\n"
	       "      --columns=N         width of a text report; otherwise the terminal's\n"
	       "      --lifecycle-bytes=N size of the buffer for births and ends\n"
	       "      --timeline-bytes=N  size of the buffer for changes of state\n"
	       "  -v, --verbose           text: show all that is folded, threads and wakers\n"
	       "  -h, --help              print this help\n\n"
	       "Formats:\n");
	for (int i = 0; sink_kinds[i]; i++)
		printf("  %-20s %s\n", sink_kinds[i]->name, sink_kinds[i]->about);
	printf("\nFindings:\n");
	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		printf("  %-20s %s\n", kind->name, kind->about);
	printf("\nExit status: PROGRAM's own; 128+N when signal N ended it; 3 for --fail-on; 125\n"
	       "when proclife itself failed, 126 when PROGRAM cannot be executed, 127 when there\n"
	       "is no such PROGRAM.\n");
}

enum {
	OPTION_FAIL_ON = 256,
	OPTION_ELEVATE,
	OPTION_CALLER,
	OPTION_NO_TIMELINE,
	OPTION_LIFECYCLE,
	OPTION_TIMELINE,
	OPTION_COLUMNS,
	OPTION_MAX_PROCESSES
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
	{"columns", required_argument, NULL, OPTION_COLUMNS},
	{"max-processes", required_argument, NULL, OPTION_MAX_PROCESSES},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int take_format(struct run *run, const char *name)
{
	run->options.sink = sink_kind_named(name);
	if (run->options.sink)
		return 0;
	return say_unknown("format", name, similar_name(name, sink_at, sink_kinds), "proclife run --help");
}

static const char *finding_at(const void *table, int i)
{
	return ((const struct finding_kind *)table)[i].name;
}

/* Every name must be one of a finding. */
static int check_findings(const char *names)
{
	for (const char *name = names; *name;) {
		size_t length = strcspn(name, ",");
		char word[64];

		if (!finding_kind_named(name, length)) {
			snprintf(word, sizeof(word), "%.*s", (int)(length < 60 ? length : 60), name);
			return say_unknown("finding", word, similar_name(word, finding_at, finding_kinds),
					   "proclife run --help");
		}
		name += length + (name[length] == ',');
	}
	return 0;
}

static int take_size(struct run *run, int option, const char *value)
{
	static const struct range bytes = {0, RING_MOST}, columns = {NARROWEST, WIDEST}, kept = {KEPT_LEAST, KEPT_MOST};
	unsigned long number;

	if (option == OPTION_CALLER)
		return take_pid("--caller", value, &run->caller);
	if (option == OPTION_LIFECYCLE && !take_number("--lifecycle-bytes", value, bytes, &number))
		run->options.lifecycle_bytes = number;
	else if (option == OPTION_TIMELINE && !take_number("--timeline-bytes", value, bytes, &number))
		run->options.timeline_bytes = number;
	else if (option == OPTION_COLUMNS && !take_number("--columns", value, columns, &number))
		run->options.sink_options.width = (int)number;
	else if (option == OPTION_MAX_PROCESSES && !take_number("--max-processes", value, kept, &number))
		run->options.most_kept = (int)number;
	else
		return -1;
	return 0;
}

/* SEC may be the next word, as with `make -j 4`: "-w 5" never means a program called 5. */
static int take_wait(struct run *run, const char *seconds, int argc, char **argv)
{
	unsigned long number;

	run->options.wait_s = WAIT_FOREVER;
	if (!seconds && optind < argc && is_number(argv[optind]))
		seconds = argv[optind++];
	if (!seconds)
		return 0;
	if (take_number("--wait", seconds, (struct range){0, INT_MAX}, &number))
		return -1;
	run->options.wait_s = (int)number;
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
		return take_size(run, option, optarg);
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct run *run, int argc, char **argv)
{
	int option;

	while ((option = option_next(argc, argv, "+:o:f:u:w::vh", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?')
			return EXIT_FAILED;
		if (option == 'w' ? take_wait(run, optarg, argc, argv) : take_option(run, option))
			return EXIT_FAILED;
	}
	if (optind >= argc) {
		message("run: no program was given (see 'proclife run --help')");
		return EXIT_FAILED;
	}
	run->options.argv = argv + optind;
	return -1;
}

static int open_for_writing(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, OUTPUT_MODE);
}

/* With the caller's user and groups, for the file system only. -1 with errno. */
static int open_as(const struct identity *caller, const char *path)
{
	int count = getgroups(0, NULL), fd = -1, error = ENOMEM;
	gid_t *before = calloc(count > 0 ? (size_t)count : 1, sizeof(*before));

	if (before &&
	    (count < 0 || getgroups(count, before) < 0 || setgroups((size_t)caller->group_count, caller->groups)))
		error = errno;
	else if (before) {
		setfsgid(caller->gid);
		setfsuid(caller->uid);
		fd = open_for_writing(path);
		error = errno;
		setfsuid(geteuid());
		setfsgid(getegid());
		setgroups((size_t)count, before);
	}
	free(before);
	errno = error;
	return fd;
}

/* The file belongs to the user whom the report is for: with --elevate to the caller, who may write where it may, and nowhere
 * else. */
static int open_output(struct run *run)
{
	int fd;

	run->options.sink_options.out = stderr;
	if (!run->output)
		return 0;
	fd = run->caller ? open_as(&run->calling, run->output) : open_for_writing(run->output);
	run->options.sink_options.out = fd < 0 ? NULL : fdopen(fd, "w");
	run->options.sink_options.is_own_file = true;
	if (run->options.sink_options.out)
		return 0;
	say_unwritten(run->output);
	return -1;
}

static int choose_identity(struct run *run)
{
	if (run->caller && identity_of_caller(&run->calling, run->caller))
		return -1;
	if (run->user && identity_of_user(&run->chosen, run->user))
		return -1;
	run->options.as = run->user ? &run->chosen : run->caller ? &run->calling : NULL;
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
	struct run run = {.options = {.wait_s = WAIT_COMMAND, .gives_up_standard_files = true, .sink = sink_kinds[0]}};
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
	identity_free(&run.calling);
	identity_free(&run.chosen);
	return status;
}

const struct command command_run = {
	.name = "run",
	.about = "run a program, trace it and all its descendants, then report",
	.help = help,
	.run = run_command,
};
