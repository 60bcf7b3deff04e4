/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a report may look where it goes; see look.h.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/command/look.h"
#include "user/sink/output.h"

#define USUAL 80

static int width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int width = 0;

	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	else if (columns)
		width = atoi(columns);
	if (width <= 0)
		return USUAL;
	return width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
}

static bool wants_colour(int fd)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(fd) && !(no && *no) && terminal && strcmp(terminal, "dumb");
}

void look_at(struct sink_options *options)
{
	int fd = fileno(options->out);

	options->width = width_of(fd);
	options->colour = wants_colour(fd);
	options->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

int look_away(const struct sink_options *options, const char *path, bool failed)
{
	struct stat file;

	if (failed && !fstat(fileno(options->out), &file) && S_ISREG(file.st_mode) && !file.st_size)
		unlink(path);
	return fclose(options->out);
}

int look_into(struct sink_options *options, const char *path)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, OUTPUT_MODE) : -1;

	options->out = !path ? stdout : fd < 0 ? NULL : fdopen(fd, "w");
	if (options->out) {
		options->is_own_file = path;
		look_at(options);
		return 0;
	}
	say_unwritten(path);
	return -1;
}
