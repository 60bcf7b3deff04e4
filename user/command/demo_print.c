/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a demo looks like on a page; see demo_print.h.
 */
#include <stdio.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/wrap.h"
#include "user/command/demo_print.h"
#include "user/command/look.h"
#include "user/demo/why.h"

#define SENTENCES_MOST 24 /* more is for -v */

void print_toned(const struct sink_options *look, enum tone tone, const char *text)
{
	static const char *const styles[] = {"0", "1", "32", "1;31", "33"};

	if (look->colour && tone != TONE_PLAIN)
		printf("\033[%sm%s\033[0m", styles[tone], text);
	else
		printf("%s", text);
}

const char *mark_of(enum verdict verdict, const struct sink_options *look)
{
	if (verdict == INCONCLUSIVE)
		return "?";
	if (look->utf8)
		return verdict == CONFIRMED ? "✓" : "✗";
	return verdict == CONFIRMED ? "ok" : "NO";
}

enum tone tone_of(enum verdict verdict)
{
	static const enum tone tones[] = {[REFUTED] = TONE_BAD, [CONFIRMED] = TONE_GOOD, [INCONCLUSIVE] = TONE_DOUBT};

	return tones[verdict];
}

static void rule(const struct sink_options *look)
{
	for (int i = 0; i < look->width; i++)
		printf("%s", look->utf8 ? "━" : "=");
	putchar('\n');
}

void print_heading(const char *heading, const struct sink_options *look)
{
	int left = look->width - 4 - text_width(heading, strlen(heading));

	printf("\n%s ", look->utf8 ? "──" : "--");
	print_toned(look, TONE_STRONG, heading);
	putchar(' ');
	for (; left > 0; left--)
		printf("%s", look->utf8 ? "─" : "-");
	putchar('\n');
}

void print_wrapped(const char *text, int indent, const struct sink_options *look)
{
	while (*text) {
		const char *next;
		size_t length = wrap_line(text, look->width - indent, &next);

		printf("%*s%.*s\n", length ? indent : 0, "", (int)length, text);
		text = next;
	}
}

void print_toned_lines(const struct sink_options *look, enum tone tone, const char *text)
{
	while (*text) {
		char line[400];
		const char *next;
		size_t length = wrap_line(text, look->width, &next);

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		print_toned(look, tone, line);
		putchar('\n');
		text = next;
	}
}

void print_hanging(const char *text, int indent, const struct sink_options *look)
{
	const char *rest;
	size_t length = wrap_line(text, look->width - indent, &rest);

	printf("%.*s\n", (int)length, text);
	print_wrapped(rest, indent, look);
}

/* The name stands before the title, and both in as many lines as they take. */
static void print_title(const struct demo *demo, const struct sink_options *look)
{
	const char *title = _(demo->title), *next;
	int name = (int)strlen(demo->name) + 2;
	size_t length = wrap_line(title, look->width - name, &next);
	char line[400];

	snprintf(line, sizeof(line), "%.*s", (int)length, title);
	printf("%s: ", demo->name);
	print_toned(look, TONE_STRONG, line);
	putchar('\n');
	print_toned_lines(look, TONE_STRONG, next);
}

void print_theory(const struct demo *demo, bool broken, const struct sink_options *look)
{
	char left_out[400];

	rule(look);
	print_title(demo, look);
	putchar('\n');
	print_wrapped(_(demo->idea), 0, look);
	putchar('\n');
	print_wrapped(_(demo->happens), 2, look);
	if (broken) {
		snprintf(left_out, sizeof(left_out), _("Left out on purpose: %s."), _(demo->broken));
		putchar('\n');
		print_toned_lines(look, TONE_BAD, left_out);
	}
	putchar('\n');
}

/* One cell's next line, padded to `columns`; moves *text on. */
static void print_cell(const char **text, int columns, bool pad)
{
	const char *next;
	size_t length = wrap_line(*text, columns, &next);
	int width = text_width(*text, length);

	printf("%.*s%*s", (int)length, *text, pad && width < columns ? columns - width : 0, "");
	*text = next;
}

/* A row of the table: mark, expected, observed; each in a column of its own, in as many lines as it takes. */
static void print_row(const char *mark, enum tone tone, const char *expected, const char *observed,
		      const struct sink_options *look)
{
	int marks = look->utf8 ? 1 : 2, left = (look->width - marks - 3) / 2, right = look->width - marks - 3 - left;

	for (bool first = true; first || *expected || *observed; first = false) {
		if (first)
			print_toned(look, tone, mark);
		printf("%*s", first ? marks - text_width(mark, strlen(mark)) + 1 : marks + 1, "");
		print_cell(&expected, left, *observed);
		if (*observed) {
			printf("  ");
			print_cell(&observed, right, false);
		}
		putchar('\n');
	}
}

static void print_conclusion(const struct demo_run *run, const struct sink_options *look)
{
	char inconclusive[400];

	print_toned_lines(look, run->check.passed ? TONE_GOOD : TONE_BAD,
			  run->check.passed ? _("Theory and kernel agree.") : _("Theory and kernel do not agree."));
	if (!run->check.inconclusive)
		return;
	snprintf(inconclusive, sizeof(inconclusive), _("This run could not decide %d of %d expectations (?)."),
		 run->check.inconclusive, run->check.count);
	print_toned_lines(look, TONE_DOUBT, inconclusive);
}

static void print_expectations(const struct demo_run *run, const struct sink_options *look)
{
	print_heading(_("What theory expects, and what the kernel observed"), look);
	print_row("", TONE_PLAIN, _("EXPECTED"), _("OBSERVED"), look);
	for (int i = 0; i < run->check.count; i++) {
		const struct observation *observation = &run->check.list[i];
		struct buffer words = {0};

		escape_terminal(&words, observation->words.data ? observation->words.data : "",
				observation->words.size);
		print_row(mark_of(observation->verdict, look), tone_of(observation->verdict),
			  _(observation->expectation->expected), words.data ? words.data : "", look);
		buffer_free(&words);
	}
	putchar('\n');
	print_conclusion(run, look);
}

/* The sentences that fit, or all. */
static void print_sentences(const struct why *why, __u64 started_ns, int most, const struct sink_options *look)
{
	for (int i = 0; i < why->count && i < most; i++) {
		const struct sentence *sentence = &why->list[i];
		struct buffer text = {0};
		double at_s = sentence->at_ns > started_ns ? (double)(sentence->at_ns - started_ns) / 1e9 : 0;

		escape_terminal(&text, sentence->text, strlen(sentence->text));
		if (sentence->alike)
			buffer_printf(&text, _(" (and %d more like that)"), sentence->alike);
		printf("%8.4f  ", at_s);
		print_hanging(text.data ? text.data : "", 10, look);
		buffer_free(&text);
	}
	if (why->count > most)
		printf(_("          … and %d more: -v\n"), why->count - most);
}

static void print_why(const struct demo_run *run, const struct sink_options *look)
{
	struct why why = {0};

	why_tell(&why, &run->lab, !look->verbose);
	print_heading(_("Why: at these seconds"), look);
	print_sentences(&why, run->result.trace.started_ns, look->verbose ? why.count : SENTENCES_MOST, look);
	if (why.failed)
		printf("%s\n", _("Memory was short: some are missing."));
	why_free(&why);
}

static void print_picture(const struct demo_run *run, bool table, const struct sink_options *look)
{
	struct buffer picture = {0};

	if (!run->lab.demo->picture)
		return;
	run->lab.demo->picture(&run->lab, table, look->width, &picture);
	if (picture.data)
		printf("\n%s", picture.data);
	buffer_free(&picture);
}

void print_outcome(const struct demo_run *run, bool table, const struct sink_options *look)
{
	const struct demo *demo = run->lab.demo;
	char calls[400];

	print_picture(run, table, look);
	print_why(run, look);
	print_expectations(run, look);
	putchar('\n');
	print_wrapped(_(demo->learned), 0, look);
	snprintf(calls, sizeof(calls), _("Look up: %s."), demo->calls);
	print_wrapped(calls, 0, look);
	putchar('\n');
}

#define NAMES 15 /* columns for names */

void print_list(void)
{
	struct sink_options look = {.out = stdout};
	const char *chapter = "";

	look_at(&look);
	for (int i = 0; demos[i]; i++) {
		const char *title = _(demos[i]->title), *next;
		size_t length = wrap_line(title, look.width - NAMES, &next);

		if (strcmp(chapter, demos[i]->chapter))
			printf("%s%s\n", i ? "\n" : "", _(demos[i]->chapter));
		chapter = demos[i]->chapter;
		printf("  %-*s%.*s\n", NAMES - 2, demos[i]->name, (int)length, title);
		print_wrapped(next, NAMES, &look);
	}
}
