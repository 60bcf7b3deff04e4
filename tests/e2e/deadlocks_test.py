#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Deadlocks: all circles that a program is in are found, and no other; and those of programs that nobody here wrote.

    deadlocks_test.py BUILD-FOLDER [PATTERN]
"""

import os
import re

from lib import Failure, case, demand, invariants, main, program, trace


def told_circles(traced):
    return sorted([tuple(wait) for wait in truth["circle"]] for truth in traced.truths())


def found_circles(lines):
    return sorted(
        [(wait["pid"], wait["reason"]) for wait in line["circle"]] for line in lines if line["event"] == "deadlock"
    )


def play(name, situation, form):
    """With a pipe as its input that somebody outside could write to."""
    reads, writes = os.pipe()
    try:
        traced = trace([program(name), situation], form, stdin=reads)
    finally:
        os.close(reads)
        os.close(writes)
    if traced.status or not traced.truths():
        raise Failure(f"exit status {traced.status}: {traced.err}\n{traced.out}")
    return traced


def agree(told, found):
    demand([f"not found: {circle}" for circle in told if circle not in found])
    demand([f"is none: {circle}" for circle in found if circle not in told])
    if len(found) != len(told):
        raise Failure(f"found more than once: {found}")


@case("every kind of circle is found, once, and names who is in it")
def circles():
    traced = play("deadlocks", "circles", "jsonl")
    agree(told_circles(traced), found_circles(traced.lines()))


@case("what comes close is none")
def close_calls():
    traced = play("close_calls", "all", "jsonl")
    agree(told_circles(traced), found_circles(traced.lines()))


def findings(report):
    return [finding for finding in report.document["findings"] if finding["kind"] == "deadlock"]


@case("each circle is a finding of the report")
def in_the_report():
    traced = play("deadlocks", "circles", "json")
    report, told, found = traced.report(), told_circles(traced), []
    for finding in findings(report):
        waits = re.findall(r"\[(\d+)\]: ([a-z-]+)", finding["evidence"]["circle"])
        found.append([(int(pid), reason) for pid, reason in waits])
        if report.by_id[finding["process"]]["pid"] != found[-1][0][0]:
            raise Failure(f"not of the first in its circle: {finding}")
        if finding["severity"] != "error" or finding["evidence"]["lasted_ns"] <= 0:
            raise Failure(f"{finding}")
    agree(told, sorted(found))
    demand(invariants(report))


# CPython's own warning: "this will deadlock when using stdout=PIPE …". The shell's time limit ends it.
POPEN = """
import subprocess
child = subprocess.Popen(["/bin/cat", "/dev/zero"], stdout=subprocess.PIPE)
child.wait()
"""


@case("Python: Popen.wait() with a pipe that nobody reads")
def popen():
    report = trace(["timeout", "-s", "KILL", "4", "/usr/bin/python3", "-c", POPEN]).report()
    (finding,) = findings(report)
    wanted = rf"{re.escape('[')}\d+\]: child, cat\[\d+\]: pipe-write$"
    if not re.search(wanted, finding["evidence"]["circle"]):
        raise Failure(f"{finding}")


@case("a pool that waits for work is none")
def waiting_for_work():
    script = (
        "import multiprocessing, time\n"
        "with multiprocessing.Pool(3) as pool:\n"
        "    pool.map(abs, range(9)); time.sleep(1.2); pool.map(abs, range(9))\n"
    )
    demand([f"{finding}" for finding in findings(trace(["/usr/bin/python3", "-c", script]).report())])


@case("a pipeline of a shell that waits for its input is none")
def waiting_for_input():
    reads, writes = os.pipe()
    traced = trace(["timeout", "1.2", "bash", "-c", "cat | cat | (read line; wait)"], stdin=reads)
    os.close(reads)
    os.close(writes)
    demand([f"{finding}" for finding in findings(traced.report())])


main()
