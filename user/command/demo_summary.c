/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What came of many demos; see demo_summary.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/command/demo_print.h"
#include "user/command/demo_summary.h"

#define NAMES 28 /* columns for names, marks and a blank included */
#define VERDICTS 14
#define SECONDS 8

static int keep_difference(struct summary *summary, const struct demo *demo, const struct observation *observation)
{
	struct difference *difference;
	struct buffer words = {0};

	if (array_grow(&summary->differences, summary->difference_count, sizeof(*summary->differences)))
		return -1;
	escape_terminal(&words, observation->words.data ? observation->words.data : "", observation->words.size);
	difference = &summary->differences[summary->difference_count++];
	*difference = (struct difference){.demo = demo,
					  .expectation = observation->expectation,
					  .verdict = observation->verdict,
					  .observed = words.data};
	return words.failed ? -1 : 0;
}

/* A run that decides less than all, and refutes nothing, is inconclusive as a whole. */
static enum verdict verdict_of(const struct check *check)
{
	if (!check->passed)
		return REFUTED;
	return check->inconclusive ? INCONCLUSIVE : CONFIRMED;
}

int summary_add(struct summary *summary, const struct demo_run *run, bool failed, __u64 took_ns)
{
	const struct lab *lab = &run->lab;

	if (array_grow(&summary->rows, summary->count, sizeof(*summary->rows)))
		return -1;
	summary->rows[summary->count++] = (struct row){.demo = lab->demo,
						       .broken = lab->settings->broken,
						       .failed = failed,
						       .verdict = failed ? REFUTED : verdict_of(&run->check),
						       .took_ns = took_ns};
	for (int i = 0; !failed && i < run->check.count; i++)
		if (run->check.list[i].verdict != CONFIRMED && keep_difference(summary, lab->demo, &run->check.list[i]))
			return -1;
	return 0;
}

static void put_padded(const char *text, int columns)
{
	int width = text_width(text, strlen(text));

	printf("%s%*s", text, width < columns ? columns - width : 0, "");
}

static const char *verdict_word(const struct row *row)
{
	if (row->failed)
		return _("failed");
	if (row->verdict == INCONCLUSIVE)
		return _("inconclusive");
	return row->verdict == CONFIRMED ? _("agrees") : _("differs");
}

void summary_print_heading(const struct sink_options *look)
{
	const char *seconds = _("SECONDS");

	print_heading(_("Theory and kernel, lab by lab"), look);
	put_padded("", look->utf8 ? 2 : 3);
	put_padded(_("LAB"), NAMES - 2);
	put_padded(_("VERDICT"), VERDICTS);
	printf("%*s%s\n", SECONDS - text_width(seconds, strlen(seconds)), "", seconds);
}

void summary_print_row(const struct row *row, const struct sink_options *look)
{
	const char *mark = row->failed ? "!" : mark_of(row->verdict, look);
	char name[80];

	snprintf(name, sizeof(name), row->broken ? _("%s, wrong variant") : "%s", row->demo->name);
	print_toned(look, row->failed ? TONE_BAD : tone_of(row->verdict), mark);
	put_padded("", (look->utf8 ? 2 : 3) - text_width(mark, strlen(mark)));
	put_padded(name, NAMES - 2);
	put_padded(verdict_word(row), VERDICTS);
	printf("%*.1f\n", SECONDS, (double)row->took_ns / 1e9);
	fflush(stdout);
}

void summary_print_table(const struct summary *summary, const struct sink_options *look)
{
	summary_print_heading(look);
	for (int i = 0; i < summary->count; i++)
		summary_print_row(&summary->rows[i], look);
}

static void print_difference(const struct difference *difference, const struct sink_options *look)
{
	struct buffer line = {0};

	buffer_printf(&line, "%s: %s", difference->demo->name, _(difference->expectation->expected));
	print_toned(look, tone_of(difference->verdict), mark_of(difference->verdict, look));
	putchar(' ');
	print_hanging(line.data ? line.data : "", look->utf8 ? 2 : 3, look);
	buffer_empty(&line);
	buffer_printf(&line, _("observed: %s"), difference->observed ? difference->observed : "");
	print_wrapped(line.data ? line.data : "", 4, look);
	buffer_free(&line);
}

/* Of how many rows something holds, and their names, for the summary line. */
struct tally {
	struct buffer names;
	int count;
};

static struct tally tally_of(const struct summary *summary, bool failed, enum verdict verdict)
{
	struct tally tally = {0};

	for (int i = 0; i < summary->count; i++) {
		const struct row *row = &summary->rows[i];

		if (row->failed == failed && (failed || row->verdict == verdict))
			buffer_printf(&tally.names, "%s%s", tally.count++ ? ", " : "", row->demo->name);
	}
	return tally;
}

static void add_tally(struct buffer *line, struct tally *tally, const char *word)
{
	buffer_printf(line, "%s%d %s", _(", "), tally->count, word);
	if (tally->count)
		buffer_printf(line, " (%s)", tally->names.data ? tally->names.data : "");
	buffer_free(&tally->names);
}

static void print_summary_line(const struct summary *summary, const struct sink_options *look)
{
	struct tally confirmed = tally_of(summary, false, CONFIRMED), refuted = tally_of(summary, false, REFUTED);
	struct tally undecided = tally_of(summary, false, INCONCLUSIVE), failed = tally_of(summary, true, REFUTED);
	bool good = !refuted.count && !failed.count;
	struct buffer line = {0};

	buffer_printf(&line, summary->count == 1 ? _("%d lab: ") : _("%d labs: "), summary->count);
	buffer_printf(&line, "%d %s", confirmed.count, confirmed.count == 1 ? _("agrees") : _("agree"));
	buffer_free(&confirmed.names);
	add_tally(&line, &undecided, _("inconclusive"));
	add_tally(&line, &refuted, refuted.count == 1 ? _("differs") : _("differ"));
	if (failed.count)
		add_tally(&line, &failed, _("failed"));
	putchar('\n');
	print_toned_lines(look, good ? TONE_GOOD : TONE_BAD, line.data ? line.data : "");
	buffer_free(&line);
}

void summary_print(const struct summary *summary, const struct sink_options *look)
{
	if (summary->difference_count)
		putchar('\n');
	for (int i = 0; i < summary->difference_count; i++)
		print_difference(&summary->differences[i], look);
	print_summary_line(summary, look);
}

void summary_free(struct summary *summary)
{
	for (int i = 0; i < summary->difference_count; i++)
		free(summary->differences[i].observed);
	free(summary->differences);
	free(summary->rows);
}
