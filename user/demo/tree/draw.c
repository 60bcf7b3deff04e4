/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Drawings of trees: side by side, simulated above and observed below, or one after another as the textbook has them.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/demo/cells.h"
#include "user/demo/tree/steps.h"

#define LINES_MOST (2 * NAMES)
#define GAP 3 /* columns between two trees */

struct lines { /* of one drawing */
	struct buffer list[LINES_MOST];
	int count, width;
};

struct style { /* how a child hangs on its parent */
	const char *child, *last, *beside, *below;
};

static const struct style narrow = {"├─ ", "└─ ", "│  ", "   "};
static const struct style textbook = {"├── ", "└── ", "│   ", "    "};

static void lines_free(struct lines *lines)
{
	for (int i = 0; i < lines->count; i++)
		buffer_free(&lines->list[i]);
	lines->count = lines->width = 0;
}

static struct buffer *new_line(struct lines *lines, const char *prefix)
{
	struct buffer *line = &lines->list[lines->count < LINES_MOST - 1 ? lines->count++ : LINES_MOST - 1];

	buffer_text(line, prefix);
	return line;
}

static void measure(struct lines *lines)
{
	for (int i = 0; i < lines->count; i++) {
		const struct buffer *line = &lines->list[i];
		int width = line->data ? text_width(line->data, line->size) : 0;

		lines->width = width > lines->width ? width : lines->width;
	}
}

static bool comes_before(const struct tree *tree, int one, int other)
{
	return tree->since[one] < tree->since[other] || (one < other && tree->since[one] == tree->since[other]);
}

/* The next child of `of` after that one (-1: the first) in the order in which they came to it, or -1. */
static int next_child(const struct tree *tree, int of, int after)
{
	int next = -1;

	for (int i = 0; i < NAMES; i++)
		if (tree->parent[i] == of && (after < 0 || comes_before(tree, after, i)) &&
		    (next < 0 || comes_before(tree, i, next)))
			next = i;
	return next;
}

static void draw_below(const struct tree *tree, int who, const struct style *style, const char *prefix,
		       struct lines *lines)
{
	for (int child = next_child(tree, who, -1), next; child >= 0; child = next) {
		struct buffer below = {0};

		next = next_child(tree, who, child);
		say(new_line(lines, prefix), "%s%c", next < 0 ? style->last : style->child, 'a' + child);
		buffer_printf(&below, "%s%s", prefix, next < 0 ? style->below : style->beside);
		draw_below(tree, child, style, below.data ? below.data : "", lines);
		buffer_free(&below);
	}
}

/* The tree of a, and beside it whoever hangs on a process that is not one of ours. */
static void draw(const struct tree *tree, const struct style *style, struct lines *lines)
{
	for (int who = 0; who < NAMES; who++) {
		if (tree->parent[who] != OUTSIDE)
			continue;
		if (tree->adopter[who])
			say(new_line(lines, ""), _("%c (of pid %u)"), 'a' + who, tree->adopter[who]);
		else
			say(new_line(lines, ""), "%c", 'a' + who);
		draw_below(tree, who, style, "", lines);
	}
	measure(lines);
}

struct column { /* of the picture: a step */
	struct buffer head;
	struct lines expected, seen;
	int width;
};

static void column_of(struct column *column, const struct lab *lab, const struct steps *steps, int count)
{
	struct tree tree;

	memset(column, 0, sizeof(*column));
	say_step(&column->head, &steps->list[count - 1]);
	tree_by_rule(&tree, steps, count, RULE_TEXTBOOK);
	draw(&tree, &narrow, &column->expected);
	if (tree_observed(&tree, lab, steps, count))
		draw(&tree, &narrow, &column->seen);
	column->width = column->expected.width > column->seen.width ? column->expected.width : column->seen.width;
	if (column->width < 3)
		column->width = 3;
}

static void column_free(struct column *column)
{
	buffer_free(&column->head);
	lines_free(&column->expected);
	lines_free(&column->seen);
}

static void end_line(struct buffer *out)
{
	while (out->size && out->data[out->size - 1] == ' ')
		out->size--;
	buffer_char(out, '\n');
}

/* The same band of several columns: line by line. */
static void draw_band(const struct column *columns, int count, bool seen, const char *label, int margin,
		      struct buffer *out)
{
	int height = 0;

	for (int i = 0; i < count; i++) {
		const struct lines *lines = seen ? &columns[i].seen : &columns[i].expected;

		height = lines->count > height ? lines->count : height;
	}
	for (int line = 0; line < height; line++) {
		say_cell(out, -margin, "%s", line ? "" : label);
		for (int i = 0; i < count; i++) {
			const struct lines *lines = seen ? &columns[i].seen : &columns[i].expected;
			const char *text = line < lines->count ? lines->list[line].data : "";

			say_cell(out, -columns[i].width - GAP, "%s", text ? text : "");
		}
		end_line(out);
	}
}

static void draw_group(const struct column *columns, int count, int margin, struct buffer *out)
{
	say_cell(out, -margin, "%s", _("action"));
	for (int i = 0; i < count; i++)
		say_cell(out, -columns[i].width - GAP, "%s", columns[i].head.data ? columns[i].head.data : "");
	end_line(out);
	draw_band(columns, count, false, _("textbook"), margin, out);
	buffer_char(out, '\n');
	draw_band(columns, count, true, _("observed"), margin, out);
	buffer_char(out, '\n');
}

static int margin_of_labels(void)
{
	const char *const labels[] = {_("action"), _("textbook"), _("observed")};
	int margin = 0;

	for (int i = 0; i < 3; i++) {
		int width = text_width(labels[i], strlen(labels[i]));

		margin = width > margin ? width : margin;
	}
	return margin + GAP;
}

static void name_of_parent(struct buffer *out, const struct tree *tree, int who)
{
	if (tree->parent[who] >= 0)
		say(out, "%c", 'a' + tree->parent[who]);
	else
		say(out, _("pid %u"), tree->adopter[who]);
}

/* Where the textbook's tree and the kernel's part ways at that step, and why. */
static void explain_step(const struct lab *lab, const struct steps *steps, int count, int width, struct buffer *out)
{
	struct tree expected, seen, before_expected, before_seen;

	tree_by_rule(&expected, steps, count, RULE_TEXTBOOK);
	tree_by_rule(&before_expected, steps, count - 1, RULE_TEXTBOOK);
	if (!tree_observed(&seen, lab, steps, count) || !tree_observed(&before_seen, lab, steps, count - 1))
		return;
	for (int i = 1; i < NAMES; i++) {
		struct buffer step = {0}, theirs = {0}, real = {0};
		bool is_old = before_expected.parent[i] == expected.parent[i] &&
			      before_seen.parent[i] == seen.parent[i];

		if (is_old || expected.parent[i] == seen.parent[i] || expected.parent[i] < 0 || seen.parent[i] == GONE)
			continue;
		say_step(&step, &steps->list[count - 1]);
		name_of_parent(&theirs, &expected, i);
		name_of_parent(&real, &seen, i);
		if (seen.parent[i] == OUTSIDE)
			say_wrapped(out, width, 2,
				    _("%s: the textbook hangs %c on %s, the kernel on %s: a is no subreaper, so the "
				      "next one above adopts its descendants' orphans, or init does."),
				    step.data, 'a' + i, theirs.data, real.data);
		else
			say_wrapped(
				out, width, 2,
				_("%s: the textbook hangs %c on %s, the kernel on %s: only the children of who ends "
				  "change hands, and what hangs on them goes with them."),
				step.data, 'a' + i, theirs.data, real.data);
		buffer_free(&step);
		buffer_free(&theirs);
		buffer_free(&real);
	}
}

static void explain(const struct lab *lab, const struct steps *steps, int width, struct buffer *out)
{
	size_t size = out->size;

	for (int count = 1; count <= steps->count; count++)
		explain_step(lab, steps, count, width, out);
	if (out->size == size)
		say_wrapped(out, width, 2, "%s", _("Textbook and kernel agree after each step."));
}

void draw_trees(const struct lab *lab, const struct steps *steps, int width, struct buffer *out)
{
	struct column columns[STEPS_MOST];
	int margin = margin_of_labels(), first = 0, used = margin;

	for (int i = 0; i < steps->count; i++) {
		column_of(&columns[i], lab, steps, i + 1);
		if (i > first && used + columns[i].width > width) {
			draw_group(columns + first, i - first, margin, out);
			first = i;
			used = margin;
		}
		used += columns[i].width + GAP;
	}
	draw_group(columns + first, steps->count - first, margin, out);
	for (int i = 0; i < steps->count; i++)
		column_free(&columns[i]);
	explain(lab, steps, width, out);
}

#define INDENT 31 /* the textbook's */

static void draw_indented(const struct tree *tree, int width, struct buffer *out)
{
	struct lines lines = {0};
	int indent;

	draw(tree, &textbook, &lines);
	indent = width - lines.width < INDENT ? width - lines.width : INDENT;
	for (int i = 0; i < lines.count; i++)
		say(out, "%*s%s\n", indent > 0 ? indent : 0, "", lines.list[i].data ? lines.list[i].data : "");
	lines_free(&lines);
}

static void draw_listing(const struct lab *lab, const struct steps *steps, bool seen, int width, struct buffer *out)
{
	say(out, "%27s%s\n", "", "Process Tree:");
	for (int count = 0; count <= steps->count; count++) {
		const struct step *step = count ? &steps->list[count - 1] : NULL;
		struct tree tree;

		if (step && step->whom >= 0)
			say(out, "Action: %c forks %c\n", 'a' + step->who, 'a' + step->whom);
		else if (step)
			say(out, "Action: %c EXITS\n", 'a' + step->who);
		if (!seen)
			tree_by_rule(&tree, steps, count, RULE_TEXTBOOK);
		if (!seen || tree_observed(&tree, lab, steps, count))
			draw_indented(&tree, width, out);
		if (!step)
			buffer_char(out, '\n');
	}
}

void draw_as_textbook(const struct lab *lab, const struct steps *steps, int width, struct buffer *out)
{
	say_wrapped(out, width, 0, "%s", _("As the textbook's fork.py has it:"));
	buffer_char(out, '\n');
	draw_listing(lab, steps, false, width, out);
	buffer_char(out, '\n');
	say_wrapped(out, width, 0, "%s", _("As observed:"));
	buffer_char(out, '\n');
	draw_listing(lab, steps, true, width, out);
}
