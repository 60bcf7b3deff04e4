/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Demos as JSON, proclife.demo/1. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_JSON_H
#define PROCLIFE_DEMO_JSON_H

#include "user/command/demo_run.h"

void demo_json_open(struct buffer *out);
/* A member of the list; report: a JSON document; first: no comma before it. */
void demo_json_add(struct buffer *out, const struct demo_run *run, const char *report, bool first);
void demo_json_close(struct buffer *out);
/* All there are, names and chapters only. */
void demo_json_list(struct buffer *out);

#endif
