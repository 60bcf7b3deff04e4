/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Judging an orphan: what it holds that somebody else misses, what it uses, whether it has outlived what it was for. What
 * can't be known is left open, and said to be.
 */
#include <stdio.h>
#include <string.h>

#include "user/finding/leaks_judge.h"

#define BUSY 0.5			 /* of a CPU */
#define BUSY_LEAST_NS 450000000u	 /* over no less */
#define WORTH_A_WORD 0.05		 /* of a CPU that it waited for */
#define MUCH_BYTES (64ull * 1024 * 1024) /* of a removed file */
#define LITTLE_BYTES (64 * 1024)	 /* not worth a word */

static struct words reader_words(const struct pipe_reader *reader)
{
	struct words words;

	snprintf(words.text, sizeof(words.text), "%s[%u]", reader->comm, reader->pid);
	return words;
}

/* Whom nobody but orphans could still write to: one that is in no orphan's family is missed by somebody. */
static const struct pipe_reader *waiting_reader(const struct holding *holding)
{
	const struct pipe_reader *found = NULL;

	if (holding->kind != HOLDS_PIPE || !holding->writes || holding->shared)
		return NULL;
	for (int i = 0; i < holding->reader_count; i++) {
		const struct pipe_reader *reader = &holding->readers[i];

		if (!reader->orphan && (!found || (found->polls && !reader->polls)))
			found = reader;
	}
	return found;
}

static int report_pipe(struct findings *findings, const struct holding *holding, const struct pipe_reader *reader)
{
	enum severity severity = reader->polls ? SEVERITY_WARNING : SEVERITY_ERROR;
	struct finding *finding = finding_add(findings, "pipe-held-by-orphan", severity, holding->holder);
	int failed = 0;

	failed |= finding_say(finding,
			      reader->polls ? "%s polls, with the read end of %s open, which nobody but %s can "
					      "write to: it holds the other end as fd %d"
					    : "%s waits for the end of %s, which does not come while %s lives: it "
					      "holds the write end as fd %d",
			      reader_words(reader).text, holding->name ? holding->name : "a pipe",
			      name_of(holding->holder).text, holding->fd);
	failed |= finding_advise(finding,
				 "End it (kill %u), or start it with its output elsewhere: >/dev/null 2>&1 </dev/null. "
				 "In code: close what a child does not need, O_CLOEXEC for the rest.",
				 holding->holder->pid);
	failed |= finding_number(finding, "reader_pid", reader->pid);
	failed |= finding_text(finding, "reader", reader->comm);
	failed |= finding_number(finding, "reader_fd", reader->fd);
	failed |= finding_number(finding, "fd", holding->fd);
	if (reader->since_ns != UNKNOWN_NS)
		failed |= finding_number(finding, "waits_since_ns", (long long)reader->since_ns);
	return failed;
}

static int report_port(struct findings *findings, const struct holding *holding, bool deliberate)
{
	struct finding *finding = finding_add(findings, "orphan-holds-port",
					      deliberate ? SEVERITY_INFO : SEVERITY_WARNING, holding->holder);
	int failed = 0;

	failed |= finding_say(finding, "%s, an orphan, listens on %s", name_of(holding->holder).text,
			      holding->name ? holding->name : "a socket");
	if (deliberate)
		failed |=
			finding_advise(finding,
				       "Not a problem if it is meant to serve: a daemon in a session of its own, with "
				       "nothing of its parent's as input or output. To free it: kill %u.",
				       holding->holder->pid);
	else
		failed |=
			finding_advise(finding,
				       "Whoever starts it again finds the address in use. End it (kill %u); a "
				       "server that is to end with its parent: kill its group, PR_SET_PDEATHSIG, or an "
				       "end when its input ends; SOCK_CLOEXEC if it only inherited the socket.",
				       holding->holder->pid);
	failed |= finding_number(finding, "fd", holding->fd);
	if (holding->port)
		failed |= finding_number(finding, "port", holding->port);
	return failed;
}

static struct words size_words(__u64 bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	struct words words;
	double size = (double)bytes;
	size_t unit = 0;

	for (; size >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		size /= 1024;
	snprintf(words.text, sizeof(words.text), unit && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
	return words;
}

static int report_deleted(struct findings *findings, const struct holding *holding)
{
	bool much = holding->bytes != UNKNOWN_NS && holding->bytes >= MUCH_BYTES;
	struct finding *finding = finding_add(findings, "orphan-holds-deleted-file",
					      much ? SEVERITY_WARNING : SEVERITY_INFO, holding->holder);
	int failed = 0;

	failed |= finding_say(finding, "%s, an orphan, has the removed file %s open: %s stay taken",
			      name_of(holding->holder).text, holding->name ? holding->name : "?",
			      holding->bytes == UNKNOWN_NS ? "its blocks" : size_words(holding->bytes).text);
	failed |= finding_advise(
		finding,
		much ? "The space is free when it closes the file or ends (kill %u). A log is better rotated by a "
		       "signal to reopen it than removed. To empty it now: truncate -s 0 /proc/%u/fd/%d."
		     : "Not a problem while it is small: the space is free when it closes the file or ends (kill %u).",
		holding->holder->pid, holding->holder->pid, holding->fd);
	failed |= finding_number(finding, "fd", holding->fd);
	if (holding->bytes != UNKNOWN_NS)
		failed |= finding_number(finding, "bytes", (long long)holding->bytes);
	return failed;
}

/* Busy is who asks for a CPU, whether it gets one or waits for it. */
static bool uses_much(const struct cpu_use *use)
{
	return use->period_ns >= BUSY_LEAST_NS &&
	       (double)(use->running_ns + use->ready_ns) >= BUSY * (double)use->period_ns;
}

static int report_busy(struct findings *findings, const struct orphan *orphan)
{
	struct finding *finding = finding_add(findings, "busy-orphan", SEVERITY_WARNING, orphan->process);
	double ready = orphan_cpu_ready(orphan);
	char waited[64] = "";
	int failed = 0;

	if (ready >= WORTH_A_WORD)
		snprintf(waited, sizeof(waited), ", and was ready to use another %.0f %%,", 100 * ready);
	failed |= finding_say(finding, "%s, an orphan, used %.0f %% of a CPU, its descendants included%s over %s",
			      name_of(orphan->process).text, 100 * orphan_cpu(orphan), waited,
			      duration(orphan->cpu.period_ns).text);
	failed |= finding_advise(
		finding,
		"If it is no batch job that was meant to go on: it, or a descendant of it, may be polling "
		"for a process that has ended. See what it does (strace -f -p), or end it (%s).",
		kill_of(findings, orphan->process).text);
	failed |= finding_number(finding, "cpu_ns", (long long)orphan->cpu.running_ns);
	failed |= finding_number(finding, "ready_ns", (long long)orphan->cpu.ready_ns);
	return failed;
}

static bool leader_is_gone(const struct orphan *orphan)
{
	return orphan->leader_known && !orphan->leader_alive;
}

/* Its manager says so: the service is over, and who is still in its control group was left behind. */
static int report_left_by_service(struct findings *findings, const struct orphan *orphan)
{
	const struct process *process = orphan->process;
	struct finding *finding = finding_add(findings, "daemon-outlived-service", SEVERITY_WARNING, process);
	int failed = 0;

	failed |= finding_say(finding, "%s is still in the service %s, which is over", name_of(process).text,
			      orphan->unit);
	failed |=
		finding_advise(finding,
			       "End it (kill %u). KillMode=control-group, which is the default, ends all of a service "
			       "with it; with KillMode=process who is left is on its own, and the next start of %s has "
			       "it beside itself.",
			       process->pid, orphan->unit);
	failed |= finding_text(finding, "unit", orphan->unit);
	failed |= finding_number(finding, "session", process->session);
	return failed;
}

static int report_outlived(struct findings *findings, const struct orphan *orphan, bool deliberate)
{
	const struct process *process = orphan->process;
	struct finding *finding = finding_add(findings, "daemon-outlived-service",
					      deliberate ? SEVERITY_INFO : SEVERITY_WARNING, process);
	int failed = 0;

	failed |= finding_say(finding, "%s is still in the service %s, though %u, which led its session, has ended",
			      name_of(process).text, orphan->unit, process->session);
	failed |= finding_advise(
		finding,
		"%sWhether it is the service's main process is not known: systemctl show -p MainPID %s. If "
		"it is not: KillMode=control-group ends it with the service.",
		deliberate ? "Not a problem if the service makes itself a daemon, as this one looks. " : "",
		orphan->unit);
	failed |= finding_text(finding, "unit", orphan->unit);
	failed |= finding_number(finding, "session", process->session);
	return failed;
}

static const char *why_no_problem(const struct orphan *orphan)
{
	if (!orphan->seen)
		return "What it holds open could not be read: whether anybody misses it is not known.";
	if (orphan_is_deliberate(orphan))
		return "Not a problem: a daemon, in a session without a terminal, with nothing of its parent's as input or "
		       "output.";
	return "Not a problem as far as can be seen: nobody waits for anything that it holds. Whoever waits for its old "
	       "parent does not wait for it.";
}

static int report_harmless(struct findings *findings, const struct orphan *orphan)
{
	const struct process *process = orphan->process;
	const char *kind = orphan_is_daemon(orphan) ? "daemon-detached" : "orphan-adopted";
	struct finding *finding = finding_add(findings, kind, SEVERITY_INFO, process);
	int failed = 0;

	if (process->orphaned_from)
		failed |= finding_say(finding, "%s outlived its parent %s", name_of(process).text,
				      name_of(process->orphaned_from).text);
	else
		failed |= finding_say(finding, "%s outlived its parent", name_of(process).text);
	return failed | finding_advise(finding, "%s", why_no_problem(orphan));
}

static int judge_holdings(struct findings *findings, const struct orphan *orphan)
{
	bool deliberate = orphan_is_deliberate(orphan);
	int failed = 0;

	for (int i = 0; i < orphan->holding_count; i++) {
		const struct holding *holding = &orphan->holdings[i];
		const struct pipe_reader *reader = waiting_reader(holding);

		if (reader)
			failed |= report_pipe(findings, holding, reader);
		else if (holding->kind == HOLDS_LISTENER)
			failed |= report_port(findings, holding, deliberate);
		else if (holding->kind == HOLDS_DELETED && holding->bytes >= LITTLE_BYTES)
			failed |= report_deleted(findings, holding);
	}
	return failed;
}

int judge_orphan(struct leaks *leaks, struct orphan *orphan)
{
	struct findings *findings = &leaks->findings;
	bool deliberate = orphan_is_deliberate(orphan);
	int failed;

	orphan->first_finding = findings->count;
	failed = judge_holdings(findings, orphan);
	if (!deliberate && uses_much(&orphan->cpu) && uses_much(&orphan->cpu_lately))
		failed |= report_busy(findings, orphan);
	if (orphan->unit && orphan->unit_over)
		failed |= report_left_by_service(findings, orphan);
	else if (orphan->unit && leader_is_gone(orphan))
		failed |= report_outlived(findings, orphan, deliberate);
	if (findings->count == orphan->first_finding)
		failed |= report_harmless(findings, orphan);
	orphan->finding_count = findings->count - orphan->first_finding;
	return failed;
}
