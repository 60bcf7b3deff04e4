/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A sink turns changes and the finished model into one output format. A format is a row of sinks.c and a file.
 * Pipeline opens, feeds and finishes them; they see the model, findings and base, never a source.
 */
#ifndef PROCLIFE_SINK_H
#define PROCLIFE_SINK_H

#include <stdio.h>

#include "user/base/cgroups.h"
#include "user/finding/finding.h"

struct trace { /* what is known of the trace beside the model; strings belong to the caller */
	const char *kernel, *machine;
	int cpus;
	__s64 started_realtime_ns;  /* CLOCK_REALTIME at started_ns */
	__s64 clock_step_ns;	    /* how far that clock has been set since then */
	__u64 started_ns, ended_ns; /* CLOCK_BOOTTIME */
	char *const *argv;	    /* of the command, NULL-ended, or NULL */
	__u32 command_pid;
	__u64 command_start_ns;
	int exit_status;  /* as proclife will exit for it; -1: still running or none */
	int most_kept;	  /* processes, before ordinary ones are folded; 0: all are kept */
	bool no_wakers;	  /* nobody watched who wakes whom */
	const char *note; /* a line about a limit of this trace ("reaps are bounds: …"), or NULL */
};

/* What the wall clock showed at at_ns, as it is set now. */
__s64 trace_realtime_ns(const struct trace *trace, __u64 at_ns);

struct sink_options {
	FILE *out;
	bool is_own_file; /* out is a file for this output alone: see output_begin() */
	int width;	  /* columns */
	bool colour, utf8;
	int verbose;
	bool picture_only;	 /* of a text report: the tree and the timeline */
	struct cgroups *cgroups; /* names of control groups; NULL: none are told */
};

struct sink_kind {
	const char *name, *about;
	__u64 detail_ns; /* shortest off-CPU spell it wants told one by one; 0: all; UNKNOWN_NS: none */
	/* A new sink, or NULL with errno. trace and options outlive it. */
	void *(*open)(const struct trace *trace, const struct sink_options *options);
	void (*change)(void *sink, const struct change *change); /* may be NULL */
	/* That process is let go: it will not be in the model any more (model_fold()). May be NULL. */
	void (*fold)(void *sink, const struct process *process);
	/* Now and then, for those that write as things happen; may be NULL. now_ns: whom the model has as a zombie was one
	 * then. 0, or -1 with errno: it can't write any more. */
	int (*tick)(void *sink, const struct model *model, __u64 now_ns);
	/* The end: writes what is left. 0, or -1 with errno (a full disk, a closed pipe). */
	int (*finish)(void *sink, const struct model *model, const struct findings *findings);
	void (*free)(void *sink);
};

extern const struct sink_kind *const sink_kinds[]; /* NULL-ended */
const struct sink_kind *sink_kind_named(const char *name);
/* The formats of a live machine: text is a stream there. */
extern const struct sink_kind *const stream_kinds[];
const struct sink_kind *stream_kind_named(const char *name);
/* The name of the ith row of one of these lists; NULL behind the last. */
const char *sink_at(const void *kinds, int i);

#endif
