/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How processes ended; see fates.h.
 */
#include "user/base/language.h"
#include "user/base/signals.h"
#include "user/words/fates.h"
#include "user/words/names.h"

static const struct sender *first_of_killers(const struct process *process)
{
	return process->first_killer.at_ns ? &process->first_killer : &process->killer;
}

const struct sender *killer_named(const struct process *process)
{
	const struct sender *killer = first_of_killers(process);

	if (process->end != ENDED_KILLED || !killer->pid)
		return NULL;
	if (killer->why != WHY_KILL && killer->why != WHY_PARENT_DEATH && killer->why != WHY_HANGUP)
		return NULL;
	return killer;
}

static void killer_words(struct buffer *out, const struct process *process)
{
	const struct sender *killer = killer_named(process);

	if (killer) {
		buffer_text(out, " by ");
		name_words(out, killer->comm, killer->pid);
	}
	if (first_of_killers(process)->why == WHY_UNKNOWN)
		buffer_text(out, " by ?");
	else
		buffer_printf(out, " (%s)", signal_why_name(first_of_killers(process)->why));
}

void fate_words(struct buffer *out, const struct process *process)
{
	switch (process->end) {
	case ENDED_NONE:
		buffer_text(out, _("alive"));
		return;
	case ENDED_NORMAL:
	case ENDED_ERROR:
		buffer_printf(out, _("exit %d"), process->code);
		return;
	case ENDED_FATAL:
	case ENDED_KILLED:
		buffer_text(out, signal_name(process->signal));
		if (process->end == ENDED_KILLED)
			killer_words(out, process);
		if (process->core)
			buffer_text(out, ", core");
		return;
	default:
		buffer_text(out, _("end not seen"));
	}
}

bool same_fate(const struct process *one, const struct process *other)
{
	return one->end == other->end && one->code == other->code && one->signal == other->signal &&
	       one->core == other->core && first_of_killers(one)->why == first_of_killers(other)->why;
}

bool same_killer(const struct process *one, const struct process *other)
{
	const struct sender *a = killer_named(one), *b = killer_named(other);

	return !a || !b ? a == b : a->pid == b->pid && a->start_ns == b->start_ns;
}
