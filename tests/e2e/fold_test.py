#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
run --max-processes: what is listed no more is counted, in every format, and who is not ordinary is listed and found as ever.

    fold_test.py BUILD-FOLDER [PATTERN]
"""

import json
import re

from lib import Failure, case, compare, demand, invariants, main, program, trace

COUNT, MOST = 3000, 100
STATES = ("running_ns", "ready_ns", "blocked_ns", "stopped_ns")

# A zombie that is never waited for, an orphan that lives until the command ends, one that is killed and one that is waited for late, in a crowd.
CROWD = """
import json, os, signal, time

def child(does=lambda: None):
    pid = os.fork()
    if not pid:
        does()
        os._exit(0)
    return pid

def bears():
    grandchild = child(lambda: (os.close(release), os.read(hold, 1)))
    os.write(told, str(grandchild).encode())

hold, release = os.pipe()
answer, told = os.pipe()
zombie, late, killed, parent = child(), child(), child(signal.pause), child(bears)
os.kill(killed, signal.SIGKILL)
os.waitpid(killed, 0)
os.waitpid(parent, 0)
orphan, began, count = int(os.read(answer, 16)), time.monotonic(), 0
while count < 1000 or time.monotonic() < began + 1:
    os.waitpid(child(), 0)
    count += 1
os.waitpid(late, 0)
for i in range(200):
    os.waitpid(child(), 0)
print(json.dumps({"zombie": zombie, "late": late, "killed": killed, "parent": parent, "orphan": orphan, "count": count + 200}))
"""


def forks(form, *options):
    traced = trace([program("forks"), str(COUNT), "4"], form, options)
    if traced.status:
        raise Failure(f"forks ended with {traced.status}: {traced.err}")
    return traced


def equal(name, actual, wanted):
    return [] if actual == wanted else [f"{name}: {actual}, not {wanted}"]


def codes_of(report):
    """How many of the listed children ended with 0, and with an error."""
    ends = [process["end"]["kind"] for process in report.processes if process is not report.root()]
    return ends.count("normal"), ends.count("error")


@case("json: the figures and the list together are what an unbounded run lists")
def document():
    everybody, few = forks("json").report(), forks("json", f"--max-processes={MOST}").report()
    folded = few.document["trace"]["folded"]
    whole, listed = codes_of(everybody), codes_of(few)
    found = equal("folded of an unbounded run", everybody.document["trace"]["folded"], None)
    found += equal("processes of an unbounded run", len(everybody.processes), COUNT + 1)
    found += equal("processes", folded["processes"] + len(few.processes), COUNT + 1)
    found += equal("threads", folded["threads"], folded["processes"])
    found += equal("exit 0", folded["normal"] + listed[0], whole[0])
    found += equal("exit codes", folded["error"] + listed[1], whole[1])
    found += equal("below the command", few.root()["folded"], folded["processes"])
    found += equal("reasons", sum(item["ns"] for item in folded["blocked"]), folded["blocked_ns"])
    if len(few.processes) > MOST:
        found.append(f"{len(few.processes)} processes are listed, more than {MOST}")
    if not all(folded[state] > 0 for state in ("running_ns", "cpu_ns")):
        found.append(f"impossible: {folded}")
    demand(found + invariants(few))


@case("jsonl: every life has its lines, and the summary counts them all")
def lines():
    told = forks("jsonl", f"--max-processes={MOST}").lines()
    ends = [line for line in told if line["event"] == "end"]
    summary, folded = told[-1], told[-1]["folded"]
    spent = {state: sum(line["states"][state] for line in ends) for state in STATES}
    found = equal("ends", len(ends), COUNT + 1) + equal("processes", summary["processes"], COUNT + 1)
    found += equal("ends of the summary", summary["ends"], COUNT + 1) + equal("births", summary["births"], COUNT + 1)
    found += [f"{state}: {folded[state]} of {spent[state]}" for state in STATES if folded[state] > spent[state]]
    # They are told of to the nanosecond: those of all but the last, at most MOST, in whatever order they went.
    children = [line for line in ends if line["process"] != 1]
    lives = sorted(sum(line["states"][state] for state in STATES) for line in children)
    total, count = sum(folded[state] for state in STATES), folded["processes"]
    if not sum(lives[:count]) <= total <= sum(lives[len(lives) - count :]):
        found.append(f"{count} lives of {total} ns are not among those that are told of")
    demand(found)


@case("text: the totals are of all, and the report says who is not listed")
def text():
    report = forks("text", f"--max-processes={MOST}", "--columns=200").text
    said = re.search(r"Not listed \(--max-processes=(\d+)\): ([\d,]+) that ended .* ([\d,]+) with exit 0", report)
    below = re.search(r"\+(\d+) below, not listed", report)
    if not said or not below or f" {COUNT + 1:,} processes" not in report:
        raise Failure(report)
    found = equal("the bound", said[1], str(MOST)) + equal("below", int(below[1]), int(said[2].replace(",", "")))
    if f"not listed ×{below[1]}" not in report:
        found.append("no row of states")
    demand(found)


@case("a zombie, an orphan, one killed and one reaped late among thousands are listed and found")
def odd_ones():
    traced = trace(["/usr/bin/python3", "-c", CROWD], "json", ("-w10", "--max-processes=16"))
    report, truth = traced.report(), json.loads(traced.out)
    listed = [
        {"pid": truth["zombie"], "end": {"kind": "normal"}},
        {"pid": truth["late"], "end": {"kind": "normal"}, "zombie": {"reaper": {"pid": report.root()["pid"]}}},
        {"pid": truth["killed"], "end": {"kind": "killed", "signal": "SIGKILL"}},
        {"pid": truth["orphan"], "parent": {"pid": truth["parent"]}, "orphaned": {"from": {"pid": truth["parent"]}}},
    ]
    found = compare(listed, report) + invariants(report)
    kinds = {(finding["kind"], report.by_id[finding["process"]]["pid"]) for finding in report.document["findings"]}
    for kind, who in (
        ("zombie-unreaped", "zombie"),
        ("zombie-late-reap", "late"),
        ("killed-by", "killed"),
        ("orphan-adopted", "orphan"),
    ):
        if (kind, truth[who]) not in kinds:
            found.append(f"no {kind} of {who}: {kinds}")
    found += equal("processes", report.document["trace"]["folded"]["processes"] + len(report.processes), truth["count"] + 6)
    demand(found)


main()
