/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Findings: what a person should know. Each kind is one file and one row of findings.c. They see the model and its
 * changes, nothing else. Pipeline runs them; sinks, screens and demos read them.
 */
#ifndef PROCLIFE_FINDING_H
#define PROCLIFE_FINDING_H

#include "user/model/model.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

struct evidence { /* one fact; text NULL: the number counts */
	const char *name;
	char *text;
	long long number;
};

struct finding {
	const char *kind;
	enum severity severity;
	const struct process *process;
	char *summary, *advice; /* plain text; names of processes in it are raw bytes: sinks escape */
	struct evidence *evidence;
	int evidence_count;
};

struct findings {
	struct finding *list;
	int count;
	const struct process *command; /* the traced command's root process, or NULL */
	__u64 ended_ns;		       /* when the command ended, or the trace */
	__u32 pid_namespace; /* proclife's own: advice names processes by the pids that they have there; 0: the initial one */
};

struct finding_kind {
	const char *name, *about; /* about: one line for help */
	/* Looks at a finished model and adds what it finds. Returns 0, or -1 when memory was short. */
	int (*detect)(const struct model *model, struct findings *findings);
	/* Does it tell of a process that ended by itself, was reaped and was no orphan, or name it? NULL: it never does. */
	bool (*tells_of)(const struct findings *findings, const struct model *model, const struct process *process);
};

/* The table, ended by a row without name; and the row of that name, or NULL. */
extern const struct finding_kind finding_kinds[];
const struct finding_kind *finding_kind_named(const char *name, size_t length);

/* Runs every detector over a finished model. Returns 0, or -1 when memory was short (what was found stays). */
int findings_collect(struct findings *findings, const struct model *model);
/* Would any detector tell of such a process, or name it, as far as is known by now? Of findings, the command counts and
 * when it ended. */
bool findings_tell_of(const struct findings *findings, const struct model *model, const struct process *process);
void findings_free(struct findings *findings);
const char *severity_name(enum severity severity);

/* For detectors: adds a finding (summary and advice are printf-formatted and owned by the list), then its evidence.
 * NULL / -1 when memory was short. */
struct finding *finding_add(struct findings *findings, const char *kind, enum severity severity,
			    const struct process *process);
int finding_say(struct finding *finding, const char *summary, ...) __attribute__((format(printf, 2, 3)));
int finding_advise(struct finding *finding, const char *advice, ...) __attribute__((format(printf, 2, 3)));
int finding_number(struct finding *finding, const char *name, long long number);
int finding_text(struct finding *finding, const char *name, const char *text);

#endif
