/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The text of `watch`: a line for each change, as it happens, in columns; a summary at the end. Every process is a zombie
 * for a moment: unless asked for, only those are told of that stay one for a while, and then of their reap.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/sink/kinds.h"
#include "user/sink/text.h"
#include "user/words/changes.h"

#define WIDTH 16384	       /* lines are not cut: whoever reads them has the whole command */
#define LASTING_NS 1000000000u /* a zombie that stays for so long is news */
#define AT_EVENT 13
#define AT_PID 21
#define AT_PPID 29
#define AT_COMM 37
#define AT_WHAT 54

struct pending { /* a zombie too young to be news: it may be reaped any moment */
	__u64 start_ns, since_ns;
	__u32 pid;
};

struct stream {
	struct text text;
	struct buffer name, words; /* of the line that is being written */
	struct tm local;	   /* the time of day of second local_s */
	time_t local_s;
	struct pending *pending; /* in the order in which they became zombies */
	int pending_count, pending_room;
	__u64 news_ns; /* zombies since then or before have been told of */
};

static void put_time(struct stream *stream, __u64 at_ns)
{
	struct text *text = &stream->text;
	__s64 now = trace_realtime_ns(text->trace, at_ns);
	time_t seconds = now / 1000000000;

	if (seconds != stream->local_s)
		localtime_r(&seconds, &stream->local);
	stream->local_s = seconds;
	putf(text, FAINT, "%02d:%02d:%02d.%03d", stream->local.tm_hour, stream->local.tm_min, stream->local.tm_sec,
	     (int)(now % 1000000000 / 1000000));
}

static const enum style looks[CHANGE_COUNT] = {
	[CHANGE_BIRTH] = LOOKS_GOOD,	 [CHANGE_EXEC] = LOOKS_BLOCKED, [CHANGE_ZOMBIE] = LOOKS_ZOMBIE,
	[CHANGE_ORPHAN] = LOOKS_ODD,	 [CHANGE_DAEMON] = LOOKS_ODD,	[CHANGE_LOST] = LOOKS_BAD,
	[CHANGE_SIGNAL] = LOOKS_STOPPED,
};

static void put_whose(struct stream *stream, const struct change *change)
{
	const struct process *process = change->process;
	struct text *text = &stream->text;
	struct buffer *name = &stream->name;

	buffer_empty(name);
	move_to(text, AT_PID);
	putf(text, PLAIN, "%-7u", change->thread->tid);
	move_to(text, AT_PPID);
	putf(text, PLAIN, "%-7u", process->real_ppid);
	move_to(text, AT_COMM);
	escape_terminal(name, change->thread->comm, strlen(change->thread->comm));
	put(text, STRONG, name->size ? name->data : "?");
	text->output.text.failed |= name->failed;
}

static void put_change(struct stream *stream, const struct change *change)
{
	struct text *text = &stream->text;
	enum style style = change->kind == CHANGE_END ? fate_style(change->process) : looks[change->kind];
	struct buffer *words = &stream->words;

	buffer_empty(words);
	put_time(stream, change->at_ns);
	move_to(text, AT_EVENT);
	put(text, style, change_name(change->kind));
	if (change->process)
		put_whose(stream, change);
	move_to(text, text->column < AT_WHAT ? AT_WHAT : text->column + 1);
	change_words(words, change, text->options->cgroups);
	if (words->size)
		put(text, PLAIN, words->data);
	text->output.text.failed |= words->failed;
	end_line(text);
}

static void put_header(struct text *text)
{
	static const struct {
		int at;
		const char *word;
	} columns[] = {{0, "TIME"},	  {AT_EVENT, "EVENT"}, {AT_PID, "PID"},
		       {AT_PPID, "PPID"}, {AT_COMM, "COMM"},   {AT_WHAT, "WHAT"}};

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		move_to(text, columns[i].at);
		put(text, STRONG, columns[i].word);
	}
	end_line(text);
}

static void *stream_open(const struct trace *trace, const struct sink_options *options)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->text =
		(struct text){.trace = trace, .options = options, .output = {.file = options->out}, .width = WIDTH};
	put_header(&stream->text);
	return stream;
}

static void await_reap(struct stream *stream, const struct change *change)
{
	struct pending *moved;

	if (stream->pending_count == stream->pending_room) {
		int room = stream->pending_room ? 2 * stream->pending_room : 64;

		moved = realloc(stream->pending, (size_t)room * sizeof(*moved));
		if (!moved) {
			stream->text.output.text.failed = true;
			return;
		}
		stream->pending = moved;
		stream->pending_room = room;
	}
	stream->pending[stream->pending_count++] = (struct pending){
		.start_ns = change->process->birth_ns, .since_ns = change->at_ns, .pid = change->process->pid};
}

/* Is it worth a line that it is gone? Only if it was that it was there. */
static bool was_told(const struct stream *stream, const struct process *process)
{
	return process->ended_before || process->end_ns <= stream->news_ns;
}

static void stream_change(void *sink, const struct change *change)
{
	struct stream *stream = sink;

	if (change->kind == CHANGE_BIRTH && change->process->existing && !stream->text.options->verbose)
		return; /* it was there already */
	if (!stream->text.options->verbose && change->kind == CHANGE_ZOMBIE && !change->process->ended_before) {
		await_reap(stream, change);
		return;
	}
	if (!stream->text.options->verbose && change->kind == CHANGE_REAP && !was_told(stream, change->process))
		return;
	put_change(stream, change);
}

/* One that was a zombie when we came has lasted already, and was told of at once. */
static void tell_lasting(struct stream *stream, const struct model *model, __u64 now_ns)
{
	int next = 0;

	stream->news_ns = now_ns - LASTING_NS;
	for (; next < stream->pending_count && stream->pending[next].since_ns <= stream->news_ns; next++) {
		const struct pending *pending = &stream->pending[next];
		const struct process *process = model_find(model, pending->pid, pending->start_ns);
		struct change change = {.kind = CHANGE_ZOMBIE, .at_ns = now_ns, .process = process};

		if (!process || process->reaped_ns != UNKNOWN_NS)
			continue;
		change.thread = process->threads;
		put_change(stream, &change);
	}
	if (!next)
		return;
	stream->pending_count -= next;
	memmove(stream->pending, stream->pending + next, (size_t)stream->pending_count * sizeof(*stream->pending));
}

static int stream_tick(void *sink, const struct model *model, __u64 now_ns)
{
	struct stream *stream = sink;

	tell_lasting(stream, model, now_ns);
	return output_flush(&stream->text.output);
}

static void put_number_of(struct text *text, unsigned long long count, const char *noun, const char *end)
{
	putf(text, PLAIN, "%llu %s%s%s", count, noun, count == 1 ? "" : "s", end);
}

static void put_summary(struct text *text, const struct model *model)
{
	const struct model_stats *stats = model_stats(model);

	end_line(text);
	putf(text, STRONG, "%s: ", duration(text->trace->ended_ns - text->trace->started_ns).text);
	put_number_of(text, stats->births, "birth", ", ");
	put_number_of(text, stats->ends, "end", ", ");
	put_number_of(text, stats->reaps, "reap", ", ");
	put_number_of(text, stats->orphans, "orphan", "; ");
	putf(text, PLAIN, "now %d alive, ", stats->alive);
	putf(text, stats->zombies ? LOOKS_ZOMBIE : PLAIN, "%d %s", stats->zombies,
	     stats->zombies == 1 ? "zombie" : "zombies");
	end_line(text);
	if (stats->lost_lifecycle | stats->lost_timeline)
		putf(text, LOOKS_BAD, "lost: %llu lifecycle event%s, %llu of the timeline", stats->lost_lifecycle,
		     stats->lost_lifecycle == 1 ? "" : "s", stats->lost_timeline);
	else
		put(text, FAINT, "nothing was lost");
	end_line(text);
	if (text->trace->note) {
		putf(text, LOOKS_ODD, "note: %s", text->trace->note);
		end_line(text);
	}
}

static int stream_finish(void *sink, const struct model *model, const struct findings *findings)
{
	struct stream *stream = sink;

	(void)findings;
	put_summary(&stream->text, model);
	return output_finish(&stream->text.output);
}

static void stream_free(void *sink)
{
	struct stream *stream = sink;

	if (!stream)
		return;
	buffer_free(&stream->text.output.text);
	free(stream->pending);
	buffer_free(&stream->name);
	buffer_free(&stream->words);
	free(stream);
}

const struct sink_kind sink_stream = {
	.name = "text",
	.about = "a line for each change, as it happens",
	.detail_ns = UNKNOWN_NS,
	.open = stream_open,
	.change = stream_change,
	.tick = stream_tick,
	.finish = stream_finish,
	.free = stream_free,
};
