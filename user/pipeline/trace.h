/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What every trace has, of a command or of the live machine: a source, a model, a sink, signals that end it, a result. Only
 * pipeline.c and pipeline/ include it.
 */
#ifndef PROCLIFE_TRACE_H
#define PROCLIFE_TRACE_H

#include <signal.h>

#include "user/pipeline.h"
#include "user/source/source.h"

#define TRACE_FAILED 125 /* exit status */

struct tracing {
	struct pipeline_result *result;
	const struct sink_kind *kind; /* NULL: there is no sink */
	const struct sink_options *sink_options;
	void *sink;
	struct live *live;
	bool keeps_cpu; /* see live_ability */
	int signal_fd;
	sigset_t signals_before;
};

/* An empty result, that of a trace which failed, and what is known of the host. */
struct tracing tracing_of(struct pipeline_result *result, const struct sink_kind *kind,
			  const struct sink_options *sink_options);

/* Attaches the probes. 0, or -1: said why. */
int tracing_attach(struct tracing *tracing, const struct live_options *options, struct live_ability *ability);

/* The time begins to count, the sink is open. hear: takes the model's changes. 0, or -1: said why. */
int tracing_start(struct tracing *tracing, change_fn hear, void *ctx);

/* Notices when the wall clock was set, which sinks are to follow. To be called now and then. */
void tracing_follow_clock(struct tracing *tracing);

/* From now on these signals, the list ends with 0, are read from signal_fd, and SIGPIPE and SIGXFSZ are errors of write(2). 0, or -1: said
 * why. */
int tracing_catch_signals(struct tracing *tracing, const int *caught);

/* Draws the conclusions at trace.ended_ns, those of findings too, and has the sink write what is left. 0, or -1 with errno: it
 * could not, which output_failed says as well. */
int tracing_conclude(struct tracing *tracing);

/* The probes are gone, signals are as they were; the result stays. */
void tracing_end(struct tracing *tracing);

#endif
