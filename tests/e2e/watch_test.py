#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
proclife watch tells the truth about a machine that was running before it came.

    watch_test.py BUILD-FOLDER [PATTERN]
"""

import collections
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import time

from lib import Failure, Mismatch, Skip, case, compare, demand, differences, end_of, family_of, life_of_process
from lib import Report, cgroup_root, life_of_thread, main, prefixed, program
from watching import LONG, PROCLIFE, Part, Told, Watch, boottime_ns, capabilities, living, python, temporary, watching
from withheld import until_seen

LIVES = "births execs identities ends kills zombies orphans jobs terminal changes".split()
BLOCKS = "blocks_io blocks_wait blocks_file".split()
MOST_OF_50_MS = 25_000_000  # ns: a sleep's timer runs before the task has left its CPU
STATES = {"states", "blocked", "wakers", "breakdown_incomplete"}  # what only state accounting knows


def situations(names):
    for name in names:
        listed = subprocess.run([program(name), "--list"], stdout=subprocess.PIPE, text=True, check=True)
        for situation in listed.stdout.split():
            yield name, situation


def without(keys, truth):
    if isinstance(truth, list):
        return [without(keys, item) for item in truth]
    if not isinstance(truth, dict):
        return truth
    return {key: without(keys, value) for key, value in truth.items() if key not in keys}


def with_bounds(truth):
    """A truth whose reaps may be told late, as the latest time that they can have been; by when the reaper may be unknown."""
    if isinstance(truth, list):
        return [with_bounds(item) for item in truth]
    if not isinstance(truth, dict):
        return truth
    loose = {key: with_bounds(value) for key, value in truth.items() if key != "bound"}
    for key in {"ns", "reaped_at_ns"} & loose.keys():
        if isinstance(loose[key], dict):
            loose[key].pop("<=", None)
    for key in {"reaper", "reaper_pid"} & loose.keys():
        if loose[key] is not None:
            loose[key] = {"if known": loose[key]}
    return {key: value for key, value in loose.items() if value != {}}


def life(process, report, unknown):
    name = f"pid {process['pid']} ({process['comm']})"
    found = end_of(process, report, name) + family_of(process, report, name)
    if "states" not in unknown:
        found += life_of_process(process, report, name)
        for thread in process["threads"]:
            found += life_of_thread(thread, f"{name} thread {thread['tid']}")
    return found


def agree(document, told, unknown, as_told):
    report = Part(document, told.since, told.until)
    truths = [as_told(without(unknown, truth)) for truth in told.truths() if "event" not in truth]
    found = compare(truths, report)
    for process in report.family(told.pid):
        found += life(process, report, unknown)
    return [prefixed(f"{told.name}: ", line) for line in found]


# What of a duration holds where the scheduler says since when a task is ready: it queues who is woken for another CPU when that
# CPU takes the interrupt, which may be late, so that a sleep is longer and its wait for a CPU shorter than by the wake-up. Its
# clock is near ours, not the same (docs/kernel.md). The sums are invariants still.
HOLDS = {"ns": ">=", "longest_ns": ">=", "blocked_ns": ">=", "stopped_ns": ">=", "ready_ns": "<=", "running_ns": ">=<="}
NEAR = 200_000  # ns


def by_the_scheduler(truth):
    """The truth about states, as far as the scheduler's own times show it."""
    if isinstance(truth, list):
        return [by_the_scheduler(item) for item in truth]
    if not isinstance(truth, dict):
        return truth
    loose = {key: near(key, value) if key in HOLDS else by_the_scheduler(value) for key, value in truth.items()}
    return {key: value for key, value in loose.items() if value != {} or not truth[key]}


def near(key, value):
    if not isinstance(value, dict):
        return value
    return {end: bound - NEAR if end == ">=" else bound + NEAR for end, bound in value.items() if end in HOLDS[key]}


def check_all(names, options, unknown, as_told=lambda truth: truth):
    wrong = dict.fromkeys(situations(names))

    def play():
        with watching(*options, form="json") as watch:
            played = {situation: Told(*situation) for situation in wrong}
        document = watch.document()
        found = {each: agree(document, told, unknown, as_told) for each, told in played.items() if not told.skipped}
        wrong.clear()
        wrong.update({each: lines for each, lines in found.items() if lines})
        return [line for lines in wrong.values() for line in lines]

    until_seen(play)


@case("every situation that the test programs create: lives")
def lives_only():
    check_all(LIVES, ("--exact-reaps",), STATES | {"threads"})


@case("every situation that the test programs create: lives, with reaps as bounds")
def lives_and_bounds():
    check_all(LIVES, (), STATES | {"threads"}, with_bounds)


@case("every situation that the test programs create: lives of threads")
def lives_and_threads():
    check_all(LIVES, ("--threads", "--exact-reaps"), STATES)


@case("every situation that the test programs create: lives of threads, with reaps as bounds")
def threads_and_bounds():
    check_all(LIVES, ("--threads",), STATES, with_bounds)


@case("every situation that the test programs create: states, too")
def lives_and_states():
    check_all(LIVES + BLOCKS, ("--states",), set())


@case("every situation that the test programs create: states by the switches alone, as the scheduler keeps who is ready")
def states_without_wakers():
    check_all(LIVES + BLOCKS, ("--states", "--no-wakers"), {"wakers"}, by_the_scheduler)


@case("what was not watched is not known: states, reasons, wakers")
def unknown():
    for options, known in (((), ()), (("-s", "--no-wakers"), ("states", "blocked")), (("-s",), ("states", "blocked", "wakers"))):
        with watching(*options, form="json") as watch:
            pid = run_as(["/usr/bin/sleep", "0.01"])
        process = Report(watch.document()).by_pid[pid][-1]
        told = tuple(key for key in ("states", "blocked", "wakers") if process[key] is not None)
        if told != known or [key for key in known if process["threads"][0][key] is None]:
            raise Failure(f"{options}: {told} are known, {process}")


EXISTING = """
import ctypes, json, os, signal, sys
lives = {}
libc = ctypes.CDLL(None)
told, tell = os.pipe()
lives["zombie"] = os.fork()
if not lives["zombie"]:
    os._exit(3)
os.waitid(os.P_PID, lives["zombie"], os.WEXITED | os.WNOWAIT)
def adopted(name, leads, by_subreaper):
    if by_subreaper:
        libc.prctl(36, 1)
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        libc.prctl(36, 0)
        lives[name] = int(os.read(told, 20))
        return
    if leads:
        os.setsid()
    child = os.fork()
    if child:
        os._exit(0)
    os.write(tell, str(os.getpid()).encode())
    signal.pause()
adopted("daemon", True, False)
adopted("warded", False, True)
adopted("orphan", False, False)
print(json.dumps(lives), flush=True)
for line in sys.stdin:
    pass
for name in ("daemon", "warded", "orphan"):
    os.kill(lives[name], signal.SIGKILL)
os.waitpid(lives["warded"], 0)
os.waitpid(lives["zombie"], 0)
"""


@case("zombies, orphans and daemons that were there before it")
def existing():
    with python(EXISTING) as program_:
        with watching() as watch:
            lives, parent = program_.told, program_.pid
    found = []

    def told(pid, event, **truth):
        alike = watch.of(pid, event)
        if len(alike) != 1:
            found.append(f"{len(alike)} lines of {event} of {pid}: {alike}")
        for line in alike:
            found.extend(f"{event} of {pid}{difference}" for difference in differences(truth, line, None))

    told(parent, "birth", kind="existing", parent_pid=os.getpid())
    told(lives["zombie"], "zombie", parent_pid=parent)
    told(lives["daemon"], "birth", kind="existing")
    told(lives["daemon"], "orphan", adopter="init", adopter_pid=1)
    told(lives["daemon"], "daemon", kind="detached")
    told(lives["orphan"], "orphan", adopter="init", adopter_pid=1)
    if watch.of(lives["zombie"], "end"):
        found.append("an end that was before its time is told as one")
    for pid in (lives["orphan"], lives["warded"], parent):
        if watch.of(pid, "daemon"):
            found.append(f"{pid} is no daemon")
    if watch.of(parent, "orphan"):
        found.append("its parent lives, it is no orphan")
    demand(found)


@case("what becomes of those who were there before it")
def existing_ends():
    with python(EXISTING) as program_:
        with watching("--exact-reaps") as watch:
            lives, parent = program_.told, program_.pid
            program_.stdin.close()
            program_.wait(30)
            watch.wait_for(lambda line: line["event"] == "reap" and line["pid"] == parent)
    found = []
    for name in ("daemon", "orphan", "warded"):
        ends = watch.of(lives[name], "end")
        if len(ends) != 1 or ends[0]["signal"] != "SIGKILL" or ends[0]["by"]["pid"] != parent:
            found.append(f"{name}: {ends}")
    for name in ("zombie", "warded"):
        reaps = watch.of(lives[name], "reap")
        if len(reaps) != 1 or reaps[0]["reaper_pid"] != parent or reaps[0]["bound"]:
            found.append(f"{name}: {reaps}")
    demand(found)


@case("between who was there and who came nobody is missed, nobody told twice")
def seam():
    storm = subprocess.Popen([program("forks"), "60000", "40"], stdout=subprocess.DEVNULL)
    try:
        with watching(form="json") as watch:
            began = boottime_ns()
            while boottime_ns() < began + 600_000_000 and storm.poll() is None:
                os.sched_yield()
            if storm.poll() is not None:
                raise Skip("this machine forks too fast")
    finally:
        storm.kill()
        storm.wait()
    report = Part(watch.document(), 0, boottime_ns())
    parent = next(process for process in report.by_pid[storm.pid] if process["birth"]["kind"] == "existing")
    children = [report.by_id[child] for child in parent["children"]]
    found = []
    if any(report.lost.values()):
        found.append(f"lost: {report.lost}")
    if len(children) < 300:
        raise Skip(f"only {len(children)} children in time")
    # Its nth child ends with n & 255. From the first that was seen to be born on, one that was missed would shift those behind
    # it, and so would one that was told twice. Who has not ended yet says nothing.
    born = next(at for at, child in enumerate(children) if child["birth"]["kind"] != "existing")
    numbered = [(at, child["end"]["code"]) for at, child in enumerate(children[born:]) if child["end"]]
    shifts = [(code - at) & 255 for at, code in numbered if code is not None]
    if len(set(shifts)) != 1:
        found.append(f"of {len(children) - born} children: {collections.Counter(shifts)}")
    if len(shifts) < len(children) - born - 60:
        found.append(f"ends of only {len(shifts)} of {len(children) - born} are known")
    for child in children:
        if child["birth"]["kind"] == "existing" and child["birth"]["at_ns"] > report.started:
            found.append(f"pid {child['pid']}: its birth was missed")
        if child["end"] and child["zombie"]["reaped_at_ns"] and child["zombie"]["reaper_pid"] != storm.pid:
            found.append(f"pid {child['pid']}: {child['zombie']}")
    demand(found)


# --- filters


def run_as(argv, **more):
    """Its pid, once it has ended."""
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    process.wait(30)
    return process.pid


def events_of(watch, pid):
    return [line["event"] for line in watch.lines if line.get("pid") == pid]


def foreign(watch, passes):
    """Lines that a filter should have kept back."""
    return [line for line in watch.lines if "pid" in line and line["event"] != "finding" and not passes(line)][:5]


WHOLE_LIFE = ["birth", "exec", "end", "zombie", "reap"]


@case("without a filter a life is birth, exec, end, zombie, reap")
def no_filter():
    with watching() as watch:
        pid = run_as(["/usr/bin/true"])
    if events_of(watch, pid) != WHOLE_LIFE:
        raise Failure(f"{events_of(watch, pid)}")
    born, ended = watch.of(pid, "birth")[0], watch.of(pid, "end")[0]
    truth = {"parent_pid": os.getpid(), "uid": os.getuid(), "session": os.getsid(0)}
    demand(differences(truth, born, None) + differences({"kind": "normal", "code": 0, "states": None}, ended, None))


@case("-c: by name, as it is and as it was")
def by_name():
    with watching("-c", "sl[e]ep") as watch:
        slept, other = run_as(["/usr/bin/sleep", "0"]), run_as(["/usr/bin/true"])
    demand(
        [f"sleep: {events_of(watch, slept)}"] * (events_of(watch, slept) != WHOLE_LIFE[1:])
        + [f"true: {events_of(watch, other)}"] * bool(events_of(watch, other))
        + [f"{line}" for line in foreign(watch, lambda line: line["comm"] == "sleep")]
    )


@case("-u: by user, name or number")
def by_user():
    for user in ("nobody", "65534"):
        with watching("-u", user) as watch:
            theirs, ours = run_as(["/usr/bin/true"], user="nobody"), run_as(["/usr/bin/true"])
        demand(
            [f"nobody's: {events_of(watch, theirs)}"] * ("end" not in events_of(watch, theirs))
            + [f"ours: {events_of(watch, ours)}"] * bool(events_of(watch, ours))
        )


@case("--only: some kinds of changes")
def only_kinds():
    with watching("--only=exec,reap") as watch:
        pid = run_as(["/usr/bin/true"])
    demand(
        [f"{events_of(watch, pid)}"] * (events_of(watch, pid) != ["exec", "reap"])
        + [f"{line}" for line in foreign(watch, lambda line: line["event"] in ("exec", "reap"))]
    )


@case("--failed: what did not succeed")
def only_failed():
    with watching("--failed") as watch:
        bad, good = run_as(["/usr/bin/false"]), run_as(["/usr/bin/true"])
        killed = run_as(["/usr/bin/sh", "-c", "kill -9 $$"])
    demand(
        [f"false: {events_of(watch, bad)}"] * (events_of(watch, bad) != ["end", "zombie", "reap"])
        + [f"true: {events_of(watch, good)}"] * bool(events_of(watch, good))
        + [f"killed: {watch.of(killed)}"] * ([line["signal"] for line in watch.of(killed, "end")] != ["SIGKILL"])
        + [f"{line}" for line in foreign(watch, lambda line: line["event"] in ("end", "zombie", "reap", "orphan", "daemon"))]
    )


@case("filters combine")
def combined():
    with watching("-c", "sh", "-u", "nobody", "--failed", "--only=end") as watch:
        wanted = run_as(["/usr/bin/sh", "-c", "exit 3"], user="nobody")
        others = [
            run_as(["/usr/bin/sh", "-c", "exit 3"]),
            run_as(["/usr/bin/sh", "-c", "exit 0"], user="nobody"),
            run_as(["/usr/bin/false"], user="nobody"),
        ]
    if [line["code"] for line in watch.of(wanted)] != [3] or any(watch.of(other) for other in others):
        raise Failure(f"{watch.of(wanted)} {[watch.of(other) for other in others]}")


FAMILY = """
import json, os, subprocess, sys, threading, time
def child_of_thread():
    for line in iter(jobs_read.readline, ""):
        print(json.dumps(["thread's", subprocess.run(["/usr/bin/true"]).returncode]), flush=True)
get, put = os.pipe()
jobs_read, jobs_write = os.fdopen(get), os.fdopen(put, "w", buffering=1)
grandparent = os.getpid()
child = os.fork()
if not child:
    threading.Thread(target=child_of_thread, daemon=True).start()
    for line in iter(sys.stdin.readline, ""):
        print(json.dumps(["child's", subprocess.Popen(["/usr/bin/true"]).wait()]), flush=True)
        jobs_write.write("go\\n")
    os._exit(7)
print(json.dumps([grandparent, child]), flush=True)
os.waitpid(child, 0)
"""


@case("-p: a process that lives, its threads, and all that descend from them; nobody else")
def by_pid():
    for options in ((), ("-t",), ("--states",)):
        with python(FAMILY) as family:
            grandparent, child = family.told
            with watching("-p", str(grandparent), *options) as watch:
                family.stdin.write("go\n")
                family.stdin.flush()
                for _ in range(2):
                    family.stdout.readline()
                other = run_as(["/usr/bin/true"])
                family.stdin.close()
                family.wait(30)

        def whole(pid):
            return [line for line in watch.of(pid, "end") if line["kind"] != "thread"]

        born = [line for line in watch.lines if line["event"] == "birth" and line["kind"] not in ("existing", "thread")]
        existing = [line["pid"] for line in watch.lines if line["event"] == "birth" and line["kind"] == "existing"]
        found = [f"existing: {existing}"] * (sorted(existing) != sorted([grandparent, child]))
        found += [f"born: {born}"] * ([line["parent_pid"] for line in born] != [child, child])
        found += ["a thread's child is not told of as its"] * (len({line["by_tid"] for line in born}) != 2)
        found += [f"{watch.of(other)}"] * bool(watch.of(other))
        for line in born:
            found += [f"{line['pid']}: {events_of(watch, line['pid'])}"] * (
                [name for name in events_of(watch, line["pid"]) if name in WHOLE_LIFE and name != "birth"] != WHOLE_LIFE[1:]
                or not watch.of(line["pid"], "reap")[0]["reaper_pid"] == child
            )
        found += [f"{watch.of(child, 'end')}"] * ([line["code"] for line in whole(child)] != [7])
        found += [f"{watch.of(grandparent, 'end')}"] * ([line["kind"] for line in whole(grandparent)] != ["normal"])
        demand([f"{' '.join(options)}: {line}" for line in found])


@case("-p: no such process")
def no_such_pid():
    watch = Watch("-p", "4194304", ready=False)
    if watch.wait() != 125 or "No such process" not in watch.err:
        raise Failure(f"{watch.process.returncode}: {watch.err}")


@case("--cgroup: a control group and those below it; its name is told")
def by_cgroup():
    top = os.path.join(cgroup_root(), f"proclife-test-{os.getpid()}")
    below = os.path.join(top, "docker-0123abcd.scope")
    try:
        os.mkdir(top)
    except OSError as error:
        raise Skip(f"can't make a control group: {error.strerror}") from None
    try:
        os.mkdir(below)
        move = "echo $$ >$0/cgroup.procs && { /usr/bin/true; exit 0; }"
        with watching("--cgroup", top) as watch, watching("-v", form="text") as text, watching(
            "--states", "--cgroup", below, form="json"
        ) as counting:
            pids = [run_as(["/usr/bin/sh", "-c", move, folder]) for folder in (top, below)]
            other = run_as(["/usr/bin/sh", "-c", "/usr/bin/true; exit 0"])
        # Who moves by itself was born elsewhere; its child is born there.
        born = [line for line in watch.lines if line["event"] == "birth" and line["parent_pid"] in pids]
        found = [f"born: {born}"] * (len(born) != 2) + [f"{watch.of(other)}"] * bool(watch.of(other))
        for line in born:
            found += [f"{events_of(watch, line['pid'])}"] * (events_of(watch, line["pid"]) != WHOLE_LIFE)
        found += [f"{line}" for line in watch.lines if line["event"] == "birth" and line["parent_pid"] == other]
        named = [line for line in text.text if "container 0123abcd, cgroup /proclife-test-" in line]
        found += ["the container is not named"] * (not named)
        report = Report(counting.document())
        counted = [born for born in report.processes if born["ppid"] in pids + [other] and born["states"]]
        if [process["ppid"] for process in counted] != [pids[1]]:
            found.append(f"states count outside the group: {counted}")
        demand(found)
    finally:
        for folder in (below, top):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


@case("-t: threads, and only then")
def threads():
    code = "import threading; t = threading.Thread(target=int); t.start(); t.join()"
    for options, wanted in (((), 0), (("-t",), 2)):
        with watching(*options) as watch:
            pid = run_as(["/usr/bin/python3", "-c", code])
        lines = [line for line in watch.of(pid) if line.get("kind") == "thread"]
        if len(lines) != wanted or (wanted and {line["event"] for line in lines} != {"birth", "end"}):
            raise Failure(f"{options}: {lines}")


BECOMES_NOBODY = """
import ctypes, os, time
os.setuid(65534)
ctypes.CDLL(None).prctl(15, b"nobody")  # PR_SET_NAME
time.sleep(0.05)
"""


@case("--states with -u: the kernel counts for that user alone, and the lives of all are known")
def counted_for_user():
    until_seen(play_counted_for_user)


def counts_from_a_switch_on():
    """Before 6.4 no probe of a switch makes room for a task that was not counted (bpf/meet.h): an exec or a snapshot does."""
    return tuple(int(number) for number in os.uname().release.split(".")[:2]) >= (6, 4)


def play_counted_for_user():
    begun = boottime_ns()
    with watching("--states", "-u", "nobody", form="json") as watch:
        born = run_as(["/usr/bin/sleep", "0.05"], user="nobody")
        became = run_as(["/usr/bin/python3", "-c", BECOMES_NOBODY])
        other = run_as(["/usr/bin/sleep", "0.05"])
    lived = (begun, boottime_ns())
    report = Report(watch.document())
    started = watch.document()["trace"]["started_boottime_ns"]
    found = []
    for pid in (born, became):
        process = report.by_pid[pid][-1]
        asleep = [blocked["ns"] for blocked in process["blocked"] if blocked["reason"] == "sleep"]
        if not process["states"] or process["uid"] != 65534:
            found.append(f"{pid}: {process['states']}, uid {process['uid']}")
        elif (pid == born or counts_from_a_switch_on()) and (not asleep or asleep[0] < MOST_OF_50_MS):
            found.append(Mismatch(f"{pid}.blocked: asleep for {asleep}", lived))
        elif sum_of(process["states"]) != process["end"]["at_ns"] - started - process["states"]["since_ns"]:
            found.append(f"{pid}: {process['states']} do not sum to the time from since_ns to its end: {process['end']}")
    process = report.by_pid[other][-1]
    if process["states"] or process["blocked"] or process["end"]["kind"] != "normal":
        found.append(f"{other}: {process}")
    return found


def sum_of(states):
    return sum(states[f"{state}_ns"] for state in ("running", "ready", "blocked", "stopped"))


@case("--states with -u: what changes as it becomes that user's is told")
def changed_to_user():
    with watching("--states", "-u", "nobody", "--only=user,rename,exec") as watch:
        became = run_as(["/usr/bin/python3", "-c", BECOMES_NOBODY])
    told = [(line["event"], line["from"], line["to"]) for line in watch.of(became)]
    demand([f"{told}"] * (told != [("user", 0, 65534), ("rename", "python3", "nobody")]))


@case("changes of name, session, user and tracer on demand")
def identities():
    with watching("--only=rename,session,user,tracer,signal") as watch:
        told = [Told("changes", situation) for _, situation in situations(["changes"])]
    found = []
    lines = watch.absolute()
    for one in told:
        for truth in one.truths():
            if truth.get("event") not in ("rename", "session", "user", "tracer"):
                continue
            alike = [line for line in lines if line["event"] == truth["event"] and line.get("pid") == truth["pid"]]
            if all(differences(truth, line, None) for line in alike):
                found.append(f"{one.name}: no line agrees with {truth}; alike are {alike}")
    demand(found)


# --- states


@case("--states: the time of all tasks is told whole, of those who were there since they were met")
def conservation():
    with watching("--states", form="json") as watch:
        run_as(["/usr/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do /usr/bin/true; done"])
    report, found, counted = Part(watch.document(), 0, boottime_ns()), [], 0
    for process in report.processes:
        for thread in process["threads"]:
            states = thread["states"]
            if states is None:  # asleep all the time, or a zombie
                if process["birth"]["kind"] != "existing":
                    found.append(f"pid {process['pid']}: states of {thread['tid']} are not known")
                continue
            since = states.get("since_ns", 0)
            begun = report.started + since if since else thread["birth_ns"]
            spent = sum(states[name] for name in ("running_ns", "ready_ns", "blocked_ns", "stopped_ns"))
            if thread["end_ns"] is not None and spent != thread["end_ns"] - begun:
                found.append(f"pid {process['pid']} {thread['tid']}: {spent} ns of {thread['end_ns'] - begun}")
            if thread["end_ns"] is None and not 0 <= spent <= report.ended - begun:
                found.append(f"pid {process['pid']} {thread['tid']}: {spent} ns, of at most {report.ended - begun}")
            counted += bool(since)
    if not counted:
        found.append("nobody was there before")
    demand(found)


# A child that writes more than a pipe takes, and a parent that waits for it instead of reading.
UNREAD = """
import os, signal, sys
reads, writes = os.pipe()
middle = os.fork()
if not middle:
    child = os.fork()
    if not child:
        os.close(reads)
        os.write(writes, bytes(1 << 20))
    print(f"[{os.getpid()}, {child}]", flush=True)
    os.close(writes)
    os.wait()
    os._exit(0)
os.close(reads)
os.close(writes)
sys.stdin.read()
for pid in map(int, open(f"/proc/{middle}/task/{middle}/children").read().split()):
    os.kill(pid, signal.SIGKILL)
os.wait()
"""


@case("--states: who waits for each other is told, whether it was so before or came to be")
def deadlocks():
    with python(UNREAD) as before, watching("--states") as watch, python(UNREAD) as after:
        for pids in (before.told, after.told):
            wanted = sorted(zip(pids, ("child", "pipe-write")))
            found = watch.wait_for(lambda line, pids=pids: line["event"] == "deadlock" and line["pid"] in pids)
            circle = found and sorted((wait["pid"], wait["reason"]) for wait in found["circle"])
            demand([f"{pids}: {circle}, not {wanted}"] * (circle != wanted))
    told = [line["pid"] for line in watch.lines if line["event"] == "deadlock"]
    demand([f"told more than once: {told}"] * (len(set(told)) < len(told)))


@case("--only=state,wake: each spell of a life, from birth to end")
def spells():
    until_seen(play_spells)


def play_spells():
    begun = boottime_ns()
    with watching("--only=birth,state,wake,end") as watch:
        pid = run_as(["/usr/bin/sleep", "0.05"])
    lived = (begun, boottime_ns())
    life, at = watch.of(pid), watch.of(pid, "birth")[0]["at_ns"]
    found = []
    for line in life:
        if line["event"] != "state":
            continue
        found += [f"from {line['from_ns']}, not {at}"] * (line["from_ns"] != at)
        at = line["to_ns"]
    found += [f"to {at}, not {watch.of(pid, 'end')}"] * (watch.of(pid, "end")[0]["at_ns"] != at)
    slept = [line for line in life if line["event"] == "state" and line["reason"] == "sleep"]
    if not slept or max(line["ns"] for line in slept) < MOST_OF_50_MS:
        found.append(Mismatch(f"{pid}.blocked: slept {slept}", lived))
    if not any(line["irq"] for line in watch.of(pid, "wake")):
        found.append(Mismatch(f"{pid}.wakers: {watch.of(pid, 'wake')}, no timer", lived))
    return found


# --- output


SUMMARY = re.compile(r"[0-9.]+ m?s: \d+ births?, \d+ ends?, \d+ reaps?, \d+ orphans?; now \d+ alive, \d+ zombies?\n")


@case("text: columns, an event a line, a summary")
def text_lines():
    with watching(form="text") as watch:
        failed = run_as(["/usr/bin/sh", "-c", "exit 3"])
        killed = run_as(["/usr/bin/sh", "-c", "kill -TERM $$"])
    head, lines, tail = watch.text[0], watch.text[1:-3], watch.text[-2:]
    found = [head] * (head.split() != ["TIME", "EVENT", "PID", "PPID", "COMM", "WHAT"])
    found += [f"{tail}"] * (not SUMMARY.fullmatch(tail[0]) or tail[1] != "nothing was lost\n")
    for line in lines:
        if not re.match(r"\d\d:\d\d:\d\d\.\d\d\d (birth|exec|end|zombie|reap|orphan|daemon) ", line):
            found.append(f"what is this: {line}")
    for pid, event, words in (
        (failed, "birth", " by python3["),
        (failed, "exec", "/usr/bin/dash -c 'exit 3'"),
        (failed, "end", "exit 3 after "),
        (killed, "end", "SIGTERM"),
    ):
        if not any(line.split()[1:4] == [event, str(pid), str(os.getpid())] and words in line for line in lines):
            found.append(f"no line for {event} of {pid} with {words}: {[line for line in lines if str(pid) in line]}")
    demand(found)


@case("text --states: where a life went is said with its end")
def text_states():
    until_seen(play_text_states)


def play_text_states():
    begun = boottime_ns()
    with watching("-s", form="text") as watch:
        pid = run_as(["/usr/bin/sleep", "0.05"])
    lived = (begun, boottime_ns())
    ends = [line for line in watch.text if line.split()[1:3] == ["end", str(pid)]]
    if len(ends) != 1 or "exit 0 after " not in ends[0]:
        return [f"{ends}"]
    said = re.search(r"exit 0 after [0-9.]+ ms; running [0-9.]+ [mµ]s.*, blocked ([0-9.]+) ms \(.*sleep ([0-9.]+) ms", ends[0])
    if not said or not MOST_OF_50_MS <= 1e6 * float(said[2]) <= 1e6 * float(said[1]):
        return [Mismatch(f"{pid}.states: {ends}", lived)]
    return []


@case("text: who stays a zombie, and who was one before it")
def text_zombies():
    with python(EXISTING) as program_:
        with watching(form="text") as watch:
            mine = subprocess.Popen(["/usr/bin/sh", "-c", "exit 3"])
            fresh = watch.wait_for(lambda line: line.split()[1:3] == ["zombie", str(mine.pid)])
            mine.wait()
            gone = watch.wait_for(lambda line: line.split()[1:3] == ["reap", str(mine.pid)])
            old = watch.wait_for(lambda line: line.split()[1:3] == ["zombie", str(program_.told["zombie"])])
            brief = run_as(["/usr/bin/true"])
    found = [f"{fresh}"] * (not fresh or "exit 3; not reaped by python3[" not in fresh)
    found += [f"{gone}"] * (not gone or "a zombie for at most 1." not in gone)
    found += [f"{old}"] * (not old or "since before we came" not in old)
    found += [line for line in watch.text if line.split()[1:3] in (["zombie", str(brief)], ["reap", str(brief)])]
    demand(found)


@case("text -v: zombies and reaps at once, and those who were there")
def text_verbose():
    with watching("-v", form="text") as watch:
        pid = run_as(["/usr/bin/true"])
    events = [line.split()[1] for line in watch.text if line.split()[2:3] == [str(pid)]]
    me = [line for line in watch.text if line.split()[1:3] == ["birth", str(os.getpid())] and "existing" in line]
    if events != WHOLE_LIFE or not me:
        raise Failure(f"{events} {me}")


@case("jsonl: the last line sums it up")
def summary():
    with watching("-t") as watch:
        run_as(["/usr/bin/true"])
    counts, last = collections.Counter(line["event"] for line in watch.lines), watch.summary()
    born = [line for line in watch.lines if line["event"] == "birth" and line["kind"] != "existing"]
    ends = [line for line in watch.lines if line["event"] == "end"]
    truth = {
        "births": sum(line["kind"] != "thread" for line in born),
        "thread_births": sum(line["kind"] == "thread" for line in born),
        "ends": sum(line["kind"] != "thread" for line in ends),
        "reaps": counts["reap"],
        "orphans": counts["orphan"],
        "lost": {"lifecycle": 0, "timeline": 0},
    }
    demand(differences(truth, last, None))


@case("-d: ends by itself after so long")
def duration():
    watch = Watch("-d", "0.3", ready=False)
    if watch.wait() or not 300_000_000 <= watch.summary()["duration_ns"]:
        raise Failure(f"{watch.process.returncode}, {watch.summary()}")


@case("-o and SIGHUP: goes on in a new file, and nothing is missing between")
def rotate():
    with temporary() as folder:
        new, old = os.path.join(folder, "log"), os.path.join(folder, "log.1")
        watch = Watch("-o", new, "--only=birth")
        first = run_as(["/usr/bin/true"])
        os.rename(new, old)
        watch.process.send_signal(signal.SIGHUP)
        pids = [first]
        while not os.path.exists(new):
            pids.append(run_as(["/usr/bin/true"]))
        pids.append(run_as(["/usr/bin/true"]))
        status = watch.end()
        with open(old, encoding="utf-8") as before, open(new, encoding="utf-8") as after:
            lines = [[json.loads(line) for line in file] for file in (before, after)]
        told = [line["pid"] for line in lines[0] + lines[1] if line["event"] == "birth" and line["pid"] in pids]
        found = [f"exit status {status}: {watch.err}"] * bool(status) + [f"{told}, not {pids}"] * (told != pids)
        found += ["no summary"] * (lines[1][-1]["event"] != "summary") + ["all in the new file"] * (first not in told)
        demand(found)


@case("SIGHUP where the file can't be opened again: goes on in the old one, and says so")
def no_rotation():
    with temporary() as folder:
        inner = os.path.join(folder, "inner")
        os.mkdir(inner)
        watch = Watch("-o", os.path.join(inner, "log"))
        os.rename(inner, os.path.join(folder, "moved"))
        watch.process.send_signal(signal.SIGHUP)
        pid = run_as(["/usr/bin/true"])
        status = watch.end()
        with open(os.path.join(folder, "moved", "log"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    if status or lines[-1]["event"] != "summary" or not any(line.get("pid") == pid for line in lines):
        raise Failure(f"{status}, {lines[-1:]}")
    if "can't write" not in watch.err:
        raise Failure(f"says nothing of it: {watch.err}")


@case("a process born after watch is ready is reported; prints how long that took, and does not judge it")
def first_event():
    began = boottime_ns()
    with watching() as watch:
        ready = boottime_ns()
        pid = run_as(["/usr/bin/true"])
        line = watch.wait_for(lambda line: line.get("pid") == pid)
        told = boottime_ns()
    if not line:
        raise Failure("nothing is told")
    print(f"# ready after {(ready - began) / 1e6:.0f} ms, first event after {(told - began) / 1e6:.0f} ms")


# --- ends


@case("SIGINT, SIGTERM, SIGQUIT and, without a file, SIGHUP end it with the summary and exit status 0")
def signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
        watch = Watch()
        pid = run_as(["/usr/bin/true"])
        status = watch.end(number)
        if status or watch.summary()["lost"]["lifecycle"] or "end" not in events_of(watch, pid):
            raise Failure(f"{number}: exit status {status}, {watch.lines[-1:]}")


@case("nobody reads any more: it ends, even if nothing happens")
def closed_pipe():
    for options in ((), ("-c", "no such name")):
        watch = subprocess.Popen(
            [PROCLIFE, "watch", *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        watch.stdout.readline()
        watch.stdout.close()
        err = watch.stderr.read()
        status = watch.wait(30)
        watch.stderr.close()
        if status != 141 or err:
            raise Failure(f"{options}: exit status {status}: {err}")


@case("a full disk, a closed output, a file that can't be written")
def unwritable():
    for options, redirect in ((("-o", "/dev/full"), ""), ((), ">/dev/full"), ((), ">&-"), (("-o", "/no/such/folder/x"), "")):
        for form in ("text", "jsonl", "json"):
            words = [PROCLIFE, "watch", "-d", "0.2", "-f", form, *options]
            done = subprocess.run(
                ["/usr/bin/sh", "-c", f'exec "$@" {redirect}', "sh", *words], stderr=subprocess.PIPE, text=True, timeout=60
            )
            if done.returncode != 125 or "can't write" not in done.stderr:
                raise Failure(f"{form} {options} {redirect}: {done.returncode}: {done.stderr}")


@case("without privilege it says what to do, exit status 125")
def unprivileged():
    with temporary() as folder:
        os.chmod(folder, 0o755)
        copy = shutil.copy(PROCLIFE, folder)
        done = subprocess.run([copy, "watch", "-d", "1"], user="nobody", capture_output=True, text=True, timeout=60)
    if done.returncode != 125 or "root" not in done.stderr:
        raise Failure(f"{done.returncode}: {done.stderr}")


@case("it has given away the privileges that it does not need")
def privileges():
    with watching() as watch:
        have = capabilities(watch.process.pid)
    if have:
        raise Failure(f"{have:x}")


@case("-o and SIGHUP in a folder of another user, whom alone it belongs to")
def rotate_elsewhere():
    with temporary() as folder:
        inner = os.path.join(folder, "inner")
        os.mkdir(inner, 0o700)
        os.chown(inner, 1, 1)
        log = os.path.join(inner, "log")
        watch = Watch("-o", log)
        os.rename(log, log + ".1")
        watch.process.send_signal(signal.SIGHUP)
        while not os.path.exists(log) and watch.process.poll() is None:
            run_as(["/usr/bin/true"])
        have, status = capabilities(watch.process.pid), watch.end()
        with open(log, encoding="utf-8") as file:
            last = json.loads(file.readlines()[-1])
    if status or watch.err or last["event"] != "summary" or have != 1 << 1:  # CAP_DAC_OVERRIDE
        raise Failure(f"{status}, {watch.err}, {last}, {have:x}")


def in_kernel():
    """Ids of BPF programs, and of maps, with the names of ours."""
    found = {}
    for kind in ("prog", "map"):
        listed = subprocess.run(["bpftool", "-j", kind, "list"], capture_output=True, text=True, check=True)
        found[kind] = {item["id"]: item.get("name") for item in json.loads(listed.stdout)}
    return found


@case("kill -9 leaves nothing in the kernel")
def leaves_nothing():
    if not shutil.which("bpftool"):
        raise Skip("there is no bpftool")
    before = in_kernel()
    watch = Watch("--states")
    during = in_kernel()
    watch.end(signal.SIGKILL)
    mine = {kind: set(during[kind]) - set(before[kind]) for kind in before}
    names = set(during["prog"].values())
    if not {"process_exit", "sched_switch"} <= names:
        raise Failure(f"it has loaded only {names}")
    deadline = time.monotonic() + 30  # the kernel frees them when the last of its readers is done
    left = mine
    while any(left.values()) and time.monotonic() < deadline:
        now = in_kernel()
        left = {kind: ids & set(now[kind]) & ids_of_holders(kind, now, watch) for kind, ids in mine.items()}
        time.sleep(0.05)
    if any(left.values()):
        raise Failure(f"left: {left}")


def ids_of_holders(kind, now, watch):
    """All ids: others that trace at the same time have their own, which go when they go."""
    return set(now[kind])


@case("two at once tell the same")
def two_at_once():
    with watching("--exact-reaps") as one, watching("--states") as other:
        pids = [run_as(["/usr/bin/sh", "-c", f"exit {code}"]) for code in range(20)]
        with python(EXISTING) as program_:
            lives = program_.told
        pids += lives.values()
    keys = ("event", "pid", "kind", "code", "signal", "reaper_pid", "adopter_pid", "parent_pid")
    found = []
    for pid in pids:
        lines = [
            [{key: line[key] for key in keys if key in line} for line in watch.of(pid) if line["event"] in WHOLE_LIFE]
            for watch in (one, other)
        ]
        if lines[0] != lines[1] or not lines[0]:
            found.append(f"{pid}: {lines}")
    demand(found)


# --- losses, reuse, and a long time


BUSY = """
import os, signal, sys, time
print("null", flush=True)
kept = []
for line in sys.stdin:
    count, until = 0, time.monotonic() + float(line)
    while count < 3000 or time.monotonic() < until:
        count += 1
        child = os.fork()
        if not child:
            if len(kept) < 20:
                signal.pause()
            os._exit(0)
        if len(kept) < 20:
            kept.append(child)
        elif len(kept) < 30:
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
            kept.append(child)
        else:
            os.waitpid(child, 0)
    for child in kept[:10]:
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    print("done", flush=True)
for child in kept:
    os.kill(child, signal.SIGKILL)
"""


@case("stopped for a moment while much happens, and let go on: the loss is told, then it knows who lives as /proc does")
def stopped():
    stop_for(0, "--lifecycle-bytes", "16384")


@case("stopped for five seconds of a storm, at the default size")
def stopped_for_long():
    storm = subprocess.Popen([program("forks"), "200000", "40"], stdout=subprocess.DEVNULL)
    try:
        stop_for(5)
    finally:
        storm.kill()
        storm.wait()


class Picture:
    """Of one parent's children, and of all zombies, as the lines so far tell."""

    def __init__(self, lines, parent):
        self.alive, self.dead, self.gone = set(), set(), set()
        for line in lines:
            if line["event"] == "birth" and line["parent_pid"] == parent:
                self.alive.add(line["pid"])
            elif line["event"] == "end":
                self.alive.discard(line["pid"])
            if line["event"] == "zombie":
                self.dead.add(line["pid"])
            elif line["event"] == "reap":
                self.dead.discard(line["pid"])
                self.gone.add(line["pid"])

    def differs(self, alive, zombies):
        family = alive | zombies
        found = [f"alive: {sorted(self.alive)}, not {sorted(alive)}"] * (self.alive != alive)
        found += [f"zombies: {sorted(self.dead & family)}, not {sorted(zombies)}"] * (self.dead & family != zombies)
        return found + [f"reaped: {sorted(self.gone & family)}"] * bool(self.gone & family)


def differs_at_last(watch, parent):
    """How the picture differs from /proc; what was lost is made good by a look, a second or so later."""
    family = {pid: state for (pid, _), (state, its) in living().items() if its == parent}
    zombies = {pid for pid, state in family.items() if state == "Z"}
    deadline = time.monotonic() + LONG
    while (found := Picture(list(watch.lines), parent).differs(family.keys() - zombies, zombies)) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.2)
    return found


def stop_for(seconds, *options):
    with python(BUSY) as busy:
        with watching(*options, form="jsonl") as watch:
            watch.process.send_signal(signal.SIGSTOP)
            busy.stdin.write(f"{seconds}\n")
            busy.stdin.flush()
            busy.stdout.readline()
            watch.process.send_signal(signal.SIGCONT)
            if options:
                watch.wait_for(lambda line: line["event"] == "lost")
            found = differs_at_last(watch, busy.pid)
    print(f"# lost: {watch.summary()['lost']['lifecycle']} of {watch.summary()['events']} events")
    if options and not watch.summary()["lost"]["lifecycle"]:
        raise Failure(f"nothing was lost: {watch.summary()}")
    demand(found)


REUSE = """
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def clone_as(pid, code):
    tids = (ctypes.c_int * 1)(pid)
    args = (ctypes.c_ulonglong * 11)(0, 0, 0, 0, 17, 0, 0, 0, ctypes.addressof(tids), 1, 0)
    child = libc.syscall(435, args, ctypes.sizeof(args))
    if child == 0:
        os._exit(code)
    if child < 0:
        sys.exit(77)
    os.waitpid(child, 0)
    return child
print("null", flush=True)
sys.stdin.readline()
wanted = os.fork()
if not wanted:
    os._exit(0)
os.waitpid(wanted, 0)
for code in range(100):
    clone_as(wanted, code)
print(json.dumps(wanted), flush=True)
"""


@case("a pid that is used a hundred times is a hundred lives")
def reuse():
    with python(REUSE) as program_:
        with watching() as watch:
            program_.stdin.write("go\n")
            program_.stdin.flush()
            pid = json.loads(program_.stdout.readline() or "0")
            if not pid:
                raise Skip("clone3 can't choose a pid here")
    lives = collections.defaultdict(list)
    for line in watch.of(pid):
        if line["event"] != "finding":  # where this machine was slow: that it was reaped late
            lives[line["process"]].append(line)
    found = [f"{len(lives)} lives"] * (len(lives) < 101)
    codes = []
    for life_ in lives.values():
        if [line["event"] for line in life_] != ["birth", "end", "zombie", "reap"]:
            found.append(f"{[line['event'] for line in life_]}")
        codes += [line["code"] for line in life_ if line["event"] == "end"]
    found += [f"codes {codes}"] * (codes[-100:] != list(range(100)))
    demand(found)


SMALL_NAMESPACE = """
import json, os, sys
with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:
    file.write("400")
print("null", flush=True)
sys.stdin.readline()
lives = []
for n in range(1000):
    child = os.fork()
    if not child:
        os._exit(n % 251)
    os.waitpid(child, 0)
    lives.append([child, n % 251])
print(json.dumps(lives), flush=True)
sys.stdin.read()
"""


@case("a pid namespace of a hundred pids or so: a thousand lives, none mixed with another")
def small_namespace():
    if tuple(int(number) for number in os.uname().release.split("-")[0].split(".")[:2]) < (6, 14):
        raise Skip("pid_max is the whole machine's before Linux 6.14")
    enter = ["unshare", "--pid", "--fork", "--mount-proc"]
    made = subprocess.run([*enter, "/usr/bin/true"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Skip(f"no pid namespace can be made here: {made.stderr.strip()}")
    with python(SMALL_NAMESPACE, command=[*enter, "/usr/bin/python3"]) as program_:
        with watching() as watch:
            program_.stdin.write("go\n")
            program_.stdin.flush()
            lives = json.loads(program_.stdout.readline() or "[]")
    births = [line for line in watch.lines if line["event"] == "birth" and line.get("pid_namespace")]
    space = collections.Counter(line["pid_namespace"] for line in births).most_common(1)[0][0] if births else None
    born = {line["process"]: line["ns_pid"] for line in births}
    mine = [line["process"] for line in births if line["pid_namespace"] == space]
    codes = {line["process"]: line["code"] for line in watch.lines if line["event"] == "end"}
    told = [[born[process], codes.get(process)] for process in mine][-len(lives) :]
    reused = len(lives) - len({pid for pid, _ in lives})
    print(f"# {reused} of {len(lives)} pids were used before")
    demand([f"{told[:3]}… instead of {lives[:3]}…"] * (told != lives or not space) + ["no pid was reused"] * (reused < 500))


STRESSORS = "fork vfork clone zombie daemon exec kill switch".split()


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


class Tally:
    """Births that have no end, zombies and orphans, by what a file tells line by line: it may be long."""

    def __init__(self, path):
        self.lives, self.zombies, self.summary, self.odd = {}, {}, None, []
        self.parents, self.orphans = {}, {}  # process -> its parent at birth; who became an orphan
        self.file = open(path, encoding="utf-8")
        self.rest = ""

    def catch_up(self):
        for line in self.file:
            self.rest += line
            if self.rest.endswith("\n"):
                self.hear(json.loads(self.rest))
                self.rest = ""

    def hear(self, line):
        key, event = line.get("process"), line["event"]
        if event == "birth":
            if key in self.lives:
                self.odd.append(f"born twice: {line}")
            self.lives[key] = line["pid"]
            if line["kind"] != "existing":
                self.parents[key] = line["parent_pid"]
        elif event == "orphan":
            self.orphans[key] = line["pid"]
        elif event == "end":
            for whose in (self.lives, self.parents, self.orphans):
                whose.pop(key, None)
            if line["kind"] is None:
                self.odd.append(f"its end was missed: {line}")
        elif event == "zombie":
            self.zombies[key] = line["pid"]
        elif event == "reap":
            self.zombies.pop(key, None)
        elif event == "summary":
            self.summary = line


def zombies_differ(tally):
    """Pids that only the watch or only /proc takes for zombies', however often one looks. Where no probe runs in init's
    context a reap of init's may show at the watch's next look only, ten seconds later."""
    differ = None
    for _ in range(300):
        known = {(pid, "/proc") for (pid, _), (state, _) in living().items() if state == "Z"}
        tally.catch_up()
        told = {(pid, "watch") for pid in tally.zombies.values()}
        now = {(pid, who) for pid, who in known ^ told if not {(pid, "/proc"), (pid, "watch")} <= known | told}
        differ = now if differ is None else differ & now
        if not differ:
            return []
        time.sleep(0.05)
    return sorted(differ)


def orphans_differ(tally):
    """The same of orphans: by /proc whoever has another parent than the one it was born of."""
    differ = None
    for _ in range(300):
        parents = {pid: parent for (pid, _), (state, parent) in living().items() if state != "Z"}
        tally.catch_up()
        born = {tally.lives[key]: parent for key, parent in tally.parents.items()}
        known = {(pid, "/proc") for pid in parents.keys() & born.keys() if parents[pid] != born[pid]}
        told = {(pid, "watch") for key, pid in tally.orphans.items() if key in tally.parents and pid in parents}
        now = {(pid, who) for pid, who in known ^ told if not {(pid, "/proc"), (pid, "watch")} <= known | told}
        differ = now if differ is None else differ & now
        if not differ:
            return [], len(told)
        time.sleep(0.05)
    return sorted(differ), len(told)


def soak_turns(seconds):
    """After each half of each stressor's time."""
    share = max(1, seconds // len(STRESSORS))
    for name in STRESSORS:
        stressor = subprocess.Popen(
            ["stress-ng", "--quiet", "--oomable", f"--{name}", "2", "--timeout", str(share)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                stressor.wait(share / 2)
            yield
        finally:
            stressor.wait()
        yield


ORPHANS = """
import os, sys, time
for _ in range(20):
    if not os.fork():
        if not os.fork():
            os.dup2(0, 1)
            sys.stdin.read()
        os._exit(0)
    os.wait()
print("null", flush=True)
sys.stdin.read()
"""


@case("a long time under stress: nothing is lost, each life ends, zombies and orphans are /proc's, memory stays")
def soak():
    if not shutil.which("stress-ng"):
        raise Skip("there is no stress-ng")
    seconds, found, kib, compared = int(os.environ.get("SOAK_SECONDS", "20")), [], [], 0
    rounds = 2 if seconds < 120 else seconds // 60
    with temporary() as folder:
        log = os.path.join(folder, "log")
        watch = Watch("-o", log)
        tally = Tally(log)
        with python(ORPHANS):
            for _ in range(rounds):
                for _ in soak_turns(seconds // rounds):
                    differ = zombies_differ(tally)
                    found += [f"zombies by one account only: {differ[:20]}"] * bool(differ)
                    differ, orphans = orphans_differ(tally)
                    found += [f"orphans by one account only: {differ[:20]}"] * bool(differ)
                    found += [f"only {orphans} orphans"] * (orphans < 20)
                    compared += 1
                kib.append(resident_kib(watch.process.pid))
        status = watch.end()
        tally.catch_up()
        tally.file.close()
    summary = tally.summary
    print(f"# {summary['births']} births; {compared} comparisons; resident after each round, in KiB: {kib}")
    found += [f"exit status {status}: {watch.err}"] * bool(status) + tally.odd[:5]
    found += [f"lost: {summary['lost']}"] * bool(summary["lost"]["lifecycle"])
    found += [f"alive: {summary['alive']}, births without an end: {len(tally.lives)}"] * (
        summary["alive"] != len(tally.lives)
    )
    # In a short time the memory is still that of the first seconds' dead, and of what one burst took.
    growth, settled = kib[-1] - kib[0], seconds >= 120
    found += [f"grown from {kib[0]} to {kib[-1]} KiB"] * (settled and growth > 4096 and growth > kib[0] // 4)
    found += [f"{kib[-1]} KiB"] * (kib[-1] > 65536)
    demand(found)


main()
