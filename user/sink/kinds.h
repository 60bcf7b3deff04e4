/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The sinks there are: each defined in the file of its name, listed in sinks.c, which alone includes all of this
 * beside the definers.
 */
#ifndef PROCLIFE_KINDS_H
#define PROCLIFE_KINDS_H

#include "user/sink/sink.h"

extern const struct sink_kind sink_text, sink_json, sink_jsonl, sink_stream;

#endif
