# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
For tests of states. Some kernels show init to no tracer, nor what happens while it, or a thread of its, is on a CPU: a timer
that goes off then has woken nobody that we could see, nor sent its signal, and who gets the CPU next was not seen to get it
(docs/kernel.md). Where that is so, and init ran while the test did, what does not agree about states, or that a timer's signal was
not seen, is played again. All else stays wrong.
"""

import functools
import glob
import json
import os
import re
import subprocess

from lib import BUILD, Failure, demand

TRIES = 5
HIDDEN = re.compile(r"\.(states|blocked|wakers)\b|'event': '(state|wake)'|\.end\.by: None instead of {'why': 'timer'}")


def turns_of_init():
    """How often init's threads have got a CPU so far."""
    turns = 0
    for name in glob.glob("/proc/1/task/*/schedstat"):
        try:
            with open(name, encoding="utf-8") as file:
                turns += int(file.read().split()[2])
        except OSError:
            pass
    return turns


@functools.cache
def hides_init():
    command = [os.path.join(BUILD, "proclife"), "watch", "-s", "-f", "json", "-d", "0.1"]
    watch = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return all(process["pid"] != 1 for process in json.loads(watch.stdout)["processes"])


def until_seen(play):
    """Has play() tell, a line each, what does not agree, and again while that may be because it was not to be seen; what it
    told at last."""
    for attempt in range(TRIES):
        before = turns_of_init()
        found = play()
        if not all(map(HIDDEN.search, found)) or not found or turns_of_init() == before or not hides_init():
            break
        print(f"# init ran meanwhile, unseen, try {attempt + 1} of {TRIES}: {found[0]}", flush=True)
    return found


def case_seen(function):
    """A case that is run again as until_seen() does."""

    def play():
        try:
            function()
        except Failure as failure:
            return str(failure).splitlines()
        return []

    demand(until_seen(play))
