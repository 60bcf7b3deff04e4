/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife: finds the command, nothing else.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "user/base/language.h"
#include "user/command/command.h"

/* The build passes what the file VERSION holds: -DPROCLIFE_VERSION=0.1.0 */
#define TEXT(value) #value
#define TEXT_OF(name) TEXT(name)

static void version(void)
{
	printf("proclife " TEXT_OF(PROCLIFE_VERSION) "\n");
}

/* A file opened in the place of a closed standard error would get our messages. These take none: writing fails, as it
 * does where nothing is open. The traced program does not get them. */
static void hold_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct command *command = word ? command_named(word) : NULL;

	hold_standard_files();
	language_start();
	if (command != &command_run) /* which starts a program first: that one finds the signal as we have it */
		signal(SIGXFSZ, SIG_IGN);
	if (!word)
		return help_missing();
	if (command)
		return command->run(argc - 1, argv + 1);
	if (!strcmp(word, "-V") || !strcmp(word, "--version"))
		return help_shown(version);
	if (!strcmp(word, "-h") || !strcmp(word, "--help") || !strcmp(word, "help"))
		return help_command(argc - 1, argv + 1);
	return say_unknown_word(word);
}
