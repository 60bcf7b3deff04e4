/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The report document, proclife.report/1: one JSON object about the whole trace, written when the trace has ended.
 */
#include <stdlib.h>

#include "user/base/clock.h"
#include "user/sink/json_parts.h"
#include "user/sink/kinds.h"
#include "user/sink/output.h"

struct document {
	const struct trace *trace;
	struct cgroups *cgroups;
	struct output output;
};

static void *document_open(const struct trace *trace, const struct sink_options *options)
{
	struct document *document = calloc(1, sizeof(*document));

	if (!document)
		return NULL;
	document->trace = trace;
	document->cgroups = options->cgroups;
	document->output.file = options->out;
	return document;
}

static void host(struct json *json, const struct trace *trace)
{
	json_line(json, 1);
	json_open(json, "host", '{');
	json_text(json, "kernel", trace->kernel);
	json_text(json, "machine", trace->machine);
	json_number(json, "cpus", trace->cpus);
	json_close(json, '}');
}

static void about_trace(struct json *json, const struct trace *trace, const struct model *model)
{
	const struct model_stats *stats = model_stats(model);
	struct buffer started = {0};

	clock_text(&started, trace->started_realtime_ns);
	json_line(json, 1);
	json_open(json, "trace", '{');
	json_text(json, "started", started.data);
	json_count(json, "started_boottime_ns", trace->started_ns); /* at_ns + this is CLOCK_BOOTTIME */
	json_ns(json, "duration_ns", trace->ended_ns - trace->started_ns);
	json_count(json, "events", stats->events);
	json_lost(json, stats->lost_lifecycle, stats->lost_timeline);
	json_text(json, "note", trace->note);
	json_folded(json, model);
	json_close(json, '}');
	json->out->failed |= started.failed;
	buffer_free(&started);
}

static void command(struct json *json, const struct trace *trace, const struct model *model)
{
	size_t count = 0;

	json_line(json, 1);
	if (!trace->argv) {
		json_null(json, "command");
		return;
	}
	json_open(json, "command", '{');
	while (trace->argv[count])
		count++;
	json_names(json, "argv", "argv_bytes", trace->argv, count);
	json_process_id(json, "process", model_find(model, trace->command_pid, trace->command_start_ns));
	if (trace->exit_status < 0)
		json_null(json, "exit_status");
	else
		json_number(json, "exit_status", trace->exit_status);
	json_close(json, '}');
}

/* Written out after each process: a report on 20,000 of them takes no more memory than one on two. */
static void processes(struct json *json, struct document *document, const struct model *model)
{
	json_line(json, 1);
	json_open(json, "processes", '[');
	for (int i = 0; i < model_count(model); i++) {
		json_process(json, model_process(model, i), model, document->trace);
		output_write(&document->output);
	}
	json_line(json, 1);
	json_close(json, ']');
}

static void list_findings(struct json *json, struct document *document, const struct findings *findings)
{
	json_line(json, 1);
	json_open(json, "findings", '[');
	for (int i = 0; i < findings->count; i++) {
		json_line(json, 2);
		json_open(json, NULL, '{');
		json_finding_members(json, &findings->list[i]);
		json_close(json, '}');
		output_write(&document->output);
	}
	json_line(json, 1);
	json_close(json, ']');
}

static int document_finish(void *sink, const struct model *model, const struct findings *findings)
{
	struct document *document = sink;
	struct json json = {
		.out = &document->output.text, .started_ns = document->trace->started_ns, .cgroups = document->cgroups};

	json_open(&json, NULL, '{');
	json_line(&json, 1);
	json_text(&json, "schema", "proclife.report/1");
	host(&json, document->trace);
	about_trace(&json, document->trace, model);
	command(&json, document->trace, model);
	processes(&json, document, model);
	list_findings(&json, document, findings);
	json_line(&json, 0);
	json_close(&json, '}');
	buffer_char(json.out, '\n');
	return output_finish(&document->output);
}

static void document_free(void *sink)
{
	struct document *document = sink;

	if (document)
		buffer_free(&document->output.text);
	free(document);
}

const struct sink_kind sink_json = {
	.name = "json",
	.about = "one document on the whole trace, for programs",
	.detail_ns = UNKNOWN_NS,
	.open = document_open,
	.finish = document_finish,
	.free = document_free,
};
