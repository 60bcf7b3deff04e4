# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
For end-to-end tests: run a program under proclife, read the report, compare it with what is true.

A truth is a part of the report document; only what it names is compared. Beside plain values it may hold
    {">=": n, "<=": n}   a number between (either end may be left out); times are CLOCK_BOOTTIME
    {"pid": n}           where the report has an id: the id of that pid's process
    {"has": [truth, …]}  a list in which each of these is found, anywhere
    {"length": n}        a list that long (n may be a {">=": …} again)
A truth that names an "event" is one of jsonl: some line must agree with it.

A test script registers cases with @case and ends with main(); it speaks TAP (ok, not ok, # SKIP).
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77  # a program's exit status when this machine can't do it
TIMES = {"at_ns", "reaped_at_ns", "birth_ns", "end_ns", "from_ns", "to_ns"}  # which count from the trace's start


class Skip(Exception):
    """This machine can't do it; says why."""


class Inconclusive(Skip):
    """There is evidence that this run cannot decide; says which."""

    def __str__(self):
        return f"inconclusive: {super().__str__()}"


class Failure(Exception):
    """What was found is not what is true; says both. lines: each of the differences."""

    def __init__(self, text, lines=None):
        super().__init__(text)
        self.lines = lines or str(text).splitlines()


class Mismatch(str):
    """A difference between report and truth, with the time in which it arose: the process's life, or about when a line is
    due. (from, to) in CLOCK_BOOTTIME; to is None where there is no end."""

    def __new__(cls, text, interval):
        mismatch = super().__new__(cls, text)
        mismatch.interval = interval
        return mismatch


def prefixed(prefix, line):
    return Mismatch(prefix + line, line.interval) if isinstance(line, Mismatch) else prefix + line


def absolute(value, started):
    """The same document with its times on CLOCK_BOOTTIME."""
    if isinstance(value, list):
        return [absolute(item, started) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item + started if key in TIMES and isinstance(item, int) else absolute(item, started)
        for key, item in value.items()
    }


class Report:
    """The report document, its processes by id and by pid, its times on CLOCK_BOOTTIME."""

    def __init__(self, document):
        self.started = document["trace"]["started_boottime_ns"]
        self.document = absolute(document, self.started)
        self.ended = self.started + document["trace"]["duration_ns"]
        self.processes = self.document["processes"]
        self.lost = document["trace"]["lost"]
        self.by_id = {process["id"]: process for process in self.processes}
        self.by_pid = {}
        for process in self.processes:
            self.by_pid.setdefault(process["pid"], []).append(process)

    def find(self, pid, birth=None):
        """The process of that pid, born when `birth` (a truth) says if the pid was used more than once."""
        found = self.by_pid.get(pid, [])
        if birth is not None and len(found) > 1:
            found = [process for process in found if not differences(birth, process["birth"]["at_ns"], self)]
        if len(found) != 1:
            raise Failure(f"{len(found)} processes with pid {pid}, not one")
        return found[0]

    def root(self):
        return self.by_id[self.document["command"]["process"]]

    def named(self, comm):
        return [process for process in self.processes if process["comm"] == comm]

    def argv_starts(self, *words):
        return [process for process in self.processes if process["argv"][: len(words)] == list(words)]


def bounds(truth, actual, path):
    if not isinstance(actual, (int, float)) or isinstance(actual, bool):
        return [f"{path}: {actual!r} instead of a number {truth}"]
    if actual < truth.get(">=", actual):
        return [f"{path}: {actual} is {truth['>='] - actual} less than {truth['>=']}"]
    if actual > truth.get("<=", actual):
        return [f"{path}: {actual} is {actual - truth['<=']} more than {truth['<=']}"]
    return []


def members(truth, actual, report, path):
    if not isinstance(actual, list):
        return [f"{path}: {actual!r} instead of a list"]
    return [
        f"{path}: none agrees with {wanted} in {actual}"
        for wanted in truth
        if all(differences(wanted, item, report) for item in actual)
    ]


def differences(truth, actual, report, path=""):
    """What in `actual` is not as `truth` says: a list of lines, empty when they agree."""
    if isinstance(truth, dict):
        if truth and set(truth) <= {">=", "<="}:
            return bounds(truth, actual, path)
        if set(truth) == {"if known"}:
            return differences(truth["if known"], actual, report, path) if actual is not None else []
        if set(truth) == {"has"}:
            return members(truth["has"], actual, report, path)
        if set(truth) == {"length"}:
            if not isinstance(actual, list):
                return [f"{path}: {actual!r} instead of a list"]
            return differences(truth["length"], len(actual), report, f"length of {path}")
        if set(truth) == {"pid"} and isinstance(actual, int):
            pid = report.by_id[actual]["pid"] if actual in report.by_id else None
            return [] if pid == truth["pid"] else [f"{path}: id {actual}, which is pid {pid}, not {truth['pid']}"]
        if not isinstance(actual, dict):
            return [f"{path}: {actual!r} instead of {truth}"]
        return [
            line
            for key, wanted in truth.items()
            for line in (
                differences(wanted, actual[key], report, f"{path}.{key}") if key in actual else [f"{path}.{key}: missing"]
            )
        ]
    if isinstance(truth, list):
        if not isinstance(actual, list) or len(actual) != len(truth):
            return [f"{path}: {actual!r} instead of {truth}"]
        return [
            line
            for at, (wanted, item) in enumerate(zip(truth, actual))
            for line in differences(wanted, item, report, f"{path}[{at}]")
        ]
    if truth != actual or isinstance(truth, bool) != isinstance(actual, bool):
        return [f"{path}: {actual!r} instead of {truth!r}"]
    return []


def compare(truths, report):
    """All differences between the report and the truths about its processes."""
    found = []
    for truth in truths:
        try:
            process = report.find(truth["pid"], truth.get("birth", {}).get("at_ns"))
        except Failure as failure:
            found.append(str(failure))
            continue
        life = (process["birth"]["at_ns"], (process["end"] or {}).get("at_ns"))
        found += [Mismatch(f"pid {truth['pid']}{line}", life) for line in differences(truth, process, report)]
    return found


# --- what holds of every process of every report


def life_of_thread(thread, name):
    states, found = thread["states"], []
    if states is None:
        return [f"{name}: no states are reported"]
    spent = sum(states[state] for state in ("running_ns", "ready_ns", "blocked_ns", "stopped_ns"))
    if thread["end_ns"] is not None and spent != thread["end_ns"] - thread["birth_ns"]:
        found.append(f"{name}: {spent} ns are told of, of {thread['end_ns'] - thread['birth_ns']}")
    reasons = sum(item["ns"] for item in thread["blocked"])
    if thread["breakdown_incomplete"]:
        if reasons > states["blocked_ns"]:
            found.append(f"{name}: reasons sum to {reasons} ns, more than the {states['blocked_ns']} blocked")
    elif reasons != states["blocked_ns"]:
        found.append(f"{name}: reasons sum to {reasons} ns, blocked are {states['blocked_ns']}")
    for item in thread["blocked"]:
        if not item["longest_ns"] <= item["ns"] <= item["longest_ns"] * item["count"]:
            found.append(f"{name}: impossible {item}")
    for waker in thread["wakers"] or []:
        if waker["count"] < 1 or (waker["irq"] and (waker["process"] or waker["pid"])):
            found.append(f"{name}: impossible {waker}")
    if len({item["reason"] for item in thread["blocked"]}) != len(thread["blocked"]):
        found.append(f"{name}: a reason is listed twice")
    return found


def life_of_process(process, report, name):
    found, end, main = [], process["end"], process["threads"][0]
    for key in ("running_ns", "ready_ns", "blocked_ns", "stopped_ns"):
        if process["states"][key] != main["states"][key]:
            found.append(f"{name}: {key} is not its main thread's")
    if process["blocked"] != main["blocked"]:
        found.append(f"{name}: blocked is not its main thread's")
    # An exec by another thread makes that one the main thread, later than the process's birth.
    if main["birth_ns"] != process["birth"]["at_ns"] and not process["execs"]:
        found.append(f"{name}: its main thread was not born with it")
    if main["birth_ns"] < process["birth"]["at_ns"]:
        found.append(f"{name}: its main thread is older than itself")
    life = end["at_ns"] - process["birth"]["at_ns"] if end and end["kind"] else None
    if life is not None and sum(process["states"].values()) != life:
        found.append(f"{name}: its states sum to {sum(process['states'].values())}, not {life}")
    if process["states"]["unborn_ns"] != main["birth_ns"] - process["birth"]["at_ns"]:
        found.append(f"{name}: unborn_ns is {process['states']['unborn_ns']}, its main thread was born at {main['birth_ns']}")
    return found


def end_of(process, report, name):
    end, zombie, found = process["end"], process["zombie"], []
    if not end:
        return [f"{name}: a zombie before its end"] if zombie else []
    if not end["kind"]:
        return [] if report.lost["lifecycle"] else [f"{name}: it is not known how it ended"]
    if (end["kind"] in ("normal", "error")) != (end["signal"] is None) or (end["code"] is None) != bool(end["signal"]):
        found.append(f"{name}: impossible {end}")
    if (end["kind"] == "normal") != (end["code"] == 0):
        found.append(f"{name}: impossible {end}")
    if end["at_ns"] < process["birth"]["at_ns"]:
        found.append(f"{name}: ended before its birth")
    if zombie and zombie["reaped_at_ns"] is not None and zombie["ns"] != zombie["reaped_at_ns"] - end["at_ns"]:
        found.append(f"{name}: zombie for {zombie['ns']} ns, not {zombie['reaped_at_ns'] - end['at_ns']}")
    if zombie and zombie["ns"] is not None and zombie["ns"] < 0:
        found.append(f"{name}: reaped before its end")
    # A thread gives itself back before its last switch: it may leave its CPU a little after its process has ended.
    for thread in process["threads"]:
        if thread["end_ns"] is None:
            found.append(f"{name}: thread {thread['tid']} lives on")
        elif not thread["birth_ns"] <= thread["end_ns"] <= report.ended:
            found.append(f"{name}: thread {thread['tid']} ended at {thread['end_ns']}")
    return found


def same_pid(process, where, key, pid, report, name):
    """An id and a pid side by side name the same process."""
    if where and where[key] is not None and report.by_id[where[key]]["pid"] != where[pid]:
        return [f"{name}: {key} {where[key]} is not pid {where[pid]}"]
    return []


def family_of(process, report, name):
    found = same_pid(process, process, "parent", "ppid", report, name)
    found += same_pid(process, process["zombie"], "reaper", "reaper_pid", report, name)
    found += same_pid(process, (process["end"] or {}).get("by"), "process", "pid", report, name)
    parent = report.by_id.get(process["parent"])
    if parent and process["id"] not in parent["children"]:
        found.append(f"{name}: its parent does not know it")
    if parent and parent["birth"]["at_ns"] > process["birth"]["at_ns"]:
        found.append(f"{name}: older than its parent")
    children = [report.by_id[child] for child in process["children"]]
    if any(child["parent"] != process["id"] for child in children):
        found.append(f"{name}: a child has another parent")
    if [child["birth"]["at_ns"] for child in children] != sorted(child["birth"]["at_ns"] for child in children):
        found.append(f"{name}: its children are not in order of birth")
    if process["orphaned"] and process["orphaned"]["from"] is not None:
        # The orphan may notice before its parent's end is told: children are handed on just before SIGCHLD.
        if not report.by_id[process["orphaned"]["from"]]["end"]:
            found.append(f"{name}: orphaned by a process that lives")
    return found


def invariants(report, lossless=True):
    """What is wrong in the report by itself."""
    found = []
    if len(report.by_id) != len(report.processes):
        found.append("ids are not unique")
    if lossless and any(report.lost.values()):
        found.append(f"lost: {report.lost}")
    for process in report.processes:
        name = f"pid {process['pid']} ({process['comm']}, id {process['id']})"
        if process["states"] is not None or lossless:  # else its end was lost
            for thread in process["threads"]:
                found += life_of_thread(thread, f"{name} thread {thread['tid']}")
                if lossless and thread["breakdown_incomplete"]:
                    found.append(f"{name}: a breakdown is incomplete, though nothing was lost")
            found += life_of_process(process, report, name)
        found += end_of(process, report, name) + family_of(process, report, name)
    return found


def demand(found, most=15):
    """Fails with the differences, if there are any."""
    if found:
        rest = [f"… and {len(found) - most} more"] if len(found) > most else []
        raise Failure("\n".join(found[:most] + rest), found)


# --- running


class Traced:
    """What came of a run under proclife."""

    def __init__(self, status, out, err, text):
        self.status, self.out, self.err, self.text = status, out, err, text

    def report(self):
        if not self.text:
            raise Failure(f"no report; exit status {self.status}: {self.err}")
        return Report(json.loads(self.text))

    def lines(self):
        """jsonl's objects, times on CLOCK_BOOTTIME."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        if not lines or lines[-1]["event"] != "summary":
            raise Failure(f"no summary; exit status {self.status}: {self.err}")
        return absolute(lines, lines[-1]["started_boottime_ns"])

    def truths(self):
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


def finish(process, timeout):
    """Its output; past the time it is ended, with whatever it started in its session."""
    try:
        return process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        raise Failure(f"not done after {timeout} seconds") from None


def trace(argv, form="json", options=("-w10",), folder=None, timeout=60, stdin=subprocess.DEVNULL):
    """Runs argv under proclife, in a session and (unless told) a temporary folder of its own."""
    place = tempfile.mkdtemp(prefix="proclife-test-")
    try:
        report = os.path.join(place, "report")
        command = [os.path.join(BUILD, "proclife"), "run", "-f", form, "-o", report, *options, "--", *argv]
        process = subprocess.Popen(
            command,
            cwd=folder or place,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        out, err = finish(process, timeout)
        text = ""
        if os.path.exists(report):
            with open(report, encoding="utf-8") as file:
                text = file.read()
        return Traced(process.returncode, out, err, text)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def program(name):
    return os.path.join(BUILD, "tests", name)


# --- cases, in TAP

BUILD = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(REPOSITORY, "build")
CASES = []
COUNTS = {"replays": 0, "inconclusive": 0}  # said in the last lines


def count(what):
    COUNTS[what] += 1


def cgroup_root():
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        for line in mounts:
            if " - cgroup2 " in line:
                return line.split()[4]
    raise Skip("no cgroup2 is mounted")


def case(name):
    def register(function):
        CASES.append((name, function))
        return function

    return register


def run_one(number, name, function):
    began = time.monotonic()
    try:
        function()
        print(f"ok {number} - {name}", flush=True)
        return True
    except Skip as skip:
        if isinstance(skip, Inconclusive):
            count("inconclusive")
        print(f"ok {number} - {name} # SKIP {skip}", flush=True)
        return True
    except Failure as failure:
        text = str(failure)
    except Exception:  # whatever it is, the other cases are to run
        text = traceback.format_exc()
    print(f"not ok {number} - {name}")
    print("\n".join(f"# {line}" for line in text.splitlines()))
    print(f"# after {time.monotonic() - began:.1f} s", flush=True)
    return False


def main():
    """Runs the registered cases, or those whose name matches the second argument (a regular expression)."""
    wanted = re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
    chosen = [(name, function) for name, function in CASES if wanted.search(name)]
    print(f"1..{len(chosen)}")
    good = [run_one(number, name, function) for number, (name, function) in enumerate(chosen, 1)]
    print("# " + ", ".join(f"{what}: {times}" for what, times in COUNTS.items()))
    sys.exit(0 if all(good) else 1)
