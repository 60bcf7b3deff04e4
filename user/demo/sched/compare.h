/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A run of a scheduling demo beside the textbook's. Only the scheduling demos include it.
 */
#ifndef PROCLIFE_SCHED_COMPARE_H
#define PROCLIFE_SCHED_COMPARE_H

#include "user/demo/sched/turns.h"

struct comparison {
	enum policy policy;
	int quantum; /* in ticks */
	struct job_list jobs;
	struct textbook textbook;
	struct turns turns;
};

void compare(struct comparison *comparison, const struct lab *lab);
void comparison_free(struct comparison *comparison);

/* What the textbook says of another policy, over the same jobs. */
struct figures averages_under(const struct comparison *comparison, enum policy policy);

/*
 * What theory expects of all four policies, and of each.
 */
enum verdict holds_one_at_a_time(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_textbook_order(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_textbook_ends(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_bursts(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_averages(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_one_turn_each(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_shortest_first(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_quantum(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_sooner_response(const struct lab *, const struct expectation *, struct buffer *);
enum verdict holds_newcomers_first(const struct lab *, const struct expectation *, struct buffer *);

/*
 * Pictures.
 */
/* A row of a Gantt chart: which job had the CPU, a digit each; `total_ns` of the jobs' time in so many columns. */
void gantt_turns(struct buffer *out, const struct turns *turns, __u64 total_ns, int columns);
/* The Gantt charts and the figures; with `table` also in the layout of the textbook's programs. */
void draw_schedule(const struct lab *lab, bool table, int width, struct buffer *out);
void table_like_the_textbook(const struct comparison *comparison, int width, struct buffer *out);

#endif
