/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * deadlock: processes that waited for each other, so that none could go on. One finding for each circle; it names the
 * circle, and who else was held up by it.
 */
#include "user/base/buffer.h"
#include "user/finding/kinds.h"

#define NAMED_MOST 12

static const char *words_of(enum reason reason)
{
	switch (reason) {
	case REASON_CHILD:
		return "waits for the end of";
	case REASON_VFORK:
		return "waits for the exec or end of";
	case REASON_PIPE_READ:
		return "reads from an empty pipe that is written by";
	case REASON_PIPE_WRITE:
		return "writes to a full pipe that is read by";
	case REASON_FILE_LOCK:
		return "waits for a file lock that is held by";
	default:
		return "waits for";
	}
}

/* What would have kept such a wait from being one without end. */
static const char *advice_for(enum reason reason)
{
	switch (reason) {
	case REASON_PIPE_WRITE:
		return "Read a child's output to its end before waiting for it: communicate() in Python, not wait(); a "
		       "pipe holds 64 KiB.";
	case REASON_PIPE_READ:
		return "Close the ends of a pipe that a process does not use, in parent and child: a reader meets the end "
		       "only when every writer has closed.";
	case REASON_FILE_LOCK:
		return "Take locks in the same order everywhere, or try (LOCK_NB) and give back what you have.";
	default:
		return NULL;
	}
}

static const char *advice_for_one(enum reason reason)
{
	switch (reason) {
	case REASON_PIPE_WRITE:
		return "Close the reading end in a process that only writes: then SIGPIPE tells it that nobody reads.";
	case REASON_PIPE_READ:
		return "Close the writing end in a process that only reads: it meets the end only when every writer has "
		       "closed, itself too.";
	case REASON_FILE_LOCK:
		return "A lock by flock(2) belongs to the open file: use the descriptor that has it, do not open the file "
		       "again.";
	default:
		return NULL;
	}
}

static const char *advice(const struct deadlock *deadlock)
{
	const char *said = deadlock->count == 1 ? advice_for_one(deadlock->circle->reason) : NULL;

	for (int i = 0; i < deadlock->count && !said; i++)
		said = advice_for(deadlock->circle[i].reason);
	return said ? said : "Let none of them wait for one that waits for it.";
}

/* "a[1] waits for the end of b[2], which reads from an empty pipe that is written by a[1] again" */
static void add_circle(struct buffer *text, const struct deadlock *deadlock)
{
	const struct wait *first = deadlock->circle;

	buffer_text(text, name_of(first->process).text);
	if (deadlock->count == 1) {
		buffer_printf(text, " %s itself alone", words_of(first->reason));
		return;
	}
	for (int i = 0; i < deadlock->count && i < NAMED_MOST; i++)
		buffer_printf(text, "%s %s %s", i ? ", which" : "", words_of(first[i].reason),
			      name_of(first[i].on).text);
	buffer_text(text, deadlock->count > NAMED_MOST ? ", and so on round to the first" : " again");
}

/* When the first of them ended, if that was it; ~0: none did. */
static __u64 first_end_ns(const struct deadlock *deadlock)
{
	__u64 first = UNKNOWN_NS;

	for (int i = 0; i < deadlock->count; i++)
		if (deadlock->circle[i].process->end_ns < first)
			first = deadlock->circle[i].process->end_ns;
	return deadlock->over_ns && first > deadlock->over_ns ? UNKNOWN_NS : first;
}

/* Until one of them ended, if one did; else as long as it was seen; while it lasts, until the end of the trace, or now. */
static __u64 lasted_ns(const struct deadlock *deadlock, const struct model *model, __u64 now_ns)
{
	__u64 finished = model_stats(model)->finished_ns, until = first_end_ns(deadlock);

	if (until == UNKNOWN_NS && deadlock->over_ns)
		until = deadlock->seen_ns;
	else if (until == UNKNOWN_NS)
		until = finished ? finished : now_ns;
	return until > deadlock->since_ns ? until - deadlock->since_ns : 0;
}

static int add_waits(struct finding *finding, const char *name, const struct wait *waits, int count)
{
	struct buffer text = {0};
	int failed = 0;

	for (int i = 0; i < count && i < NAMED_MOST; i++)
		buffer_printf(&text, "%s%s: %s", i ? ", " : "", name_of(waits[i].process).text,
			      reason_name(waits[i].reason));
	if (count > NAMED_MOST)
		buffer_printf(&text, " and %d more", count - NAMED_MOST);
	if (text.size)
		failed = finding_text(finding, name, text.data);
	failed |= text.failed;
	buffer_free(&text);
	return failed;
}

static int report(struct findings *findings, const struct model *model, const struct deadlock *deadlock)
{
	struct finding *finding = finding_add(findings, "deadlock", SEVERITY_ERROR, deadlock->circle->process);
	__u64 lasted = lasted_ns(deadlock, model, findings->ended_ns);
	struct buffer circle = {0};
	int failed;

	add_circle(&circle, deadlock);
	failed = circle.failed || finding_say(finding, "deadlock for %s: %s", duration(lasted).text, circle.data);
	buffer_free(&circle);
	failed |= finding_advise(finding, "%s", advice(deadlock));
	failed |= finding_number(finding, "lasted_ns", (long long)lasted);
	failed |= add_waits(finding, "circle", deadlock->circle, deadlock->count);
	if (deadlock->held_up_count)
		failed |= finding_number(finding, "held_up_count", deadlock->held_up_count);
	failed |= add_waits(finding, "held_up", deadlock->held_up, deadlock->held_up_count);
	return failed;
}

static bool is_among(const struct wait *waits, int count, const struct process *process)
{
	for (int i = 0; i < count; i++)
		if (waits[i].process == process)
			return true;
	return false;
}

bool tells_of_deadlock(const struct findings *findings, const struct model *model, const struct process *process)
{
	(void)findings;
	for (int i = 0; i < model_deadlock_count(model); i++) {
		const struct deadlock *deadlock = model_deadlock(model, i);

		if (is_among(deadlock->circle, deadlock->count, process) ||
		    is_among(deadlock->held_up, deadlock->held_up_count, process))
			return true;
	}
	return false;
}

int detect_deadlock(const struct model *model, struct findings *findings)
{
	int failed = 0;

	for (int i = 0; i < model_deadlock_count(model); i++)
		failed |= report(findings, model, model_deadlock(model, i));
	return failed ? -1 : 0;
}
