/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What rows.c and order.c share.
 */
#ifndef PROCLIFE_ORDER_H
#define PROCLIFE_ORDER_H

#include "user/screen/rows.h"

/* 0: a zombie that nobody reaps; 1: an orphan that is no daemon; 2: nobody to worry about. */
int row_rank(const struct row *row);

#endif
