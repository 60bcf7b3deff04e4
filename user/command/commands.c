/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of commands, and what is said of all of them.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/command.h"

const struct command *const commands[] = {&command_run,	 &command_watch,  &command_top, &command_leaks,
					  &command_demo, &command_doctor, NULL};

static const char *command_at(const void *table, int i)
{
	const struct command *command = ((const struct command *const *)table)[i];

	return command ? command->name : NULL;
}

const struct command *command_named(const char *name)
{
	for (int i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static void list(FILE *out)
{
	fprintf(out, "usage: proclife COMMAND [OPTION…] [-- PROGRAM [ARGUMENT…]]\n\n"
		     "Shows what became of every process, as the kernel observed it: births, execs,\n"
		     "states, ends, zombies, orphans and daemons.\n\n");
	for (int i = 0; commands[i]; i++)
		fprintf(out, "  proclife %-8s %s\n", commands[i]->name, commands[i]->about);
	fprintf(out, "\n  proclife help COMMAND      describe a command and its options\n"
		     "  proclife --version         print the version\n\n"
		     "Tracing needs root: sudo proclife run -- make\n");
}

static void list_commands(void)
{
	list(stdout);
}

int help_missing(void)
{
	list(stderr);
	return EXIT_FAILED;
}

static int say_unknown_command(const char *word)
{
	return say_unknown("command", word, similar_name(word, command_at, commands), "proclife help");
}

int help_command(int argc, char **argv)
{
	const struct command *command = argc > 1 ? command_named(argv[1]) : NULL;

	if (argc > 2) {
		message("help describes one command at a time (see 'proclife help')");
		return EXIT_FAILED;
	}
	if (argc > 1 && !command)
		return say_unknown_command(argv[1]);
	return help_shown(command ? command->help : list_commands);
}

int help_shown(void (*help)(void))
{
	help();
	return output_done(0);
}

/* Which error an earlier write had is not known any more; a pipe without a reader still is one. */
static bool has_no_reader(int fd)
{
	struct pollfd polled = {.fd = fd};

	return poll(&polled, 1, 0) == 1 && polled.revents & POLLERR;
}

/* The next byte fails as the earlier ones did: on a full disk, at a limit, at a file that is not open for writing. */
static void find_write_error(void)
{
	errno = EIO;
	if (has_no_reader(STDOUT_FILENO))
		errno = EPIPE;
	else if (write(STDOUT_FILENO, "\n", 1) == 1)
		errno = EIO;
}

int output_done(int status)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (!errno)
		find_write_error();
	return say_unwritten("standard output");
}

int say_unknown(const char *thing, const char *word, const char *similar, const char *where)
{
	struct buffer text = {0};

	escape_word(&text, word);
	if (similar)
		buffer_printf(&text, "; did you mean '%s'?", similar);
	message("no such %s: %s (see '%s')", thing, text.data ? text.data : "", where);
	buffer_free(&text);
	return EXIT_FAILED;
}

int say_unexpected(const char *command, const char *word)
{
	struct buffer shown = {0};

	escape_word(&shown, word);
	message("%s takes no argument: %s (see 'proclife %s --help')", command, shown.data ? shown.data : "", command);
	buffer_free(&shown);
	return EXIT_FAILED;
}

int take_plain_format(const char *command, const char *name, bool *as_json)
{
	static const char *const formats[] = {"text", "json", NULL};
	char where[40];

	*as_json = !strcmp(name, "json");
	if (*as_json || !strcmp(name, "text"))
		return 0;
	snprintf(where, sizeof(where), "proclife %s --help", command);
	return say_unknown("format", name, similar_name(name, name_in_list, formats), where);
}

/* Options that stand in the place of a command. */
static int say_unknown_option(const char *word)
{
	static const char *const options[] = {"--help", "--version", NULL};

	return say_unknown("option", word, similar_name(word, name_in_list, options), "proclife help");
}

int say_unknown_word(const char *word)
{
	return *word == '-' ? say_unknown_option(word) : say_unknown_command(word);
}
