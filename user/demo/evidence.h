/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Evidence that a run cannot decide an expectation: events were lost, or other programs used the CPUs that the lab's
 * processes waited for. Each function appends the evidence, in words, to `observed`. Only demo.c files and the command
 * `demo` include it.
 */
#ifndef PROCLIFE_EVIDENCE_H
#define PROCLIFE_EVIDENCE_H

#include "user/demo/observe.h"

/* True if events of the trace were lost: what was not seen may have happened. */
bool events_were_lost(const struct lab *lab, struct buffer *observed);

/* How long the main thread of `process` was ready from from_ns to to_ns while no other process of the lab was running on
 * the CPU that it got next, ns. In that time programs outside of the lab used the CPU. */
__u64 starved_ns(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns);

/* True if `process` was starved for at least a tenth of the time from from_ns to to_ns. */
bool was_starved(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns,
		 struct buffer *observed);

/* True if it was starved so, and ran for so short a time that it cannot have reached what it was to do. */
bool had_no_chance(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns,
		   struct buffer *observed);

/* True if any process of that name was starved for at least a tenth of its life. */
bool any_was_starved(const struct lab *lab, const char *name, struct buffer *observed);

/* The verdict on an expectation that concerns all processes of that name. `holds`: it does. */
enum verdict unless_starved(const struct lab *lab, bool holds, const char *name, struct buffer *observed);

/* The verdict on an expectation that something did not happen. `seen`: it did. */
enum verdict unless_seen(const struct lab *lab, bool seen, struct buffer *observed);

#endif
