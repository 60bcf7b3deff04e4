/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Demos: small real programs (program.c in a folder each), and what theory expects of them (demo.c beside it, as
 * data), checked against what the kernel told. A new demo is a folder and a row of demos.c; docs/adding.md tells how.
 * The command `demo` runs them; they see a finished trace and nothing else.
 */
#ifndef PROCLIFE_DEMO_H
#define PROCLIFE_DEMO_H

#include "user/base/buffer.h"
#include "user/base/language.h"
#include "user/demo/log.h"

struct settings { /* what the user asked for, and the program was told */
	bool broken;
	int slow;	     /* durations times that; 1: as they are */
	const char *list;    /* -l: jobs or processes, in the textbook's notation; NULL: the demo's own */
	const char *actions; /* -A: of `tree`; NULL: the demo's own */
	int quantum;	     /* -q: a scheduling policy's, in ticks; 0: the demo's own */
};

struct lab { /* one finished run of a demo */
	const struct demo *demo;
	const struct settings *settings;
	const struct model *model;
	const struct log *log; /* what changed, in the order in which it was concluded */
};

/* A truth value converts to the first two. INCONCLUSIVE: there is evidence that this run cannot decide, because the kernel
 * hid the fact or because the machine was too busy (evidence.h). */
enum verdict { REFUTED, CONFIRMED, INCONCLUSIVE };

/* What theory expects: words, and the question whether it is so. The rest are the question's operands. */
struct expectation {
	const char *expected; /* N_(); NULL ends the list */
	/* Is it so? Adds what was observed, a sentence at most, to `observed` (_(); names in it are raw bytes). If the verdict
	 * is INCONCLUSIVE, the sentence names the evidence. */
	enum verdict (*holds)(const struct lab *lab, const struct expectation *expectation, struct buffer *observed);
	const char *who, *whom; /* names of processes */
	long long number;
};

enum question_kind { QUESTION_CHOICE, QUESTION_ORDER, QUESTION_NUMBER };
#define OPTIONS_MOST 8

struct accepted {		       /* which answers the observation makes right; all zero at first */
	unsigned choices;	       /* CHOICE: bit n: option n is right */
	unsigned before[OPTIONS_MOST]; /* ORDER: bit n of before[m]: option n must come before option m */
	long long low, high;	       /* NUMBER: from low to high */
};

struct question {	 /* for the learner, before the run */
	const char *ask; /* N_(); NULL ends the list */
	enum question_kind kind;
	bool several; /* CHOICE: all that are right have to be named; otherwise any one of them will do */
	const char *options[OPTIONS_MOST + 1]; /* N_(), NULL-ended; of CHOICE and ORDER */
	/* What is right, by the observation. False: this run can't tell. Never an exact time. */
	bool (*answer)(const struct lab *lab, struct accepted *accepted);
	const char *because; /* N_(): why it is so, a sentence or two */
};

enum { TAKES_LIST = 1, TAKES_QUANTUM = 2, TAKES_ACTIONS = 4, TAKES_FOLDER = 8 };

struct demo {
	const char *name, *chapter, *title; /* chapter and title: N_() as all that follows */
	const char *idea;		    /* the one idea, in a sentence or two */
	const char *happens;		    /* what will happen, in three lines at most */
	const char *broken;		    /* what the deliberately wrong variant leaves out */
	const char *learned;		    /* what to take home */
	const char *calls;		    /* the pages to look up: "wait(2), signal(7)"; not translated */
	const char *program;		    /* the folder of its program; NULL: name */
	const char *arguments;		    /* a word for the program, to tell apart demos that share one; NULL: none */
	unsigned takes;			    /* which of the user's wishes it understands */
	/* Is `settings` well formed? NULL: yes. Otherwise adds what is wrong. NULL: takes nothing that could be wrong. */
	bool (*understands)(const struct settings *settings, struct buffer *complaint);
	const struct expectation *expectations; /* ended by an empty row */
	const struct question *questions;	/* ended by an empty row */
	const struct demo *listed;		/* what it is instead when the user gives a list (-l); NULL: itself */
	/* A further picture below the timeline (a Gantt chart, a table in the textbook's layout), or NULL; `table`: the
	 * user asked for the textbook's layout (--table). Lines of UTF-8 within `width` columns. */
	void (*picture)(const struct lab *lab, bool table, int width, struct buffer *out);
};

extern const struct demo *const demos[]; /* NULL-ended */
const struct demo *demo_named(const char *name);

#endif
