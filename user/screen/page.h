/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the parts of a process's page share: page.c, page_times.c.
 */
#ifndef PROCLIFE_PAGE_H
#define PROCLIFE_PAGE_H

#include "user/screen/view.h"
#include "user/screen/words.h"

struct page {
	const struct model *model;
	const struct process *process;
	const struct rows *rows;
	const struct row *row; /* NULL: it is no longer among those shown */
	const struct recent *recent;
	struct lines *lines;
	__u64 now_ns;
};

/* A blank line, and a bar with these words. */
void page_heading(struct page *page, const char *words);

/* page_times.c: states, reasons, wakers, threads. */
void page_put_times(struct page *page);

#endif
