/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs in the folders of $PATH; see path.h.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/path.h"

bool path_has(const char *name)
{
	const char *folders = getenv("PATH");
	char path[PATH_MAX];

	for (size_t length; folders && *folders; folders += length + (folders[length] == ':')) {
		length = strcspn(folders, ":");
		snprintf(path, sizeof(path), "%.*s/%s", (int)length, folders, name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}
