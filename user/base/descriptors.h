/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Descriptors that were open when proclife was started. Whoever waits for the end of a pipe, a lock or a port that they hold
 * must wait for the traced program only.
 */
#ifndef PROCLIFE_DESCRIPTORS_H
#define PROCLIFE_DESCRIPTORS_H

/* Closes all descriptors above 2 that were inherited. Those are without FD_CLOEXEC, which everything has that proclife opens. */
void descriptors_close_inherited(void);

/* Standard input or output (0 or 1) from now on is /dev/null. */
void descriptors_give_up(int fd);

#endif
