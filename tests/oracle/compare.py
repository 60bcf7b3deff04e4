#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
The oracle: random families of processes tell the truth of themselves; the report must agree in every field.

    compare.py BUILD-FOLDER [--processes N] [--seed N]

In runs of 1,000 processes; the seed of the first is printed, the next runs count on from it. ORACLE_PROCESSES in the
environment says how many, too.
"""

import argparse
import os
import random
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

from lib import Failure, case, compare, demand, invariants, main, program, trace  # noqa: E402

RUN = 1000


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--processes", type=int, default=int(os.environ.get("ORACLE_PROCESSES", "2000")))
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    return parser.parse_args()


def end_leftovers(before):
    """After a run that did not end: whoever still runs this build's oracle, and did not before."""
    for pid in running() - before:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def running():
    found = set()
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.readlink(f"/proc/{name}/exe") == program("oracle"):
                found.add(int(name))
        except OSError:
            pass
    return found


def check(seed, processes):
    before = running()
    try:
        traced = trace([program("oracle"), str(seed), str(processes)], timeout=120)
    except Failure:
        end_leftovers(before)
        raise
    if traced.status:
        raise Failure(f"the oracle ended with {traced.status}: {traced.err}")
    report = traced.report()
    found = compare(traced.truths(), report) + invariants(report)
    if len(report.processes) != processes + 1:
        found.append(f"{len(report.processes)} processes, not {processes + 1}")
    demand(found, most=40)


OPTIONS = parse()
sys.argv[2:] = []
print(f"# oracle: --seed {OPTIONS.seed} --processes {OPTIONS.processes}", flush=True)
for run in range(0, OPTIONS.processes, RUN):
    size = min(RUN, OPTIONS.processes - run)
    case(f"{size} processes of seed {OPTIONS.seed + run // RUN}")(
        lambda seed=OPTIONS.seed + run // RUN, size=size: check(seed, size)
    )
main()
