/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a sink's text goes: gathered in a buffer, written out piece by piece, the first error kept until the end.
 * Sinks include it.
 */
#ifndef PROCLIFE_OUTPUT_H
#define PROCLIFE_OUTPUT_H

#include <stdio.h>

#include "user/base/buffer.h"

#define OUTPUT_MODE 0600 /* of files that are made: arguments of commands may be secret */

struct output { /* file set, the rest zero: ready */
	FILE *file;
	struct buffer text; /* what was not written yet */
	int error;	    /* errno of the first failure, 0 for none */
};

struct sink_options;

/* Before anything is written: empties the file. An earlier report is kept until it is certain that there will be another. */
void output_begin(const struct sink_options *options);

/* Writes what was gathered and empties the buffer. After an error it only empties it. */
void output_write(struct output *output);

/* Writes what was gathered through to the file. 0, or -1 with errno if anything was lost so far. */
int output_flush(struct output *output);

/* Writes the rest through to the file. 0, or -1 with errno if anything was lost on the way. Frees the buffer. */
int output_finish(struct output *output);

#endif
