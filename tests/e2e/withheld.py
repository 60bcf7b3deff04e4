# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
For tests of states. Some kernels run no tracer's program while init, or a thread of its, is on a CPU: a timer that goes off
then has woken nobody that we could see, nor sent its signal, and who gets the CPU next was not seen to get it (docs/kernel.md).

A mismatch about states, or about a timer's signal, is excused only if the kernel is one of those and init was on a CPU while
the process in question lived; tests/programs/init_turns.c measures when. The case is then played again, TRIES times in
all (environment variable; 1: never again, as on kernels that hide nothing). If each time is excused, the case is
inconclusive. Replays are counted in the last lines of a test. All else is a failure at once.
"""

import functools
import json
import os
import re
import subprocess

import lib
from lib import BUILD, SKIPPED, Failure, Inconclusive, demand

TRIES = int(os.environ.get("TRIES", "3"))
HIDDEN = re.compile(r"\.(states|blocked|wakers)\b|'event': '(state|wake)'|\.end\.by: None instead of {'why': 'timer'}")


class InitTurns:
    """Records when init is on a CPU. turns: pairs of CLOCK_BOOTTIME; none where that cannot be known."""

    def __enter__(self):
        self.turns = []
        command = [os.path.join(BUILD, "tests", "init_turns")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # it has begun, or it cannot
        return self

    def __exit__(self, *_):
        out, _ = self.process.communicate()
        if self.process.returncode == SKIPPED:
            return
        if self.process.returncode:
            raise Failure(f"init_turns ended with {self.process.returncode}")
        records = [json.loads(line) for line in out.splitlines()]
        self.turns = [(record["from_ns"], record["to_ns"]) for record in records if "cpu" in record]
        lost = sum(record.get("lost", 0) for record in records)
        if lost:
            print(f"# init_turns: {lost} records of switches were lost, so turns of init may be missing", flush=True)


def leaves_out_init(report):
    """Of a watch's report: an init that has adopted an orphan meanwhile is listed even if no program saw it, but nameless."""
    return all(process["pid"] != 1 or not process["comm"] for process in report["processes"])


@functools.cache
def hides_init():
    command = [os.path.join(BUILD, "proclife"), "watch", "-s", "-f", "json", "-d", "0.1"]
    watch = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return leaves_out_init(json.loads(watch.stdout))


def turns_within(turns, interval):
    """The turns that overlap with the interval; an open end is None."""
    from_ns, to_ns = interval
    return [turn for turn in turns if (to_ns is None or turn[0] <= to_ns) and turn[1] >= from_ns]


def evidence(mismatch, turns):
    """Why this mismatch proves nothing, in words; None: it does prove something."""
    interval = getattr(mismatch, "interval", None)
    if not HIDDEN.search(mismatch) or interval is None:
        return None
    within = turns_within(turns, interval)
    if not within or not hides_init():
        return None
    us = sum(to_ns - from_ns for from_ns, to_ns in within) // 1000
    return f"init was on a CPU in {len(within)} turns, for {us} us, unseen: {mismatch}"


def until_seen(play):
    """Has play() say, a line each, what does not agree, and again while all of that is excused. What it says is a failure;
    if it is excused to the end, the case is inconclusive."""
    for attempt in range(TRIES):
        with InitTurns() as init:
            found = play()
        excuses = [evidence(mismatch, init.turns) for mismatch in found]
        if TRIES == 1 or not all(excuses):
            demand(found)
        if not found:
            return
        if attempt + 1 < TRIES:
            lib.count("replays")
            print(f"# replay {attempt + 1}: {excuses[0]}", flush=True)
    raise Inconclusive(excuses[0])


def case_seen(function):
    """A case that is run again as until_seen() does."""

    def play():
        try:
            function()
        except Failure as failure:
            return failure.lines
        return []

    until_seen(play)
