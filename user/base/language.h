/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Words for people, in their language: _() where they are printed, N_() where they only lie in a table. The catalogue
 * is user/language/zh_CN.po. Anyone in user/ may include it, the model apart, which has no words.
 */
#ifndef PROCLIFE_LANGUAGE_H
#define PROCLIFE_LANGUAGE_H

#include <libintl.h>

#define _(words) gettext(words)
#define N_(words) words

/* The locale of the environment; where the system has not got that one, at least its characters: UTF-8 stays UTF-8. */
void language_start(void);

/* From now on words are in that language: "en", "zh" (or zh_CN.UTF-8, as LANG has it); NULL: the environment's, by
 * LC_ALL, LC_MESSAGES, LANG. Catalogues lie in `folder`. Returns 0, -1 when there is no such language. */
int language_choose(const char *name, const char *folder);

#endif
