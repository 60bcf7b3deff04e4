/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Opening an output file anew; see rotate.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "user/pipeline/rotate.h"
#include "user/sink/output.h"

#define APPENDING (O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC)

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int rotate_folder(const char *path)
{
	char folder[PATH_MAX];
	int length = (int)(name_of(path) - path);

	snprintf(folder, sizeof(folder), "%.*s", length ? length : 1, length ? path : ".");
	return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int rotate_open(int folder, const char *path)
{
	int fd = open(path, APPENDING, OUTPUT_MODE);

	return fd < 0 && errno == EACCES ? openat(folder, name_of(path), APPENDING, OUTPUT_MODE) : fd;
}
