/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Predictions: what a learner answered, and whether the observation makes it right. Pure. The command `demo` includes it.
 */
#ifndef PROCLIFE_QUIZ_H
#define PROCLIFE_QUIZ_H

#include "user/demo/demo.h"

struct answer {
	bool given;
	unsigned choices;	 /* CHOICE: bit n: option n */
	int order[OPTIONS_MOST]; /* ORDER: options, the first first */
	long long number;	 /* NUMBER */
};

int question_options(const struct question *question); /* how many there are */

/* Reads what was typed: "b", "a, c", "none" for choices; "b a c" or "bac" for an order, of all options; a whole number.
 * An empty line is no answer, and fine. 0, or -1: not understood. */
int quiz_read(const struct question *question, const char *line, struct answer *answer);

/* Is it right? Of choices: one of the accepted, or with question->several all of them and no other. Of an order: nothing
 * stands before what must come first. Of a number: within the range. No answer is not right. */
bool quiz_is_right(const struct question *question, const struct answer *answer, const struct accepted *accepted);

/* Adds in words: the answer ("b", "b a c", "3"; "-" if there is none), and what would have been right. */
void quiz_say_answer(struct buffer *out, const struct question *question, const struct answer *answer);
void quiz_say_accepted(struct buffer *out, const struct question *question, const struct accepted *accepted);

#endif
