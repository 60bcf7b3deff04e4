/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shared expectations that compare processes, or times; see observe.h.
 */
#include "user/demo/evidence.h"

enum verdict holds_ends_before(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *first = process_named(lab, expectation->who);
	const struct process *second = process_named(lab, expectation->whom);

	if (say_missing(observed, first, expectation->who) || say_missing(observed, second, expectation->whom))
		return false;
	if (first->end == ENDED_NONE || second->end == ENDED_NONE) {
		say(observed, _("%s still lives"), first->end == ENDED_NONE ? first->comm : second->comm);
		return false;
	}
	if (first->end_ns < second->end_ns)
		say(observed, _("%s ended %.3f ms before %s"), first->comm, ms_of(second->end_ns - first->end_ns),
		    second->comm);
	else
		say(observed, _("%s ended %.3f ms after %s"), first->comm, ms_of(first->end_ns - second->end_ns),
		    second->comm);
	return first->end_ns < second->end_ns;
}

enum verdict holds_woken_by(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *sleeper = process_named(lab, expectation->who);
	const struct process *waker = process_named(lab, expectation->whom);
	__u64 times;

	if (say_missing(observed, sleeper, expectation->who) || say_missing(observed, waker, expectation->whom))
		return false;
	times = times_woken_by(sleeper, waker);
	if (times)
		say(observed, _("woken by %s[%u], %llu times"), waker->comm, waker->pid, times);
	else
		say(observed, _("%s[%u] never woke it"), waker->comm, waker->pid);
	if (!times && had_no_chance(lab, sleeper, sleeper->birth_ns, sleeper->end_ns, observed))
		return INCONCLUSIVE;
	return times > 0;
}

bool ran_at_once(const struct lab *lab, const char *name)
{
	const struct process *one, *other;
	__u64 sum = 0;

	for (int i = 0; (one = process_nth(lab, name, i)); i++)
		for (int j = i + 1; (other = process_nth(lab, name, j)); j++)
			sum += overlap_ns(lab, one, other, STATE_RUNNING, REASON_NONE);
	return 20 * sum > running_ns_of(lab, name);
}

enum verdict holds_never_run_at_once(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	bool overlap = ran_at_once(lab, expectation->who);

	if (count_named(lab, expectation->who) < 2) {
		say(observed, _("%d of the name %s"), count_named(lab, expectation->who), expectation->who);
		return false;
	}
	say(observed,
	    overlap ? _("two of them were on CPUs at the same time") : _("at no time were two of them on CPUs"));
	return unless_seen(lab, overlap, observed);
}

enum verdict holds_run_at_once(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool overlap = ran_at_once(lab, expectation->who);

	say(observed,
	    overlap ? _("two of them were on CPUs at the same time") : _("at no time were two of them on CPUs"));
	return overlap;
}

enum verdict holds_sums(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	int wrong = 0, threads = 0;

	(void)expectation;
	for (int i = 0; i < model_count(lab->model); i++)
		for (const struct thread *thread = model_process(lab->model, i)->threads; thread;
		     thread = thread->next) {
			const struct totals *totals = &thread->totals;
			__u64 sum = totals->running_ns + totals->ready_ns + totals->blocked_ns + totals->stopped_ns;

			threads++;
			wrong += thread->end_ns != UNKNOWN_NS && sum != thread->end_ns - thread->birth_ns;
		}
	say(observed, _("%d of %d do not add up"), wrong, threads);
	return !wrong && threads;
}
