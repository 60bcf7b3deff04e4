#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Every situation that tests/programs can create: the report agrees with what the program itself tells of it.

    programs_test.py BUILD-FOLDER [PATTERN]
"""

import subprocess

from lib import SKIPPED, Failure, Mismatch, Skip, case, compare, demand, differences, invariants, main, program, trace
from withheld import case_seen

PROGRAMS = (
    "births execs identities ends kills terminal oom zombies orphans blocks_io blocks_wait blocks_file jobs changes"
).split()


def run(name, situation, form):
    traced = trace([program(name), situation], form)
    if traced.status == SKIPPED:
        raise Skip(traced.err.strip())
    if traced.status:
        raise Failure(f"{name} {situation} ended with {traced.status}: {traced.err}")
    if not traced.truths():
        raise Failure(f"{name} {situation} told no truth")
    return traced


def check_report(name, situation):
    traced = run(name, situation, "json")
    report = traced.report()
    truths = traced.truths()
    demand(compare([truth for truth in truths if "event" not in truth], report) + invariants(report))
    return any("event" in truth for truth in truths)


def due(truth, lines):
    """When the line is due: as the truth says, else while there are lines about its process."""
    times = [line["at_ns"] for line in lines if line.get("pid") == truth["pid"]]
    at_ns = truth.get("at_ns") if isinstance(truth.get("at_ns"), dict) else {}
    return at_ns.get(">=", min(times, default=0)), at_ns.get("<=", max(times, default=0))


def check_lines(name, situation):
    traced = run(name, situation, "jsonl")
    lines = traced.lines()
    found = []
    for truth in traced.truths():
        if "event" not in truth:
            continue
        alike = [line for line in lines if line["event"] == truth["event"] and line.get("pid") == truth["pid"]]
        if all(differences(truth, line, None) for line in alike):
            found.append(Mismatch(f"no line agrees with {truth}; alike are {alike}", due(truth, lines)))
    demand(found)


def check(name, situation):
    if check_report(name, situation):
        check_lines(name, situation)


def situations(name):
    listed = subprocess.run([program(name), "--list"], stdout=subprocess.PIPE, text=True, check=True)
    return listed.stdout.split()


for each in PROGRAMS:
    for one in situations(each):
        case(f"{each} {one}")(lambda each=each, one=one: case_seen(lambda: check(each, one)))

main()
