/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What there is to say of a change, in a line. stream.c includes it.
 */
#ifndef PROCLIFE_STREAM_WORDS_H
#define PROCLIFE_STREAM_WORDS_H

#include "user/base/buffer.h"
#include "user/sink/sink.h"

/* Adds it; names in it are escaped. */
void change_words(struct buffer *out, const struct change *change, const struct trace *trace,
		  const struct sink_options *options);

#endif
