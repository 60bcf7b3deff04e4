/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * blocking: synchronous or asynchronous, blocking or not: four ways to wait for a message.
 */
#include <signal.h>
#include <string.h>

#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

#define WAYS 4

static const struct {
	const char *worker, *sender;
} ways[WAYS] = {{"sync-block", "sender-1"},
		{"sync-nonblock", "sender-2"},
		{"async-block", "sender-3"},
		{"async-nonblock", "sender-4"}};

/* How often, and how long, it slept for want of the message. */
static __u64 times_waited(const struct process *worker)
{
	return times_blocked(worker, REASON_PIPE_READ) + times_blocked(worker, REASON_POLL) +
	       times_blocked(worker, REASON_SIGNAL) + times_blocked(worker, REASON_SLEEP);
}

static __u64 waited_ns(const struct process *worker)
{
	return blocked_for(worker, REASON_PIPE_READ) + blocked_for(worker, REASON_POLL) +
	       blocked_for(worker, REASON_SIGNAL) + blocked_for(worker, REASON_SLEEP);
}

static __u64 running_ns(const struct process *worker)
{
	return worker->threads->totals.running_ns;
}

/* When the sender, having slept, was on a CPU again: it then does nothing but write. 0: not known. */
static __u64 sent_ns(const struct lab *lab, const struct process *sender)
{
	const struct moment *sleep = next_spell(lab, NULL, sender, STATE_BLOCKED, REASON_SLEEP), *running = sleep;

	while (running && (running = next_spell(lab, running, sender, STATE_RUNNING, REASON_NONE)))
		if (running->change.state.from_ns >= sleep->change.state.to_ns)
			return running->change.state.from_ns;
	return 0;
}

/* From then until the worker thanked for the message. */
static __u64 noticed_after_ns(const struct lab *lab, const struct process *sender)
{
	const struct moment *thanks = signal_to(lab, sender, SIGUSR1);
	__u64 sent = sent_ns(lab, sender);

	return thanks && sent && thanks->change.at_ns > sent ? thanks->change.at_ns - sent : UNKNOWN_NS;
}

/* The time in which the message was on its way: its sender slept. */
static struct span on_its_way(const struct lab *lab, const struct process *sender)
{
	const struct moment *sleep = next_spell(lab, NULL, sender, STATE_BLOCKED, REASON_SLEEP);

	return sleep ? sleep->change.state : (struct span){0};
}

/* How long the worker ran in that time. */
static __u64 meanwhile_ns(const struct lab *lab, const struct process *worker, const struct process *sender)
{
	struct span way = on_its_way(lab, sender);

	return doing_within(lab, worker, way.from_ns, way.to_ns).ns[STATE_RUNNING];
}

/* The verdict on a worker that did not do what it was to do before the message came. */
static enum verdict refuted_unless_busy(const struct lab *lab, const struct process *worker,
					const struct process *sender, struct buffer *observed)
{
	struct span way = on_its_way(lab, sender);

	return was_starved(lab, worker, way.from_ns, way.to_ns, observed) ? INCONCLUSIVE : REFUTED;
}

static enum verdict is_blocked(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker = process_named(lab, expectation->who);
	const struct process *sender = process_named(lab, expectation->whom);
	enum reason reason = (enum reason)expectation->number;

	if (say_missing(observed, worker, expectation->who) || say_missing(observed, sender, expectation->whom))
		return false;
	say(observed, _("blocked on %s for %.0f ms; "), reason_name(reason), ms_of(blocked_for(worker, reason)));
	if (blocked_for(worker, reason) && holds_woken_by(lab, expectation, observed) == CONFIRMED)
		return CONFIRMED;
	return refuted_unless_busy(lab, worker, sender, observed);
}

static enum verdict never_blocks(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker = process_named(lab, expectation->who);

	if (say_missing(observed, worker, expectation->who))
		return false;
	say(observed, _("blocked %llu times, running %.0f ms"), times_waited(worker), ms_of(running_ns(worker)));
	return unless_seen(lab, times_waited(worker), observed);
}

static enum verdict uses_more(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *more = process_named(lab, expectation->who);
	const struct process *less = process_named(lab, expectation->whom);

	if (say_missing(observed, more, expectation->who) || say_missing(observed, less, expectation->whom))
		return false;
	if (say_missing(observed, process_named(lab, ways[1].sender), ways[1].sender))
		return false;
	say(observed, _("%s running %.0f ms, %s %.0f ms"), more->comm, ms_of(running_ns(more)), less->comm,
	    ms_of(running_ns(less)));
	if (10 * running_ns(more) > 11 * running_ns(less))
		return CONFIRMED;
	return refuted_unless_busy(lab, more, process_named(lab, ways[1].sender), observed);
}

static enum verdict is_told(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker = process_named(lab, expectation->who);
	const struct process *sender = process_named(lab, expectation->whom);
	const struct moment *told;
	__u64 late;

	if (say_missing(observed, worker, expectation->who) || say_missing(observed, sender, expectation->whom))
		return false;
	told = signal_to(lab, worker, SIGIO);
	late = noticed_after_ns(lab, sender);
	if (told)
		say(observed, _("SIGIO from %s[%u]"), told->sender.comm, told->sender.pid);
	else if (late != UNKNOWN_NS)
		say(observed, _("no SIGIO came; it noticed the message %.1f ms later"), ms_of(late));
	else
		say(observed, _("no SIGIO came"));
	return told ? CONFIRMED : REFUTED;
}

static enum verdict works_meanwhile(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	const struct process *worker = process_named(lab, expectation->who);
	const struct process *sender = process_named(lab, expectation->whom);
	const struct process *blocked = process_named(lab, ways[0].worker), *its = process_named(lab, ways[0].sender);
	__u64 works, sleeps;

	if (say_missing(observed, worker, expectation->who) || say_missing(observed, sender, expectation->whom) ||
	    say_missing(observed, blocked, ways[0].worker) || say_missing(observed, its, ways[0].sender))
		return false;
	works = meanwhile_ns(lab, worker, sender);
	sleeps = meanwhile_ns(lab, blocked, its);
	say(observed, _("meanwhile running for %.1f ms; sync-block for %.1f ms"), ms_of(works), ms_of(sleeps));
	if (works > 5 * MS && works > 2 * sleeps)
		return CONFIRMED;
	return refuted_unless_busy(lab, worker, sender, observed);
}

static enum verdict all_thank(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	int count = 0;

	for (int i = 0; i < WAYS; i++) {
		const struct process *sender = process_named(lab, ways[i].sender);
		const struct moment *thanks = sender ? signal_to(lab, sender, SIGUSR1) : NULL;

		count += thanks && !strcmp(thanks->sender.comm, ways[i].worker);
	}
	say(observed, _("%d of %d workers told their sender so"), count, WAYS);
	return count == expectation->number;
}

static const struct expectation expectations[] = {
	{N_("sync-block is blocked on its pipe, and woken by who writes"), is_blocked, "sync-block", "sender-1",
	 REASON_PIPE_READ},
	{N_("sync-nonblock is never blocked: it asks again and again"), never_blocks, "sync-nonblock", NULL, 0},
	{N_("which costs CPU time that sync-block does not use"), uses_more, "sync-nonblock", "sync-block", 0},
	{N_("async-block is blocked all the same: on whichever of its files is ready first"), is_blocked, "async-block",
	 "sender-3", REASON_POLL},
	{N_("async-nonblock is never blocked either"), never_blocks, "async-nonblock", NULL, 0},
	{N_("it works while its message is on the way"), works_meanwhile, "async-nonblock", "sender-4", 0},
	{N_("and is told by a signal when it is there"), is_told, "async-nonblock", "sender-4", 0},
	{N_("each way gets the message"), all_thank, NULL, NULL, WAYS},
	{0}};

static bool who_used_most(const struct lab *lab, struct accepted *accepted)
{
	__u64 most = 0;

	for (int i = 0; i < WAYS; i++) {
		const struct process *worker = process_named(lab, ways[i].worker);

		if (!worker)
			return false;
		if (running_ns(worker) <= most)
			continue;
		most = running_ns(worker);
		accepted->choices = 1u << i;
	}
	return most;
}

static bool who_was_blocked(const struct lab *lab, struct accepted *accepted)
{
	for (int i = 0; i < WAYS; i++) {
		const struct process *worker = process_named(lab, ways[i].worker);

		if (!worker)
			return false;
		if (times_waited(worker))
			accepted->choices |= 1u << i;
	}
	return true;
}

static bool who_worked_meanwhile(const struct lab *lab, struct accepted *accepted)
{
	/* sync-nonblock runs meanwhile as well, but for nothing: it was to do 150 ms of work, and used more */
	const struct process *worker = process_named(lab, ways[WAYS - 1].worker);
	const struct process *sender = process_named(lab, ways[WAYS - 1].sender);

	if (!worker || !sender || !meanwhile_ns(lab, worker, sender))
		return false;
	accepted->choices = 1u << (WAYS - 1);
	return true;
}

#define THE_WAYS                                                                                                       \
	{                                                                                                              \
		"sync-block", "sync-nonblock", "async-block", "async-nonblock"                                         \
	}

static const struct question questions[] = {
	{.ask = N_("Which of them are blocked while the message is on its way?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = THE_WAYS,
	 .answer = who_was_blocked,
	 .because = N_("Asynchronous does not mean that nobody waits: who asks to be told of many files at once, by "
		       "epoll_wait, select or poll, is blocked in that call. And non-blocking does not mean that "
		       "somebody tells you.")},
	{.ask = N_("All have the same work to do. Which uses the most CPU time in all?"),
	 .kind = QUESTION_CHOICE,
	 .options = THE_WAYS,
	 .answer = who_used_most,
	 .because = N_("Asking in a loop until the answer is no longer EAGAIN uses a CPU for nothing. Who is blocked "
		       "uses none.")},
	{.ask = N_("Which gets work done while the message is on its way?"),
	 .kind = QUESTION_CHOICE,
	 .options = THE_WAYS,
	 .answer = who_worked_meanwhile,
	 .because = N_("Only who neither sleeps nor asks has its hands free: a signal will tell it.")},
	{0}};

#define NAME 15
#define FIGURE 9

static void figures_of(const struct lab *lab, int way, struct buffer *out)
{
	const struct process *worker = process_named(lab, ways[way].worker);
	const struct process *sender = process_named(lab, ways[way].sender);
	__u64 noticed = sender ? noticed_after_ns(lab, sender) : UNKNOWN_NS;

	if (!worker)
		return;
	say_cell(out, -NAME, "%s", ways[way].worker);
	say_cell(out, FIGURE, "%.1f", ms_of(waited_ns(worker)));
	say_cell(out, FIGURE, "%llu", times_waited(worker));
	say_cell(out, FIGURE, "%.1f", ms_of(running_ns(worker)));
	if (noticed == UNKNOWN_NS)
		say_cell(out, FIGURE, "-");
	else
		say_cell(out, FIGURE, "%.3f", ms_of(noticed));
	say_cell(out, FIGURE, "%.1f\n", ms_of(worker->end_ns - worker->birth_ns));
}

/* The four ways and what the kernel counted for each; milliseconds. */
static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	(void)table;
	say_cell(out, -NAME, "%s", _("WAY"));
	say_cell(out, FIGURE, "%s", _("BLOCKED"));
	say_cell(out, FIGURE, "%s", _("TIMES"));
	say_cell(out, FIGURE, "%s", _("RUNNING"));
	say_cell(out, FIGURE, "%s", _("NOTICED"));
	say_cell(out, FIGURE, "%s\n", _("TOOK"));
	for (int i = 0; i < WAYS; i++)
		figures_of(lab, i, out);
	say_wrapped(out, width, 0, "%s",
		    _("In milliseconds. TIMES: how often it gave up the CPU of its own will, to wait. NOTICED: from "
		      "when its sender was about to write until it had the message."));
}

const struct demo demo_blocking = {
	.name = "blocking",
	.chapter = N_("States"),
	.title = N_("Four ways to wait: synchronous or asynchronous, blocking or not"),
	.idea = N_("Blocking: the call comes back when there is an answer. Synchronous: who wants it has to ask. The "
		   "two are independent of each other."),
	.happens = N_("A message comes in 100 ms; each has 150 ms of work to do as well.\n"
		      "sync-block reads; sync-nonblock reads with O_NONBLOCK, again and again;\n"
		      "async-block waits in epoll_wait; async-nonblock works, and has SIGIO sent to it."),
	.broken = N_("the signal: nobody tells async-nonblock, which looks when its work is done"),
	.learned = N_("Blocked costs no CPU time; asking in a loop costs all of it. To wait for one thing, block; to "
		      "wait for many, block in epoll_wait; to work meanwhile, be told."),
	.calls = "read(2), fcntl(2), epoll(7), signal(7), aio(7), io_uring(7)",
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
