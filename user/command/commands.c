/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of commands, and what is said of all of them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/command.h"

const struct command *const commands[] = {&command_run,	 &command_watch,  &command_top, &command_leaks,
					  &command_demo, &command_doctor, NULL};

const struct command *command_named(const char *name)
{
	for (int i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

void help_all(void)
{
	printf("usage: proclife COMMAND [OPTION…] [-- PROGRAM [ARGUMENT…]]\n\n"
	       "What became of every process: births, execs, states, ends, zombies, orphans and\n"
	       "daemons, as the kernel saw them.\n\n");
	for (int i = 0; commands[i]; i++)
		printf("  proclife %-8s %s\n", commands[i]->name, commands[i]->about);
	printf("\n  proclife COMMAND --help    all about one of them\n"
	       "  proclife --version         which proclife this is\n\n"
	       "Tracing needs root: sudo proclife run -- make\n");
}

int help_shown(void (*help)(void))
{
	help();
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	message("can't write: %s", strerror(errno));
	return EXIT_FAILED;
}

int say_unknown(const char *thing, const char *word, const char *where)
{
	struct buffer shown = {0};

	escape_terminal(&shown, word, strlen(word));
	message("no such %s: %s (see '%s')", thing, shown.data ? shown.data : "", where);
	buffer_free(&shown);
	return EXIT_FAILED;
}
