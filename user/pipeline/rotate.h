/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Opening an output file anew, after another program has moved it away, by a process that has dropped its privileges.
 */
#ifndef PROCLIFE_ROTATE_H
#define PROCLIFE_ROTATE_H

/* The folder of the file, from which it can still be opened when the way to the folder is closed to us. -1 with errno. */
int rotate_folder(const char *path);

/* Opens the file for appending, and creates it if it is not there. -1 with errno. */
int rotate_open(int folder, const char *path);

#endif
