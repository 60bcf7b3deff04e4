/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Expectations and verdicts; see check.h.
 */
#include <stdlib.h>
#include <string.h>

#include "user/demo/check.h"
#include "user/demo/evidence.h"

static enum verdict verdict_on(const struct expectation *expectation, const struct lab *lab, struct buffer *observed)
{
	enum verdict verdict = expectation->holds(lab, expectation, observed);

	return verdict == REFUTED && events_were_lost(lab, observed) ? INCONCLUSIVE : verdict;
}

static void count_verdict(struct check *check, enum verdict verdict)
{
	check->count++;
	check->confirmed += verdict == CONFIRMED;
	check->refuted += verdict == REFUTED;
	check->inconclusive += verdict == INCONCLUSIVE;
}

int check_lab(struct check *check, const struct lab *lab)
{
	const struct expectation *expectations = lab->demo->expectations;
	int count = 0;

	while (expectations[count].expected)
		count++;
	check->list = calloc((size_t)count, sizeof(*check->list));
	if (!check->list)
		return -1;
	for (int i = 0; i < count; i++) {
		struct observation *observation = &check->list[i];

		observation->expectation = &expectations[i];
		observation->verdict = verdict_on(observation->expectation, lab, &observation->words);
		count_verdict(check, observation->verdict);
		if (observation->words.failed)
			return -1;
	}
	check->passed = count && !check->refuted;
	return 0;
}

void check_free(struct check *check)
{
	for (int i = 0; i < check->count; i++)
		buffer_free(&check->list[i].words);
	free(check->list);
	memset(check, 0, sizeof(*check));
}
