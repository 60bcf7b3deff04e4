/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What each column shows of a row, and how it sorts; see cells.h.
 */
#include <stdio.h>
#include <string.h>

#include "user/screen/cells.h"
#include "user/screen/words.h"

#define STEP 2 /* columns that a level of the tree takes */

static int by_number(double one, double other)
{
	return (one > other) - (one < other);
}

void cell_put_pid(const struct cell *cell)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%u", cell->row->who.pid);
	line_put_right(cell->line, LOOK_PLAIN, pid, cell->width);
}

int cell_compare_pid(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number(one->who.pid, other->who.pid);
}

void cell_put_ppid(const struct cell *cell)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%u", cell->row->ppid);
	line_put_right(cell->line, cell->row->state == ROW_ZOMBIE ? LOOK_ZOMBIE : LOOK_PLAIN, pid, cell->width);
}

int cell_compare_ppid(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number(one->ppid, other->ppid);
}

void cell_put_user(const struct cell *cell)
{
	line_put_within(cell->line, LOOK_PLAIN, rows_words(cell->rows, cell->row->user), cell->width);
}

int cell_compare_user(const struct rows *rows, const struct row *one, const struct row *other)
{
	return strcmp(rows_words(rows, one->user), rows_words(rows, other->user));
}

/* As ps has them, but that ready and running are told apart; then what is special. */
void cell_put_state(const struct cell *cell)
{
	static const char letters[] = {[STATE_RUNNING] = 'R',
				       [STATE_READY] = 'r',
				       [STATE_BLOCKED] = 'S',
				       [STATE_STOPPED] = 'T',
				       [ROW_ZOMBIE] = 'Z'};
	const struct row *row = cell->row;
	char letter = letters[row->state];
	bool uninterrupted = row->reason == REASON_DISK || row->reason == REASON_PAGE_FAULT;

	if (row->state == STATE_BLOCKED && uninterrupted)
		letter = 'D';
	line_putf(cell->line, look_of_state(row->state), "%c", letter);
	if (row->orphan && !row->detached)
		line_put(cell->line, LOOK_ODD, "o");
	else if (row->detached || row->attended)
		line_put(cell->line, LOOK_FAINT, row->detached ? "d" : "a");
}

/* Running, ready, disk, blocked, stopped, zombie */
int cell_compare_state(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number(one->state, other->state);
}

static void put_share(const struct cell *cell, enum look look, double share)
{
	char words[16];

	snprintf(words, sizeof(words), share < 99.95 ? "%.1f" : "%.0f", share);
	if (!cell->row->counted)
		snprintf(words, sizeof(words), "-");
	line_put_right(cell->line, share < 0.05 ? LOOK_FAINT : look, words, cell->width);
}

void cell_put_running(const struct cell *cell)
{
	put_share(cell, LOOK_RUNNING, cell->row->running);
}

int cell_compare_running(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return -by_number(one->running, other->running);
}

void cell_put_ready(const struct cell *cell)
{
	put_share(cell, LOOK_READY, cell->row->ready);
}

int cell_compare_ready(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return -by_number(one->ready, other->ready);
}

void cell_put_blocked(const struct cell *cell)
{
	put_share(cell, LOOK_PLAIN, cell->row->blocked);
}

int cell_compare_blocked(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return -by_number(one->blocked, other->blocked);
}

void cell_put_time(const struct cell *cell)
{
	line_put_right(cell->line, LOOK_PLAIN, cell->row->counted ? span_words(cell->row->life.running_ns).text : "-",
		       cell->width);
}

int cell_compare_time(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return -by_number((double)one->life.running_ns, (double)other->life.running_ns);
}

void cell_put_life(const struct cell *cell)
{
	put_shares(cell->line, &cell->row->life, cell->width);
}

/* Who ran for more of its life comes first. */
int cell_compare_life(const struct rows *rows, const struct row *one, const struct row *other)
{
	__u64 life_one = totals_ns(&one->life), life_other = totals_ns(&other->life);

	(void)rows;
	return -by_number(life_one ? (double)one->life.running_ns / (double)life_one : 0,
			  life_other ? (double)other->life.running_ns / (double)life_other : 0);
}

void cell_put_age(const struct cell *cell)
{
	line_put_right(cell->line, LOOK_PLAIN, span_words(cell->row->age_ns).text, cell->width);
}

int cell_compare_age(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number((double)other->who.start_ns, (double)one->who.start_ns);
}

void cell_put_reason(const struct cell *cell)
{
	bool told = cell->row->state == STATE_BLOCKED || cell->row->state == ROW_ZOMBIE;

	line_put_within(cell->line, told ? look_of_state(cell->row->state) : LOOK_FAINT,
			rows_words(cell->rows, cell->row->why), cell->width);
}

int cell_compare_reason(const struct rows *rows, const struct row *one, const struct row *other)
{
	return strcmp(rows_words(rows, one->why), rows_words(rows, other->why));
}

static __u64 since(const struct row *row, __u64 now_ns)
{
	return row->since_ns != UNKNOWN_NS && now_ns > row->since_ns ? now_ns - row->since_ns : 0;
}

void cell_put_since(const struct cell *cell)
{
	char words[24];

	snprintf(words, sizeof(words), "%s%s", cell->row->since_bound ? ">" : "",
		 span_words(since(cell->row, cell->now_ns)).text);
	line_put_right(cell->line, cell->row->state == ROW_ZOMBIE ? LOOK_ZOMBIE : LOOK_PLAIN, words, cell->width);
}

/* The longest first. */
int cell_compare_since(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number((double)one->since_ns, (double)other->since_ns);
}

void cell_put_waker(const struct cell *cell)
{
	line_put_within(cell->line, LOOK_FAINT, rows_words(cell->rows, cell->row->waker), cell->width);
}

int cell_compare_waker(const struct rows *rows, const struct row *one, const struct row *other)
{
	return strcmp(rows_words(rows, one->waker), rows_words(rows, other->waker));
}

void cell_put_threads(const struct cell *cell)
{
	char threads[16];

	snprintf(threads, sizeof(threads), "%d", cell->row->threads);
	line_put_right(cell->line, cell->row->threads > 1 ? LOOK_PLAIN : LOOK_FAINT, threads, cell->width);
}

int cell_compare_threads(const struct rows *rows, const struct row *one, const struct row *other)
{
	(void)rows;
	return by_number(other->threads, one->threads);
}

/* The lines that lead to a row of the tree; those of its nearest ancestors only, where it is too deep down. */
static void put_branches(const struct cell *cell)
{
	const struct row *row = cell->row;
	int room = line_room(cell->line) * 2 / 3 / STEP, hidden = row->depth > room ? row->depth - room : 0;

	for (int depth = hidden + 1; depth <= row->depth; depth++) {
		int end = line_column(cell->line) + STEP;
		bool more = row->more >> depth & 1;

		if (depth == row->depth)
			line_put(cell->line, LOOK_FAINT, more ? "├─" : "└─");
		else if (depth == hidden + 1 && hidden)
			line_put(cell->line, LOOK_FAINT, "…");
		else if (more)
			line_put(cell->line, LOOK_FAINT, "│");
		line_move_to(cell->line, end);
	}
}

void cell_put_command(const struct cell *cell)
{
	const struct row *row = cell->row;
	const char *command = rows_words(cell->rows, row->command);
	enum look look = LOOK_PLAIN;

	put_branches(cell);
	if (row->state == ROW_ZOMBIE)
		look = LOOK_ZOMBIE;
	else if (row->orphan && !row->detached)
		look = LOOK_ODD;
	line_put(cell->line, look, command);
	if (row->state == ROW_ZOMBIE)
		line_put(cell->line, LOOK_ZOMBIE, " <zombie>");
	else if (row->orphan && !row->detached)
		line_put(cell->line, LOOK_ODD, " <orphan>");
}

int cell_compare_command(const struct rows *rows, const struct row *one, const struct row *other)
{
	return strcmp(rows_words(rows, one->command), rows_words(rows, other->command));
}

void put_shares(struct line *line, const struct totals *life, int width)
{
	static const char *const glyphs[STATE_COUNT] = {"█", "▒", "─", "T"};
	const __u64 parts[STATE_COUNT] = {life->running_ns, life->ready_ns, life->blocked_ns, life->stopped_ns};
	double whole = (double)totals_ns(life), sum = 0;
	int from = 0;

	if (whole <= 0)
		return;
	for (int state = 0; state < STATE_COUNT; state++) {
		int until;

		sum += (double)parts[state];
		until = (int)(sum / whole * width + 0.5);
		line_put_times(line, look_of_state(state), glyphs[state], until - from);
		from = until;
	}
}
