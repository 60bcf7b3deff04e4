/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of findings. A new kind is a file with its detector, a declaration in kinds.h and a row here, in the order
 * in which a reader should meet them.
 */
#include <stdlib.h>
#include <string.h>

#include "user/finding/kinds.h"

const struct finding_kind finding_kinds[] = {
	{"oom-killed", "killed by the kernel because memory was short", detect_oom_killed, NULL},
	{"crashed", "ended by its own fault: SIGSEGV, SIGABRT, …", detect_crashed, NULL},
	{"deadlock", "processes that wait for each other without end", detect_deadlock, tells_of_deadlock},
	{"zombie-growing", "a parent's zombies became more all the time", detect_zombie_growing, NULL},
	{"zombie-adopted", "ended, and its adopter never waited for it", detect_zombie_adopted, NULL},
	{"zombie-unreaped", "ended, and its parent never waited for it", detect_zombie_unreaped,
	 tells_of_zombie_unreaped},
	{"orphan-left-behind", "still alive when the traced command had ended", detect_orphan_left_behind,
	 tells_of_orphan_left_behind},
	{"daemon-ended", "a daemon came to its end, and by whom", detect_daemon_ended, NULL},
	{"killed-by", "killed by a signal, and who sent it", detect_killed_by, NULL},
	{"zombie-late-reap", "its parent left it a zombie for long", detect_zombie_late_reap,
	 tells_of_zombie_late_reap},
	{"daemon-detached", "made itself a daemon", detect_daemon_detached, NULL},
	{"orphan-adopted", "outlived its parent and was adopted", detect_orphan_adopted, NULL},
	{NULL, NULL, NULL, NULL},
};

const struct finding_kind *finding_kind_named(const char *name, size_t length)
{
	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		if (strlen(kind->name) == length && !memcmp(kind->name, name, length))
			return kind;
	return NULL;
}

int findings_collect(struct findings *findings, const struct model *model)
{
	int result = 0;

	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		if (kind->detect(model, findings))
			result = -1;
	return result;
}

bool findings_tell_of(const struct findings *findings, const struct model *model, const struct process *process)
{
	for (const struct finding_kind *kind = finding_kinds; kind->name; kind++)
		if (kind->tells_of && kind->tells_of(findings, model, process))
			return true;
	return false;
}

static void free_finding(struct finding *finding)
{
	for (int i = 0; i < finding->evidence_count; i++)
		free(finding->evidence[i].text);
	free(finding->evidence);
	free(finding->summary);
	free(finding->advice);
}

void findings_free(struct findings *findings)
{
	for (int i = 0; i < findings->count; i++)
		free_finding(&findings->list[i]);
	free(findings->list);
	findings->list = NULL;
	findings->count = 0;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {"info", "warning", "error"};

	return severity < sizeof(names) / sizeof(names[0]) ? names[severity] : "unknown";
}
