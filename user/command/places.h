/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where proclife's own files lie: beside it as built, or as installed. Commands include it.
 */
#ifndef PROCLIFE_PLACES_H
#define PROCLIFE_PLACES_H

#include <stddef.h>

/* The path of a file of ours: `built` relative to the folder of the running program, or else `installed`. 0, or -1
 * when neither is there (path is then the second). */
int place_of(const char *built, const char *installed, char *path, size_t size);

/* Words in that language from now on; NULL: as the environment says. 0, or -1: said why not. */
int speak(const char *language);

#endif
