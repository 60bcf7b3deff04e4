/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife watch: the live system, a line for each change, until Ctrl-C.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/command/whom.h"
#include "user/pipeline.h"

struct watch {
	struct watch_options options;
	struct filter filter;
	struct cgroups *cgroups;
	bool no_wakers;
};

static void help(void)
{
	printf("usage: proclife watch [OPTION…]\n\n"
	       "Tells what becomes of the processes of this machine as it happens, until Ctrl-C:\n"
	       "births, execs, ends with cause and killer, zombies that stay, orphans, daemons.\n\n"
	       "  -p, --pid=PID           only process PID and its descendants\n"
	       "  -c, --comm=GLOB         only processes of that name\n"
	       "  -u, --user=USER         only processes of that user, by name or number\n"
	       "      --cgroup=PATH       only processes in that control group or below it\n"
	       "      --only=KIND,…       only changes of these kinds, listed below\n"
	       "      --failed            only ends that are no success, and what comes of them\n"
	       "  -t, --threads           births and ends of threads, too\n"
	       "  -s, --states            account for states, and find deadlocks; with\n"
	       "                          --only=state,wake tell each spell\n"
	       "      --no-wakers         not who wakes whom: -s then costs less\n"
	       "  -x, --exact-reaps       when each was reaped, exactly; with -p and -s always\n"
	       "  -d, --duration=SEC      end after SEC seconds\n"
	       "  -o, --output=FILE       write to FILE; opened anew at SIGHUP\n"
	       "  -f, --format=FORMAT     one of those below\n"
	       "  -v, --verbose           zombies and reaps at once, those who live already\n"
	       "  -h, --help              this help\n\n"
	       "Filters combine: what is told of passes all of them.\n\n"
	       "Formats:\n");
	for (int i = 0; stream_kinds[i]; i++)
		printf("  %-20s %s\n", stream_kinds[i]->name, stream_kinds[i]->about);
	printf("\nKinds of changes:");
	for (int kind = 0; kind < CHANGE_COUNT; kind++)
		printf("%s%s", kind % 8 ? " " : "\n  ", change_name((enum change_kind)kind));
	printf("\n\nAt the end a summary, with what was lost. Exit status: 0, or 125 when proclife\n"
	       "itself failed.\n");
}

enum { OPTION_CGROUP = 256, OPTION_ONLY, OPTION_FAILED, OPTION_NO_WAKERS, OPTION_LIFECYCLE, OPTION_TIMELINE };

static const struct option long_options[] = {
	{"pid", required_argument, NULL, 'p'},
	{"comm", required_argument, NULL, 'c'},
	{"user", required_argument, NULL, 'u'},
	{"cgroup", required_argument, NULL, OPTION_CGROUP},
	{"only", required_argument, NULL, OPTION_ONLY},
	{"failed", no_argument, NULL, OPTION_FAILED},
	{"threads", no_argument, NULL, 't'},
	{"states", no_argument, NULL, 's'},
	{"no-wakers", no_argument, NULL, OPTION_NO_WAKERS},
	{"exact-reaps", no_argument, NULL, 'x'},
	{"duration", required_argument, NULL, 'd'},
	{"output", required_argument, NULL, 'o'},
	{"format", required_argument, NULL, 'f'},
	{"lifecycle-bytes", required_argument, NULL, OPTION_LIFECYCLE},
	{"timeline-bytes", required_argument, NULL, OPTION_TIMELINE},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int find_kind(const char *name, size_t length)
{
	for (int kind = 0; kind < CHANGE_COUNT; kind++)
		if (strlen(change_name((enum change_kind)kind)) == length &&
		    !strncmp(change_name((enum change_kind)kind), name, length))
			return kind;
	return -1;
}

static int take_kinds(struct watch *watch, const char *names)
{
	for (const char *name = names; *name;) {
		size_t length = strcspn(name, ",");
		int kind = find_kind(name, length);
		char word[64];

		if (kind < 0) {
			snprintf(word, sizeof(word), "%.*s", (int)(length < 60 ? length : 60), name);
			return say_unknown("kind of change", word, "proclife watch --help");
		}
		watch->filter.kinds |= 1u << kind;
		name += length + (name[length] == ',');
	}
	return 0;
}

static int take_cgroup(struct watch *watch, const char *path)
{
	watch->filter.cgroup = path;
	if (watch->cgroups && cgroups_exist(watch->cgroups, path))
		return 0;
	return say_unknown("control group", path, "systemd-cgls");
}

static int take_bytes(size_t *bytes, const char *text)
{
	unsigned long number;

	if (take_number(text, 1u << 30, &number))
		return -1;
	*bytes = number;
	return 0;
}

static int take_format(struct watch *watch, const char *name)
{
	watch->options.sink = stream_kind_named(name);
	return watch->options.sink ? 0 : say_unknown("format", name, "proclife watch --help");
}

static int take_option(struct watch *watch, int option)
{
	switch (option) {
	case 'p':
		return take_pid(optarg, &watch->options.pid);
	case 'c':
		watch->filter.comm = optarg;
		return 0;
	case 'u':
		watch->filter.by_user = true;
		return take_user_name(optarg, &watch->filter.uid);
	case OPTION_CGROUP:
		return take_cgroup(watch, optarg);
	case OPTION_ONLY:
		return take_kinds(watch, optarg);
	case OPTION_FAILED:
		watch->filter.failed = true;
		return 0;
	case 't':
		watch->options.threads = watch->filter.threads = true;
		return 0;
	case 's':
		watch->options.states = watch->options.deadlocks = true;
		return 0;
	case OPTION_NO_WAKERS:
		watch->no_wakers = true;
		return 0;
	case 'x':
		watch->options.exact_reaps = true;
		return 0;
	case 'd':
		return take_seconds(optarg, &watch->options.for_ns);
	case 'o':
		watch->options.output = optarg;
		return 0;
	case 'f':
		return take_format(watch, optarg);
	case OPTION_LIFECYCLE:
		return take_bytes(&watch->options.lifecycle_bytes, optarg);
	case OPTION_TIMELINE:
		return take_bytes(&watch->options.timeline_bytes, optarg);
	default:
		watch->options.sink_options.verbose++;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct watch *watch, int argc, char **argv)
{
	int option;

	argv[0] = "proclife watch"; /* as getopt shall call us */
	while ((option = getopt_long(argc, argv, "+p:c:u:tsxd:o:f:vh", long_options, NULL)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?') {
			message("see 'proclife watch --help'");
			return EXIT_FAILED;
		}
		if (take_option(watch, option))
			return EXIT_FAILED;
	}
	if (optind < argc)
		return say_unknown("argument", argv[optind], "proclife watch --help");
	return -1;
}

static bool is_asked_for(const struct watch *watch, enum change_kind kind)
{
	return watch->filter.kinds & 1u << kind;
}

/* What was asked for implies what it takes. */
static void settle(struct watch *watch)
{
	struct watch_options *options = &watch->options;
	bool spells = is_asked_for(watch, CHANGE_STATE) || is_asked_for(watch, CHANGE_WAKE);

	if (spells)
		options->states = options->detailed = true;
	if (is_asked_for(watch, CHANGE_SESSION) || is_asked_for(watch, CHANGE_USER) ||
	    is_asked_for(watch, CHANGE_TRACER))
		options->states = true; /* noticed as they leave the CPU */
	if (is_asked_for(watch, CHANGE_DEADLOCK))
		options->states = options->deadlocks = true;
	if (watch->filter.kinds)
		options->sink_options.verbose++;
	options->keeps = options->sink == stream_kind_named("json");
	options->wakers = is_asked_for(watch, CHANGE_WAKE) || ((spells || options->keeps) && !watch->no_wakers);
	options->filter = &watch->filter;
	options->sink_options.cgroups = watch->filter.cgroups = watch->cgroups;
}

static int watch_command(int argc, char **argv)
{
	struct watch watch = {.options = {.sink = stream_kinds[0]}, .cgroups = cgroups_new()};
	struct pipeline_result result;
	int status = take_options(&watch, argc, argv);

	if (status < 0) {
		settle(&watch);
		status = EXIT_FAILED;
		if (!look_into(&watch.options.sink_options, watch.options.output)) {
			status = pipeline_watch(&watch.options, &result);
			pipeline_free(&result);
			if (watch.options.output)
				fclose(watch.options.sink_options.out);
		}
	}
	cgroups_free(watch.cgroups);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.about = "what becomes of the processes of this machine, as it happens",
	.help = help,
	.run = watch_command,
};
