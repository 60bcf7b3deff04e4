/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Whom the command runs as: a user by name, or the one who started us by --elevate. `run` includes it.
 */
#ifndef PROCLIFE_IDENTITY_H
#define PROCLIFE_IDENTITY_H

#include "user/pipeline.h"

/* The user of that name or number, with groups, HOME, USER, LOGNAME and SHELL; the rest of the environment is ours.
 * 0, or -1: said why. Freed by identity_free. */
int identity_of_user(struct identity *identity, const char *name);

/* The user, groups, environment and folder of process `pid`: an ancestor of ours that belongs to who called sudo.
 * 0, or -1: said why. Freed by identity_free. */
int identity_of_caller(struct identity *identity, unsigned int pid);

void identity_free(struct identity *identity);

#endif
