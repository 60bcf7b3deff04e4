/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where a process's time went: states, what it was blocked on, who woke it, thread by thread.
 */
#include <stdlib.h>
#include <string.h>

#include "user/base/duration.h"
#include "user/base/escape.h"
#include "user/base/syscalls.h"
#include "user/screen/page.h"
#include "user/words/names.h"

#define WAKERS_MOST 64
#define THREADS_MOST 32

struct wakers { /* of all threads that are known */
	struct waker_total list[WAKERS_MOST];
	int count;
};

static bool same_waker(const struct waker_total *one, const struct waker_total *other)
{
	return one->pid == other->pid && one->start_ns == other->start_ns && one->irq == other->irq &&
	       one->rest == other->rest;
}

static void add_waker(struct wakers *wakers, const struct waker_total *from)
{
	int i = 0;

	while (i < wakers->count && !same_waker(&wakers->list[i], from))
		i++;
	if (i == WAKERS_MOST)
		return;
	if (i == wakers->count) {
		wakers->list[wakers->count] = *from;
		wakers->list[wakers->count++].count = 0;
	}
	wakers->list[i].count += from->count;
}

static int by_count(const void *one, const void *other)
{
	__u64 a = ((const struct waker_total *)one)->count, b = ((const struct waker_total *)other)->count;

	return (a < b) - (a > b);
}

static void gather_wakers(struct wakers *wakers, const struct process *process)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		for (int i = 0; i < thread->waker_count; i++)
			add_waker(wakers, &thread->wakers[i]);
	qsort(wakers->list, (size_t)wakers->count, sizeof(*wakers->list), by_count);
}

static void put_share(struct line *line, __u64 part, __u64 whole)
{
	line_putf(line, LOOK_PLAIN, " %5.1f%%", whole ? 100.0 * (double)part / (double)whole : 0.0);
}

static void put_state(struct page *page, int state, __u64 ns, double recent)
{
	struct line *line = lines_add(page->lines);

	line_put_within(line, look_of_state(state), state_name((enum state)state), 16);
	line_put_right(line, LOOK_PLAIN, duration(ns).text, 10);
	put_share(line, ns, totals_ns(&page->row->life));
	line_putf(line, recent < 0.05 ? LOOK_FAINT : LOOK_PLAIN, " %9.1f%%", recent);
}

static void put_states(struct page *page)
{
	const struct row *row = page->row;
	const struct totals *life = &row->life;
	struct line *line;

	page_heading(page, "State            since counted         last period");
	put_state(page, STATE_RUNNING, life->running_ns, row->running);
	put_state(page, STATE_READY, life->ready_ns, row->ready);
	put_state(page, STATE_BLOCKED, life->blocked_ns, row->blocked);
	put_state(page, STATE_STOPPED, life->stopped_ns, row->stopped);
	line = lines_add(page->lines);
	put_shares(line, life, page->lines->width < 60 ? page->lines->width : 60);
}

static void put_reasons(struct page *page, const struct sums *sums)
{
	page_heading(page, "Blocked on             time  share     times    longest");
	for (int i = 0; i < sums->blocked_count; i++) {
		const struct reason_total *reason = &sums->blocked[i];
		struct line *line = lines_add(page->lines);
		struct buffer name = {0};

		reason_text(&name, reason->reason, reason->call);
		line_put_within(line, LOOK_BLOCKED, name.data, 16);
		line_put_right(line, LOOK_PLAIN, duration(reason->ns).text, 10);
		put_share(line, reason->ns, page->row->life.blocked_ns);
		line_putf(line, LOOK_PLAIN, " %9llu", reason->count);
		line_put_right(line, LOOK_PLAIN, duration(reason->longest_ns).text, 11);
		buffer_free(&name);
	}
	if (!sums->blocked_count && page->row->state == STATE_BLOCKED)
		line_putf(lines_add(page->lines), LOOK_FAINT, "%s, since before proclife came",
			  rows_words(page->rows, page->row->why));
	else if (!sums->blocked_count)
		line_put(lines_add(page->lines), LOOK_FAINT, "nothing so far");
}

static void put_wakers(struct page *page, const struct wakers *wakers)
{
	page_heading(page, "Woken by              times");
	for (int i = 0; i < wakers->count && i < WAKER_SLOTS; i++) {
		const struct waker_total *waker = &wakers->list[i];
		struct line *line = lines_add(page->lines);
		struct buffer name = {0};

		waker_words(&name, waker, model_find(page->model, waker->pid, waker->start_ns));
		line_put_within(line, LOOK_PLAIN, name.data, 20);
		line_putf(line, LOOK_PLAIN, " %6llu", waker->count);
		buffer_free(&name);
	}
	if (!wakers->count)
		line_put(lines_add(page->lines), LOOK_FAINT, "nobody so far");
}

static void put_thread(struct page *page, const struct thread *thread)
{
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};

	line_putf(line, LOOK_PLAIN, "%7u ", thread->tid);
	escape_terminal(&words, thread->comm, strlen(thread->comm));
	line_put_within(line, LOOK_PLAIN, words.data, 16);
	line_put_right(line, LOOK_PLAIN, duration(thread->totals.running_ns).text, 9);
	line_move_by(line, 1);
	put_shares(line, &thread->totals, 12);
	line_move_to(line, 47);
	line_put(line, look_of_state((int)thread->state), state_name(thread->state));
	words.size = 0;
	if (thread->state == STATE_BLOCKED) {
		reason_text(&words, thread->reason, thread->call);
		line_putf(line, LOOK_BLOCKED, " on %s", words.data ? words.data : "");
	}
	if (page->now_ns > thread->since_ns)
		line_putf(line, LOOK_PLAIN, " for %s", duration(page->now_ns - thread->since_ns).text);
	buffer_free(&words);
}

static void put_threads(struct page *page)
{
	int told = 0, alive = page->process->alive_count;

	if (alive < 2)
		return;
	page_heading(page, "    TID THREAD             RUNNING LIFE         STATE");
	for (const struct thread *thread = page->process->threads; thread; thread = thread->next)
		if (thread->end_ns == UNKNOWN_NS && told < THREADS_MOST) {
			put_thread(page, thread);
			told++;
		}
	if (alive > told)
		line_putf(lines_add(page->lines), LOOK_FAINT, "… and %d more", alive - told);
}

void page_put_times(struct page *page)
{
	struct sums sums = {.blocked_count = 0};
	struct wakers wakers = {.count = 0};

	if (!page->row)
		return;
	sums_add(&sums, page->process);
	sums_sort(&sums);
	gather_wakers(&wakers, page->process);
	put_states(page);
	put_reasons(page, &sums);
	put_wakers(page, &wakers);
	put_threads(page);
}
