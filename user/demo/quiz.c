/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Predictions, read and marked; see quiz.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "user/demo/quiz.h"

int question_options(const struct question *question)
{
	int count = 0;

	while (count < OPTIONS_MOST && question->options[count])
		count++;
	return count;
}

static bool separates(char c)
{
	return isspace((unsigned char)c) || c == ',' || c == ';' || c == ')' || c == '.' || c == '>';
}

/* The next letter as an option's number; -1: there is none, -2: not one of them. Moves *line on. */
static int next_option(const char **line, int options)
{
	while (**line && separates(**line))
		(*line)++;
	if (!**line)
		return -1;
	int option = tolower((unsigned char)*(*line)++) - 'a';

	return option >= 0 && option < options ? option : -2;
}

static int read_choices(const struct question *question, const char *line, struct answer *answer)
{
	int option;

	if (!strncasecmp(line, "none", 4) && !line[4 + strspn(line + 4, " \t\r\n")])
		return 0;
	while ((option = next_option(&line, question_options(question))) >= 0)
		answer->choices |= 1u << option;
	return option == -1 ? 0 : -1;
}

static int read_order(const struct question *question, const char *line, struct answer *answer)
{
	int options = question_options(question), count = 0, option;
	unsigned seen = 0;

	while ((option = next_option(&line, options)) >= 0) {
		if (seen & 1u << option)
			return -1;
		seen |= 1u << option;
		answer->order[count++] = option;
	}
	return option == -1 && count == options ? 0 : -1;
}

static int read_number(const char *line, struct answer *answer)
{
	char *end;

	errno = 0;
	answer->number = strtoll(line, &end, 10);
	return end != line && !end[strspn(end, " \t\r\n")] && !errno ? 0 : -1;
}

int quiz_read(const struct question *question, const char *line, struct answer *answer)
{
	int result;

	memset(answer, 0, sizeof(*answer));
	line += strspn(line, " \t\r\n");
	if (!*line)
		return 0;
	if (question->kind == QUESTION_CHOICE)
		result = read_choices(question, line, answer);
	else if (question->kind == QUESTION_ORDER)
		result = read_order(question, line, answer);
	else
		result = read_number(line, answer);
	answer->given = !result;
	return result;
}

static bool choices_are_right(const struct question *question, unsigned given, unsigned accepted)
{
	if (question->several || !accepted)
		return given == accepted;
	return given && !(given & (given - 1)) && (given & accepted);
}

static bool order_is_right(const struct question *question, const int *order, const unsigned *before)
{
	int options = question_options(question);

	for (int i = 0; i < options; i++)
		for (int later = i + 1; later < options; later++)
			if (before[order[i]] & 1u << order[later])
				return false;
	return true;
}

bool quiz_is_right(const struct question *question, const struct answer *answer, const struct accepted *accepted)
{
	if (!answer->given)
		return false;
	if (question->kind == QUESTION_CHOICE)
		return choices_are_right(question, answer->choices, accepted->choices);
	if (question->kind == QUESTION_ORDER)
		return order_is_right(question, answer->order, accepted->before);
	return answer->number >= accepted->low && answer->number <= accepted->high;
}

static void say_letters(struct buffer *out, unsigned choices, const char *between)
{
	const char *separator = "";

	for (int i = 0; i < OPTIONS_MOST; i++)
		if (choices & 1u << i) {
			buffer_printf(out, "%s%c", separator, 'a' + i);
			separator = between;
		}
	if (!choices)
		buffer_text(out, _("none"));
}

void quiz_say_answer(struct buffer *out, const struct question *question, const struct answer *answer)
{
	if (!answer->given)
		buffer_text(out, "-");
	else if (question->kind == QUESTION_CHOICE)
		say_letters(out, answer->choices, ", ");
	else if (question->kind == QUESTION_NUMBER)
		buffer_printf(out, "%lld", answer->number);
	else
		for (int i = 0; i < question_options(question); i++)
			buffer_printf(out, "%s%c", i ? " " : "", 'a' + answer->order[i]);
}

static void say_order(struct buffer *out, const struct question *question, const unsigned *before)
{
	const char *separator = "";

	for (int i = 0; i < question_options(question); i++) {
		if (!before[i])
			continue;
		buffer_text(out, separator);
		say_letters(out, before[i], ", ");
		buffer_printf(out, _(" before %c"), 'a' + i);
		separator = "; ";
	}
	if (!*separator)
		buffer_text(out, _("any order"));
}

void quiz_say_accepted(struct buffer *out, const struct question *question, const struct accepted *accepted)
{
	if (question->kind == QUESTION_CHOICE)
		say_letters(out, accepted->choices, question->several ? ", " : _(" or "));
	else if (question->kind == QUESTION_ORDER)
		say_order(out, question, accepted->before);
	else if (accepted->low == accepted->high)
		buffer_printf(out, "%lld", accepted->low);
	else
		buffer_printf(out, _("from %lld to %lld"), accepted->low, accepted->high);
}
