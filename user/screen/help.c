/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What keys do and what columns mean.
 */
#include "user/screen/view.h"

struct explained {
	const char *what, *says;
};

static const struct explained keys[] = {
	{"arrows PgUp PgDn Home End", "move; left and right push columns out and back"},
	{"Enter", "the page of the selected process; again, or q: back"},
	{"/ or F3, n", "search by name, command, user or pid; the next one"},
	{"t or F5", "tree or list"},
	{"F6, < >, I", "choose the column to sort by; the one beside; the other way round"},
	{"P R B T N U A W", "sort by RUN% RDY% BLK% TIME PID USER AGE FOR"},
	{"z", "in the list: zombies and orphans first, or where they fall"},
	{"u", "only one user's processes"},
	{"p or space", "freeze, and go on"},
	{"Ctrl-L", "draw the screen anew"},
	{"q or F10, Ctrl-C", "quit"},
};

static const struct explained meanings[] = {
	{"S", "R running, r ready (wants a CPU), S blocked, D blocked on a disk, T stopped, Z zombie; "
	      "o orphan, d detached daemon, a attended daemon"},
	{"RUN% RDY%", "of the last period on a CPU, and waiting for one: 100 is one CPU, threads add up"},
	{"BLK%", "of the last period of its threads: asleep until something happens"},
	{"TIME LIFE", "on a CPU, and the shares of all states, since birth or since proclife came"},
	{"BLOCKED ON, FOR", "what it is blocked on now, or how it ended; how long it is in this state"},
	{"WOKEN BY", "who or what wakes its first thread most often"},
};

static void explain(struct lines *lines, const char *heading, const struct explained *list, size_t count)
{
	struct line *line = lines_add(lines);
	int indent = lines->width >= 60 ? 26 : 4;

	if (line)
		line->bar = true;
	line_put(line, LOOK_BAR, heading);
	for (size_t i = 0; i < count; i++) {
		line = lines_add(lines);
		line_put(line, LOOK_STRONG, list[i].what);
		if (line_column(line) >= indent)
			line = lines_add(lines);
		line_move_to(line, indent);
		line_put_paragraph(lines, line, LOOK_PLAIN, list[i].says, indent);
	}
}

void help_build(struct lines *lines, int width, bool utf8)
{
	lines_begin(lines, width, utf8);
	explain(lines, "Keys", keys, sizeof(keys) / sizeof(*keys));
	explain(lines, "Columns", meanings, sizeof(meanings) / sizeof(*meanings));
}
