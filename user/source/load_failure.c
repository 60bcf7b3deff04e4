/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why the kernel did not load the probes; see load_failure.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "user/source/load_failure.h"

#define OLDEST_MAJOR 6
#define OLDEST_MINOR 1

/* The last place in the log where `before` stands: what follows it up to one of `ends`. */
static void find_last(const char *log, const char *before, const char *ends, char *to, size_t room)
{
	const char *found = NULL;

	for (const char *at = strstr(log, before); at; at = strstr(at + 1, before))
		found = at + strlen(before);
	if (found)
		snprintf(to, room, "%.*s", (int)strcspn(found, ends), found);
}

/* libbpf: "prog 'NAME': failed to …", "prog 'NAME': BPF program load failed: …". */
static void find_program(const char *log, char *to, size_t room)
{
	static const char begin[] = "prog '", end[] = "': ";

	for (const char *at = strstr(log, begin); at; at = strstr(at, begin)) {
		const char *name = at + strlen(begin), *what = strstr(name, end);

		at = name;
		if (what &&
		    (!strncmp(what + strlen(end), "failed", 6) || !strncmp(what + strlen(end), "BPF program", 11)))
			snprintf(to, room, "%.*s", (int)(what - name), name);
	}
}

/* libbpf: "failed to resolve CO-RE relocation <byte_off> [107] struct task_struct.on_cpu (0:9 @ offset 104)". */
static void find_field(const char *log, char *to, size_t room)
{
	char line[200] = "", *name;

	find_last(log, "failed to resolve CO-RE relocation ", "\n", line, sizeof(line));
	name = strstr(line, "] ");
	if (!name)
		return;
	name += 2;
	snprintf(to, room, "%.*s", (int)(strstr(name, " (") ? strstr(name, " (") - name : (long)strlen(name)), name);
}

/* The line before "processed N insns", which ends the verifier's log. */
static void find_refusal(const char *log, char *to, size_t room)
{
	const char *end = NULL, *begin;

	for (const char *at = strstr(log, "\nprocessed "); at; at = strstr(at + 1, "\nprocessed "))
		end = at;
	if (!end)
		return;
	begin = memrchr(log, '\n', (size_t)(end - log));
	begin = begin ? begin + 1 : log;
	snprintf(to, room, "%.*s", (int)(end - begin), begin);
}

void load_failure_read(struct load_failure *failure, int error, const char *log)
{
	*failure = (struct load_failure){.error = error};
	find_program(log, failure->program, sizeof(failure->program));
	find_field(log, failure->field, sizeof(failure->field));
	find_last(log, "failed to find kernel BTF type ID of '", "'", failure->missing, sizeof(failure->missing));
	find_last(log, "extern (func ksym) '", "'", failure->missing, sizeof(failure->missing));
	find_refusal(log, failure->refusal, sizeof(failure->refusal));
}

static bool is_permission(const struct load_failure *failure)
{
	return failure->error == EPERM || failure->error == EACCES;
}

/* Causes that lie with the process or the machine, whichever probe was refused. */
static bool explain_place(const struct load_failure *failure, const struct load_place *place, struct live_refusal *to)
{
	if (place->lacks_bpf || place->lacks_perfmon) {
		snprintf(to->why, sizeof(to->why), "the kernel refuses the probes: %s%s%s missing",
			 place->lacks_bpf ? "CAP_BPF" : "",
			 place->lacks_bpf && place->lacks_perfmon ? " and CAP_PERFMON are"
			 : place->lacks_perfmon			  ? "CAP_PERFMON"
								  : "",
			 place->lacks_bpf && place->lacks_perfmon ? "" : " is");
		to->remedy = "run as root, or 'proclife run --elevate', or allow it for the file: "
			     "setcap cap_bpf,cap_perfmon+ep FILE";
	} else if (!place->has_types) {
		snprintf(to->why, sizeof(to->why), "this kernel has no BTF (/sys/kernel/btf/vmlinux)");
		to->remedy = "use a kernel with CONFIG_DEBUG_INFO_BTF=y (Debian's have it)";
	} else if (place->major < OLDEST_MAJOR || (place->major == OLDEST_MAJOR && place->minor < OLDEST_MINOR)) {
		snprintf(to->why, sizeof(to->why), "Linux %.60s is too old", place->host.release);
		to->remedy = "use Linux 6.1 or later";
	} else if (place->in_user_namespace && is_permission(failure)) {
		snprintf(to->why, sizeof(to->why),
			 "the kernel refuses the probes: it counts capabilities of the initial user namespace only");
		to->remedy = "run on the host, not in a rootless container or another user namespace";
	} else if (place->locked_down) {
		snprintf(to->why, sizeof(to->why),
			 "the kernel is locked down (confidentiality): no BPF program may read its memory");
		to->remedy = "boot with lockdown=integrity or without lockdown";
	} else {
		return false;
	}
	return true;
}

static void explain_probe(const struct load_failure *failure, const struct load_place *place, struct live_refusal *to)
{
	const char *program = *failure->program ? failure->program : "of proclife";

	to->remedy = "use a version of proclife that knows this kernel, or report what '-v' shows";
	if (*failure->field)
		snprintf(to->why, sizeof(to->why),
			 "Linux %.60s refuses the probe %s: it has no %s, or one of another type", place->host.release,
			 program, failure->field);
	else if (*failure->missing)
		snprintf(to->why, sizeof(to->why), "Linux %.60s refuses the probe %s: it has no %s",
			 place->host.release, program, failure->missing);
	else if (*failure->refusal)
		snprintf(to->why, sizeof(to->why), "Linux %.60s refuses the probe %s: %s", place->host.release, program,
			 failure->refusal);
	else if (*failure->program)
		snprintf(to->why, sizeof(to->why), "Linux %.60s refuses the probe %s: %s", place->host.release, program,
			 strerror(failure->error));
	else
		snprintf(to->why, sizeof(to->why), "the probes can't be loaded: %s", strerror(failure->error));
}

void load_failure_explain(const struct load_failure *failure, const struct load_place *place, struct live_refusal *to)
{
	if (failure->error == ENOMEM) {
		snprintf(to->why, sizeof(to->why), "the probes can't be loaded: out of memory");
		to->remedy = "raise the limit of memory of this process or its control group";
		return;
	}
	if (failure->error == EMFILE || failure->error == ENFILE) {
		snprintf(to->why, sizeof(to->why), "the probes can't be loaded: too many open files%s",
			 failure->error == ENFILE ? " on this machine" : "");
		to->remedy = failure->error == ENFILE ? "raise the machine's limit: sysctl fs.file-max"
						      : "raise the limit of this process: 'ulimit -n 256'";
		return;
	}
	if (explain_place(failure, place, to))
		return;
	explain_probe(failure, place, to);
	if (is_permission(failure) && !*failure->refusal)
		to->remedy = "allow bpf(2): a seccomp filter (a container) or a security module forbids it";
}
