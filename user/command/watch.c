/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife watch: the live system, a line for each change, until Ctrl-C.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/command.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/command/options.h"
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
	       "Prints what happens to the processes of this machine, until Ctrl-C: births,\n"
	       "execs, ends with cause and killer, zombies that stay, orphans, daemons.\n\n"
	       "  -p, --pid=PID           only process PID and its descendants\n"
	       "  -c, --comm=GLOB         only processes of that name\n"
	       "  -u, --user=USER         only processes of that user, by name or number\n"
	       "      --cgroup=PATH       only processes in that control group or below it\n"
	       "      --only=KIND,…       only changes of these kinds, listed below\n"
	       "      --failed            only ends that are no success, and their consequences\n"
	       "  -t, --threads           births and ends of threads, too\n"
	       "  -s, --states            account for states, and find deadlocks; with\n"
	       "                          --only=state,wake print each spell in a state\n"
	       "      --no-wakers         do not record wakers: -s then costs less\n"
	       "  -x, --exact-reaps       the exact time of each reap; always so with -p and -s\n"
	       "  -d, --duration=SEC      end after SEC seconds\n"
	       "  -o, --output=FILE       write to FILE, which SIGHUP opens anew\n"
	       "  -f, --format=FORMAT     one of those below\n"
	       "      --lifecycle-bytes=N size of the buffer for births and ends\n"
	       "      --timeline-bytes=N  size of the buffer for changes of state\n"
	       "  -v, --verbose           zombies and reaps at once, and the processes that were\n"
	       "                          alive before\n"
	       "  -h, --help              print this help\n\n"
	       "Filters combine: a change is printed when it passes all of them.\n\n"
	       "Formats:\n");
	for (int i = 0; stream_kinds[i]; i++)
		printf("  %-20s %s\n", stream_kinds[i]->name, stream_kinds[i]->about);
	printf("\nKinds of changes:");
	for (int kind = 0; kind < CHANGE_COUNT; kind++)
		printf("%s%s", kind % 8 ? " " : "\n  ", change_name((enum change_kind)kind));
	printf("\n\nThe last line is a summary, with the losses. Exit status: 0, or 125 when\n"
	       "proclife itself failed.\n");
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

static const char *change_at(const void *unused, int i)
{
	(void)unused;
	return i < CHANGE_COUNT ? change_name((enum change_kind)i) : NULL;
}

static int take_kinds(struct watch *watch, const char *names)
{
	for (const char *name = names; *name;) {
		size_t length = strcspn(name, ",");
		int kind = find_kind(name, length);
		char word[64];

		if (kind < 0) {
			snprintf(word, sizeof(word), "%.*s", (int)(length < 60 ? length : 60), name);
			return say_unknown("kind of change", word, similar_name(word, change_at, NULL),
					   "proclife watch --help");
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
	return say_unknown("control group", path, NULL, "systemd-cgls");
}

static int take_bytes(const char *option, const char *text, size_t *bytes)
{
	unsigned long number;

	if (take_number(option, text, (struct range){0, RING_MOST}, &number))
		return -1;
	*bytes = number;
	return 0;
}

static int take_format(struct watch *watch, const char *name)
{
	watch->options.sink = stream_kind_named(name);
	if (watch->options.sink)
		return 0;
	return say_unknown("format", name, similar_name(name, sink_at, stream_kinds), "proclife watch --help");
}

static int take_option(struct watch *watch, int option)
{
	switch (option) {
	case 'p':
		return take_pid("--pid", optarg, &watch->options.pid);
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
		return take_seconds("--duration", optarg, &watch->options.for_ns);
	case 'o':
		watch->options.output = optarg;
		return 0;
	case 'f':
		return take_format(watch, optarg);
	case OPTION_LIFECYCLE:
		return take_bytes("--lifecycle-bytes", optarg, &watch->options.lifecycle_bytes);
	case OPTION_TIMELINE:
		return take_bytes("--timeline-bytes", optarg, &watch->options.timeline_bytes);
	default:
		watch->options.sink_options.verbose++;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct watch *watch, int argc, char **argv)
{
	int option;

	while ((option = option_next(argc, argv, "+:p:c:u:tsxd:o:f:vh", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?' || take_option(watch, option))
			return EXIT_FAILED;
	}
	if (optind < argc)
		return say_unexpected(argv[0], argv[optind]);
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
				look_away(&watch.options.sink_options, watch.options.output, status == EXIT_FAILED);
		}
	}
	cgroups_free(watch.cgroups);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.about = "print what happens to the processes of this machine, live",
	.help = help,
	.run = watch_command,
};
