#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Nothing is missing, however fast it goes; and where room runs out, what is missing is counted and said.

    complete_test.py BUILD-FOLDER [PATTERN]
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess

from lib import Failure, Skip, case, compare, demand, invariants, main, program, trace


UNKNOWN = 1 << 64


def storm(count, alive, form="json", options=("-w10",), *more):
    traced = trace([program("forks"), str(count), str(alive), *more], form, options, timeout=120)
    if traced.status:
        raise Failure(f"exit status {traced.status}: {traced.err}")
    return traced


def ends_of(report, count):
    """Each child's end and reap is as the program made it: the exit code is its number."""
    root = report.root()
    children = [report.by_id[child] for child in root["children"]]
    found = []
    if len(report.processes) != count + 1 or len(children) != count:
        found.append(f"{len(report.processes)} processes, {len(children)} children, not {count}")
    for number, child in enumerate(children):
        end, zombie = child["end"], child["zombie"]
        if not end or end["code"] != number & 255:
            found.append(f"child {number}: end {end}")
        if not zombie or zombie["reaper"] != root["id"] or zombie["bound"] or zombie["auto"]:
            found.append(f"child {number}: zombie {zombie}")
    return found


@case("20,000 forks, at most 500 alive: every birth, end and reap")
def all_forks():
    traced = storm(20000, 500)
    report = traced.report()
    demand(ends_of(report, 20000) + compare(traced.truths(), report) + invariants(report))


def outlive(report):
    """Threads that have no end, or end after their process."""
    return [
        f"thread {thread['tid']} of {process['pid']}: end {thread['end_ns']}, that of its process {process['end']}"
        for process in report.processes
        for thread in process["threads"]
        if process["end"] and (thread["end_ns"] or UNKNOWN) > (process["end"]["at_ns"] or 0)
    ]


def listens(pid):
    """/proc/net/netlink: the protocol (11 is the connector), the process, its groups."""
    with open("/proc/net/netlink", encoding="ascii") as sockets:
        return any(line.split()[1:3] == ["11", str(pid)] and int(line.split()[3], 16) for line in sockets)


@contextlib.contextmanager
def monitor():
    """A listener to the proc connector, which makes exiting threads lose the CPU after they left their process."""
    if not shutil.which("forkstat"):
        raise Skip("no forkstat")
    with subprocess.Popen(["forkstat", "-e", "exit", "-q"], stdout=subprocess.DEVNULL) as process:
        try:
            while not listens(process.pid):
                if process.poll() is not None:
                    raise Skip("the kernel's proc connector can't be listened to")
            yield
        finally:
            process.kill()


@case("threads that are last seen on a CPU long after their process was reaped belong to no other")
def late_threads():
    with monitor():
        traced = trace([program("late_threads"), "400", "8"], timeout=120)
    report = traced.report()
    found = compare(traced.truths(), report) + invariants(report) + outlive(report)
    if len(report.processes) != 404:
        found.append(f"{len(report.processes)} processes, not 404")
    demand(found)


@case("20,000 forks line by line")
def all_lines():
    traced = storm(20000, 500, "jsonl")
    lines = traced.lines()
    counts = {}
    for line in lines:
        counts[line["event"]] = counts.get(line["event"], 0) + 1
    summary = lines[-1]
    demand(
        [
            f"{counts.get(event)} lines of {event}, not {wanted}"
            for event, wanted in (("birth", 20001), ("end", 20001), ("zombie", 20001), ("reap", 20001))
            if counts.get(event) != wanted
        ]
        + [f"summary: {name} {summary[name]}" for name in ("births", "ends", "reaps") if summary[name] != 20001]
        + ([f"lost {summary['lost']}"] if any(summary["lost"].values()) else [])
    )


def spans_of(lines):
    """Each task's birth, spans in order of being told, and end."""
    lives = {}
    for line in lines:
        if line["event"] not in ("birth", "state", "end"):
            continue
        life = lives.setdefault((line["process"], line["tid"]), {"spans": []})
        if line["event"] == "state":
            life["spans"].append(line)
        else:
            life[line["event"]] = line
    return lives


def gaps(name, life):
    """Where the spans of a life leave something out, tell it twice, or differ from its totals."""
    found, at = [], life["birth"]["at_ns"]
    told = {"running": 0, "ready": 0, "blocked": 0, "stopped": 0}
    for span in life["spans"]:
        if span["from_ns"] != at:
            found.append(f"{name}: a span from {span['from_ns']}, though {at} was the last one's end")
        at = span["to_ns"]
        mixed = span.get("mixed_ready_ns", 0), span.get("mixed_blocked_ns", 0)
        told[span["state"]] += span["ns"] - sum(mixed)
        told["ready"] += mixed[0]
        told["blocked"] += mixed[1]
    ended = life["end"]["at_ns"] - life["end"]["states"].get("ended_ns", 0)  # the main thread may end before the process
    if at != ended:
        found.append(f"{name}: told of until {at}, it ended at {ended}")
    totals = {state: life["end"]["states"][f"{state}_ns"] for state in told}
    return found + ([f"{name}: told {told}, in all {totals}"] if told != totals else [])


@case("line by line every nanosecond of every task is told once")
def whole_timeline():
    found = []
    for argv in (["switches", "500"], ["forks", "300", "20"], ["jobs", "stop-threads"], ["execs", "many-threads"]):
        lines = trace([program(argv[0]), *argv[1:]], "jsonl").lines()
        if any(lines[-1]["lost"].values()):
            raise Failure(f"{argv}: lost {lines[-1]['lost']}")
        for (_, tid), life in spans_of(lines).items():
            name = f"{' '.join(argv)}: {tid}"
            found += gaps(name, life) if len(life) == 3 else [f"{name}: only {sorted(life)}"]
    demand(found)


@case("without a timeline the report is as true")
def no_timeline():
    traced = storm(1000, 20, options=("-w10", "--no-timeline"))
    report = traced.report()
    demand(ends_of(report, 1000) + compare(traced.truths(), report) + invariants(report))


@case("a timeline without room: its loss is told, lives and totals stay whole")
def small_timeline():
    traced = trace([program("switches"), "20000"], "jsonl", ("-w10", "--timeline-bytes", "4096"))
    lines = traced.lines()
    summary, found, births = lines[-1], [], {}
    if not summary["lost"]["timeline"]:
        raise Failure(f"nothing was lost: {summary}")
    if not any(line["event"] == "lost" and line["lost"]["timeline"] for line in lines):
        found.append("no line tells of the loss")
    if summary["lost"]["lifecycle"] or any(summary[name] != 2 for name in ("births", "ends", "reaps")):
        found.append(f"lives are not whole: {summary}")
    for line in lines:
        if line["event"] == "birth":
            births[line["process"]] = line["at_ns"]
        elif line["event"] == "end":
            spent, life = sum(line["states"].values()), line["at_ns"] - births[line["process"]]
            blocked = sum(item["ns"] for item in line["blocked"])
            if spent != life or blocked != line["states"]["blocked_ns"]:
                found.append(f"pid {line['pid']}: {spent} ns of {life}, {blocked} blocked, are told of")
    demand(found)


LEFT_BEHIND = """
import json, os, signal
told, tell = os.pipe()
middle = os.fork()
if not middle:
    young = os.fork()
    if not young:
        os._exit(3)
    os.waitid(os.P_PID, young, os.WEXITED | os.WNOWAIT)
    os.write(tell, str(young).encode())
    for fd in (0, 1, 2, tell):
        os.close(fd)
    signal.pause()
young = int(os.read(told, 20))
print(json.dumps([middle, young]), flush=True)
"""


@case("what lives on, and what is a zombie still, when the trace ends")
def left_behind():
    traced = trace(["/usr/bin/python3", "-c", LEFT_BEHIND], options=())
    middle, young = json.loads(traced.out)
    os.kill(middle, signal.SIGKILL)
    report = traced.report()
    truths = [
        {"pid": middle, "end": None, "zombie": None, "orphaned": {"from": {"pid": report.root()["pid"]}}},
        {
            "pid": young,
            "end": {"code": 3},
            "zombie": {"reaped_at_ns": None, "reaper": None, "reaper_pid": None, "auto": False, "bound": False},
            "orphaned": None,
        },
    ]
    found = compare(truths, report) + invariants(report)
    lived, known = sum(report.find(middle)["states"].values()), report.ended - report.find(middle)["birth"]["at_ns"]
    if not 0 < lived <= known:
        found.append(f"pid {middle}: {lived} ns are told of, of at most {known}")
    if report.find(young)["zombie"]["ns"] != report.ended - report.find(young)["end"]["at_ns"]:
        found.append(f"pid {young}: {report.find(young)['zombie']}, the trace ended at {report.ended}")
    demand(found)


def losing(form):
    """Whoever reads the ring is stopped for a while."""
    return storm(3000, 200, form, ("-w10", "--lifecycle-bytes", "4096"), "unheard")


@case("lives without room: the loss is counted in the document, and what is told is right")
def small_lifecycle():
    report = losing("json").report()
    if not report.lost["lifecycle"]:
        raise Failure("nothing was lost")
    found = invariants(report, lossless=False)
    if len(report.processes) > 3001:
        found.append(f"{len(report.processes)} processes, more than there were")
    if len(report.processes) < 2:
        found.append("no child is known at all")
    for process in report.processes:
        if not process["end"]:
            found.append(f"pid {process['pid']}: said to live, though all have ended")
            continue
        if process["end"]["kind"] and process["zombie"]["reaped_at_ns"] is None:
            found.append(f"pid {process['pid']}: said to be a zombie, though all were reaped")
        known = process["end"]["kind"] or process["birth"]["kind"]
        if known and process["parent"] is None and process["id"] != report.document["command"]["process"]:
            found.append(f"pid {process['pid']}: without a parent, though its birth or end was told")
    demand(found)


@case("lives without room: the loss is said line by line")
def small_lifecycle_lines():
    lines = losing("jsonl").lines()
    if not lines[-1]["lost"]["lifecycle"]:
        raise Failure(f"nothing was lost: {lines[-1]}")
    told = [line["lost"]["lifecycle"] for line in lines if line["event"] == "lost"]
    if not told or told != sorted(told) or told[-1] != lines[-1]["lost"]["lifecycle"]:
        raise Failure(f"told {told}, in the summary {lines[-1]['lost']}")


@case("lives without room: the loss is said in the text")
def small_lifecycle_text():
    text = losing("text").text
    if not re.search(r"(?i)\blost\b", text):
        raise Failure(f"not a word of it:\n{text[-2000:]}")


@case("without loss the text says nothing of one")
def lossless_text():
    traced = storm(20, 5, "text")
    if re.search(r"(?i)\blost\b", traced.text):
        raise Failure(f"a loss that was none:\n{traced.text}")


main()
