/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How detectors build a finding, piece by piece. A piece that finds no memory says so (-1) and leaves the rest sound;
 * each takes the NULL of a failed finding_add, so that a detector checks once, at the end.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/buffer.h"
#include "user/finding/kinds.h"

struct finding *finding_add(struct findings *findings, const char *kind, enum severity severity,
			    const struct process *process)
{
	struct finding *finding;

	if (array_grow(&findings->list, findings->count, sizeof(*finding)))
		return NULL;
	finding = &findings->list[findings->count++];
	*finding = (struct finding){.kind = kind, .severity = severity, .process = process};
	return finding;
}

static int write_text(char **text, const char *format, va_list arguments)
{
	va_list again;
	int size;

	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, again);
	va_end(again);
	free(*text);
	*text = size < 0 ? NULL : malloc((size_t)size + 1);
	if (!*text)
		return -1;
	vsnprintf(*text, (size_t)size + 1, format, arguments);
	return 0;
}

int finding_say(struct finding *finding, const char *summary, ...)
{
	va_list arguments;
	int result;

	if (!finding)
		return -1;
	va_start(arguments, summary);
	result = write_text(&finding->summary, summary, arguments);
	va_end(arguments);
	return result;
}

int finding_advise(struct finding *finding, const char *advice, ...)
{
	va_list arguments;
	int result;

	if (!finding)
		return -1;
	va_start(arguments, advice);
	result = write_text(&finding->advice, advice, arguments);
	va_end(arguments);
	return result;
}

static int add_evidence(struct finding *finding, struct evidence fact)
{
	if (array_grow(&finding->evidence, finding->evidence_count, sizeof(fact)))
		return -1;
	finding->evidence[finding->evidence_count++] = fact;
	return 0;
}

int finding_number(struct finding *finding, const char *name, long long number)
{
	return finding ? add_evidence(finding, (struct evidence){.name = name, .number = number}) : -1;
}

int finding_text(struct finding *finding, const char *name, const char *text)
{
	struct evidence fact = {.name = name};

	if (!finding)
		return -1;
	fact.text = strdup(text);
	if (!fact.text)
		return -1;
	if (!add_evidence(finding, fact))
		return 0;
	free(fact.text);
	return -1;
}

int finding_text_if(struct finding *finding, const char *name, const char *text)
{
	return text ? finding_text(finding, name, text) : finding ? 0 : -1;
}
