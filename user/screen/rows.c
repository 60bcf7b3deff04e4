/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Processes to rows; see rows.h.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "user/base/syscalls.h"
#include "user/screen/order.h"
#include "user/screen/rows.h"
#include "user/screen/words.h"
#include "user/words/fates.h"
#include "user/words/names.h"

#define LASTING_NS 500000000u

void rows_init(struct rows *rows, const struct rows_options *options)
{
	*rows = (struct rows){.options = *options,
			      .problems_first = true,
			      .flat_order = {.column = COLUMN_RUNNING},
			      .tree_order = {.column = COLUMN_PID}};
}

void rows_free(struct rows *rows)
{
	tallies_free(&rows->tallies);
	free(rows->list);
	free(rows->order);
	buffer_free(&rows->words);
}

int rows_count(struct rows *rows, const struct model *model)
{
	return tallies_update(&rows->tallies, model);
}

const char *rows_words(const struct rows *rows, size_t at)
{
	return at < rows->words.size ? rows->words.data + at : "";
}

struct rows_order *rows_order(struct rows *rows)
{
	return rows->tree ? &rows->tree_order : &rows->flat_order;
}

int rows_find(const struct rows *rows, struct who who)
{
	for (int i = 0; i < rows->count; i++)
		if (!who_compare(rows->order[i]->who, who))
			return i;
	return -1;
}

static bool contains(const char *text, const char *words)
{
	size_t length = strlen(words);

	for (; *text; text++)
		if (!strncasecmp(text, words, length))
			return true;
	return !length;
}

bool row_matches(const struct rows *rows, const struct row *row, const char *words)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%u", row->who.pid);
	return !strcmp(pid, words) || contains(rows_words(rows, row->command), words) ||
	       !strcasecmp(rows_words(rows, row->user), words);
}

static const char *user_name(const struct rows_options *options, __u32 uid)
{
	return options->user_name ? options->user_name(options->ctx, uid) : NULL;
}

static bool is_of_user(const struct rows_options *options, __u32 uid)
{
	const char *name = user_name(options, uid);
	char number[16];

	snprintf(number, sizeof(number), "%u", uid);
	return !strcmp(options->user, number) || (name && !strcmp(options->user, name));
}

static bool is_wanted(const struct rows_options *options, const struct process *process)
{
	if (options->user && !is_of_user(options, process->uid))
		return false;
	return !options->comm || !fnmatch(options->comm, process->comm, 0);
}

/* Ends what has been written since `from` as a string of its own. */
static size_t words_end(struct rows *rows, size_t from)
{
	if (rows->words.size == from)
		buffer_text(&rows->words, "-");
	buffer_char(&rows->words, 0);
	return from;
}

static size_t add_user(struct rows *rows, __u32 uid)
{
	const char *name = user_name(&rows->options, uid);
	size_t from = rows->words.size;

	if (name)
		buffer_text(&rows->words, name);
	else
		buffer_printf(&rows->words, "%u", uid);
	return words_end(rows, from);
}

static size_t add_why(struct rows *rows, const struct process *process, const struct row *row)
{
	const struct thread *thread = thread_in_charge(process);
	size_t from = rows->words.size;

	if (row->state == ROW_ZOMBIE)
		fate_words(&rows->words, process);
	else if (row->state == STATE_BLOCKED)
		reason_text(&rows->words, thread->reason, thread->call);
	return words_end(rows, from);
}

/* Who woke it most often. */
static size_t add_waker(struct rows *rows, const struct model *model, const struct process *process)
{
	const struct waker_total *most = NULL;
	const struct thread *thread = process->threads;
	size_t from = rows->words.size;

	for (int i = 0; i < thread->waker_count; i++)
		if (!thread->wakers[i].rest && (!most || thread->wakers[i].count > most->count))
			most = &thread->wakers[i];
	if (most)
		waker_words(&rows->words, most, model_find(model, most->pid, most->start_ns));
	return words_end(rows, from);
}

static size_t add_command(struct rows *rows, const struct process *process)
{
	struct buffer command = {0};
	size_t from = rows->words.size;

	command_words(&command, process);
	buffer_text(&rows->words, command.data ? command.data : "");
	rows->words.failed |= command.failed;
	buffer_free(&command);
	return words_end(rows, from);
}

static double per_cent(__u64 part, __u64 whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void measure(struct row *row, const struct tally *tally, __u64 period_ns)
{
	__u64 own_ns = tally ? totals_ns(&tally->period) : 0;

	if (!tally)
		return;
	row->life = tally->life;
	row->counted = totals_ns(&tally->life);
	row->running = per_cent(tally->period.running_ns, period_ns);
	row->ready = per_cent(tally->period.ready_ns, period_ns);
	row->blocked = per_cent(tally->period.blocked_ns, own_ns);
	row->stopped = per_cent(tally->period.stopped_ns, own_ns);
}

static void place_in_life(struct row *row, const struct process *process, __u64 now_ns)
{
	const struct thread *thread = thread_in_charge(process);
	bool over = process->end != ENDED_NONE;

	row->state = over ? ROW_ZOMBIE : (int)thread->state;
	row->reason = thread->reason;
	row->since_ns = over ? process->end_ns : thread->since_ns;
	row->since_bound = over && process->end_bound;
	row->lasting = over && (process->end_bound || now_ns > process->end_ns + LASTING_NS);
	row->age_ns = now_ns > process->birth_ns ? now_ns - process->birth_ns : 0;
	row->threads = process->alive_count;
	row->orphan = process->orphaned_ns;
	row->detached = process->daemon == DAEMON_DETACHED;
	row->attended = process->daemon == DAEMON_ATTENDED;
}

static struct row row_of(struct rows *rows, const struct model *model, const struct process *process, __u64 now_ns)
{
	struct row row = {.who = who_of(process), .ppid = process->real_ppid, .uid = process->uid};

	if (process->real_parent)
		row.parent = who_of(process->real_parent);
	place_in_life(&row, process, now_ns);
	measure(&row, tallies_find(&rows->tallies, row.who), now_ns - rows->refreshed_ns);
	row.user = add_user(rows, row.uid);
	row.why = add_why(rows, process, &row);
	row.waker = add_waker(rows, model, process);
	row.command = add_command(rows, process);
	return row;
}

static void figure(struct rows_figures *figures, const struct row *row)
{
	figures->processes++;
	figures->threads += row->threads;
	figures->by_state[row->state]++;
	figures->orphans += row->orphan && row->state != ROW_ZOMBIE;
	figures->running += row->running / 100;
	figures->ready += row->ready / 100;
}

static void figure_rates(struct rows *rows, const struct model *model, __u64 period_ns)
{
	const struct model_stats *stats = model_stats(model);
	double seconds = (double)period_ns / 1e9;

	rows->figures.running += per_cent(rows->tallies.gone.running_ns, period_ns) / 100;
	rows->figures.ready += per_cent(rows->tallies.gone.ready_ns, period_ns) / 100;
	rows->figures.births = seconds > 0 ? (double)(stats->births - rows->births) / seconds : 0;
	rows->figures.ends = seconds > 0 ? (double)(stats->ends - rows->ends) / seconds : 0;
	rows->figures.lost_lifecycle = stats->lost_lifecycle;
	rows->figures.lost_timeline = stats->lost_timeline;
	rows->births = stats->births;
	rows->ends = stats->ends;
}

static void fill(struct rows *rows, const struct model *model, __u64 now_ns)
{
	rows->count = 0;
	rows->greatest_pid = 0;
	rows->words.size = 0;
	rows->figures = (struct rows_figures){0};
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);
		struct row row;

		if (!is_there(process))
			continue;
		row = row_of(rows, model, process, now_ns);
		figure(&rows->figures, &row);
		if (!is_wanted(&rows->options, process))
			continue;
		if (row.who.pid > rows->greatest_pid)
			rows->greatest_pid = row.who.pid;
		rows->list[rows->count++] = row;
	}
}

int rows_refresh(struct rows *rows, const struct model *model, __u64 now_ns)
{
	size_t room = (size_t)model_count(model) + 1;
	struct row *list = malloc(room * sizeof(*list)), **order = malloc(room * sizeof(struct row *));

	if (!list || !order) {
		free(list);
		free(order);
		return -1;
	}
	free(rows->list);
	free(rows->order);
	rows->list = list;
	rows->order = order;
	if (!rows->refreshed_ns)
		rows->refreshed_ns = model_stats(model)->first_ns;
	fill(rows, model, now_ns);
	figure_rates(rows, model, now_ns - rows->refreshed_ns);
	rows->refreshed_ns = now_ns;
	tallies_begin_period(&rows->tallies);
	rows_arrange(rows);
	return 0;
}
