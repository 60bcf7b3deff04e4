/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * queue: who puts waits while it is full, who takes waits while it is empty, and why it needs a lock.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "user/base/duration.h"
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

#define ROOM 5	    /* messages that the queue holds */
#define PUT 14	    /* messages that go through the queue */
#define PUT_BARE 12 /* and through the bare pipe */

/* Which message the producer was about to put when it was first blocked on a full pipe: its name tells. 0: it never was. */
static int first_to_block(const struct lab *lab, const struct process *producer)
{
	const struct moment *spell = producer ? next_spell(lab, NULL, producer, STATE_BLOCKED, REASON_PIPE_WRITE)
					      : NULL;

	return spell && !strncmp(spell->name, "put-", 4) ? atoi(spell->name + 4) : 0;
}

static enum verdict five_go_in(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *producer = process_named(lab, expectation->who);
	int put = first_to_block(lab, producer);

	if (say_missing(observed, producer, expectation->who))
		return false;
	if (put)
		say(observed, _("the first time that it was blocked on pipe-write was in put-%d"), put);
	else
		say(observed, _("it was never blocked on pipe-write"));
	return put > ROOM;
}

/* Every time that one named `who` was woken out of being blocked on that, by one named `whom`? */
static enum verdict wakes_it(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct moment *end = lab->log->list + lab->log->count;
	enum reason reason = (enum reason)expectation->number;
	int wakes = 0, right = 0;

	for (const struct moment *wake = lab->log->list; wake < end; wake++)
		if (wake->change.kind == CHANGE_WAKE && wake->change.wake.reason == reason &&
		    is_named(wake->change.process, expectation->who)) {
			const struct process *waker = wake->change.wake.waker;

			wakes++;
			right += waker && waker != wake->change.process && is_named(waker, expectation->whom);
		}
	if (wakes)
		say(observed, _("blocked on %s; %d of %d times %s woke it"), reason_name(reason), right, wakes,
		    expectation->whom);
	else
		say(observed, _("never blocked on %s"), reason_name(reason));
	/* it may have come so late that there was no need to wait; for the lock it waits in any case */
	if (wakes || reason == REASON_FUTEX)
		return wakes && right == wakes;
	return unless_starved(lab, false, expectation->who, observed);
}

/* For how long one of them waited for a message, and the other one for the lock, ns. */
static __u64 waited_in_turn(const struct lab *lab, const struct process *one, const struct process *other)
{
	const struct moment *first = NULL, *second;
	__u64 ns = 0;

	while ((first = next_spell(lab, first, one, STATE_BLOCKED, REASON_PIPE_READ)))
		for (second = NULL; (second = next_spell(lab, second, other, STATE_BLOCKED, REASON_FUTEX));) {
			const struct span *mine = &first->change.state, *its = &second->change.state;
			__u64 from = mine->from_ns > its->from_ns ? mine->from_ns : its->from_ns;
			__u64 to = mine->to_ns < its->to_ns ? mine->to_ns : its->to_ns;

			ns += to > from ? to - from : 0;
		}
	return ns;
}

static enum verdict one_waits_for_the_other(const struct lab *lab, const struct expectation *expectation,
					    struct buffer *observed)
{
	const struct process *one = process_nth(lab, expectation->who, 0),
			     *other = process_nth(lab, expectation->who, 1);
	__u64 ns;

	if (say_missing(observed, one, expectation->who) || say_missing(observed, other, expectation->who))
		return false;
	ns = waited_in_turn(lab, one, other) + waited_in_turn(lab, other, one);
	say(observed, _("for %.0f ms one was blocked on pipe-read, and the other one on futex"), ms_of(ns));
	return ns > 0;
}

static enum verdict one_at_a_time(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool overlap = any_overlap(lab, expectation->who, STATE_BLOCKED, REASON_PIPE_READ);

	if (count_named(lab, expectation->who) != 2) {
		say(observed, _("%d of the name %s"), count_named(lab, expectation->who), expectation->who);
		return false;
	}
	say(observed, overlap ? _("both were blocked on pipe-read at the same time")
			      : _("never were both blocked on pipe-read at the same time"));
	return unless_seen(lab, overlap, observed);
}

/* How many messages came whole to all of that name: each tells by its exit status. -1: some did not. */
static int whole_messages(const struct lab *lab, const char *name)
{
	const struct process *consumer;
	int sum = 0;

	for (int i = 0; (consumer = process_nth(lab, name, i)); i++) {
		if (consumer->end == ENDED_NONE || consumer->signal)
			return -1;
		sum += consumer->code;
	}
	return sum;
}

static bool say_whole(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *consumer;

	if (say_missing(observed, process_named(lab, expectation->who), expectation->who))
		return false;
	for (int i = 0; (consumer = process_nth(lab, expectation->who, i)); i++)
		say(observed, i ? " + %d" : "%d", consumer->code);
	say(observed, _(" of %lld messages came whole"), expectation->number);
	return true;
}

static enum verdict all_are_whole(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return say_whole(lab, expectation, observed) && whole_messages(lab, expectation->who) == expectation->number;
}

static enum verdict some_are_torn(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	int whole = whole_messages(lab, expectation->who);

	return say_whole(lab, expectation, observed) && whole >= 0 && whole < expectation->number;
}

static enum verdict each_ends_before(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *producer = process_named(lab, expectation->whom), *consumer;
	int before = 0, count = 0;

	if (say_missing(observed, producer, expectation->whom) || producer->end == ENDED_NONE)
		return false;
	for (; (consumer = process_nth(lab, expectation->who, count)); count++)
		before += consumer->end != ENDED_NONE && consumer->end_ns < producer->end_ns;
	say(observed, _("%d of %d ended while %s still had the pipe open"), before, count, producer->comm);
	return before == 2 && count == 2;
}

static const struct expectation expectations[] = {
	{N_("five go in; with the sixth the producer finds it full, and is blocked"), five_go_in, "producer", NULL, 0},
	{N_("until a consumer makes room: that wakes it"), wakes_it, "producer", "consumer-*", REASON_PIPE_WRITE},
	{N_("empty: a consumer is blocked until the producer puts"), wakes_it, "consumer-*", "producer",
	 REASON_PIPE_READ},
	{N_("meanwhile the other one is blocked, too: on the lock"), one_waits_for_the_other, "consumer-*", NULL, 0},
	{N_("and is woken by who has taken a message, and unlocks"), wakes_it, "consumer-*", "consumer-*",
	 REASON_FUTEX},
	{N_("so no two read at the same time"), one_at_a_time, "consumer-*", NULL, 0},
	{N_("every message comes whole, to one of them"), all_are_whole, "consumer-*", NULL, PUT},
	{N_("sentinels end both: no end of file, as the producer has not closed it"), each_ends_before, "consumer-*",
	 "producer", 0},
	{N_("a bare pipe, no lock: messages are torn"), some_are_torn, "reader-*", NULL, PUT_BARE},
	{0}};

static bool which_put_blocks(const struct lab *lab, struct accepted *accepted)
{
	int put = first_to_block(lab, process_named(lab, "producer"));

	accepted->low = accepted->high = put;
	return put > 0;
}

static bool what_two_wait_for(const struct lab *lab, struct accepted *accepted)
{
	static const enum reason reasons[] = {REASON_PIPE_READ, REASON_PIPE_WRITE, REASON_FUTEX};
	const struct process *consumer;

	for (int i = 0; (consumer = process_nth(lab, "consumer-*", i)); i++)
		for (int reason = 0; reason < 3; reason++)
			if (times_blocked(consumer, reasons[reason]))
				accepted->choices |= 1u << reason;
	return accepted->choices != 0;
}

static bool what_ends_them(const struct lab *lab, struct accepted *accepted)
{
	const struct process *producer = process_named(lab, "producer"), *consumer;

	if (!producer || producer->end == ENDED_NONE)
		return false;
	for (int i = 0; (consumer = process_nth(lab, "consumer-*", i)); i++) {
		if (consumer->end == ENDED_NONE)
			return false;
		accepted->choices |= consumer->signal			   ? 1u << 2
				     : consumer->end_ns < producer->end_ns ? 1u << 0
									   : 1u << 1;
	}
	return accepted->choices != 0;
}

static const struct question questions[] = {
	{.ask = N_(
		 "Nobody takes anything yet. Which message (1, 2, 3 ...) is the first that the producer has to wait with?"),
	 .kind = QUESTION_NUMBER,
	 .answer = which_put_blocks,
	 .because = N_("Five fill the queue. The kernel blocks whoever writes to a full pipe: in put-6.")},
	{.ask = N_("The queue is empty, and both consumers want a message. What are they blocked on?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"pipe-read", "pipe-write", "futex"},
	 .answer = what_two_wait_for,
	 .because = N_("One has the lock, and waits for the pipe; the other one waits for the lock. Only who has it "
		       "may touch the pipe.")},
	{.ask = N_("What ends the consumers?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("a message that says so"), N_("the end of file"), N_("a signal")},
	 .answer = what_ends_them,
	 .because = N_("A sentinel each. End of file comes only when nobody at all has the pipe open for writing, "
		       "which is easily forgotten; and it comes to all at once.")},
	{0}};

#define LABEL 12
#define FIGURE 14
#define TIMES 4
#define WHOLE 6

/* Of who ends with how many messages came whole; the others put them. */
static void row(const struct lab *lab, const char *name, bool takes, struct buffer *out)
{
	static const enum reason columns[] = {REASON_PIPE_WRITE, REASON_PIPE_READ, REASON_FUTEX};
	const struct process *process = process_named(lab, name);

	if (!process)
		return;
	say_cell(out, -LABEL, "%s", name);
	for (int i = 0; i < 3; i++) {
		__u64 times = times_blocked(process, columns[i]);

		if (times)
			say_cell(out, TIMES, "%llu", times);
		say_cell(out, times ? FIGURE - TIMES : FIGURE, "%s",
			 times ? duration(blocked_for(process, columns[i])).text : "-");
	}
	if (takes)
		say_cell(out, WHOLE, "%d", process->code);
	buffer_char(out, '\n');
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	(void)table;
	(void)width;
	say(out, _("How often each was blocked, and for how long in all:\n"));
	say_cell(out, LABEL + FIGURE, "%s", _("full"));
	say_cell(out, FIGURE, "%s", _("empty"));
	say_cell(out, FIGURE, "%s", _("locked"));
	say_cell(out, WHOLE, "%s", _("whole"));
	buffer_char(out, '\n');
	row(lab, "producer", false, out);
	row(lab, "consumer-1", true, out);
	row(lab, "consumer-2", true, out);
	row(lab, "writer", false, out);
	row(lab, "reader-1", true, out);
	row(lab, "reader-2", true, out);
}

const struct demo demo_queue = {
	.name = "queue",
	.chapter = N_("Working together"),
	.title = N_("A queue for five: full, empty, and torn"),
	.idea = N_("A queue lets the quick wait for the slow: who puts waits while it is full, who takes while it is "
		   "empty. And who takes a message needs the whole of it."),
	.happens = N_("producer puts twelve messages, then two that take it 120 ms each to make: put-1 to put-14.\n"
		      "consumer-1 and consumer-2 hold a lock to take one. Exit status: how many came whole.\n"
		      "writer, reader-1 and reader-2 do the same on a bare pipe, without the lock."),
	.broken = N_("the lock: the queue is a bare pipe, too"),
	.learned = N_(
		"A full queue is what slows a producer down: without a bound it would fill the memory. A pipe is a "
		"stream of bytes, not of messages: only up to PIPE_BUF bytes are written as a whole, and nothing "
		"is read as a whole for sure. Python's Queue is this: a pipe, a lock for readers, and a bound."),
	.calls = "pipe(7), fcntl(2): F_SETPIPE_SZ, pthread_mutex_lock(3p), futex(7)",
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
