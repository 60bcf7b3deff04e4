/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * --predict: the learner is asked before a demo runs, and told afterwards. The command `demo` includes it.
 */
#ifndef PROCLIFE_DEMO_QUIZ_H
#define PROCLIFE_DEMO_QUIZ_H

#include "user/command/demo_run.h"
#include "user/demo/quiz.h"

#define QUESTIONS_MOST 8

struct quiz { /* of one demo; all zero before */
	struct answer answers[QUESTIONS_MOST];
	struct accepted accepted[QUESTIONS_MOST];
	bool can_tell[QUESTIONS_MOST], right[QUESTIONS_MOST];
	int count, right_count, told_count; /* told: the run could tell what is right */
};

/* Asks on `out` (a terminal, or not), reads lines of standard input; what is not understood is asked again at a terminal,
 * and otherwise counts as no answer. */
void quiz_ask(struct quiz *quiz, const struct demo *demo, FILE *out, const struct sink_options *look);
/* Marks the answers by a finished run. */
void quiz_mark(struct quiz *quiz, const struct lab *lab);
/* Prints what was answered, what was right, and why. */
void quiz_print(const struct quiz *quiz, const struct demo *demo, const struct sink_options *look);

/* proclife.quiz/1: a member of its list of demos; first: no comma before it. */
void quiz_json_open(struct buffer *out);
void quiz_json_add(struct buffer *out, const struct quiz *quiz, const struct demo *demo, bool first);
void quiz_json_close(struct buffer *out, int right, int asked);

#endif
