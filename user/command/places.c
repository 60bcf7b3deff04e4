/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where proclife's own files lie; see places.h.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "user/base/escape.h"
#include "user/base/language.h"
#include "user/base/message.h"
#include "user/command/places.h"

int place_of(const char *built, const char *installed, char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0) /* without /proc: as it was executed */
		snprintf(self, sizeof(self), "%s", (const char *)getauxval(AT_EXECFN));
	else
		self[length] = 0;
	if (strrchr(self, '/'))
		*strrchr(self, '/') = 0;
	if (snprintf(path, size, "%s/%s", self, built) < (int)size && !access(path, R_OK))
		return 0;
	return snprintf(path, size, "%s/%s", self, installed) < (int)size && !access(path, R_OK) ? 0 : -1;
}

int speak(const char *language)
{
	struct buffer shown = {0};
	char folder[PATH_MAX];

	place_of("locale", "../share/locale", folder, sizeof(folder));
	if (!language_choose(language, folder))
		return 0;
	escape_terminal(&shown, language, strlen(language));
	message("--lang takes en or zh, not '%s'", shown.data ? shown.data : "");
	buffer_free(&shown);
	return -1;
}
