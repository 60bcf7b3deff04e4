/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Findings, the gravest first. What is found of one process is one story; the same story of many brothers is told once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/sink/text.h"
#include "user/words/fates.h"

#define STORIES_SHOWN 12
#define PIDS_SHOWN 6
#define INDENT 4

struct story { /* all findings of one process; the headline is the gravest */
	const struct finding *headline;
	const struct finding **facts; /* into one array for all stories */
	int fact_count, order;
	const struct story *same; /* the story that stands for this one; itself where it is told */
	int times;
};

static const struct {
	enum style style;
	const char *mark;
} marks[] = {[SEVERITY_INFO] = {LOOKS_BLOCKED, "note"},
	     [SEVERITY_WARNING] = {LOOKS_ODD, "warning"},
	     [SEVERITY_ERROR] = {LOOKS_BAD, "error"}};

static int by_process(const void *one, const void *other)
{
	const struct finding *a = *(const struct finding *const *)one, *b = *(const struct finding *const *)other;
	int id_a = a->process ? a->process->id : 0, id_b = b->process ? b->process->id : 0;

	if (id_a != id_b)
		return id_a > id_b ? 1 : -1;
	if (a->severity != b->severity)
		return a->severity < b->severity ? 1 : -1;
	return (a > b) - (a < b); /* in the order of the table of findings */
}

static int compare_text(const char *one, const char *other)
{
	return strcmp(one, other);
}

static int parent_id(const struct process *process)
{
	return process && process->parent ? process->parent->id : 0;
}

/* By what program is part of the story. */
static int compare_killers(const struct process *p, const struct process *q)
{
	const struct sender *a = killer_named(p), *b = killer_named(q);

	if (!a || !b)
		return !!a - !!b;
	return compare_text(a->comm, b->comm);
}

/* Stories that differ in nothing but pids and times compare equal. */
static int compare_stories(const struct story *a, const struct story *b)
{
	const struct process *p = a->headline->process, *q = b->headline->process;
	int order;

	if (a->headline->severity != b->headline->severity)
		return a->headline->severity < b->headline->severity ? 1 : -1;
	if (a->fact_count != b->fact_count)
		return a->fact_count - b->fact_count;
	for (int i = 0; i < a->fact_count; i++) {
		order = compare_text(a->facts[i]->kind, b->facts[i]->kind);
		if (order)
			return order;
	}
	if (!p || !q)
		return !!p - !!q;
	order = parent_id(p) - parent_id(q);
	if (!order)
		order = compare_text(p->comm, q->comm);
	if (!order)
		order = p->signal - q->signal;
	return order ? order : compare_killers(p, q);
}

static int by_story(const void *one, const void *other)
{
	const struct story *a = one, *b = other;
	int order = compare_stories(a, b);

	return order ? order : a->order - b->order;
}

static int by_gravity(const void *one, const void *other)
{
	const struct story *a = one, *b = other;

	if (a->headline->severity != b->headline->severity)
		return a->headline->severity < b->headline->severity ? 1 : -1;
	return a->order - b->order;
}

static void put_pids(struct text *text, const struct story *story, const struct story *all, int count)
{
	int shown = 0;

	move_to(text, INDENT);
	put(text, FAINT, "pids");
	for (int i = 0; i < count; i++) {
		if (all[i].same != story->same || !all[i].headline->process)
			continue;
		if (shown++ == PIDS_SHOWN) {
			put(text, FAINT, " …");
			break;
		}
		putf(text, PLAIN, " %u", all[i].headline->process->pid);
	}
	end_line(text);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length >= size && !strcmp(text + length - size, end);
}

static bool is_part_of_word(char c)
{
	return c == '.' || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The headline says it already. */
static bool is_said(const char *summary, const char *value)
{
	size_t length = strlen(value);

	for (const char *at = summary; length && (at = strstr(at, value)); at++)
		if ((at == summary || !is_part_of_word(at[-1])) && !is_part_of_word(at[length]))
			return true;
	return false;
}

static void value_words(struct buffer *out, const struct evidence *fact, bool is_time)
{
	buffer_text(out, "");
	if (fact->text)
		escape_terminal(out, fact->text, strlen(fact->text));
	else if (is_time && fact->number >= 0)
		buffer_text(out, duration((__u64)fact->number).text);
	else
		buffer_printf(out, "%lld", fact->number);
}

static void fact_words(struct buffer *out, const struct evidence *fact, const char *summary)
{
	bool is_time = !fact->text && ends_with(fact->name, "_ns");
	size_t length = strlen(fact->name) - (is_time ? 3 : 0);
	struct buffer value = {0};

	value_words(&value, fact, is_time);
	if (value.data && !is_said(summary, value.data)) {
		if (out->size)
			buffer_text(out, " · ");
		for (size_t c = 0; c < length; c++)
			buffer_char(out, fact->name[c] == '_' ? ' ' : fact->name[c]);
		buffer_char(out, ' ');
		buffer_text(out, value.data);
	}
	out->failed |= value.failed;
	buffer_free(&value);
}

/* "zombie 3.2 s · parent worker · sigchld delivered" */
static void evidence_words(struct buffer *out, const struct finding *finding)
{
	struct buffer summary = {0};

	buffer_text(&summary, "");
	if (finding->summary)
		escape_terminal(&summary, finding->summary, strlen(finding->summary));
	for (int i = 0; summary.data && i < finding->evidence_count; i++)
		fact_words(out, &finding->evidence[i], summary.data);
	out->failed |= summary.failed;
	buffer_free(&summary);
}

static void put_block(struct text *text, enum style style, const char *lead, const struct buffer *words)
{
	if (!words->size)
		return;
	move_to(text, INDENT);
	if (*lead) {
		put(text, FAINT, lead);
		move_to(text, text->wanted_column + 1);
	}
	put_paragraph(text, style, words->data, INDENT + (*lead ? 2 : 0));
	end_line(text);
}

static void put_escaped(struct text *text, enum style style, const char *lead, const char *raw)
{
	struct buffer words = {0};

	if (raw)
		escape_terminal(&words, raw, strlen(raw));
	put_block(text, style, lead, &words);
	text->output.text.failed |= words.failed;
	buffer_free(&words);
}

static void put_story(struct text *text, const struct story *story, const struct story *all, int count)
{
	const struct finding *finding = story->headline;
	struct buffer words = {0};

	put(text, marks[finding->severity].style, marks[finding->severity].mark);
	put(text, PLAIN, " ");
	put(text, STRONG, finding->kind);
	if (story->times > 1)
		putf(text, STRONG, " ×%d", story->times);
	for (int i = 1; i < story->fact_count; i++)
		putf(text, FAINT, "%s%s", i == 1 ? ", also " : ", ", story->facts[i]->kind);
	end_line(text);
	put_escaped(text, PLAIN, "", finding->summary);
	if (story->times > 1)
		put_pids(text, story, all, count);
	for (int i = 1; i < story->fact_count; i++)
		put_escaped(text, FAINT, "", story->facts[i]->summary);
	evidence_words(&words, finding);
	put_block(text, FAINT, "", &words);
	put_escaped(text, LOOKS_GOOD, "→", finding->advice);
	buffer_free(&words);
}

/* One story for each process; facts holds all findings, in order of process. Returns how many. */
static int make_stories(const struct finding **facts, int count, struct story *stories)
{
	int at = -1;

	for (int i = 0; i < count; i++) {
		if (at < 0 || !facts[i]->process || stories[at].headline->process != facts[i]->process)
			at++;
		if (!stories[at].headline)
			stories[at] = (struct story){.headline = facts[i], .facts = facts + i, .order = at};
		stories[at].fact_count++;
	}
	return at + 1;
}

/* Tells one for many, unless all are wanted; returns how many are left. `told` gets those, the gravest first. */
static int fold_stories(struct story *stories, int count, struct story *told, bool verbose)
{
	int left = 0;

	qsort(stories, (size_t)count, sizeof(*stories), by_story);
	for (int i = 0; i < count; i++) {
		bool same = i && !verbose && !compare_stories(&stories[i - 1], &stories[i]);

		stories[i].same = same ? stories[i - 1].same : &stories[i];
		if (same)
			told[left - 1].times++;
		else
			told[left++] = stories[i];
		if (!same)
			told[left - 1].times = 1;
	}
	qsort(told, (size_t)left, sizeof(*told), by_gravity);
	return left;
}

static void put_heading_of(struct text *text, const struct findings *findings)
{
	int counts[3] = {0}, kinds = 0;
	struct buffer words = {0};

	for (int i = 0; i < findings->count; i++)
		counts[findings->list[i].severity]++;
	buffer_text(&words, "Findings:");
	if (!findings->count)
		buffer_text(&words, " none");
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--)
		if (counts[severity])
			buffer_printf(&words, "%s %d %s%s", kinds++ ? "," : "", counts[severity], marks[severity].mark,
				      counts[severity] > 1 ? "s" : "");
	put_heading(text, words.data ? words.data : "Findings");
	buffer_free(&words);
}

static void put_stories(struct text *text, struct story *stories, struct story *told, int count)
{
	int left = fold_stories(stories, count, told, text->options->verbose);
	int shown = text->options->verbose || left <= STORIES_SHOWN ? left : STORIES_SHOWN;

	for (int i = 0; i < shown; i++)
		put_story(text, &told[i], stories, count);
	if (shown < left) {
		putf(text, FAINT, "… and %d more (-v shows all)", left - shown);
		end_line(text);
	}
}

int text_findings(struct text *text, const struct findings *findings)
{
	size_t count = (size_t)findings->count;
	const struct finding **facts = malloc(count * sizeof(*facts) + 1);
	struct story *stories = calloc(count + 1, sizeof(*stories)), *told = malloc(count * sizeof(*told) + 1);
	bool failed = !facts || !stories || !told;

	put_heading_of(text, findings);
	for (size_t i = 0; i < count && !failed; i++)
		facts[i] = &findings->list[i];
	if (!failed && count) {
		qsort(facts, count, sizeof(*facts), by_process);
		put_stories(text, stories, told, make_stories(facts, findings->count, stories));
	}
	free(facts);
	free(stories);
	free(told);
	return failed ? -1 : 0;
}
