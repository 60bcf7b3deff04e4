/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why each state changed; see why.h. The list of sentences, and what is told of at all.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "user/demo/observe.h"
#include "user/demo/why.h"
#include "user/demo/why_words.h"

static void add(struct why *why, __u64 at_ns, struct buffer *text)
{
	struct sentence *list = why->list;

	if (why->count == why->room) {
		why->room = why->room ? 2 * why->room : 64;
		list = reallocarray(list, why->room, sizeof(*list));
		if (list)
			why->list = list;
	}
	if (!list || text->failed || !text->data) {
		why->failed |= !list || text->failed;
		buffer_free(text);
		return;
	}
	why->list[why->count++] = (struct sentence){.at_ns = at_ns, .text = text->data};
}

/* A spell in a state has two sentences: how it began, and what ended it. */
static void tell_spell(struct why *why, const struct lab *lab, const struct moment *moment)
{
	const struct span *span = &moment->change.state;
	struct buffer begin = {0}, end = {0};

	if (span->state == STATE_BLOCKED)
		words_of_blocking(&begin, moment);
	if (span->state == STATE_READY)
		words_of_waiting(&begin, lab, moment);
	if (span->state == STATE_STOPPED)
		words_of_stop(&begin, lab, moment);
	add(why, span->from_ns, &begin);
	if (span->state == STATE_BLOCKED || span->state == STATE_STOPPED)
		words_of_waking(&end, lab, moment);
	add(why, span->to_ns, &end);
}

static void tell_change(struct why *why, const struct lab *lab, const struct moment *moment)
{
	__u64 at_ns = moment->change.at_ns;
	struct buffer text = {0};

	switch (moment->change.kind) {
	case CHANGE_STATE:
		tell_spell(why, lab, moment);
		return;
	case CHANGE_BIRTH:
		words_of_birth(&text, moment);
		break;
	case CHANGE_EXEC:
		words_of_exec(&text, moment);
		break;
	case CHANGE_END:
		words_of_end(&text, moment);
		break;
	case CHANGE_REAP:
		words_of_reap(&text, moment);
		break;
	case CHANGE_ORPHAN:
		words_of_adoption(&text, moment);
		break;
	case CHANGE_DEADLOCK:
		at_ns = moment->change.deadlock->since_ns;
		words_of_deadlock(&text, moment->change.deadlock);
		break;
	default:
		break;
	}
	add(why, at_ns, &text);
}

static int by_time(const void *one, const void *other)
{
	const struct sentence *first = one, *second = other;

	return (first->at_ns > second->at_ns) - (first->at_ns < second->at_ns);
}

/* Equal but for their numbers? */
static bool is_alike(const char *one, const char *other)
{
	for (;; one++, other++) {
		if (isdigit((unsigned char)*one) && isdigit((unsigned char)*other)) {
			one += strspn(one, "0123456789.");
			other += strspn(other, "0123456789.");
		}
		if (*one != *other)
			return false;
		if (!*one)
			return true;
	}
}

static struct sentence *like(struct sentence *list, int count, const char *text)
{
	for (int i = 0; i < count; i++)
		if (is_alike(list[i].text, text))
			return &list[i];
	return NULL;
}

static void fold(struct why *why)
{
	int kept = 0;

	for (int i = 0; i < why->count; i++) {
		struct sentence *first = like(why->list, kept, why->list[i].text);

		if (!first) {
			why->list[kept++] = why->list[i];
			continue;
		}
		first->alike++;
		free(why->list[i].text);
	}
	why->count = kept;
}

/* Before the program runs it is held at a pipe, until it is being traced: no business of the demo. */
static __u64 begin_ns(const struct lab *lab)
{
	const struct process *root = root_of(lab);

	return root && root->exec_count ? root->execs[0].at_ns : 0;
}

void why_tell(struct why *why, const struct lab *lab, bool folded)
{
	__u64 from_ns = begin_ns(lab);

	for (int i = 0; i < lab->log->count; i++)
		if (lab->log->list[i].change.at_ns > from_ns)
			tell_change(why, lab, &lab->log->list[i]);
	if (why->count)
		qsort(why->list, (size_t)why->count, sizeof(*why->list), by_time);
	if (folded)
		fold(why);
}

void why_free(struct why *why)
{
	for (int i = 0; i < why->count; i++)
		free(why->list[i].text);
	free(why->list);
	memset(why, 0, sizeof(*why));
}
