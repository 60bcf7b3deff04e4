/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the oracle tells of each process when all have ended. Only oracle.c includes this file.
 */
#ifndef PROCLIFE_TELL_H
#define PROCLIFE_TELL_H

#include "tests/oracle/plan.h"

/* What posix_spawn() calls: on other machines the C library may not have clone3 yet. */
#ifdef __x86_64__
#define SPAWN_CALL "clone3"
#else
#define SPAWN_CALL ""
#endif

static inline void tell_birth(const struct node *node, pid_t parent)
{
	static const char *const kinds[] = {"fork", "clone", "clone", "vfork", "spawn", "spawn"};
	static const char *const calls[] = {"clone", "clone", "clone3", VFORK_CALL, VFORK_CALL, SPAWN_CALL};
	char call[32] = "";

	if (*calls[node->birth])
		snprintf(call, sizeof(call), "'call': '%s', ", calls[node->birth]);
	tell("'pid': %d, 'ppid': %d, 'parent': {'pid': %d}, 'ns_pid': %d, 'uid': %d, 'session': %d, 'birth': {'kind': '%s', "
	     "%s'at_ns': {'>=': %llu, '<=': %llu}}, 'execs': {'length': %d}, 'threads': {'length': %d}",
	     node->pid, parent, parent, node->pid, getuid(), node->session, kinds[node->birth], call, node->born.from,
	     node->born.to, node->execs_done, node->threads_born + 1);
}

/* Which of the processes of that pid is meant: every truth names the birth. */
static inline void tell_about(const struct node *node, const char *what)
{
	tell("'pid': %d, 'birth': {'at_ns': {'>=': %llu, '<=': %llu}}, %s", node->pid, node->born.from, node->born.to,
	     what);
}

static inline void tell_end(const struct node *node)
{
	static const char *const calls[] = {"kill", "tgkill", "pidfd_send_signal"};
	int signal = node->end == END_ABORT ? SIGABRT : node->end == END_FAULT ? SIGSEGV : node->signal;
	char text[1024], by[256] = "null", how[64];

	if (node->end == END_KILLED)
		snprintf(by, sizeof(by),
			 "{'pid': %d, 'process': {'pid': %d}, 'why': 'kill', 'call': '%s', 'first': null}",
			 node->killer_pid, node->killer_pid, calls[node->kill_call]);
	else if (node->end == END_RAISE)
		snprintf(by, sizeof(by), "{'pid': %d, 'process': {'pid': %d}, 'why': 'self'}", node->pid, node->pid);
	if (node->end == END_CODE || node->end == END_CODE_BY_THREAD)
		snprintf(how, sizeof(how), "'%s', 'code': %d, 'signal': null", node->code ? "error" : "normal",
			 node->code);
	else
		snprintf(how, sizeof(how), "'%s', 'code': null, 'signal': 'SIG%s'",
			 node->end == END_ABORT || node->end == END_FAULT ? "fatal" : "killed", sigabbrev_np(signal));
	snprintf(text, sizeof(text), "'end': {'kind': %s, 'core': false, 'by': %s, 'at_ns': {'>=': %llu, '<=': %llu}}",
		 how, by, node->leaving, node->reaped.to);
	tell_about(node, text);
}

static inline void tell_reap(const struct node *node)
{
	char text[512], who[128] = "'auto': true, 'reaper': null, 'reaper_pid': null";

	if (node->reaper)
		snprintf(who, sizeof(who), "'auto': false, 'reaper': {'pid': %d}, 'reaper_pid': %d", node->reaper,
			 node->reaper);
	snprintf(text, sizeof(text), "'zombie': {%s, 'bound': false, 'reaped_at_ns': {'>=': %llu, '<=': %llu}}", who,
		 node->reaped.from, node->reaped.to);
	tell_about(node, text);
}

static inline void tell_orphan(const struct node *node, const struct node *parent)
{
	char text[512];
	ns_t latest;

	if (node->wait != LEAVE_ALIVE) {
		/* Who is killed by a parent that is about to end itself counts as attended: a matter of time, not told here. */
		tell_about(node, node->end == END_KILLED ? "'orphaned': null" : "'orphaned': null, 'daemon': null");
		return;
	}
	/* Threads that end at the same time may hand children to each other: then the orphan itself has to notice. */
	latest = parent->threads_born ? node->reaped.to : parent->reaped.to;
	snprintf(text, sizeof(text),
		 "'orphaned': {'at_ns': {'>=': %llu, '<=': %llu}, 'from': {'pid': %d}, 'adopter_pid': %d, 'adopter': "
		 "'subreaper'}%s",
		 node->last_seen_parent, latest, parent->pid, node->adopter,
		 node->flags & LEADS_SESSION ? ", 'daemon': 'detached'" : "");
	tell_about(node, text);
}

static inline void tell_children(const struct shared_plan *plan, const struct node *node)
{
	char text[512];
	int length = snprintf(text, sizeof(text), "'children': [");

	for (int i = 0; i < node->child_count; i++)
		length += snprintf(text + length, sizeof(text) - length, "%s{'pid': %d}", i ? ", " : "",
				   plan->nodes[node->children[i]].pid);
	snprintf(text + length, sizeof(text) - length, "]");
	tell_about(node, text);
}

static inline void tell_node(const struct shared_plan *plan, const struct node *node)
{
	const struct node *parent = node->parent < 0 ? NULL : &plan->nodes[node->parent];

	tell_birth(node, parent ? parent->pid : getpid());
	tell_end(node);
	tell_reap(node);
	tell_orphan(node, parent);
	tell_children(plan, node);
}

#endif
