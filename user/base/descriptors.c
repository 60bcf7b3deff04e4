/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Inherited descriptors; see descriptors.h.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "user/base/descriptors.h"

void descriptors_close_inherited(void)
{
	DIR *open_files = opendir("/proc/self/fd");
	struct dirent *entry;

	while (open_files && (entry = readdir(open_files))) {
		int fd = atoi(entry->d_name), flags = fd > 2 ? fcntl(fd, F_GETFD) : -1;

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			close(fd);
	}
	if (open_files)
		closedir(open_files);
}

void descriptors_give_up(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	dup3(null, fd, O_CLOEXEC);
	close(null);
}
