/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The latest changes; see recent.h.
 */
#include <string.h>

#include "user/screen/recent.h"
#include "user/words/changes.h"

static bool is_told(const struct change *change)
{
	if (!change->process || change->kind == CHANGE_STATE || change->kind == CHANGE_WAKE)
		return false;
	return change->kind != CHANGE_BIRTH || !change->process->existing;
}

/* Cut short between two characters. */
static void keep_words(struct recent_change *into, const char *words)
{
	static const char more[] = "…";
	size_t size = strlen(words), most = sizeof(into->words) - sizeof(more);

	if (size < sizeof(into->words)) {
		memcpy(into->words, words, size + 1);
		return;
	}
	while (most && ((unsigned char)words[most] & 0xc0) == 0x80)
		most--;
	memcpy(into->words, words, most);
	memcpy(into->words + most, more, sizeof(more));
}

void recent_take(struct recent *recent, const struct change *change)
{
	struct recent_change *into;
	struct buffer words = {0};

	if (!is_told(change))
		return;
	into = &recent->list[recent->count++ % RECENT_MOST];
	into->at_ns = change->at_ns;
	into->who = who_of(change->process);
	into->kind = change->kind;
	into->look = look_of_change(change);
	change_words(&words, change, NULL);
	keep_words(into, words.data ? words.data : "");
	buffer_free(&words);
}

bool recent_before(const struct recent *recent, struct who who, unsigned long long before, unsigned long long *at)
{
	unsigned long long oldest = recent->count > RECENT_MOST ? recent->count - RECENT_MOST : 0;

	while (before > oldest) {
		before--;
		if (!who_compare(recent->list[before % RECENT_MOST].who, who)) {
			*at = before;
			return true;
		}
	}
	return false;
}
