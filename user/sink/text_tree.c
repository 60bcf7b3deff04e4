/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The tree: who was born of whom, for how long each lived, how it ended, and what was special about it.
 */
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/language.h"
#include "user/base/signals.h"
#include "user/sink/text.h"
#include "user/words/fates.h"
#include "user/words/names.h"

#define ROWS_SHOWN 48
#define PID_COLUMNS 7
#define LIFE_COLUMNS 9
#define BORN_COLUMNS 9
#define KIND_COLUMNS 9
#define WIDE 100	   /* from here on there is room for when and how it was born */
#define NOTES_COLUMNS 27   /* at least, if the names leave it */
#define NOTABLE_NS 1000000 /* of being a zombie */

struct tree {
	struct text *text;
	const struct row *row;
	int name_columns, notes_column, step;
	bool wide, began; /* began: a note stands in this row already */
};

static int min(int a, int b)
{
	return a < b ? a : b;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

static __u64 longer(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/* The lines that lead to a row; `below`: those that go on beneath it. */
static void put_branches(struct tree *tree, bool below)
{
	static const char *const passing[] = {"", "│", "│", "│"}, *const forking[] = {"", "├", "├", "├─"},
				 *const closing[] = {"", "└", "└", "└─"};
	const struct row *row = tree->row;

	for (int depth = 1; depth <= row->depth; depth++) {
		int end = tree->text->wanted_column + tree->step;
		bool more = row->more >> depth & 1;

		if (depth == row->depth && !below)
			put(tree->text, FAINT, (more ? forking : closing)[tree->step]);
		else if (more)
			put(tree->text, FAINT, passing[tree->step]);
		move_to(tree->text, end);
	}
}

static void next_line(struct tree *tree)
{
	end_line(tree->text);
	put_branches(tree, true);
	if (tree->row->branch->child_count)
		put(tree->text, FAINT, "│");
	move_to(tree->text, tree->notes_column);
}

static void note_words(struct tree *tree, enum style style, const char *words)
{
	int end = tree->text->wanted_column + 3 + text_width(words, strlen(words));

	if (tree->began && end > tree->text->width)
		next_line(tree);
	else if (tree->began)
		put(tree->text, FAINT, " · ");
	put(tree->text, style, words);
	tree->began = true;
}

__attribute__((format(printf, 3, 4))) static void note(struct tree *tree, enum style style, const char *format, ...)
{
	char words[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	note_words(tree, style, words);
}

static const char *birth_words(const struct process *process)
{
	if (process->birth == BIRTH_FORK && process->exec_count)
		return "fork+exec";
	return process->existing || process->birth_seen ? birth_kind_name(process->birth) : "?";
}

static void note_birth(struct tree *tree, const struct process *process)
{
	bool usual = process->birth == BIRTH_FORK;

	if (!tree->wide && !usual)
		note(tree, FAINT, "%s", birth_words(process));
	if (process->exec_count > 1)
		note(tree, FAINT, _("%d execs"), process->exec_count);
	if (process->thread_count > 1)
		note(tree, PLAIN, _("%d threads"), process->thread_count);
	if (process->ns_level && process->ns_pid)
		note(tree, FAINT, _("pid %u in its namespace"), process->ns_pid);
}

static void note_zombie(struct tree *tree, const struct process *process)
{
	__u64 ns = zombie_for_ns(process, tree->text->trace);
	bool remains = process->reaped_ns == UNKNOWN_NS;

	if (process->end == ENDED_NONE || process->end_ns == UNKNOWN_NS)
		return;
	if (remains)
		note(tree, LOOKS_ZOMBIE, _("zombie %s, not reaped"), duration(ns).text);
	else if (ns >= NOTABLE_NS)
		note(tree, LOOKS_ZOMBIE, _("zombie %s%s"), process->reap_bound ? "≤ " : "", duration(ns).text);
	else if (process->reap_auto)
		note(tree, FAINT, _("reaped itself"));
}

static void note_parents(struct tree *tree, const struct process *process)
{
	if (process->orphaned_ns)
		note(tree, LOOKS_ODD, _("orphan → %s[%u]"), process->adopter_is_init ? "init" : "subreaper",
		     process->adopter_pid);
	if (process->daemon != DAEMON_NO)
		note(tree, LOOKS_STOPPED, _("%s daemon"), daemon_kind_name(process->daemon));
}

/* What does not fit in one line ends in the next: "SIGTERM by worker[123]", "(parent-death)". The usual occasion may go. */
static void note_broken(struct tree *tree, enum style style, char *words)
{
	char *occasion = strrchr(words, '(');

	if (occasion && occasion > words)
		occasion[-1] = 0;
	note_words(tree, style, words);
	if (!occasion || !strcmp(occasion, "(kill)"))
		return;
	next_line(tree);
	put(tree->text, style, occasion);
}

/* `several`: did it, not only its killer. */
static void note_fate(struct tree *tree, const struct process *process, const char *before, bool several)
{
	enum style style = fate_style(process);
	struct buffer words = {0};

	buffer_text(&words, before);
	if (several)
		buffer_printf(&words, _("%s by several"), signal_name(process->signal));
	else
		fate_words(&words, process);
	if (words.data && text_width(words.data, words.size) > tree->text->width - tree->notes_column)
		note_broken(tree, style, words.data);
	else
		note_words(tree, style, words.data ? words.data : "");
	buffer_free(&words);
}

/* Of many: how many met which fate, in the order of meeting them. */
static void note_fates(struct tree *tree, const struct branch *branch)
{
	for (int i = 0, kinds = 0; i < branch->count; i++) {
		const struct process *process = branch->members[i];
		bool several = false;
		char before[16];
		int first = 0, same = 0;

		while (!same_fate(branch->members[first], process))
			first++;
		if (first < i)
			continue;
		for (int other = i; other < branch->count; other++) {
			if (!same_fate(branch->members[other], process))
				continue;
			same++;
			several |= !same_killer(branch->members[other], process);
		}
		if (same == branch->count) {
			note_fate(tree, process, _("all "), several);
			return;
		}
		if (++kinds > 4) {
			note(tree, FAINT, "…");
			return;
		}
		snprintf(before, sizeof(before), "%d ", same);
		note_fate(tree, process, before, several);
	}
}

static void note_many(struct tree *tree, const struct branch *branch)
{
	int orphans = 0, unreaped = 0, daemons = 0, threads = 0;
	__u64 zombie_ns = 0;

	for (int i = 0; i < branch->count; i++) {
		const struct process *process = branch->members[i];

		orphans += process->orphaned_ns != 0;
		daemons += process->daemon != DAEMON_NO;
		threads += process->thread_count - 1;
		zombie_ns = longer(zombie_ns, zombie_for_ns(process, tree->text->trace));
		unreaped += process->end != ENDED_NONE && !process->end_lost && process->reaped_ns == UNKNOWN_NS;
	}
	if (unreaped)
		note(tree, LOOKS_ZOMBIE, unreaped == 1 ? _("%d zombie, not reaped") : _("%d zombies, not reaped"),
		     unreaped);
	else if (zombie_ns >= NOTABLE_NS)
		note(tree, LOOKS_ZOMBIE, _("zombies for up to %s"), duration(zombie_ns).text);
	if (orphans)
		note(tree, LOOKS_ODD, orphans == 1 ? _("%d orphan") : _("%d orphans"), orphans);
	if (daemons)
		note(tree, LOOKS_STOPPED, daemons == 1 ? _("%d daemon") : _("%d daemons"), daemons);
	if (threads)
		note(tree, PLAIN, threads == 1 ? _("%d more thread") : _("%d more threads"), threads);
}

static void put_name(struct tree *tree)
{
	const struct branch *branch = tree->row->branch;
	struct text *text = tree->text;
	struct buffer words = {0};
	int room;

	put_branches(tree, false);
	room = max(tree->name_columns - text->wanted_column, 0);
	if (branch->count > 1) {
		char times[24];
		int columns = snprintf(times, sizeof(times), " ×%d", branch->count) - 1;

		escape_terminal(&words, branch->members[0]->comm, strlen(branch->members[0]->comm));
		if (text_width(words.data, words.size) + columns > room)
			put_within(text, PLAIN, words.data, max(room - columns, 0));
		else
			put(text, PLAIN, words.data);
		put(text, STRONG, times);
	} else {
		command_words(&words, branch->members[0]);
		put_within(text, PLAIN, words.data ? words.data : "", room);
	}
	text->output.text.failed |= words.failed;
	buffer_free(&words);
	move_to(text, tree->name_columns);
}

static void put_born(struct tree *tree, const struct process *process)
{
	const struct trace *trace = tree->text->trace;
	struct text *text = tree->text;

	if (!tree->wide)
		return;
	if (process->birth_ns >= trace->started_ns)
		put_right(text, FAINT, duration(process->birth_ns - trace->started_ns).text, BORN_COLUMNS);
	else
		move_to(text, text->wanted_column + BORN_COLUMNS);
	move_to(text, text->wanted_column + 1);
	put_within(text, FAINT, birth_words(process), KIND_COLUMNS);
}

static void put_one(struct tree *tree, const struct process *process)
{
	struct text *text = tree->text;
	char pid[16];

	snprintf(pid, sizeof(pid), "%u", process->pid);
	put_right(text, PLAIN, pid, PID_COLUMNS);
	put_born(tree, process);
	put_right(text, PLAIN, duration(life_ns(process, text->trace)).text, LIFE_COLUMNS);
	move_to(text, tree->notes_column);
	note_fate(tree, process, "", false);
	note_zombie(tree, process);
	note_parents(tree, process);
	note_birth(tree, process);
}

/* "1.13–2.04 ms": a unit that both have in common is named once. */
static void put_range(struct tree *tree, __u64 shortest, __u64 longest)
{
	struct duration from = duration(shortest), to = duration(longest);
	char *unit = strrchr(from.text, ' '), *other = strrchr(to.text, ' ');
	char range[2 * sizeof(from.text) + 4];

	if (unit && other && !strcmp(unit, other))
		*unit = 0;
	snprintf(range, sizeof(range), "%s–%s", from.text, to.text);
	put_right(tree->text, PLAIN, range, tree->notes_column - 2 - tree->name_columns);
}

static void put_many(struct tree *tree, const struct branch *branch)
{
	struct text *text = tree->text;
	__u64 shortest = UNKNOWN_NS, longest = 0;

	for (int i = 0; i < branch->count; i++) {
		__u64 ns = life_ns(branch->members[i], text->trace);

		shortest = ns < shortest ? ns : shortest;
		longest = longer(longest, ns);
	}
	put_range(tree, shortest, longest);
	move_to(text, tree->notes_column);
	note_fates(tree, branch);
	note_many(tree, branch);
}

/* Descendants that were let go. */
static void note_folded(struct tree *tree, const struct branch *branch)
{
	__u64 folded = 0;

	for (int i = 0; i < branch->count; i++)
		folded += (__u64)branch->members[i]->folded;
	if (folded)
		note(tree, FAINT, "+%llu below, not listed", folded);
}

static void put_row(struct tree *tree, const struct row *row)
{
	tree->row = row;
	tree->began = false;
	put_name(tree);
	if (row->branch->count > 1)
		put_many(tree, row->branch);
	else
		put_one(tree, row->branch->members[0]);
	if (row->branch->cut)
		note(tree, FAINT, _("… and %d below"), row->branch->cut);
	note_folded(tree, row->branch);
	end_line(tree->text);
}

static int widest_name(const struct tree *tree, const struct forest *forest, int shown)
{
	int widest = 12;

	for (int i = 0; i < shown; i++) {
		const struct branch *branch = forest->rows[i].branch;
		struct buffer words = {0};
		int columns = forest->rows[i].depth * tree->step;

		if (branch->count > 1)
			columns += (int)strlen(branch->members[0]->comm) + 8;
		else
			command_words(&words, branch->members[0]);
		widest = max(widest, columns + (words.data ? text_width(words.data, words.size) : 0));
		buffer_free(&words);
	}
	return widest;
}

static void lay_out(struct tree *tree, const struct forest *forest, int shown)
{
	int width = tree->text->width, figures = PID_COLUMNS + LIFE_COLUMNS + 2, room;

	tree->wide = width >= WIDE;
	if (tree->wide)
		figures += BORN_COLUMNS + 1 + KIND_COLUMNS;
	room = max(width - figures - NOTES_COLUMNS, width / 4);
	tree->step = 3;
	while (tree->step > 1 && forest->depth * tree->step > room / 2)
		tree->step--;
	tree->name_columns = min(widest_name(tree, forest, shown), room);
	tree->notes_column = tree->name_columns + figures;
}

static void put_titles(struct tree *tree)
{
	struct text *text = tree->text;

	put_within(text, FAINT, _("PROCESS"), tree->name_columns);
	put_right(text, FAINT, _("PID"), PID_COLUMNS);
	if (tree->wide) {
		put_right(text, FAINT, _("BORN"), BORN_COLUMNS);
		put(text, FAINT, " ");
		put_within(text, FAINT, _("BY"), KIND_COLUMNS);
	}
	put_right(text, FAINT, _("LIVED"), LIFE_COLUMNS);
	move_to(text, tree->notes_column);
	put(text, FAINT, _("END"));
	end_line(text);
}

/* Who is in no list, and what their lives were spent on. */
static void add_folded(struct buffer *words, const struct folded *folded, int most_kept)
{
	const struct totals *totals = &folded->sums.totals;

	buffer_printf(words, "Not listed (--max-processes=%d): ", most_kept);
	put_count(words, (__u64)folded->sums.processes);
	buffer_text(words, " that ended by themselves and were reaped, ");
	put_count(words, folded->normal);
	buffer_text(words, " with exit 0, ");
	put_count(words, folded->error);
	buffer_text(words, " with an error; ");
	buffer_printf(words, "running %s, ready %s, blocked %s", duration(totals->running_ns).text,
		      duration(totals->ready_ns).text, duration(totals->blocked_ns).text);
	if (totals->stopped_ns)
		buffer_printf(words, ", stopped %s", duration(totals->stopped_ns).text);
}

static void put_folded(struct text *text, const struct folded *folded)
{
	struct buffer words = {0};

	if (!folded->sums.processes)
		return;
	add_folded(&words, folded, text->trace->most_kept);
	put_paragraph(text, PLAIN, words.data ? words.data : "", 2);
	end_line(text);
	text->output.text.failed |= words.failed;
	buffer_free(&words);
}

void text_tree(struct text *text, const struct forest *forest, const struct folded *folded)
{
	int shown = text->options->verbose ? forest->row_count : min(forest->row_count, ROWS_SHOWN), left = 0;
	struct tree tree = {.text = text};

	lay_out(&tree, forest, shown);
	put_heading(text, _("Processes"));
	put_titles(&tree);
	for (int i = 0; i < shown; i++)
		put_row(&tree, &forest->rows[i]);
	for (int i = shown; i < forest->row_count; i++)
		left += forest->rows[i].branch->count;
	if (left) {
		putf(text, FAINT, _("… and %d more processes (-v shows all)"), left);
		end_line(text);
	}
	put_folded(text, folded);
}
