/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The text report, for people: what its parts share. Only text*.c include it.
 *
 * Every part writes by put() and its kin, which never go beyond the width, and which alone know of colours and of
 * terminals without UTF-8: a part writes UTF-8, and names only what they have escaped.
 */
#ifndef PROCLIFE_TEXT_H
#define PROCLIFE_TEXT_H

#include "user/base/duration.h"
#include "user/sink/output.h"
#include "user/sink/sink.h"

/* How one looks: plain, or by what it means. */
enum style {
	PLAIN,
	STRONG,
	FAINT,
	LOOKS_RUNNING,
	LOOKS_READY,
	LOOKS_BLOCKED,
	LOOKS_STOPPED,
	LOOKS_ZOMBIE,
	LOOKS_GOOD,
	LOOKS_ODD,
	LOOKS_BAD,
	STYLE_COUNT
};

struct cell { /* a slice of time: how much of it went to which state, summed over threads */
	float ns[STATE_COUNT];
	enum reason reason; /* of most of what it was blocked for; NONE: not known */
};

struct lane { /* of a process: its slices, from the first it was seen in */
	struct cell *cells;
	int id, first, count, room;
};

struct lanes { /* in order of the processes' ids; slices double in length as time goes on */
	struct lane *list;
	int count, dropped; /* dropped: of them, whose room is not used again yet */
	__u64 origin_ns, cell_ns;
	bool failed;
};

struct text {
	const struct trace *trace;
	const struct sink_options *options;
	struct output output;
	struct lanes lanes;
	int width;
	int column, wanted_column; /* blanks up to wanted_column are written when something follows */
};

/* Processes that are told of in one row, and the rows below it. */
struct branch {
	const struct process **members; /* in order of birth */
	int count;
	struct branch *children;
	int child_count;
	int cut; /* processes below it that are in no row: too deep down */
};

struct row { /* of a forest laid flat */
	const struct branch *branch;
	int depth;
	__u64 more; /* bit d: the ancestor at depth d has a brother further down */
};

struct forest {
	struct branch root; /* no row itself */
	struct row *rows;
	int row_count, depth;
	bool by_name_only; /* rows hold processes of one name and several fates */
};

/* text_line.c */
void put(struct text *text, enum style style, const char *words);
void putf(struct text *text, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* In exactly that many columns, cut short with an ellipsis if need be. */
void put_within(struct text *text, enum style style, const char *words, int columns);
void put_right(struct text *text, enum style style, const char *words, int columns);
void put_times(struct text *text, enum style style, const char *glyph, int times);
void move_to(struct text *text, int column);
void end_line(struct text *text);
void put_heading(struct text *text, const char *heading);
/* Words broken between lines, all but the first indented. */
void put_paragraph(struct text *text, enum style style, const char *words, int indent);

/* text_words.c */
enum style fate_style(const struct process *process);
__u64 life_ns(const struct process *process, const struct trace *trace);
__u64 zombie_for_ns(const struct process *process, const struct trace *trace); /* so far; 0: never, or not known */
void put_count(struct buffer *out, __u64 number);			       /* 12,345 */

/* text_fold.c: at most `budget` rows if folding can do it; `verbose` folds nothing. 0, or -1. */
int forest_grow(struct forest *forest, const struct model *model, int budget, bool verbose);
void forest_free(struct forest *forest);

/* text_lanes.c */
void lanes_take(struct lanes *lanes, const struct change *change);
void lanes_drop(struct lanes *lanes, const struct process *process); /* nobody will ask for it */
void lanes_free(struct lanes *lanes);
/* Adds to a cell: so long in that state; the reason, of blocked. */
void cell_add(struct cell *cell, enum state state, float ns, enum reason reason);
/* Adds what the process did from from_ns to to_ns. */
void lanes_sample(const struct lanes *lanes, const struct process *process, __u64 from_ns, __u64 to_ns,
		  struct cell *into);

/* The parts, in the order of the report. 0, or -1 when memory was short. */
void text_tree(struct text *text, const struct forest *forest, const struct folded *folded);
int text_states(struct text *text, const struct model *model);
int text_timeline(struct text *text, const struct forest *forest);
int text_findings(struct text *text, const struct findings *findings);

#endif
