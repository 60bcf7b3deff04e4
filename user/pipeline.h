/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The pipeline: the only place where source, model, findings and sinks meet. Commands include it.
 */
#ifndef PROCLIFE_PIPELINE_H
#define PROCLIFE_PIPELINE_H

#include <signal.h>

#include "user/sink/filter.h"
#include "user/sink/leaks.h"
#include "user/sink/sink.h"

#define WAIT_COMMAND (-2) /* the trace ends when the command ends */
#define WAIT_FOREVER (-1) /* … when its last descendant has; else that many seconds after the command */

struct identity { /* whom the command runs as */
	unsigned int uid, gid;
	unsigned int *groups;
	int group_count;
	char *const *environment; /* NULL: ours */
	const char *folder;	  /* NULL: ours */
};

struct pipeline_options {
	char *const *argv;	   /* the command, NULL-ended */
	const struct identity *as; /* NULL: us */
	const sigset_t *blocked;   /* signals that the command begins with blocked; NULL: as we have them */
	int wait_s;
	int most_kept;		      /* processes, before ordinary ones are folded: model_fold(); 0: all are kept */
	bool again;		      /* this process will trace another command: the privileges for that are kept */
	bool gives_up_standard_files; /* input and output are the command's alone, once it has them */
	size_t lifecycle_bytes, timeline_bytes; /* ring sizes; 0: the default */
	const struct sink_kind *sink;		/* NULL: none, only the model */
	struct sink_options sink_options;
	/* Hears every change beside the sink (demos); may be NULL. */
	change_fn hear;
	void *hear_ctx;
	__u64 detail_ns; /* what `hear` wants told, as in struct sink_kind */
};

struct pipeline_result {
	struct model *model;	  /* finished; pipeline_free frees it */
	struct findings findings; /* collected */
	struct trace trace;
	int exit_status;    /* what proclife should exit with: the command's, 128 + signal, 125, 126, 127 */
	bool output_failed; /* the sink could not write all: said on standard error */
};

/* Runs the command under the tracer to its end and writes the report. Errors are said on standard error; the
 * result is always valid and is to be freed. Returns exit_status. */
int pipeline_run(const struct pipeline_options *options, struct pipeline_result *result);
void pipeline_free(struct pipeline_result *result);

struct watch_options {	      /* of a trace of the live machine */
	__u32 pid;	      /* that process and its descendants; 0: all there are */
	bool states, threads; /* states are accounted for; threads are told of (goes with states) */
	bool wakers;	      /* who wakes whom is told of; takes states */
	bool deadlocks;	      /* are looked for; takes states */
	bool exact_reaps;     /* told as they happen, not as bounds; goes with states, and with pid */
	bool detailed;	      /* with states: the sink hears of single spells, if it wants to */
	bool keeps;	      /* the dead are not forgotten: for a document on all of it */
	bool reads_on;	      /* the privileges to read what /proc says of other users' processes are kept */
	__u64 for_ns;	      /* how long; 0: until a signal ends it */
	size_t lifecycle_bytes, timeline_bytes;
	const struct sink_kind *sink; /* NULL: none */
	struct sink_options sink_options;
	const struct filter *filter; /* what sink and `hear` hear of; NULL: all */
	const char *output;	     /* the file to open anew at SIGHUP; NULL: then it is the end */
	change_fn hear;		     /* beside the sink; may be NULL */
	/* Every tick_ns, after a look at all that live; and when input_fd can be read, or the terminal has
	 * got another size. Either may be NULL; not 0 ends it. */
	int (*tick)(void *ctx, struct model *model, __u64 now_ns);
	int (*input)(void *ctx, const struct model *model);
	/* Once, after the last look at all that live; there may have been no tick before. NULL: nothing is to be done then. */
	void (*end)(void *ctx, struct model *model, __u64 now_ns);
	__u64 tick_ns;
	int input_fd;
	void *ctx; /* for hear, tick, input and end */
};

/* Watches the machine until it is told to end, as pipeline_run() runs a command. Returns 0, or 125. */
int pipeline_watch(const struct watch_options *options, struct pipeline_result *result);

struct leaks_options {
	__u32 pid;    /* that process and its descendants; 0: all there are */
	__u64 for_ns; /* how long to look; 0: until it is clear who leaks, no more than some seconds */
	const struct leaks_format *format;
	struct sink_options sink_options;
};

/* Looks for what leaks, and tells it. Returns 0, or 125; *found: how many leaks there are. */
int pipeline_leaks(const struct leaks_options *options, int *found);

#endif
