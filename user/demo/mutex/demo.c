/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * mutex: one at a time, by a lock; and why waiting for the end of each is something else.
 */
#include "user/base/duration.h"
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

/* A step is a spell of sleep: what a worker does while it has the lock, if there is one. */
struct phase {
	int workers, steps, disturbed; /* steps that overlap with a step of another worker */
	int steps_at_once, alive_at_once;
	__u64 from_ns, to_ns; /* the workers' lives */
	__u64 waited_ns;      /* blocked on the lock, all of them together */
	int waited;	      /* how often */
};

static const struct moment *next_step(const struct lab *lab, const struct moment *after, const struct process *worker)
{
	return next_spell(lab, after, worker, STATE_BLOCKED, REASON_SLEEP);
}

/* How many workers of that name are in a step at that time. */
static int stepping_at(const struct lab *lab, const char *name, __u64 at_ns)
{
	const struct process *worker;
	int count = 0;

	for (int i = 0; (worker = process_nth(lab, name, i)); i++)
		for (const struct moment *step = NULL; (step = next_step(lab, step, worker));)
			count += step->change.state.from_ns <= at_ns && at_ns < step->change.state.to_ns;
	return count;
}

static int alive_at(const struct lab *lab, const char *name, __u64 at_ns)
{
	const struct process *worker;
	int count = 0;

	for (int i = 0; (worker = process_nth(lab, name, i)); i++)
		count += worker->birth_ns <= at_ns && at_ns < worker->end_ns;
	return count;
}

static bool is_disturbed(const struct lab *lab, const char *name, const struct process *worker, const struct span *step)
{
	const struct process *other;

	for (int i = 0; (other = process_nth(lab, name, i)); i++)
		for (const struct moment *its = NULL; other != worker && (its = next_step(lab, its, other));)
			if (its->change.state.from_ns < step->to_ns && step->from_ns < its->change.state.to_ns)
				return true;
	return false;
}

static void add_worker(struct phase *phase, const struct lab *lab, const char *name, const struct process *worker)
{
	int alive = alive_at(lab, name, worker->birth_ns);

	for (const struct moment *step = NULL; (step = next_step(lab, step, worker));) {
		int at_once = stepping_at(lab, name, step->change.state.from_ns);

		phase->steps++;
		phase->disturbed += is_disturbed(lab, name, worker, &step->change.state);
		phase->steps_at_once = at_once > phase->steps_at_once ? at_once : phase->steps_at_once;
	}
	if (!phase->workers++ || worker->birth_ns < phase->from_ns)
		phase->from_ns = worker->birth_ns;
	if (worker->end_ns > phase->to_ns)
		phase->to_ns = worker->end_ns;
	phase->alive_at_once = alive > phase->alive_at_once ? alive : phase->alive_at_once;
	phase->waited_ns += blocked_for(worker, REASON_FUTEX);
	phase->waited += (int)times_blocked(worker, REASON_FUTEX);
}

static bool phase_of(struct phase *phase, const struct lab *lab, const char *name, struct buffer *observed)
{
	const struct process *worker;

	*phase = (struct phase){0};
	for (int i = 0; (worker = process_nth(lab, name, i)); i++)
		add_worker(phase, lab, name, worker);
	return !say_missing(observed, process_named(lab, name), name);
}

static enum verdict overlap(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	say(observed, _("%d of %d steps overlapped with a step of another"), phase.disturbed, phase.steps);
	return unless_starved(lab, phase.steps >= expectation->number && phase.disturbed, expectation->who, observed);
}

static enum verdict are_serialised(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	if (phase.disturbed)
		say(observed, _("%d of %d steps overlapped with a step of another"), phase.disturbed, phase.steps);
	else
		say(observed, _("none of %d steps overlapped with a step of another"), phase.steps);
	if (phase.disturbed || phase.steps >= expectation->number)
		return unless_seen(lab, phase.disturbed, observed);
	return unless_starved(lab, false, expectation->who, observed);
}

static enum verdict wait_for_the_lock(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	say(observed, _("blocked on futex %d times, for %.0f ms in all"), phase.waited, ms_of(phase.waited_ns));
	/* steps that overlap were taken without the lock */
	return phase.disturbed ? phase.waited > 0 : unless_starved(lab, phase.waited, expectation->who, observed);
}

static enum verdict never_wait(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	say(observed, _("blocked on futex %d times, for %.0f ms in all"), phase.waited, ms_of(phase.waited_ns));
	return unless_seen(lab, phase.waited, observed);
}

/* The next time that one of that name was woken out of waiting for the lock. */
static const struct moment *next_wake(const struct lab *lab, const struct moment *after, const char *name)
{
	const struct moment *end = lab->log->list + lab->log->count;

	for (after = after ? after + 1 : lab->log->list; after < end; after++)
		if (after->change.kind == CHANGE_WAKE && after->change.wake.reason == REASON_FUTEX &&
		    is_named(after->change.process, name))
			return after;
	return NULL;
}

static enum verdict wake_each_other(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	int wakes = 0, by_worker = 0;
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	for (const struct moment *wake = NULL; (wake = next_wake(lab, wake, expectation->who));) {
		const struct process *waker = wake->change.wake.waker;

		wakes++;
		by_worker += waker && waker != wake->change.process && is_named(waker, expectation->who);
	}
	if (wakes)
		say(observed, _("%d of %d times another worker woke it"), by_worker, wakes);
	else
		say(observed, _("nobody waited for the lock, and nobody was woken"));
	if (wakes || phase.disturbed)
		return wakes && by_worker == wakes;
	return unless_starved(lab, false, expectation->who, observed);
}

static enum verdict live_together(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct phase phase;

	if (!phase_of(&phase, lab, expectation->who, observed))
		return false;
	say(observed, _("at most %d alive at once"), phase.alive_at_once);
	return phase.alive_at_once == expectation->number;
}

#define STEPS_SEEN                                                                                                     \
	6 /* of nine at least: who is preempted as its sleep begins may be ready, not asleep, until that is over */

static const struct expectation expectations[] = {
	{N_("without a lock, steps of different workers overlap"), overlap, "free-*", NULL, STEPS_SEEN},
	{N_("with the lock no two steps overlap: they are serialised"), are_serialised, "lock-*", NULL, STEPS_SEEN},
	{N_("who does not get the lock is blocked"), wait_for_the_lock, "lock-*", NULL, 0},
	{N_("and is woken by another worker, which unlocks"), wake_each_other, "lock-*", NULL, 0},
	{N_("all three live, and make progress, side by side"), live_together, "lock-*", NULL, 3},
	{N_("joining each before the next is born serialises, too"), are_serialised, "join-*", NULL, STEPS_SEEN},
	{N_("but then there never are two of them"), live_together, "join-*", NULL, 1},
	{N_("so nobody ever waits for the lock they take"), never_wait, "join-*", NULL, 0},
	{0}};

static bool which_overlap(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"free-*", "lock-*", "join-*"};

	for (int i = 0; i < 3; i++) {
		if (!process_named(lab, names[i]))
			return false;
		if (any_overlap(lab, names[i], STATE_BLOCKED, REASON_SLEEP))
			accepted->choices |= 1u << i;
	}
	return true;
}

/* What came after being blocked, each time. */
static bool what_wakes_are(const struct lab *lab, struct accepted *accepted)
{
	const struct moment *end = lab->log->list + lab->log->count;

	for (const struct moment *wake = NULL; (wake = next_wake(lab, wake, "lock-*"));)
		for (const struct moment *next = wake + 1; next < end; next++)
			if (next->change.kind == CHANGE_STATE && next->change.process == wake->change.process &&
			    next->change.state.from_ns >= wake->change.at_ns) {
				accepted->choices |= next->change.state.state == STATE_RUNNING ? 1u << 0 : 1u << 1;
				break;
			}
	return accepted->choices == 1u << 0 || accepted->choices == 1u << 1;
}

static const struct question questions[] = {
	{.ask = N_("In which of the three do steps of different workers ever overlap?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"free", "lock", "join"},
	 .answer = which_overlap,
	 .because = N_("A lock keeps others out of the step, not out of the CPU; and those who are born one after the "
		       "other cannot meet.")},
	{.ask = N_("At the moment at which the lock is released, the one that waited for it becomes ..."),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("running"), N_("ready")},
	 .answer = what_wakes_are,
	 .because = N_("To be woken is not to run. It is ready, and has to wait for a CPU; once it runs it tries "
		       "again to take the lock, and somebody else may have been quicker.")},
	{0}};

#define LABEL 24
#define FIGURE 12

static void figure(struct buffer *out, const char *label, const char *const values[3])
{
	say_cell(out, -LABEL, "%s", label);
	for (int i = 0; i < 3; i++)
		say_cell(out, FIGURE, "%s", values[i]);
	buffer_char(out, '\n');
}

static void figure_int(struct buffer *out, const char *label, int first, int lock, int join)
{
	say_cell(out, -LABEL, "%s", label);
	say_cell(out, FIGURE, "%d", first);
	say_cell(out, FIGURE, "%d", lock);
	say_cell(out, FIGURE, "%d", join);
	buffer_char(out, '\n');
}

static void figure_ns(struct buffer *out, const char *label, __u64 first, __u64 lock, __u64 join)
{
	figure(out, label, (const char *const[]){duration(first).text, duration(lock).text, duration(join).text});
}

static void say_wakes(const struct lab *lab, __u64 from_ns, struct buffer *out)
{
	say(out, _("\nWho unlocked, and woke whom, since lock-1 was born:\n"));
	for (const struct moment *wake = NULL; (wake = next_wake(lab, wake, "lock-*"));) {
		say_cell(out, 10, "%s", duration(wake->change.at_ns - from_ns).text);
		say(out, _("  %s woke %s, blocked for %s\n"),
		    wake->change.wake.waker ? wake->change.wake.waker->comm : "?", wake->name,
		    duration(wake->change.wake.blocked_ns).text);
	}
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	struct phase as_they_like, lock, join;
	struct buffer complaint = {0};

	(void)table;
	(void)width;
	if (phase_of(&as_they_like, lab, "free-*", &complaint) && phase_of(&lock, lab, "lock-*", &complaint) &&
	    phase_of(&join, lab, "join-*", &complaint)) {
		figure(out, "", (const char *const[]){"free", "lock", "join"});
		figure_ns(out, _("took"), as_they_like.to_ns - as_they_like.from_ns, lock.to_ns - lock.from_ns,
			  join.to_ns - join.from_ns);
		figure_int(out, _("in a step, at most"), as_they_like.steps_at_once, lock.steps_at_once,
			   join.steps_at_once);
		figure_int(out, _("alive, at most"), as_they_like.alive_at_once, lock.alive_at_once,
			   join.alive_at_once);
		figure_ns(out, _("blocked on the lock"), as_they_like.waited_ns, lock.waited_ns, join.waited_ns);
		if (lock.waited)
			say_wakes(lab, lock.from_ns, out);
	}
	buffer_free(&complaint);
}

const struct demo demo_mutex = {
	.name = "mutex",
	.chapter = N_("Working together"),
	.title = N_("One at a time: a lock is not a join"),
	.idea = N_("A lock lets in one at a time. Who finds it taken is blocked until whoever has it lets go."),
	.happens = N_("Three workers take three steps of 15 ms each, as they like: free-1, free-2, free-3.\n"
		      "lock-1, lock-2 and lock-3 do the same, and hold a lock for each step.\n"
		      "join-1, join-2 and join-3, too; but each is born only when the one before has ended."),
	.broken = N_("the lock: nobody takes it"),
	.learned = N_("A lock serialises what has to be, and nothing else; all the rest goes on side by side. Join "
		      "serialises whole lives: that is no longer working together. A lock that nobody else holds "
		      "costs no system call at all."),
	.calls = "pthread_mutex_lock(3p), futex(2), futex(7), wait(2)",
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
