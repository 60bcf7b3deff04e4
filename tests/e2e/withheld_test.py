#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
What tests of states excuse (withheld.py): only what arose while init was on a CPU, on a kernel that hides that.
"""

import glob
import os
import subprocess
import time

import lib
import withheld
from lib import Failure, Inconclusive, Mismatch, Skip, case, demand, main
from withheld import InitTurns, turns_within, until_seen

WAKERS = "pid 9.wakers: none agrees"


class Turns:
    """Instead of InitTurns: init had these turns."""

    def __init__(self, *turns):
        self.turns = turns

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Plays:
    """Finds, time after time, these mismatches; the last ones for ever."""

    def __init__(self, *found):
        self.found, self.times = found, 0

    def __call__(self):
        self.times += 1
        return self.found[min(self.times, len(self.found)) - 1]


def judged(plays, turns, hides=True, tries=3):
    """What until_seen() makes of it: the exception's kind (None: a pass), how often it was played, the replays counted."""
    kept = withheld.InitTurns, withheld.hides_init, withheld.TRIES, dict(lib.COUNTS)
    withheld.InitTurns, withheld.hides_init, withheld.TRIES = lambda: Turns(*turns), lambda: hides, tries
    try:
        kind = None
        try:
            until_seen(plays)
        except (Failure, Inconclusive) as judgement:
            kind = type(judgement)
        return kind, plays.times, lib.COUNTS["replays"] - kept[3]["replays"]
    finally:
        withheld.InitTurns, withheld.hides_init, withheld.TRIES = kept[:3]
        lib.COUNTS.update(kept[3])


def expect(judgement, kind, times, replays=0):
    if judgement != (kind, times, replays):
        raise Failure(f"(kind, plays, replays) is {judgement}, not {(kind, times, replays)}")


@case("what agrees is played once")
def _():
    expect(judged(Plays([]), [(0, 100)]), None, 1)


@case("a mismatch in init's time is played again, and the replay is counted")
def _():
    expect(judged(Plays([Mismatch(WAKERS, (10, 20))], []), [(15, 16)]), None, 2, 1)


@case("a mismatch at another time is a failure at once")
def _():
    expect(judged(Plays([Mismatch(WAKERS, (10, 20))], []), [(1, 9), (21, 30)]), Failure, 1)


@case("one mismatch that is not excused is enough")
def _():
    found = [Mismatch(WAKERS, (10, 20)), Mismatch(WAKERS, (40, 50))]
    expect(judged(Plays(found, []), [(15, 16)]), Failure, 1)


@case("a mismatch that is excused each time is inconclusive: neither a pass nor a failure")
def _():
    expect(judged(Plays([Mismatch(WAKERS, (10, 20))]), [(15, 16)]), Inconclusive, 3, 2)


@case("where the kernel hides nothing, nothing is excused")
def _():
    expect(judged(Plays([Mismatch(WAKERS, (10, 20))], []), [(15, 16)], hides=False), Failure, 1)


@case("an init that adopts an orphan is listed, but was not seen")
def _():
    def listed(*processes):
        return withheld.leaves_out_init({"processes": [{"pid": pid, "comm": comm} for pid, comm in processes]})

    demand([] if listed((2, "kthreadd"), (1, "")) else ["it was taken for an init that programs see"])
    demand([] if not listed((2, "kthreadd"), (1, "init")) else ["an init that programs see was taken for a hidden one"])


@case("TRIES=1: nothing is played again")
def _():
    expect(judged(Plays([Mismatch(WAKERS, (10, 20))], []), [(15, 16)], tries=1), Failure, 1)


@case("what no state tells of, and what arose nobody knows when, is a failure at once")
def _():
    expect(judged(Plays([Mismatch("pid 9.end.code: 1 instead of 0", (10, 20))], []), [(15, 16)]), Failure, 1)
    expect(judged(Plays([WAKERS], []), [(15, 16)]), Failure, 1)


@case("an interval may be open")
def _():
    if turns_within([(1, 2), (30, 31)], (10, None)) != [(30, 31)]:
        raise Failure("the turn after its beginning, and no other, is within it")


def spent_by_init():
    """How long init's threads have been on CPUs so far, as the scheduler counts, ns; and how often they got one."""
    ns = turns = 0
    for name in glob.glob("/proc/1/task/*/schedstat"):
        with open(name, encoding="ascii") as file:
            spent, _, times = file.read().split()
            ns, turns = ns + int(spent), turns + int(times)
    return ns, turns


@case("init's turns are recorded, and no others")
def _():
    _, first = spent_by_init()
    with InitTurns() as init:
        if init.process.poll() is not None:
            raise Skip("perf's context switch records cannot be had")
        began_ns, began = spent_by_init()
        until = time.monotonic() + 10
        while spent_by_init()[1] < began + 3 and time.monotonic() < until:
            subprocess.run(["sh", "-c", "sh -c true &"], check=True)  # an orphan, for init to reap
        ended_ns, ended = spent_by_init()
    if ended < began + 3:
        raise Skip("init does not run")
    last = spent_by_init()[1]
    recorded = sum(to_ns - from_ns for from_ns, to_ns in init.turns)
    if 10 * recorded < 9 * (ended_ns - began_ns):
        raise Failure(f"{recorded} ns are recorded of the {ended_ns - began_ns} that the scheduler counted")
    # Two threads of init that follow each other have one turn; it may be on each CPU at the beginning and the end.
    if not 1 <= len(init.turns) <= last - first + 2 * os.cpu_count():
        raise Failure(f"{len(init.turns)} turns; the scheduler counted {last - first}")


main()
