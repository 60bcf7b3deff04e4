/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The detectors, one for each kind of finding, and what they share. Only user/finding/ includes it.
 */
#ifndef PROCLIFE_FINDING_KINDS_H
#define PROCLIFE_FINDING_KINDS_H

#include "user/base/duration.h"
#include "user/base/signals.h"
#include "user/finding/finding.h"

int detect_zombie_unreaped(const struct model *model, struct findings *findings);
int detect_zombie_growing(const struct model *model, struct findings *findings);
int detect_zombie_adopted(const struct model *model, struct findings *findings);
int detect_zombie_late_reap(const struct model *model, struct findings *findings);
int detect_orphan_adopted(const struct model *model, struct findings *findings);
int detect_orphan_left_behind(const struct model *model, struct findings *findings);
int detect_daemon_detached(const struct model *model, struct findings *findings);
int detect_daemon_ended(const struct model *model, struct findings *findings);
int detect_deadlock(const struct model *model, struct findings *findings);
int detect_crashed(const struct model *model, struct findings *findings);
int detect_killed_by(const struct model *model, struct findings *findings);
int detect_oom_killed(const struct model *model, struct findings *findings);

bool tells_of_zombie_unreaped(const struct findings *findings, const struct model *model,
			      const struct process *process);
bool tells_of_zombie_late_reap(const struct findings *findings, const struct model *model,
			       const struct process *process);
bool tells_of_orphan_left_behind(const struct findings *findings, const struct model *model,
				 const struct process *process);
bool tells_of_deadlock(const struct findings *findings, const struct model *model, const struct process *process);

/* words.c: pieces of sentences, in storage of their own. Names in them are raw bytes. */
struct words {
	char text[128];
};
struct words name_of(const struct process *process);	/* "cc1[1234]" */
struct words fate_of(const struct process *process);	/* "exit 3", "SIGKILL" */
struct words sender_words(const struct sender *sender); /* "bash[12] (kill)", "the kernel: out of memory" */
struct words doing_of(const struct process *process);	/* "blocked in pipe-read", "mostly running" */
struct words adopter_of(const struct process *process); /* "systemd[1] (init)" */
/* How to end it: "kill 1234", with the pid that it has where proclife runs, or what is to be known to do so. */
struct words kill_of(const struct findings *findings, const struct process *process);
const char *program_of(const struct process *process); /* the path it runs, or NULL */
/* An optional fact: nothing is added when text is NULL. */
int finding_text_if(struct finding *finding, const char *name, const char *text);

/* guardian.c: who has to reap it: its parent, or who had adopted it before it ended. NULL outside the trace. */
const struct process *guardian_of(const struct process *process);
/* Since its end until its guardian reaped it, ended itself, or the trace did. */
__u64 awaited_ns(const struct process *process, const struct model *model);
/* Did its guardian collect it? False while it is a zombie, and when another did after the guardian's end. */
bool collected(const struct process *process);
bool outlived(const struct process *process, __u64 at_ns); /* alive later than at_ns */
/* Its place in the model: ids leave gaps where some were forgotten. */
int index_of(const struct model *model, const struct process *process);

/* thirds.c: does something become more in each third of the time? from_ns and to_ns set, the rest zero: ready. */
struct thirds {
	__u64 from_ns, to_ns;
	int counts[3];
};
void thirds_add(struct thirds *thirds, __u64 at_ns);
bool thirds_rise(const struct thirds *thirds); /* of enough time, that is */

#endif
