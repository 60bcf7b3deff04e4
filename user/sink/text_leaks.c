/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The list of leaks, for people: the leaks first, each with who, what and what to do; then what is no problem, and why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/sink/leaks.h"
#include "user/sink/text_leaks.h"
#include "user/words/names.h"

#define HARMLESS_SHOWN 12

static const struct {
	enum style style;
	const char *mark;
} marks[] = {[SEVERITY_INFO] = {LOOKS_BLOCKED, "note"},
	     [SEVERITY_WARNING] = {LOOKS_ODD, "warning"},
	     [SEVERITY_ERROR] = {LOOKS_BAD, "error"}};

void put_escaped_block(struct text *text, enum style style, const char *lead, const char *raw)
{
	struct buffer words = {0};

	if (raw)
		escape_terminal(&words, raw, strlen(raw));
	if (words.size) {
		move_to(text, LEAK_INDENT);
		if (*lead) {
			put(text, FAINT, lead);
			move_to(text, text->wanted_column + 1);
		}
		put_paragraph(text, style, words.data, LEAK_INDENT + (*lead ? 2 : 0));
		end_line(text);
	}
	text->output.text.failed |= words.failed;
	buffer_free(&words);
}

void put_fact_line(struct text *text, const char *label, struct buffer *words)
{
	if (words->size) {
		move_to(text, LEAK_INDENT);
		put_within(text, FAINT, label, LEAK_LABEL);
		put_paragraph(text, PLAIN, words->data, LEAK_INDENT + LEAK_LABEL);
		end_line(text);
	}
	text->output.text.failed |= words->failed;
	buffer_free(words);
}

void put_leak_headline(struct text *text, const struct finding *finding)
{
	put(text, marks[finding->severity].style, marks[finding->severity].mark);
	put(text, PLAIN, " ");
	put(text, STRONG, finding->kind);
	end_line(text);
	put_escaped_block(text, PLAIN, "", finding->summary);
}

static bool is_leak(const struct leaks *leaks, int finding)
{
	return finding >= 0 && leaks->findings.list[finding].severity != SEVERITY_INFO;
}

static bool orphan_leaks(const struct leaks *leaks, const struct orphan *orphan)
{
	for (int i = 0; i < orphan->finding_count; i++)
		if (is_leak(leaks, orphan->first_finding + i))
			return true;
	return false;
}

static int count_leaks(const struct leaks *leaks)
{
	int count = 0;

	for (int i = 0; i < leaks->findings.count; i++)
		count += is_leak(leaks, i);
	return count;
}

static void put_head(struct text *text, const struct leaks *leaks)
{
	const struct model_stats *stats = model_stats(leaks->model);
	int count = count_leaks(leaks);
	struct buffer words = {0};

	if (count)
		putf(text, LOOKS_BAD, "%d leak%s", count, count == 1 ? "" : "s");
	else
		put(text, LOOKS_GOOD, "No leaks");
	buffer_printf(&words, " among ");
	put_count(&words, (__u64)stats->alive);
	buffer_printf(&words, " process%s, in %s", stats->alive == 1 ? "" : "es",
		      duration(leaks->ended_ns - leaks->started_ns).text);
	put(text, PLAIN, words.data);
	end_line(text);
	if (stats->lost_lifecycle) {
		putf(text, LOOKS_BAD, "LOST %llu events: zombies and orphans may be missing below",
		     stats->lost_lifecycle);
		end_line(text);
	}
	if (text->trace->note) {
		putf(text, LOOKS_ODD, "note: %s", text->trace->note);
		end_line(text);
	}
	buffer_free(&words);
}

static void put_zombies(struct text *text, const struct leaks *leaks)
{
	int parents = 0, zombies = 0;
	char heading[64];

	for (int i = 0; i < leaks->parent_count; i++) {
		zombies += leaks->parents[i].finding >= 0 ? leaks->parents[i].count : 0;
		parents += leaks->parents[i].finding >= 0;
	}
	if (!parents)
		return;
	snprintf(heading, sizeof(heading), "Zombies: %d, of %d parent%s", zombies, parents, parents == 1 ? "" : "s");
	put_heading(text, heading);
	for (int i = 0; i < leaks->parent_count; i++)
		if (leaks->parents[i].finding >= 0)
			put_zombie_parent(text, leaks, &leaks->parents[i]);
}

static void put_orphans(struct text *text, const struct leaks *leaks)
{
	char heading[64];
	int count = 0;

	for (int i = 0; i < leaks->orphan_count; i++)
		count += orphan_leaks(leaks, &leaks->orphans[i]);
	if (!count)
		return;
	snprintf(heading, sizeof(heading), "Orphans that are missed: %d", count);
	put_heading(text, heading);
	for (int i = 0; i < leaks->orphan_count; i++)
		if (orphan_leaks(leaks, &leaks->orphans[i]))
			put_orphan(text, leaks, &leaks->orphans[i], false);
}

static void put_young(struct text *text, const struct zombie_parent *parent)
{
	struct buffer words = {0};

	buffer_printf(&words, "%d zombie%s of ", parent->count, parent->count == 1 ? "" : "s");
	name_words(&words, parent->comm[0] ? parent->comm : "pid", parent->pid);
	buffer_printf(&words, ": none is older than %s, within which it may reap %s; -d looks longer",
		      duration(parent->patience_ns).text, parent->count == 1 ? "it" : "them");
	move_to(text, 0);
	put(text, marks[SEVERITY_INFO].style, "note ");
	put_paragraph(text, PLAIN, words.data ? words.data : "", LEAK_INDENT);
	end_line(text);
	buffer_free(&words);
}

static void put_harmless(struct text *text, const struct leaks *leaks)
{
	int shown = 0, left = 0, count = 0;

	for (int i = 0; i < leaks->parent_count; i++)
		count += leaks->parents[i].finding < 0;
	for (int i = 0; i < leaks->orphan_count; i++)
		count += !orphan_leaks(leaks, &leaks->orphans[i]);
	if (!count)
		return;
	put_heading(text, "No problem, as far as can be seen");
	for (int i = 0; i < leaks->parent_count; i++)
		if (leaks->parents[i].finding < 0)
			put_young(text, &leaks->parents[i]);
	for (int i = 0; i < leaks->orphan_count; i++) {
		if (orphan_leaks(leaks, &leaks->orphans[i]))
			continue;
		if (shown < HARMLESS_SHOWN || text->options->verbose)
			put_orphan(text, leaks, &leaks->orphans[i], !text->options->verbose);
		else
			left++;
		shown++;
	}
	if (left) {
		putf(text, FAINT, "… and %d more (-v shows all)", left);
		end_line(text);
	}
}

static int write_text(const struct leaks *leaks, const struct trace *trace, const struct sink_options *options)
{
	struct text text = {.trace = trace,
			    .options = options,
			    .output.file = options->out,
			    .width = options->width > 0 ? options->width : 80};

	put_head(&text, leaks);
	put_zombies(&text, leaks);
	put_orphans(&text, leaks);
	put_harmless(&text, leaks);
	return output_finish(&text.output);
}

const struct leaks_format leaks_text = {"text", "for people: each leak, the evidence, what to do", write_text};
