/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Commands: `proclife NAME …`. Each is a row of commands.c and a file. proclife.c finds them; they find the pipeline.
 */
#ifndef PROCLIFE_COMMAND_H
#define PROCLIFE_COMMAND_H

#include <stdbool.h>

#include "user/base/status.h"

struct command {
	const char *name, *about; /* about: one line for the list */
	void (*help)(void);	  /* prints the whole help on standard output */
	/* argv[0] is the command's name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command *const commands[]; /* NULL-ended */
const struct command *command_named(const char *name);

/* `proclife help [COMMAND]`: prints the help of that command, or the list of commands. Returns the exit status. */
int help_command(int argc, char **argv);

/* Prints the list of commands on standard error, for a command line without one. Returns EXIT_FAILED. */
int help_missing(void);

/* Prints a command's help. Returns the exit status. */
int help_shown(void (*help)(void));

/* Writes standard output through. Returns `status`, or the exit status if not all of it could be written: then the message
 * was printed. */
int output_done(int status);

/* Says that `word` is no such thing ("command", "format" …), which name it resembles (NULL: none), and which command
 * lists the names. Returns EXIT_FAILED. */
int say_unknown(const char *thing, const char *word, const char *similar, const char *where);

/* Says that `word`, the first of the command line, is no command or option. Returns EXIT_FAILED. */
int say_unknown_word(const char *word);

/* Says that the command takes no argument, and `word` is one. Returns EXIT_FAILED. */
int say_unexpected(const char *command, const char *word);

/* Of commands whose formats are text and json. 0, or the exit status: the message was printed. */
int take_plain_format(const char *command, const char *name, bool *as_json);

extern const struct command command_run, command_watch, command_top, command_leaks, command_demo, command_doctor;

#endif
