/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the time went: for each process, or each program where there are many, a bar of its states, and what it was
 * blocked on for longest. Threads count each for itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/syscalls.h"
#include "user/sink/text.h"
#include "user/words/names.h"

#define ROWS_SHOWN 16
#define TIME_COLUMNS 9
#define REASONS_COLUMNS 20
#define LEAST_BAR 8
#define NOT_LISTED "not listed"

struct entry {			       /* a row */
	const struct process *process; /* the first of them */
	struct sums sums;
};

struct states {
	struct text *text;
	const struct folded *folded;
	int name_columns, bar_columns;
};

struct words_behind {
	char text[48];
};

static const struct {
	enum style style;
	const char *glyph;
} looks[STATE_COUNT] = {
	[STATE_RUNNING] = {LOOKS_RUNNING, "█"},
	[STATE_READY] = {LOOKS_READY, "▒"},
	[STATE_BLOCKED] = {LOOKS_BLOCKED, "─"},
	[STATE_STOPPED] = {LOOKS_STOPPED, "T"},
};

/* What stands behind an entry's name: how many, or which. */
static struct words_behind behind_of(const struct entry *entry)
{
	const struct sums *sums = &entry->sums;
	struct words_behind behind;

	if (sums->processes > 1)
		snprintf(behind.text, sizeof(behind.text), " ×%d", sums->processes);
	else if (sums->threads > 1)
		snprintf(behind.text, sizeof(behind.text), "[%u] %d threads", entry->process->pid, sums->threads);
	else
		snprintf(behind.text, sizeof(behind.text), "[%u]", entry->process->pid);
	return behind;
}

static int clamp(int value, int least, int most)
{
	if (value > most)
		value = most;
	return value < least ? least : value;
}

/* Of those who were let go. */
static struct words_behind behind_folded(const struct folded *folded)
{
	struct words_behind behind;

	snprintf(behind.text, sizeof(behind.text), " ×%d", folded->sums.processes);
	return behind;
}

static int widest_least(const struct folded *folded)
{
	struct words_behind behind = behind_folded(folded);

	return folded->sums.processes ? (int)strlen(NOT_LISTED) + text_width(behind.text, strlen(behind.text)) : 12;
}

/* Names get what they need, reasons some room, the bar what is left. */
static void lay_out(struct states *states, const struct entry *entries, int count)
{
	int room = states->text->width - 3 * TIME_COLUMNS - REASONS_COLUMNS;
	int widest = widest_least(states->folded);

	for (int i = 0; i < count; i++) {
		struct words_behind behind = behind_of(&entries[i]);
		int columns = text_width(behind.text, strlen(behind.text)) + (int)strlen(entries[i].process->comm);

		widest = columns > widest ? columns : widest;
	}
	states->name_columns = clamp(widest, 10, clamp(room - LEAST_BAR - 1, 10, 32)) + 1;
	states->bar_columns = clamp(room - states->name_columns, 0, 40);
	if (states->bar_columns < LEAST_BAR / 2)
		states->bar_columns = 0;
}

static void put_bar(struct states *states, const struct sums *sums)
{
	const __u64 parts[STATE_COUNT] = {[STATE_RUNNING] = sums->totals.running_ns,
					  [STATE_READY] = sums->totals.ready_ns,
					  [STATE_BLOCKED] = sums->totals.blocked_ns,
					  [STATE_STOPPED] = sums->totals.stopped_ns};
	int start = states->text->wanted_column, done = 0;
	double life = (double)sums_life_ns(sums), sum = 0;

	for (int state = 0; state < STATE_COUNT && life > 0; state++) {
		int until;

		sum += (double)parts[state];
		until = (int)(sum / life * states->bar_columns + 0.5);
		put_times(states->text, looks[state].style, looks[state].glyph, until - done);
		done = until;
	}
	move_to(states->text, start + states->bar_columns);
}

static void put_time(struct text *text, enum style style, __u64 ns)
{
	put_right(text, ns ? style : FAINT, ns ? duration(ns).text : "-", TIME_COLUMNS);
}

static int words_width(const struct buffer *words)
{
	return words->data ? text_width(words->data, words->size) : 0;
}

/* As many of the longest as the line holds; the first in any case, without its time if there is no room. */
static void put_reasons(struct text *text, const struct sums *sums)
{
	move_to(text, text->wanted_column + 2);
	for (int i = 0; i < sums->blocked_count && sums->blocked[i].ns; i++) {
		const struct reason_total *total = &sums->blocked[i];
		struct buffer words = {0};
		size_t name;
		bool fits;

		reason_text(&words, total->reason, total->call);
		name = words.size;
		buffer_printf(&words, " %s", duration(total->ns).text);
		fits = text->wanted_column + (i ? 2 : 0) + words_width(&words) <= text->width;
		if (words.data && !i && (!fits || sums->blocked_count == 1))
			words.data[name] = 0;
		if (fits || !i) {
			put(text, FAINT, i ? ", " : "");
			put(text, PLAIN, words.data ? words.data : "");
		}
		buffer_free(&words);
		if (!fits)
			return;
	}
}

static void put_sums(struct states *states, const struct sums *sums)
{
	struct text *text = states->text;

	put_bar(states, sums);
	put_time(text, LOOKS_RUNNING, sums->totals.running_ns);
	put_time(text, LOOKS_READY, sums->totals.ready_ns);
	put_time(text, LOOKS_BLOCKED, sums->totals.blocked_ns);
	if (sums->totals.stopped_ns) {
		move_to(text, text->wanted_column + 2);
		putf(text, LOOKS_STOPPED, "stopped %s", duration(sums->totals.stopped_ns).text);
	}
	put_reasons(text, sums);
	end_line(text);
}

/* The name is what is cut short, not the figures behind it. */
static void put_name(struct states *states, const char *name, const char *behind)
{
	struct text *text = states->text;
	struct buffer words = {0};
	int room = states->name_columns - text_width(behind, strlen(behind)) - 1;

	escape_terminal(&words, name, strlen(name));
	if (words.data && text_width(words.data, words.size) > room)
		put_within(text, PLAIN, words.data, room > 0 ? room : 0);
	else
		put(text, PLAIN, words.data ? words.data : "");
	put(text, FAINT, behind);
	move_to(text, states->name_columns);
	buffer_free(&words);
}

static void put_entry(struct states *states, struct entry *entry)
{
	sums_sort(&entry->sums);
	put_name(states, entry->process->comm, behind_of(entry).text);
	put_sums(states, &entry->sums);
}

static void put_threads(struct states *states, const struct process *process)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		struct sums sums = {0};
		char behind[24];

		sums_add_thread(&sums, thread);
		sums_sort(&sums);
		snprintf(behind, sizeof(behind), "[%u]", thread->tid);
		put(states->text, FAINT, thread->next ? "├ " : "└ ");
		put_name(states, thread->comm, behind);
		put_sums(states, &sums);
	}
}

/* Of the main thread. */
static void put_wakers(struct states *states, const struct process *process, const struct model *model)
{
	const struct thread *thread = process->threads;
	struct buffer words = {0};

	if (!thread->waker_count)
		return;
	for (int i = 0; i < thread->waker_count; i++) {
		const struct waker_total *waker = &thread->wakers[i];

		buffer_text(&words, i ? ", " : "woken by ");
		waker_words(&words, waker, model_find(model, waker->pid, waker->start_ns));
		buffer_printf(&words, " ×%llu", waker->count);
	}
	move_to(states->text, 2);
	put_paragraph(states->text, FAINT, words.data ? words.data : "", 4);
	end_line(states->text);
	buffer_free(&words);
}

static int by_name(const void *one, const void *other)
{
	const struct process *a = *(const struct process *const *)one, *b = *(const struct process *const *)other;
	int order = strcmp(a->comm, b->comm);

	return order ? order : a->id - b->id;
}

static int by_running(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	__u64 x = a->sums.totals.running_ns, y = b->sums.totals.running_ns;

	if (x != y)
		return x < y ? 1 : -1;
	return a->process->id - b->process->id;
}

/* `all` in order of name: an entry for each name, or for each process. Returns how many. */
static int gather(const struct process **all, int count, struct entry *entries, bool by_program)
{
	int at = -1;

	for (int i = 0; i < count; i++) {
		if (at < 0 || !by_program || strcmp(entries[at].process->comm, all[i]->comm))
			entries[++at] = (struct entry){.process = all[i]};
		sums_add(&entries[at].sums, all[i]);
	}
	return at + 1;
}

static int count_names(const struct process **all, int count)
{
	int names = 0;

	for (int i = 0; i < count; i++)
		names += !i || strcmp(all[i - 1]->comm, all[i]->comm);
	return names;
}

static void put_titles(struct states *states, bool by_program)
{
	struct text *text = states->text;

	put_within(text, FAINT, by_program ? "PROGRAM" : "PROCESS", states->name_columns);
	put_within(text, FAINT, "", states->bar_columns);
	put_right(text, FAINT, "RUNNING", TIME_COLUMNS);
	put_right(text, FAINT, "READY", TIME_COLUMNS);
	put_right(text, FAINT, "BLOCKED", TIME_COLUMNS);
	put(text, FAINT, "  ON");
	end_line(text);
}

static void put_folded(struct states *states)
{
	struct sums sums = states->folded->sums;

	if (!sums.processes)
		return;
	sums_sort(&sums);
	put_name(states, NOT_LISTED, behind_folded(states->folded).text);
	put_sums(states, &sums);
}

static void put_all(struct states *states, const struct model *model)
{
	struct sums all = states->folded->sums;

	for (int i = 0; i < model_count(model); i++)
		sums_add(&all, model_process(model, i));
	if (all.processes < 2)
		return;
	sums_sort(&all);
	put_within(states->text, STRONG, "all together", states->name_columns);
	put_sums(states, &all);
}

static void put_shown(struct states *states, struct entry *entries, int count, const struct model *model)
{
	bool verbose = states->text->options->verbose;
	int shown = verbose || count <= ROWS_SHOWN ? count : ROWS_SHOWN - 1;

	for (int i = 0; i < shown; i++) {
		put_entry(states, &entries[i]);
		if (!verbose)
			continue;
		if (entries[i].process->thread_count > 1)
			put_threads(states, entries[i].process);
		put_wakers(states, entries[i].process, model);
	}
	if (shown < count) {
		putf(states->text, FAINT, "… and %d more programs that ran less (-v shows all)", count - shown);
		end_line(states->text);
	}
}

/* Few processes stand in the order of their births; many are told of by program, the busiest first. */
static int arrange(struct states *states, const struct process **all, int count, const struct model *model)
{
	bool by_program = count > ROWS_SHOWN && !states->text->options->verbose;
	struct entry *entries;
	int rows;

	if (by_program)
		qsort(all, (size_t)count, sizeof(*all), by_name);
	entries = malloc((size_t)(by_program ? count_names(all, count) : count) * sizeof(*entries) + 1);
	if (!entries)
		return -1;
	rows = gather(all, count, entries, by_program);
	if (by_program)
		qsort(entries, (size_t)rows, sizeof(*entries), by_running);
	lay_out(states, entries, rows);
	put_titles(states, by_program);
	put_shown(states, entries, rows, model);
	free(entries);
	return 0;
}

int text_states(struct text *text, const struct model *model)
{
	struct states states = {.text = text, .folded = model_folded(model)};
	int count = model_count(model), result;
	const struct process **all = malloc(((size_t)count + 1) * sizeof(*all));

	if (!all)
		return -1;
	for (int i = 0; i < count; i++)
		all[i] = model_process(model, i);
	put_heading(text, "Where the time went");
	result = arrange(&states, all, count, model);
	free(all);
	if (result)
		return result;
	put_folded(&states);
	put_all(&states, model);
	return 0;
}
