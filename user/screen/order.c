/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The order of rows: a list sorted by any column, or the tree of who is whose child now.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include "user/screen/order.h"

#define DEPTH_MOST 63 /* as many levels are drawn: struct row has a bit for each */

int row_rank(const struct row *row)
{
	if (row->state == ROW_ZOMBIE && row->lasting)
		return 0;
	return row->orphan && !row->detached ? 1 : 2;
}

/* Rows of the same rank come by the chosen column, then by pid: an order without ties does not flicker. */
static int compare(const struct rows *rows, const struct rows_order *order, const struct row *one,
		   const struct row *other)
{
	int result = column_compare(rows, order->column, one, other);

	if (order->inverted)
		result = -result;
	return result ? result : who_compare(one->who, other->who);
}

static int in_list(const void *one, const void *other, void *ctx)
{
	const struct row *a = *(struct row *const *)one, *b = *(struct row *const *)other;
	const struct rows *rows = ctx;

	if (rows->problems_first && row_rank(a) != row_rank(b))
		return row_rank(a) - row_rank(b);
	return compare(rows, &rows->flat_order, a, b);
}

static int among_brothers(const void *one, const void *other, void *ctx)
{
	const struct rows *rows = ctx;

	return compare(rows, &rows->tree_order, *(struct row *const *)one, *(struct row *const *)other);
}

static int by_identity(const void *one, const void *other)
{
	return who_compare(((const struct row *)one)->who, ((const struct row *)other)->who);
}

static struct row *find(const struct rows *rows, struct who who)
{
	struct row sought = {.who = who};

	if (!who.pid || !rows->count)
		return NULL;
	return bsearch(&sought, rows->list, (size_t)rows->count, sizeof(sought), by_identity);
}

/* Who is older: so no row is its own ancestor, whatever was told. */
static struct row *parent_of(const struct rows *rows, const struct row *row)
{
	struct row *parent = find(rows, row->parent);

	if (!parent || parent->who.start_ns > row->who.start_ns)
		return NULL;
	return parent->who.start_ns < row->who.start_ns || parent->who.pid < row->who.pid ? parent : NULL;
}

/* A chain of children for each row, in the order of brothers; -1 ends it. Returns that of those without a parent. */
static int chain(struct rows *rows)
{
	int roots = -1;

	for (int i = 0; i < rows->count; i++)
		rows->list[i].first_child = rows->list[i].brother = -1;
	for (int i = rows->count - 1; i >= 0; i--) {
		struct row *row = rows->order[i], *parent = parent_of(rows, row);
		int *first = parent ? &parent->first_child : &roots;

		row->brother = *first;
		*first = (int)(row - rows->list);
	}
	return roots;
}

static void lay_row(struct row *row, const struct row *parent)
{
	row->last = row->brother < 0;
	if (!parent)
		return;
	row->depth = parent->depth < DEPTH_MOST ? parent->depth + 1 : DEPTH_MOST;
	row->more = parent->more | (row->last ? 0 : 1ull << row->depth);
}

/* Depth first, without recursion: a tree may be deep. `place` is for the way back to the parent. */
static void lay_tree(struct rows *rows, int first)
{
	int laid = 0, at = first, above = -1;

	while (at >= 0) {
		struct row *row = &rows->list[at];

		lay_row(row, above < 0 ? NULL : &rows->list[above]);
		row->place = above;
		rows->order[laid++] = row;
		if (row->first_child >= 0) {
			above = at;
			at = row->first_child;
			continue;
		}
		while (at >= 0 && rows->list[at].brother < 0)
			at = rows->list[at].place;
		if (at >= 0) {
			above = rows->list[at].place;
			at = rows->list[at].brother;
		}
	}
}

void rows_arrange(struct rows *rows)
{
	if (rows->count)
		qsort(rows->list, (size_t)rows->count, sizeof(*rows->list), by_identity);
	for (int i = 0; i < rows->count; i++) {
		rows->order[i] = &rows->list[i];
		rows->list[i].depth = 0;
		rows->list[i].more = 0;
	}
	if (rows->count)
		qsort_r(rows->order, (size_t)rows->count, sizeof(*rows->order), rows->tree ? among_brothers : in_list,
			rows);
	if (rows->tree)
		lay_tree(rows, chain(rows));
}
