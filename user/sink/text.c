/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The text report: a head to read in ten seconds, the tree, where the time went, the timeline, the findings.
 */
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/sink/kinds.h"
#include "user/sink/text.h"

#define DETAIL_NS 100000 /* no column of the picture is narrower than this for long */
#define TREE_ROWS 40

static void *text_open(const struct trace *trace, const struct sink_options *options)
{
	struct text *text = calloc(1, sizeof(*text));

	if (!text)
		return NULL;
	text->trace = trace;
	text->options = options;
	text->output.file = options->out;
	text->width = options->width > 0 ? options->width : 80;
	text->lanes.origin_ns = trace->started_ns;
	return text;
}

static void text_change(void *sink, const struct change *change)
{
	struct text *text = sink;

	if (change->kind == CHANGE_STATE)
		lanes_take(&text->lanes, change);
}

static void text_fold(void *sink, const struct process *process)
{
	struct text *text = sink;

	lanes_drop(&text->lanes, process);
}

static void put_command(struct text *text)
{
	struct buffer words = {0};

	if (!text->trace->argv)
		buffer_text(&words, "the whole system");
	for (char *const *argument = text->trace->argv; argument && *argument; argument++) {
		if (words.size)
			buffer_char(&words, ' ');
		escape_terminal(&words, *argument, strlen(*argument));
	}
	put(text, STRONG, words.data ? words.data : "");
	end_line(text);
	buffer_free(&words);
}

static void put_outcome(struct text *text)
{
	int status = text->trace->exit_status;

	if (status < 0)
		put(text, LOOKS_ODD, "still running");
	else
		putf(text, status ? LOOKS_BAD : LOOKS_GOOD, "exit %d", status);
	if (status > 128 && status <= 128 + 64)
		putf(text, LOOKS_BAD, " (%s)", signal_name(status - 128));
}

static __u64 running_ns(const struct model *model)
{
	__u64 sum = model_folded(model)->sums.totals.running_ns;

	for (int i = 0; i < model_count(model); i++)
		for (const struct thread *thread = model_process(model, i)->threads; thread; thread = thread->next)
			sum += thread->totals.running_ns;
	return sum;
}

static void count_words(struct buffer *words, __u64 number, const char *one, const char *many)
{
	put_count(words, number);
	buffer_text(words, number == 1 ? one : many);
}

static void put_figures(struct text *text, const struct model *model)
{
	const struct model_stats *stats = model_stats(model);
	__u64 folded = (__u64)model_folded(model)->sums.processes;
	__u64 lasted_ns = text->trace->ended_ns - text->trace->started_ns, running = running_ns(model);
	struct buffer words = {0};

	buffer_printf(&words, " after %s · ", duration(lasted_ns).text);
	count_words(&words, (__u64)model_count(model) + folded, " process", " processes");
	if (stats->thread_births) {
		buffer_text(&words, ", ");
		count_words(&words, stats->thread_births, " more thread", " more threads");
	}
	buffer_printf(&words, " · running %s", duration(running).text);
	if (lasted_ns)
		buffer_printf(&words, ", %.2f of %d CPUs", (double)running / (double)lasted_ns, text->trace->cpus);
	put_paragraph(text, PLAIN, words.data ? words.data : "", 2);
	text->output.text.failed |= words.failed;
	buffer_free(&words);
}

static void put_losses(struct text *text, const struct model_stats *stats)
{
	if (stats->lost_lifecycle) {
		putf(text, LOOKS_BAD, "LOST %llu lifecycle events: births and ends may be missing below",
		     stats->lost_lifecycle);
		end_line(text);
	}
	if (stats->lost_timeline) {
		putf(text, LOOKS_ODD, "LOST %llu timeline events: the picture has gaps; totals are exact",
		     stats->lost_timeline);
		end_line(text);
	}
	if (text->lanes.failed) {
		put(text, LOOKS_ODD, "Memory was short: the picture has gaps; totals are exact");
		end_line(text);
	}
}

static void put_header(struct text *text, const struct model *model)
{
	put_command(text);
	put_outcome(text);
	put_figures(text, model);
	end_line(text);
	put_losses(text, model_stats(model));
	if (text->trace->note) {
		putf(text, LOOKS_ODD, "note: %s", text->trace->note);
		end_line(text);
	}
}

static int put_report(struct text *text, const struct model *model, const struct findings *findings)
{
	struct forest forest = {0};
	int failed = forest_grow(&forest, model, TREE_ROWS, text->options->verbose);
	bool picture_only = text->options->picture_only;

	if (picture_only)
		put_losses(text, model_stats(model));
	else
		put_header(text, model);
	if (!failed) {
		text_tree(text, &forest, model_folded(model));
		failed |= picture_only ? 0 : text_states(text, model);
		failed |= text_timeline(text, &forest);
	}
	forest_free(&forest);
	return failed | (picture_only ? 0 : text_findings(text, findings));
}

static int text_finish(void *sink, const struct model *model, const struct findings *findings)
{
	struct text *text = sink;

	if (put_report(text, model, findings))
		text->output.text.failed = true;
	return output_finish(&text->output);
}

static void text_free(void *sink)
{
	struct text *text = sink;

	if (!text)
		return;
	lanes_free(&text->lanes);
	buffer_free(&text->output.text);
	free(text);
}

const struct sink_kind sink_text = {
	.name = "text",
	.about = "a report for people: tree, states, timeline, findings",
	.detail_ns = DETAIL_NS,
	.open = text_open,
	.change = text_change,
	.fold = text_fold,
	.finish = text_finish,
	.free = text_free,
};
