/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife leaks: what leaks on this machine now, and how fast.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/pipeline.h"

struct leaks_command {
	struct leaks_options options;
	const char *output;
};

static void help(void)
{
	printf("usage: proclife leaks [OPTION…]\n\n"
	       "What leaks on this machine: parents that leave their children zombies, how many,\n"
	       "how fast and what they do instead of waiting; orphans, and what they hold that\n"
	       "somebody else misses. Each with what can be done.\n\n"
	       "  -p, --pid=PID           only process PID and its descendants\n"
	       "  -d, --duration=SEC      look for SEC seconds, over which growth is measured;\n"
	       "                          without, for one second, or as long as it takes to\n"
	       "                          tell a slow parent from one that does not wait (4.5)\n"
	       "  -o, --output=FILE       write to FILE instead of standard output\n"
	       "  -f, --format=FORMAT     one of those below\n"
	       "  -v, --verbose           all of what is no problem, too\n"
	       "  -h, --help              this help\n\n"
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

static int take_option(struct leaks_command *command, int option)
{
	switch (option) {
	case 'p':
		return take_pid(optarg, &command->options.pid);
	case 'd':
		return take_seconds(optarg, &command->options.for_ns);
	case 'o':
		command->output = optarg;
		return 0;
	case 'f':
		command->options.format = leaks_format_named(optarg);
		return command->options.format ? 0 : say_unknown("format", optarg, "proclife leaks --help");
	default:
		command->options.sink_options.verbose++;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct leaks_command *command, int argc, char **argv)
{
	int option;

	argv[0] = "proclife leaks"; /* as getopt shall call us */
	while ((option = getopt_long(argc, argv, "+p:d:o:f:vh", long_options, NULL)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?') {
			message("see 'proclife leaks --help'");
			return EXIT_FAILED;
		}
		if (take_option(command, option))
			return EXIT_FAILED;
	}
	if (optind < argc)
		return say_unknown("argument", argv[optind], "proclife leaks --help");
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
	if (command.output && fclose(command.options.sink_options.out) && !status) {
		message("can't write: %s", strerror(errno));
		status = EXIT_FAILED;
	}
	return status ? status : found ? EXIT_FINDING : 0;
}

const struct command command_leaks = {
	.name = "leaks",
	.about = "zombies, orphans and what they hold: what leaks now",
	.help = help,
	.run = leaks_command,
};
