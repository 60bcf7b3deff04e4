# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Processes of eight threads that all end at the same moment, on every CPU: each is reported once, as a zombie for as long as it
was one, reaped by the process that reaped it; and no process is reported that never was.

    storm_test.py BUILD-FOLDER [PATTERN]	STORM_PROCESSES says how many (400)
"""

import os

from lib import Failure, Inconclusive, case, compare, demand, invariants, main, program, trace

PROCESSES = int(os.environ.get("STORM_PROCESSES", "400"))
TOLERANCE = 1000000  # ns: what a zombie's duration may differ


def find(truth, report):
    """The child of a truth; None where the report has no process, or several, of its pid and birth."""
    try:
        return report.find(truth["pid"], truth["birth"]["at_ns"])
    except Failure:
        return None


def wanted_of(truth, report):
    """The truth about a child, as far as the report claims to be exact."""
    zombie = (find(truth, report) or {}).get("zombie")
    if zombie and zombie["bound"]:
        truth = dict(truth, zombie={"auto": False, "reaped_at_ns": {">=": truth["zombie"]["reaped_at_ns"][">="]}})
    return truth


def duration_of(truth, report):
    """A zombie's duration, where its reap is exact: what the reaper saw, give or take a millisecond."""
    child = find(truth, report)
    if not child:
        return []  # compare() states it
    ended, reaped = truth["end"]["at_ns"], truth["zombie"]["reaped_at_ns"]
    if not child["zombie"]:
        return [f"pid {truth['pid']}: no zombie"]
    if child["zombie"]["bound"]:
        return []
    least, most = reaped[">="] - ended["<="] - TOLERANCE, reaped["<="] - ended[">="] + TOLERANCE
    if child["zombie"]["ns"] is None or not least <= child["zombie"]["ns"] <= most:
        return [f"pid {truth['pid']}: zombie for {child['zombie']['ns']} ns, not {least} to {most}"]
    return []


def hides_tasks():
    """Linux before 6.2, fully preemptible: a probe finds no task while another task is preempted in the storage of its CPU."""
    version = [int(part) for part in os.uname().release.split(".")[:2]]
    try:
        with open("/sys/kernel/debug/sched/preempt", encoding="ascii") as modes:
            return version < [6, 2] and "(full)" in modes.read()
    except OSError:
        return False


@case(f"{PROCESSES} processes of 8 threads, each a zombie for 100 ms")
def exit_group_storm():
    traced = trace([program("storm"), "exit-group", str(PROCESSES)], timeout=600)
    if traced.status:
        raise Failure(f"the storm ended with {traced.status}: {traced.err}")
    report, truths = traced.report(), traced.truths()
    found = compare([wanted_of(truth, report) for truth in truths], report)
    found += [line for truth in truths for line in duration_of(truth, report)]
    reapers = {truth["ppid"] for truth in truths}
    if len(truths) != PROCESSES or len(report.processes) != PROCESSES + len(reapers) + 1:
        found.append(f"{len(report.processes)} processes, not {PROCESSES + len(reapers) + 1}; {len(truths)} truths")
    if found and hides_tasks() and report.lost:
        raise Inconclusive(f"this kernel hides what is remembered of tasks: {len(found)} differences, lost: {report.lost}")
    demand(found + invariants(report))


main()
