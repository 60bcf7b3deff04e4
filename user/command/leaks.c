/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife leaks: what leaks on this machine now, and how fast.
 */
#include <stdio.h>
#include <string.h>

#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/command.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/command/options.h"
#include "user/pipeline.h"

struct leaks_command {
	struct leaks_options options;
	const char *output;
};

static void help(void)
{
	printf("usage: proclife leaks [OPTION…]\n\n"
	       "Lists what leaks on this machine: parents that leave their children zombies, how\n"
	       "many, how fast, and what they do instead of waiting; orphans, and what they hold\n"
	       "that another process needs. Each entry says what can be done.\n\n"
	       "  -p, --pid=PID           only process PID and its descendants\n"
	       "  -d, --duration=SEC      observe for SEC seconds, and measure growth over them;\n"
	       "                          by default one second, or up to 4.5 to tell a slow\n"
	       "                          parent from one that does not wait\n"
	       "  -o, --output=FILE       write to FILE instead of standard output\n"
	       "  -f, --format=FORMAT     one of those below\n"
	       "  -v, --verbose           list what is no problem, too\n"
	       "  -h, --help              print this help\n\n"
	       "Formats:\n");
	for (int i = 0; leaks_formats[i]; i++)
		printf("  %-20s %s\n", leaks_formats[i]->name, leaks_formats[i]->about);
	printf("\nExit status: 0 when nothing leaks, 3 when something does, 125 when proclife\n"
	       "itself failed.\n");
}

static const struct option long_options[] = {
	{"pid", required_argument, NULL, 'p'},
	{"duration", required_argument, NULL, 'd'},
	{"output", required_argument, NULL, 'o'},
	{"format", required_argument, NULL, 'f'},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static const char *format_at(const void *table, int i)
{
	const struct leaks_format *format = ((const struct leaks_format *const *)table)[i];

	return format ? format->name : NULL;
}

static int say_unknown_format(const char *name)
{
	return say_unknown("format", name, similar_name(name, format_at, leaks_formats), "proclife leaks --help");
}

static int take_option(struct leaks_command *command, int option)
{
	switch (option) {
	case 'p':
		return take_pid("--pid", optarg, &command->options.pid);
	case 'd':
		return take_seconds("--duration", optarg, &command->options.for_ns);
	case 'o':
		command->output = optarg;
		return 0;
	case 'f':
		command->options.format = leaks_format_named(optarg);
		return command->options.format ? 0 : say_unknown_format(optarg);
	default:
		command->options.sink_options.verbose++;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct leaks_command *command, int argc, char **argv)
{
	int option;

	while ((option = option_next(argc, argv, "+:p:d:o:f:vh", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?' || take_option(command, option))
			return EXIT_FAILED;
	}
	if (optind < argc)
		return say_unexpected(argv[0], argv[optind]);
	return -1;
}

static int leaks_command(int argc, char **argv)
{
	struct leaks_command command = {.options.format = &leaks_text};
	int status = take_options(&command, argc, argv), found;

	if (status >= 0)
		return status;
	if (look_into(&command.options.sink_options, command.output))
		return EXIT_FAILED;
	status = pipeline_leaks(&command.options, &found);
	if (command.output && look_away(&command.options.sink_options, command.output, status == EXIT_FAILED) &&
	    !status)
		status = say_unwritten(command.output);
	return status ? status : found ? EXIT_FINDING : 0;
}

const struct command command_leaks = {
	.name = "leaks",
	.about = "list zombies, orphans and what they hold: what leaks now",
	.help = help,
	.run = leaks_command,
};
