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
BOUNDS = 100  # of so many reaps one may be a bound: where its probe was not run, see bpf/preempted.h


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


def zombie_of(truth, report):
    try:
        return report.find(truth["pid"], truth.get("birth", {}).get("at_ns"))["zombie"]
    except Failure:
        return None  # compare() states it


def as_claimed(truth, report):
    """The truth of a reap, as far as the report claims to know it: of a bound its reaper may be unknown, its time is the latest."""
    zombie, wanted = zombie_of(truth, report), truth.get("zombie")
    if not zombie or not zombie["bound"] or not wanted:
        return truth
    loose = {key: value for key, value in wanted.items() if key != "bound"}
    for key in {"reaper", "reaper_pid"} & loose.keys():
        loose[key] = {"if known": loose[key]}
    for key in {"ns", "reaped_at_ns"} & loose.keys():
        loose[key] = {end: value for end, value in loose[key].items() if end == ">="}
    return dict(truth, zombie={key: value for key, value in loose.items() if value != {}})


def bounds(truths, report):
    """Reaps that the report does not claim to know exactly, if they are many."""
    zombies = [zombie_of(truth, report) for truth in truths if (truth.get("zombie") or {}).get("bound") is False]
    many = sum(1 for zombie in zombies if zombie and zombie["bound"])
    return [f"{many} of {len(zombies)} reaps are bounds"] if many * BOUNDS > len(zombies) else []


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
    truths = traced.truths()
    found = compare([as_claimed(truth, report) for truth in truths], report)
    found += bounds(truths, report) + invariants(report)
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
