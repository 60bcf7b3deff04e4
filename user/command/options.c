/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading a command's options; see options.h.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/options.h"

static const char *option_at(const void *table, int i)
{
	return ((const struct option *)table)[i].name;
}

/* "--output (-o)". False: there is no option of that value, and nothing was added. */
static bool add_option(struct buffer *out, const struct option *longs, int value)
{
	while (longs->name && longs->val != value)
		longs++;
	if (longs->name)
		buffer_printf(out, value < 256 ? "--%s (-%c)" : "--%s", longs->name, value);
	return longs->name;
}

/* The long options that the word's beginning may stand for. Returns how many there are. */
static int add_candidates(struct buffer *out, const struct option *longs, const char *word, size_t length)
{
	int count = 0;

	for (; longs->name; longs++)
		if (!strncmp(longs->name, word, length))
			buffer_printf(out, "%s--%s", count++ ? " or " : "", longs->name);
	return count;
}

static void say_bad_long(struct buffer *out, const struct option *longs, const char *word)
{
	size_t length = strcspn(word, "=");
	struct buffer candidates = {0}, name = {0};
	const char *similar;

	buffer_add(&name, word, length);
	if (length && add_candidates(&candidates, longs, word, length) > 1) {
		buffer_printf(out, "--%s may be %s: write more of it", name.data, candidates.data);
	} else {
		buffer_text(out, "no such option: --");
		escape_terminal(out, word, length);
		similar = similar_name(name.data ? name.data : "", option_at, longs);
		if (similar)
			buffer_printf(out, "; did you mean --%s?", similar);
	}
	buffer_free(&candidates);
	buffer_free(&name);
}

static void say_bad_short(struct buffer *out, char letter)
{
	buffer_text(out, "no such option: -");
	escape_terminal(out, &letter, 1);
}

static void say_wrong(const char *command, const char *word, int found, const struct option *longs)
{
	struct buffer text = {0};

	if (found == ':') {
		add_option(&text, longs, optopt);
		buffer_text(&text, " needs a value");
	} else if (!optopt) {
		say_bad_long(&text, longs, word + 2);
	} else if (add_option(&text, longs, optopt)) {
		buffer_text(&text, " takes no value");
	} else {
		say_bad_short(&text, (char)optopt);
	}
	message("%s: %s (see 'proclife %s --help')", command, text.data ? text.data : "", command);
	buffer_free(&text);
}

int option_next(int argc, char **argv, const char *shorts, const struct option *longs)
{
	int found;

	opterr = 0; /* getopt_long() itself prints nothing */
	found = getopt_long(argc, argv, shorts, longs, NULL);
	if (found != '?' && found != ':')
		return found;
	say_wrong(argv[0], argv[optind - 1], found, longs);
	return '?';
}

bool is_number(const char *word)
{
	return *word >= '0' && *word <= '9' && !word[strspn(word, "0123456789.")];
}
