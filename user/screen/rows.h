/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A row for each process that is there: the model as of the last refresh, in an order to be looked at. Pure: no I/O, no
 * clock. Commands that show a screen include it.
 */
#ifndef PROCLIFE_ROWS_H
#define PROCLIFE_ROWS_H

#include "user/screen/line.h"
#include "user/screen/tally.h"

#define ROW_ZOMBIE STATE_COUNT /* in the place of a state */

struct row { /* nothing in it points into the model */
	struct who who, parent;
	__u32 ppid, uid;
	int state; /* ROW_ZOMBIE, or one of its threads': see thread_in_charge() */
	enum reason reason;
	__u64 since_ns; /* in that state; a zombie: since its end */
	bool orphan, detached, attended;
	bool lasting;	  /* a zombie for so long that it is no passing one: every process is one for a moment */
	bool since_bound; /* since_ns is the latest that it can be */
	bool counted;	  /* anything is known of its time */
	int threads;
	double running, ready;	 /* per cent of a CPU in the last period, all threads together */
	double blocked, stopped; /* per cent of its threads' time */
	struct totals life;	 /* since it is counted */
	__u64 age_ns;
	size_t user, why, waker, command; /* rows_words(): why: its reason, or how it ended */
	int depth;			  /* in the tree */
	__u64 more;			  /* bit d: its ancestor at depth d has a brother further down */
	bool last;			  /* it has none itself */
	int place, first_child, brother;  /* of order.c */
};

enum column {
	COLUMN_PID,
	COLUMN_PPID,
	COLUMN_USER,
	COLUMN_STATE,
	COLUMN_RUNNING,
	COLUMN_READY,
	COLUMN_BLOCKED,
	COLUMN_TIME,
	COLUMN_LIFE,
	COLUMN_AGE,
	COLUMN_REASON,
	COLUMN_SINCE,
	COLUMN_WAKER,
	COLUMN_THREADS,
	COLUMN_COMMAND,
	COLUMN_COUNT
};

struct rows_options {
	const char *comm;				/* only processes of such a name: a glob; NULL: all */
	const char *user;				/* only that user's, by name or number; NULL: all */
	const char *(*user_name)(void *ctx, __u32 uid); /* NULL, or where it returns NULL: numbers */
	void *ctx;
};

struct rows_figures { /* of all processes, whatever is shown */
	int processes, threads, by_state[STATE_COUNT + 1], orphans;
	double births, ends; /* a second */
	__u64 lost_lifecycle, lost_timeline;
	double running, ready; /* CPUs in use, and as many that are wanted */
};

struct rows_order {
	enum column column;
	bool inverted;
};

struct rows {
	struct rows_options options;
	struct tallies tallies;
	struct row *list;
	int count;
	struct row **order; /* as they are shown */
	struct buffer words;
	struct rows_figures figures;
	__u64 refreshed_ns, births, ends; /* as of then */
	__u32 greatest_pid;
	/* How they shall be laid out; rows_arrange() does it. */
	bool tree, problems_first;
	struct rows_order flat_order, tree_order;
};

void rows_init(struct rows *rows, const struct rows_options *options);
void rows_free(struct rows *rows);
/* At least once a second: counts what the threads did. 0, or -1 when memory was short. */
int rows_count(struct rows *rows, const struct model *model);
/* Takes what is there now, and lays it out. 0, or -1: the old rows stay. */
int rows_refresh(struct rows *rows, const struct model *model, __u64 now_ns);
/* Lays the rows out anew. */
void rows_arrange(struct rows *rows);

const char *rows_words(const struct rows *rows, size_t at);
struct rows_order *rows_order(struct rows *rows); /* that of tree or list, whichever is on */
/* Its place among those shown, or -1. */
int rows_find(const struct rows *rows, struct who who);
/* Does it contain the words, as name, command, user or pid? Letters large or small. */
bool row_matches(const struct rows *rows, const struct row *row, const char *words);

/* columns.c */
struct layout { /* the columns that there is room for */
	enum column columns[COLUMN_COUNT];
	int at[COLUMN_COUNT], widths[COLUMN_COUNT], count;
};
/* `skipped`: so many columns behind the pid are left out, for others to be seen. */
struct layout layout_for(const struct rows *rows, int width, int skipped);
const char *column_name(enum column column);
const char *column_about(enum column column);
/* Above 0: `one` stands below `other` as that column is usually sorted. */
int column_compare(const struct rows *rows, enum column column, const struct row *one, const struct row *other);
void put_headings(struct line *line, const struct rows *rows, const struct layout *layout);
void put_row(struct line *line, const struct rows *rows, const struct layout *layout, const struct row *row,
	     __u64 now_ns);
/* The states of a life as a bar: █ running ▒ ready ─ blocked T stopped. */
void put_shares(struct line *line, const struct totals *life, int columns);

#endif
