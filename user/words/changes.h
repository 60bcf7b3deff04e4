/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What there is to say of a change, in a line, to somebody who knows which process it is about. Sinks and the screen
 * include it.
 */
#ifndef PROCLIFE_CHANGES_H
#define PROCLIFE_CHANGES_H

#include "user/base/buffer.h"
#include "user/base/cgroups.h"
#include "user/model/change.h"

/* Names in it are escaped. cgroups: names of control groups; NULL: none are told. */
void change_words(struct buffer *out, const struct change *change, struct cgroups *cgroups);

#endif
