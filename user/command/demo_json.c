/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Demos as JSON; see demo_json.h.
 */
#include "user/command/demo_json.h"
#include "user/demo/why.h"
#include "user/sink/json_writer.h"

void demo_json_open(struct buffer *out)
{
	buffer_text(out, "{\"schema\": \"proclife.demo/1\", \"demos\": [\n");
}

void demo_json_close(struct buffer *out)
{
	buffer_text(out, "\n]}\n");
}

static void add_names(struct json *json, const struct demo *demo)
{
	json_text(json, "name", demo->name);
	json_text(json, "chapter", _(demo->chapter));
}

void demo_json_list(struct buffer *out)
{
	demo_json_open(out);
	for (int i = 0; demos[i]; i++) {
		struct json json = {.out = out};

		buffer_text(out, i ? ",\n" : "");
		json_open(&json, NULL, '{');
		add_names(&json, demos[i]);
		json_close(&json, '}');
	}
	demo_json_close(out);
}

static void add_observation(struct json *json, const struct observation *observation)
{
	json_open(json, NULL, '{');
	json_text(json, "expected", _(observation->expectation->expected));
	json_text(json, "observed", observation->words.data ? observation->words.data : "");
	if (observation->verdict == INCONCLUSIVE)
		json_null(json, "passed");
	else
		json_bool(json, "passed", observation->verdict == CONFIRMED);
	json_close(json, '}');
}

/* Folded as on the page; at_ns counts from the trace's start. */
static void add_why(struct json *json, const struct demo_run *run)
{
	struct why why = {0};

	why_tell(&why, &run->lab, true);
	json_open(json, "why", '[');
	for (int i = 0; i < why.count; i++) {
		json_open(json, NULL, '{');
		json_at(json, "at_ns", why.list[i].at_ns);
		json_text(json, "text", why.list[i].text);
		json_number(json, "alike", why.list[i].alike);
		json_close(json, '}');
	}
	json_close(json, ']');
	json->out->failed |= why.failed;
	why_free(&why);
}

void demo_json_add(struct buffer *out, const struct demo_run *run, const char *report, bool first)
{
	struct json json = {.out = out, .started_ns = run->result.trace.started_ns};

	buffer_text(out, first ? "" : ",\n");
	json_open(&json, NULL, '{');
	add_names(&json, run->lab.demo);
	json_bool(&json, "passed", run->check.passed);
	json_number(&json, "inconclusive", run->check.inconclusive);
	json_open(&json, "expectations", '[');
	for (int i = 0; i < run->check.count; i++)
		add_observation(&json, &run->check.list[i]);
	json_close(&json, ']');
	add_why(&json, run);
	buffer_text(out, ", \"report\": ");
	buffer_text(out, report);
	json_close(&json, '}');
}
