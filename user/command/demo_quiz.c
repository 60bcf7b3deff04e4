/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * --predict; see demo_quiz.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/wrap.h"
#include "user/command/demo_print.h"
#include "user/command/demo_quiz.h"
#include "user/sink/json_writer.h"

#define TRIES 3 /* at a terminal */

static const char *how_to_answer(const struct question *question)
{
	if (question->kind == QUESTION_NUMBER)
		return _("a number");
	if (question->kind == QUESTION_ORDER)
		return _("all the letters, in order");
	return question->several ? _("all letters that are right, or: none") : _("a letter");
}

static void put_lines(FILE *out, const char *text, int indent, int width)
{
	while (*text) {
		const char *next;
		size_t length = wrap_line(text, width - indent, &next);

		fprintf(out, "%*s%.*s\n", indent, "", (int)length, text);
		text = next;
	}
}

static void put_question(FILE *out, const struct question *question, int number, int width)
{
	struct buffer line = {0};

	buffer_printf(&line, "%d. %s", number, _(question->ask));
	put_lines(out, line.data ? line.data : "", 0, width);
	for (int i = 0; i < question_options(question); i++)
		fprintf(out, "   %c) %s\n", 'a' + i, _(question->options[i]));
	buffer_free(&line);
}

/* A line of input as an answer; again if it was not understood and somebody sits there. */
static void take_answer(FILE *out, const struct question *question, struct answer *answer)
{
	bool at_terminal = isatty(STDIN_FILENO);
	char *line = NULL;
	size_t room = 0;

	for (int tries = 0; tries < (at_terminal ? TRIES : 1); tries++) {
		fprintf(out, _("   (%s) > "), how_to_answer(question));
		fflush(out);
		if (getline(&line, &room, stdin) < 0)
			break;
		if (!quiz_read(question, line, answer))
			break;
		fprintf(out, "%s%s\n", at_terminal ? "" : "\n", _("   That I do not understand."));
	}
	if (!at_terminal)
		fputc('\n', out);
	free(line);
}

void quiz_ask(struct quiz *quiz, const struct demo *demo, FILE *out, const struct sink_options *look)
{
	if (demo->questions[0].ask)
		fprintf(out, "%s\n\n", _("First, what do you think?"));
	for (quiz->count = 0; quiz->count < QUESTIONS_MOST && demo->questions[quiz->count].ask; quiz->count++) {
		put_question(out, &demo->questions[quiz->count], quiz->count + 1, look->width);
		take_answer(out, &demo->questions[quiz->count], &quiz->answers[quiz->count]);
		fputc('\n', out);
	}
	fflush(out);
}

void quiz_mark(struct quiz *quiz, const struct lab *lab)
{
	for (int i = 0; i < quiz->count; i++) {
		const struct question *question = &lab->demo->questions[i];

		quiz->can_tell[i] = question->answer(lab, &quiz->accepted[i]);
		if (!quiz->can_tell[i])
			continue;
		quiz->right[i] = quiz_is_right(question, &quiz->answers[i], &quiz->accepted[i]);
		quiz->told_count++;
		quiz->right_count += quiz->right[i];
	}
}

static void print_marked(const struct quiz *quiz, int i, const struct question *question,
			 const struct sink_options *look)
{
	enum verdict verdict = !quiz->can_tell[i] ? INCONCLUSIVE : quiz->right[i] ? CONFIRMED : REFUTED;
	struct buffer yours = {0}, right = {0}, line = {0};

	quiz_say_answer(&yours, question, &quiz->answers[i]);
	quiz_say_accepted(&right, question, &quiz->accepted[i]);
	if (quiz->can_tell[i])
		buffer_printf(&line, _("You: %s. Observed: %s."), yours.data ? yours.data : "",
			      right.data ? right.data : "");
	else
		buffer_printf(&line, _("You: %s. This run could not tell."), yours.data ? yours.data : "");
	print_toned(look, tone_of(verdict), mark_of(verdict, look));
	printf(" %d. ", i + 1);
	print_hanging(line.data ? line.data : "", look->utf8 ? 5 : 6, look);
	print_wrapped(_(question->because), 3, look);
	buffer_free(&yours);
	buffer_free(&right);
	buffer_free(&line);
}

void quiz_print(const struct quiz *quiz, const struct demo *demo, const struct sink_options *look)
{
	if (!quiz->count)
		return;
	print_heading(_("What you predicted, and what the kernel observed"), look);
	for (int i = 0; i < quiz->count; i++)
		print_marked(quiz, i, &demo->questions[i], look);
	printf(_("%d of %d right.\n"), quiz->right_count, quiz->told_count);
}

void quiz_json_open(struct buffer *out)
{
	buffer_text(out, "{\"schema\": \"proclife.quiz/1\", \"demos\": [\n");
}

static void add_question(struct json *json, const struct quiz *quiz, int i, const struct question *question)
{
	static const char *const kinds[] = {"choice", "order", "number"};
	struct buffer words = {0};

	json_open(json, NULL, '{');
	json_text(json, "ask", _(question->ask));
	json_text(json, "kind", kinds[question->kind]);
	json_open(json, "options", '[');
	for (int option = 0; option < question_options(question); option++)
		json_text(json, NULL, _(question->options[option]));
	json_close(json, ']');
	quiz_say_answer(&words, question, &quiz->answers[i]);
	json_text(json, "given", quiz->answers[i].given ? words.data : NULL);
	buffer_free(&words);
	quiz_say_accepted(&words, question, &quiz->accepted[i]);
	json_text(json, "observed", quiz->can_tell[i] ? words.data : NULL);
	buffer_free(&words);
	json_bool(json, "right", quiz->right[i]);
	json_close(json, '}');
}

void quiz_json_add(struct buffer *out, const struct quiz *quiz, const struct demo *demo, bool first)
{
	struct json json = {.out = out};

	buffer_text(out, first ? "" : ",\n");
	json_open(&json, NULL, '{');
	json_text(&json, "name", demo->name);
	json_open(&json, "questions", '[');
	for (int i = 0; i < quiz->count; i++)
		add_question(&json, quiz, i, &demo->questions[i]);
	json_close(&json, ']');
	json_number(&json, "right", quiz->right_count);
	json_number(&json, "asked", quiz->told_count);
	json_close(&json, '}');
}

void quiz_json_close(struct buffer *out, int right, int asked)
{
	buffer_printf(out, "\n], \"right\": %d, \"asked\": %d}\n", right, asked);
}
