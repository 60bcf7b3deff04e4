/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs in the folders of $PATH.
 */
#ifndef PROCLIFE_PATH_H
#define PROCLIFE_PATH_H

#include <stdbool.h>

/* Is there a program of that name which this process may run? */
bool path_has(const char *name);

#endif
