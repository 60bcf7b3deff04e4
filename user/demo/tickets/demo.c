/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tickets: look, decide, write. Three locks that make it one act, and what they cost.
 */
#include <stdio.h>

#include "user/base/duration.h"
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

#define SALES 4

static const struct {
	const char *buyers, *rest; /* names of processes */
	enum reason reason;	   /* what it is to wait for that lock */
} sales[SALES] = {{"unsafe-*", "left-unsafe", REASON_NONE},
		  {"mutex-*", "left-mutex", REASON_FUTEX},
		  {"flock-*", "left-flock", REASON_FILE_LOCK},
		  {"semop-*", "left-semop", REASON_SEMAPHORE}};

struct sale {
	int buyers, bought, left; /* left: as the file says afterwards */
	__u64 took_ns;		  /* from the first one's deciding to the last one's */
	__u64 waited_ns;	  /* for the lock, all together */
	int waited;		  /* how many of them did */
};

static void add_buyer(struct sale *sale, const struct process *buyer, enum reason reason)
{
	sale->buyers++;
	sale->bought += buyer->end == ENDED_NORMAL;
	sale->waited_ns += reason ? blocked_for(buyer, reason) : 0;
	sale->waited += reason && times_blocked(buyer, reason);
}

/* To decide takes a buyer a spell of sleep. */
static __u64 deciding_ns(const struct lab *lab, const char *buyers)
{
	const struct process *buyer;
	__u64 from = UNKNOWN_NS, to = 0;

	for (int i = 0; (buyer = process_nth(lab, buyers, i)); i++) {
		const struct moment *spell = next_spell(lab, NULL, buyer, STATE_BLOCKED, REASON_SLEEP);

		if (spell && spell->change.state.from_ns < from)
			from = spell->change.state.from_ns;
		if (spell && spell->change.state.to_ns > to)
			to = spell->change.state.to_ns;
	}
	return to > from ? to - from : 0;
}

static bool sale_of(struct sale *sale, const struct lab *lab, int which, struct buffer *observed)
{
	const struct process *rest = process_named(lab, sales[which].rest), *buyer;

	*sale = (struct sale){0};
	for (int i = 0; (buyer = process_nth(lab, sales[which].buyers, i)); i++)
		add_buyer(sale, buyer, sales[which].reason);
	if (say_missing(observed, process_named(lab, sales[which].buyers), sales[which].buyers) ||
	    say_missing(observed, rest, sales[which].rest))
		return false;
	sale->left = rest->code;
	sale->took_ns = deciding_ns(lab, sales[which].buyers);
	return true;
}

static void say_sale(struct buffer *observed, const struct sale *sale)
{
	say(observed, _("%d of %d buyers have a ticket; the file says that %d are left"), sale->bought, sale->buyers,
	    sale->left);
}

#define TICKETS 3

static enum verdict is_oversold(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct sale sale;

	if (!sale_of(&sale, lab, (int)expectation->number, observed))
		return false;
	say_sale(observed, &sale);
	return sale.bought > TICKETS;
}

static enum verdict is_exact(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct sale sale;

	if (!sale_of(&sale, lab, (int)expectation->number, observed))
		return false;
	say_sale(observed, &sale);
	return sale.bought == TICKETS && sale.left == 0;
}

static enum verdict each_waits(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool all = true;

	(void)expectation;
	for (int i = 1; i < SALES; i++) {
		struct sale sale;

		if (!sale_of(&sale, lab, i, observed))
			return false;
		say(observed, "%s", i > 1 ? "; " : "");
		say(observed, _("%d blocked on %s"), sale.waited, reason_name(sales[i].reason));
		all &= sale.waited > 0;
	}
	return all;
}

static enum verdict one_decides(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	int together = 0;

	(void)expectation;
	for (int i = 1; i < SALES; i++)
		together += any_overlap(lab, sales[i].buyers, STATE_BLOCKED, REASON_SLEEP);
	if (together)
		say(observed, _("in %d of the 3 sales with a lock, two decided at once"), together);
	else
		say(observed, _("in none of the 3 sales with a lock did two decide at once"));
	return unless_seen(lab, together, observed);
}

static enum verdict costs_time(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct sale unsafe, safe;
	bool all = true, together = false;

	(void)expectation;
	if (!sale_of(&unsafe, lab, 0, observed))
		return false;
	say(observed, _("%.0f ms without a lock"), ms_of(unsafe.took_ns));
	for (int i = 1; i < SALES; i++) {
		if (!sale_of(&safe, lab, i, observed))
			return false;
		say(observed, _("; %s %.0f ms"), reason_name(sales[i].reason), ms_of(safe.took_ns));
		all &= safe.took_ns > 2 * unsafe.took_ns;
		together |= any_overlap(lab, sales[i].buyers, STATE_BLOCKED, REASON_SLEEP);
	}
	return together ? all : unless_starved(lab, all, sales[0].buyers, observed);
}

static const struct expectation expectations[] = {
	{N_("without a lock more than 3 believe that they have one of 3 tickets"), is_oversold, NULL, NULL, 0},
	{N_("a mutex in shared memory: exactly 3"), is_exact, NULL, NULL, 1},
	{N_("a locked file: exactly 3"), is_exact, NULL, NULL, 2},
	{N_("a semaphore: exactly 3"), is_exact, NULL, NULL, 3},
	{N_("with a lock, no two decide at the same time"), one_decides, NULL, NULL, 0},
	{N_("the others are blocked, each kind of lock with a reason of its own"), each_waits, NULL, NULL, 0},
	{N_("safety costs time: more than twice as much"), costs_time, NULL, NULL, 0},
	{0}};

static bool how_many_bought(const struct lab *lab, struct accepted *accepted)
{
	struct buffer complaint = {0};
	struct sale sale;
	bool known = sale_of(&sale, lab, 0, &complaint);

	buffer_free(&complaint);
	accepted->low = accepted->high = sale.bought;
	return known;
}

static bool what_they_wait_for(const struct lab *lab, struct accepted *accepted)
{
	static const enum reason reasons[] = {REASON_FUTEX, REASON_FILE_LOCK, REASON_SEMAPHORE, REASON_SLEEP};
	const struct process *buyer;

	for (int i = 0; (buyer = process_nth(lab, "flock-*", i)); i++)
		for (int reason = 0; reason < 3; reason++)
			if (times_blocked(buyer, reasons[reason]))
				accepted->choices |= 1u << reason;
	return accepted->choices != 0;
}

static const struct question questions[] = {
	{.ask = N_(
		 "Without a lock, when all ten look before anybody writes: how many believe that they have a ticket?"),
	 .kind = QUESTION_NUMBER,
	 .answer = how_many_bought,
	 .because = N_("All ten saw that 3 were left, so all ten took one, and each wrote that 2 are left. What was "
		       "true when they looked was no longer true when they wrote.")},
	{.ask = N_("A buyer finds the file locked by another one. What is it blocked on?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"futex", "file-lock", "semaphore", "disk"},
	 .answer = what_they_wait_for,
	 .because = N_("The kernel knows who waits for a file's lock: it is a lock of its own kind. It has nothing to "
		       "do with the disk, and keeps out only those who ask for it, too.")},
	{0}};

#define LABEL 12
#define FIGURE 14

static void row(struct buffer *out, const char *label, const char *bought, const char *left, const char *waited,
		const char *took)
{
	say_cell(out, -LABEL, "%s", label);
	say_cell(out, FIGURE - 4, "%s", bought);
	say_cell(out, FIGURE - 4, "%s", left);
	say_cell(out, FIGURE, "%s", waited);
	say_cell(out, FIGURE, "%s", took);
	buffer_char(out, '\n');
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct buffer complaint = {0};
	struct sale sale;

	(void)table;
	(void)width;
	row(out, _("LOCK"), _("BOUGHT"), _("LEFT"), _("BLOCKED"), _("TOOK"));
	for (int i = 0; i < SALES; i++) {
		char bought[12], left[12];

		if (!sale_of(&sale, lab, i, &complaint))
			continue;
		snprintf(bought, sizeof(bought), "%d", sale.bought);
		snprintf(left, sizeof(left), "%d", sale.left);
		row(out, i ? reason_name(sales[i].reason) : _("none"), bought, left, duration(sale.waited_ns).text,
		    duration(sale.took_ns).text);
	}
	buffer_free(&complaint);
}

const struct demo demo_tickets = {
	.name = "tickets",
	.chapter = N_("Working together"),
	.title = N_("Look, decide, write: sold more than there was"),
	.idea = N_("What you have seen may no longer be true when you act on it, unless a lock makes both one act."),
	.happens = N_("Ten buyers, three tickets: each looks into a JSON file, decides for 10 ms, and writes.\n"
		      "unsafe-1 to unsafe-10 have no lock: all look before anybody writes.\n"
		      "Then ten each with a mutex, with a locked file (flock) and with a semaphore (semop)."),
	.broken = N_("all locks"),
	.learned = N_("Lock before you look, and unlock after you have written. All three kinds do; a mutex needs "
		      "shared memory, a file lock only the file. The price is that one waits for the other."),
	.calls = "flock(2), semop(2), pthread_mutex_lock(3p), futex(2)",
	.takes = TAKES_FOLDER,
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
