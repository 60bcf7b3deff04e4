/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Predictions: what is understood, and what is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "user/demo/quiz.h"

static const struct question one_of = {.ask = "?", .kind = QUESTION_CHOICE, .options = {"x", "y", "z"}};
static const struct question several = {.ask = "?",
					.kind = QUESTION_CHOICE,
					.several = true,
					.options = {"x", "y", "z"}};
static const struct question order = {.ask = "?", .kind = QUESTION_ORDER, .options = {"x", "y", "z"}};
static const struct question number = {.ask = "?", .kind = QUESTION_NUMBER};

static bool right(const struct question *question, const char *line, struct accepted accepted)
{
	struct answer answer;

	return !quiz_read(question, line, &answer) && quiz_is_right(question, &answer, &accepted);
}

static bool understood(const struct question *question, const char *line)
{
	struct answer answer;

	return !quiz_read(question, line, &answer);
}

static void choices(void **state)
{
	(void)state;
	assert_true(right(&one_of, "b\n", (struct accepted){.choices = 2}));
	assert_true(right(&one_of, " B) ", (struct accepted){.choices = 2}));
	assert_false(right(&one_of, "a", (struct accepted){.choices = 2}));
	/* Reality varies: either will do, but not both at once. */
	assert_true(right(&one_of, "c", (struct accepted){.choices = 6}));
	assert_false(right(&one_of, "b c", (struct accepted){.choices = 6}));
	assert_true(right(&one_of, "none", (struct accepted){.choices = 0}));
	assert_false(right(&one_of, "none", (struct accepted){.choices = 1}));
}

static void several_choices(void **state)
{
	(void)state;
	assert_true(right(&several, "c, a", (struct accepted){.choices = 5}));
	assert_false(right(&several, "a", (struct accepted){.choices = 5}));
	assert_false(right(&several, "a b c", (struct accepted){.choices = 5}));
}

static void orders(void **state)
{
	struct accepted a_before_c = {.before = {[2] = 1}};

	(void)state;
	assert_true(right(&order, "abc", a_before_c));
	assert_true(right(&order, "b a c", a_before_c));
	assert_true(right(&order, "a > c > b", a_before_c));
	assert_false(right(&order, "c,a,b", a_before_c));
	assert_true(right(&order, "cba", (struct accepted){0}));
}

static void numbers(void **state)
{
	(void)state;
	assert_true(right(&number, "7\n", (struct accepted){.low = 5, .high = 9}));
	assert_true(right(&number, "5", (struct accepted){.low = 5, .high = 9}));
	assert_false(right(&number, "10", (struct accepted){.low = 5, .high = 9}));
	assert_true(right(&number, "-1", (struct accepted){.low = -1, .high = -1}));
}

static void nonsense(void **state)
{
	static const char *const orders_not[] = {"ab", "abb", "abcd", "abc d", "1", "none"};
	static const char *const numbers_not[] = {"x", "7x", "7 8", "99999999999999999999"};

	(void)state;
	assert_false(understood(&one_of, "d"));
	assert_false(understood(&one_of, "\xff"));
	assert_false(understood(&one_of, "1"));
	for (size_t i = 0; i < sizeof(orders_not) / sizeof(*orders_not); i++)
		assert_false(understood(&order, orders_not[i]));
	for (size_t i = 0; i < sizeof(numbers_not) / sizeof(*numbers_not); i++)
		assert_false(understood(&number, numbers_not[i]));
}

static void no_answer_is_not_right(void **state)
{
	(void)state;
	assert_true(understood(&one_of, "\n"));
	assert_false(right(&one_of, "", (struct accepted){0}));
	assert_false(right(&number, " ", (struct accepted){.low = 0, .high = 0}));
}

static void assert_says(const struct question *question, struct accepted accepted, const char *words)
{
	struct buffer out = {0};

	quiz_say_accepted(&out, question, &accepted);
	assert_string_equal(out.data, words);
	buffer_free(&out);
}

static void words(void **state)
{
	(void)state;
	assert_says(&one_of, (struct accepted){.choices = 6}, "b or c");
	assert_says(&several, (struct accepted){.choices = 6}, "b, c");
	assert_says(&one_of, (struct accepted){0}, "none");
	assert_says(&order, (struct accepted){.before = {[2] = 3}}, "a, b before c");
	assert_says(&order, (struct accepted){0}, "any order");
	assert_says(&number, (struct accepted){.low = 2, .high = 2}, "2");
	assert_says(&number, (struct accepted){.low = 2, .high = 4}, "from 2 to 4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices), cmocka_unit_test(several_choices), cmocka_unit_test(orders),
		cmocka_unit_test(numbers), cmocka_unit_test(nonsense),	      cmocka_unit_test(no_answer_is_not_right),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
