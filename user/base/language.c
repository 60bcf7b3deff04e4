/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words in people's language; see language.h.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "user/base/language.h"

#define DOMAIN "proclife"

/* What the environment says of that category, in the order in which setlocale() reads it. */
static const char *environment_locale(const char *category)
{
	const char *const names[] = {"LC_ALL", category, "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

static int speaks_utf8(const char *locale)
{
	const char *codeset = strchr(locale, '.');

	return codeset && (!strcasecmp(codeset, ".UTF-8") || !strcasecmp(codeset, ".utf8"));
}

void language_start(void)
{
	if (!setlocale(LC_CTYPE, "") && speaks_utf8(environment_locale("LC_CTYPE")))
		setlocale(LC_CTYPE, "C.UTF-8");
}

static int is_language(const char *name, const char *language)
{
	size_t length = strlen(language);

	return !strncasecmp(name, language, length) && (!name[length] || strchr("_.@-", name[length]));
}

/* gettext looks for words only outside of the C locale; from glibc 2.39 on C.UTF-8 counts as that. Where zh_CN is not installed, the
 * catalogue's folder has what C.UTF-8 has under that name. */
static void leave_c_locale(const char *folder)
{
	const char *before = getenv("LOCPATH");
	char *kept = before ? strdup(before) : NULL;

	if (setlocale(LC_MESSAGES, "zh_CN.UTF-8"))
		return;
	setenv("LOCPATH", folder, 1);
	if (!setlocale(LC_MESSAGES, "zh_CN"))
		setlocale(LC_MESSAGES, "C.UTF-8");
	if (kept)
		setenv("LOCPATH", kept, 1);
	else
		unsetenv("LOCPATH");
	free(kept);
}

/* LANGUAGE says which words. */
int language_choose(const char *name, const char *folder)
{
	const char *asked = name ? name : environment_locale("LC_MESSAGES");

	if (!is_language(asked, "zh"))
		return !name || is_language(name, "en") || is_language(name, "C") ? 0 : -1;
	if (!name && strcmp(asked, "zh") && !speaks_utf8(asked))
		return 0;
	setlocale(LC_CTYPE, "C.UTF-8");
	leave_c_locale(folder);
	setenv("LANGUAGE", "zh_CN", 1);
	bindtextdomain(DOMAIN, folder);
	bind_textdomain_codeset(DOMAIN, "UTF-8");
	textdomain(DOMAIN);
	return 0;
}
