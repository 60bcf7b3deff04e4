#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Runs inside a virtual machine: checks of the kernel that it runs, one line each, separated by tabs:

    result (pass, fail or skip), name, seconds, reason

    checks.py GROUP...      commands, clock, labs, lab, storm, oracle, suite, systemd; or a name of one check

Lines of a failed check's output follow it, each with a tab before it.
"""

import calendar
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build")
PROCLIFE = os.path.join(BUILD, "proclife")
PYTHON = "/usr/bin/python3"
CHECKS = []  # (group, name, function)


class Failure(Exception):
    """What is wrong, with the evidence."""


class Skip(Exception):
    """What this kernel lacks."""


def check(group, name):
    def register(function):
        CHECKS.append((group, name, function))
        return function

    return register


def demand(condition, text):
    if not condition:
        raise Failure(text)


def output_of(argv, limit=120, status=0):
    """Standard output and error of a command that has to end with that status."""
    process = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True,
    )
    try:
        text = process.communicate(timeout=limit)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        text = process.communicate()[0]
        raise Failure(f"not done after {limit} s\n{text}") from None
    if status is not None and process.returncode != status:
        raise Failure(f"exit status {process.returncode}, not {status}\n{text}")
    return text


def report_of(*words, status=0, limit=120):
    """What a command writes to its report, as text."""
    with tempfile.NamedTemporaryFile() as file:
        output_of([PROCLIFE, *words[:1], "-o", file.name, *words[1:]], limit, status)
        with open(file.name, encoding="utf-8") as text:
            return text.read()


# --- commands


@check("commands", "doctor")
def doctor():
    text = output_of([PROCLIFE, "doctor"], 300)
    demand("works here" in text, text)
    for line in text.splitlines():
        demand(not line.startswith(("no ", "failed ")), text)


@check("commands", "run")
def run():
    script = "sh -c 'exit 3'; (kill -9 $BASHPID); sleep 0.1 | cat; exit 7"
    document = json.loads(report_of("run", "-f", "json", "--", "bash", "-c", script, status=7))
    ends = sorted((process["comm"], process["end"]["kind"]) for process in document["processes"])
    wanted = [("bash", "error"), ("bash", "killed"), ("cat", "normal"), ("sh", "error"), ("sleep", "normal")]
    demand(ends == wanted, f"ends: {ends}")
    demand(not any(document["trace"]["lost"].values()), f"lost: {document['trace']['lost']}")
    blocked = {process["comm"]: {item["reason"] for item in process["blocked"]} for process in document["processes"]}
    demand("sleep" in blocked["sleep"] and "pipe-read" in blocked["cat"], f"blocked: {blocked}")


def watched(*options):
    """The lines of a watch beside which a child lived, and the child's pid."""
    watch = subprocess.Popen([PROCLIFE, "watch", "-f", "jsonl", *options], stdout=subprocess.PIPE, text=True)
    lines, pid = [], None
    try:
        for line in watch.stdout:
            lines.append(json.loads(line))
            if pid is None:  # it observes from its first line on
                child = subprocess.Popen(["/bin/sleep", "0.2"])
                pid = child.pid
                child.wait()
                watch.send_signal(signal.SIGINT)
    finally:
        watch.kill()
        watch.wait()
    return [line for line in lines if line.get("pid") == pid], lines


def watch_and_demand(events, *options):
    mine, lines = watched(*options)
    seen = {line["event"] for line in mine}
    demand(events <= seen, f"events of the child: {sorted(seen)}, not all of {sorted(events)}; the last: {lines[-1:]}")
    demand(lines[-1]["event"] == "summary", f"the last line is {lines[-1]}")


@check("commands", "watch")
def watch_plain():
    watch_and_demand({"birth", "exec", "end"}, "-v", "-d", "60")


@check("commands", "watch -s -x")
def watch_states():
    watch_and_demand({"birth", "exec", "end", "zombie", "reap"}, "-v", "-s", "-x", "-d", "60")


@check("commands", "leaks")
def leaks():
    hoarder = subprocess.Popen(
        [PYTHON, "-c", "import os,time\nfor i in range(5):\n if not os.fork(): os._exit(0)\nprint(1,flush=True)\ntime.sleep(600)"],
        stdout=subprocess.PIPE,
    )
    try:
        hoarder.stdout.read(2)
        text = output_of([PROCLIFE, "leaks", "-d", "4"], status=3)
        demand(str(hoarder.pid) in text and "zombie" in text, text)
    finally:
        hoarder.kill()
        hoarder.wait()


@check("commands", "top -b")
def top():
    text = output_of([PROCLIFE, "top", "-b", "-n", "2", "-d", "1"])
    demand(re.search(rf"^ *{os.getpid()} .*python3|python3.* {os.getpid()} ", text, re.M), text)


# --- clock


def wall_time(line):
    """Seconds since 1970 of a line's "time": UTC, to the nanosecond."""
    return calendar.timegm(time.strptime(line["time"][:19], "%Y-%m-%dT%H:%M:%S"))


@check("clock", "wall-clock times after a clock step")
def clock_step():
    watch = subprocess.Popen([PROCLIFE, "watch", "-f", "jsonl", "-v", "--only=birth"], stdout=subprocess.PIPE, text=True)
    try:
        line = json.loads(watch.stdout.readline())
        for step_s in (3 * 3600, -5 * 3600):
            time.clock_settime(time.CLOCK_REALTIME, time.time() + step_s)
            limit = time.monotonic() + 60
            while abs(wall_time(line) - time.time()) > 1800:
                demand(time.monotonic() < limit, f"it is {time.ctime()} UTC, but the watch says {line}")
                subprocess.run(["/bin/true"], check=True)
                line = json.loads(watch.stdout.readline())
    finally:
        watch.kill()
        watch.wait()


# --- labs


def lab_lines(one):
    return [f"{line['expected']}: {line['observed']}" for line in one["expectations"] if line["passed"] is False]


def lab(name):
    text = output_of([PROCLIFE, "demo", "-f", "json", name], 180, None)
    try:
        one = json.loads(text[text.index("{"):])["demos"][0]
    except (ValueError, KeyError, IndexError):
        raise Failure(text) from None
    demand(one["passed"], "\n".join(lab_lines(one)) or text)
    unknown = sum(line["passed"] is None for line in one["expectations"])
    return f"{unknown} inconclusive" if unknown else ""


def add_labs():
    listed = json.loads(output_of([PROCLIFE, "demo", "--list", "-f", "json"]))["demos"]
    for one in listed:
        check("lab", f"lab {one['name']}")(lambda name=one["name"]: lab(name))


@check("labs", "demo --all")
def all_labs():
    text = output_of([PROCLIFE, "demo", "--all", "-f", "json"], 1200, None)
    try:
        labs = json.loads(text[text.index("{"):])["demos"]
    except (ValueError, KeyError):
        raise Failure(text[-2000:]) from None
    wrong = [f"{one['name']}: {line}" for one in labs for line in lab_lines(one) or [] if not one["passed"]]
    demand(len(labs) > 20 and all(one["passed"] for one in labs), "\n".join(wrong) or f"{len(labs)} labs")


# --- the suite


def tap(script, *words, limit=1800, **environment):
    """A test script's TAP: fails with the cases that failed."""
    argv = ["env", *[f"{key}={value}" for key, value in environment.items()], PYTHON, os.path.join(ROOT, script), BUILD, *words]
    text = output_of(argv, limit, None)
    wrong, failing = [], False
    for line in text.splitlines():
        failing = line.startswith("not ok") or (failing and line.startswith("#"))
        if failing:
            wrong.append(line)
    good = len(re.findall(r"^ok (?!.*# SKIP)", text, re.M))
    skipped = re.findall(r"^ok .*# SKIP (.*)", text, re.M)
    demand(not wrong, "\n".join(wrong))
    if not good and skipped:
        raise Skip(skipped[0])
    demand(good, text)
    return f"{good} cases" + (f", {len(skipped)} skipped" if skipped else "")


class ReapWatch:
    """Hears of each reap on the machine, exactly if it can; with or without a program at release_task()."""

    def __init__(self, **environment):
        self.file = tempfile.NamedTemporaryFile("r", encoding="utf-8")
        argv = [PROCLIFE, "watch", "-x", "-v", "-f", "jsonl", "-o", self.file.name]
        self.process = subprocess.Popen(argv, env={**os.environ, **environment})

    def __enter__(self):
        limit = time.monotonic() + 120
        while not os.path.getsize(self.file.name):
            demand(time.monotonic() < limit and self.process.poll() is None, "a watch does not begin")
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def reaps(self):
        """By the dead process's pid, in order of time: (boot time in ns, line)."""
        self.process.send_signal(signal.SIGINT)
        demand(self.process.wait(120) == 0, "a watch failed")
        lines = [json.loads(line) for line in self.file]
        demand(not any(lines[-1]["lost"].values()), str(lines[-1]))
        reaps = {}
        for line in lines:
            if line["event"] == "reap":
                reaps.setdefault(line["pid"], []).append((line["at_ns"] + lines[-1]["started_boottime_ns"], line))
        return reaps


@check("storm", "reaps: release_task() beside frees of kernel memory")
def reaps_both_ways():
    with ReapWatch() as by_function, ReapWatch(PROCLIFE_NO_FENTRY="1") as by_free:
        tap("tests/oracle/compare.py", ORACLE_PROCESSES="2000")
        function, free = by_function.reaps(), by_free.reaps()
    apart, bounds = [], 0
    for pid, of_function in function.items():
        of_free = free.get(pid, [])
        demand(len(of_free) == len(of_function), f"pid {pid}: {of_function} but {of_free}")
        for (one_ns, one), (other_ns, other) in zip(of_function, of_free):
            if one["bound"] or other["bound"]:
                bounds += 1
                continue
            demand(one["reaper_pid"] == other["reaper_pid"] and one["auto"] == other["auto"], f"{one}\n{other}")
            apart.append(other_ns - one_ns)
    demand(len(apart) > 1500 and sorted(apart)[0] >= 0, f"{len(apart)} reaps; {sorted(apart)[:3]}")
    middle, most = sorted(apart)[len(apart) // 2], max(apart)
    return f"{len(apart)} reaps equal, {bounds} bounds; a free is {middle // 1000} us later, at most {most // 1000}"


def add_suite():
    count = os.environ.get("STORM_PROCESSES", "2000")
    check("storm", f"storm of {count} exit_group()s")(
        lambda: tap("tests/e2e/storm_test.py", STORM_PROCESSES=count)
    )
    size = os.environ.get("ORACLE_PROCESSES", "2000")
    check("oracle", f"oracle of {size} processes")(
        lambda: tap("tests/oracle/compare.py", ORACLE_PROCESSES=size)
    )
    for name, pattern in (
        ("births", "^(births|execs|identities|changes) "),
        ("ends", "^(ends|terminal|oom) "),
        ("kills", "^kills "),
        ("reaps", "^(zombies|orphans) "),
        ("states", "^(blocks_.*|jobs) "),
    ):
        check("suite", name)(lambda pattern=pattern: tap("tests/e2e/programs_test.py", pattern))
    # The machine has no locale but C, and its CPUs are too slow for 20,000 forks in two minutes.
    for name, pattern in (("deadlocks", ""), ("leaks", "^(?!text)"), ("complete", "^(?!20,000)"), ("watch", "")):
        check("suite", name)(lambda name=name, pattern=pattern: tap(f"tests/e2e/{name}_test.py", *[pattern] * bool(pattern)))


# --- systemd as process 1, containerd


def journal_line(wanted):
    """The first line of the unit's that is as wanted, from its latest start on."""
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        text = output_of(["journalctl", "--no-pager", "-o", "cat", "-u", "proclife-watch", "-t", "proclife"])
        for line in text.splitlines():
            if line.startswith("{") and wanted(json.loads(line)):
                return json.loads(line)
        time.sleep(0.2)
    raise Failure("the journal has no such line\n" + text[-2000:])


@check("systemd", "systemd: process 1 is traced")
def process_1():
    with tempfile.NamedTemporaryFile() as file:
        watch = subprocess.Popen([PROCLIFE, "watch", "-s", "-f", "json", "-d", "5", "-o", file.name])
        while watch.poll() is None:
            output_of(["systemctl", "daemon-reload"])
        demand(watch.returncode == 0, f"watch ended with {watch.returncode}")
        document = json.load(open(file.name, encoding="utf-8"))
    init = [process for process in document["processes"] if process["pid"] == 1][0]
    demand(init["comm"] == "systemd" and init["cgroup"] == "/init.scope" and init["states"], str(init))
    total = sum(init["states"].values())  # since_ns, when the account began, is one of them
    duration = document["trace"]["duration_ns"]  # what is left is since the latest look at it
    demand(duration // 2 < total <= duration and init["states"]["running_ns"] > 0, str(init["states"]))


@check("systemd", "systemd: the unit")
def unit():
    output_of(["systemctl", "start", "proclife-watch"])
    journal_line(lambda line: line["event"] == "birth")
    pid = int(output_of(["systemctl", "show", "--value", "-p", "MainPID", "proclife-watch"]))
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    demand(not any(int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb")), str(status))
    demand(status["NoNewPrivs"] == "1" and status["Seccomp"] == "2" and "0" not in status["Uid"].split(), str(status))
    child = subprocess.Popen(["/bin/sh", "-c", "exit 9"])
    child.wait()
    end = journal_line(lambda line: line["event"] == "end" and line["pid"] == child.pid)
    demand(end["code"] == 9, str(end))
    output_of(["systemctl", "stop", "proclife-watch"])
    demand("success" in output_of(["systemctl", "show", "-p", "Result", "proclife-watch"]), "the unit failed")
    journal_line(lambda line: line["event"] == "summary" and not any(line["lost"].values()))


@check("systemd", "systemd: leaks")
def no_leaks():
    output_of([PROCLIFE, "leaks", "-d", "4"])
    leaks()


def make_container_root(folder):
    for name in ("bin", "proc", "dev", "sys"):
        os.makedirs(os.path.join(folder, name))
    shutil.copy("/bin/busybox", os.path.join(folder, "bin"))
    for name in ("sh", "sleep"):
        os.symlink("busybox", os.path.join(folder, "bin", name))


@check("systemd", "containerd: a container, exec into it, its end")
def container():
    output_of(["systemctl", "start", "containerd"])
    watch = subprocess.Popen([PROCLIFE, "watch", "-f", "jsonl"], stdout=subprocess.PIPE, text=True)
    lines = [json.loads(watch.stdout.readline())]
    with tempfile.TemporaryDirectory() as folder:
        make_container_root(folder)
        output_of(["ctr", "run", "-d", "--rootfs", folder, "c1", "/bin/sh", "-c", "sleep 1000; true"])
        output_of(["ctr", "task", "exec", "--exec-id", "x1", "c1", "/bin/sh", "-c", "exit 7"], status=7)
        output_of(["ctr", "task", "kill", "-s", "KILL", "c1"])
        ends = []
        while not {"sh", "sleep"} <= {line["comm"] for line in ends if line["kind"] == "killed"}:
            lines.append(json.loads(watch.stdout.readline()))
            ends = [line for line in lines if line["event"] == "end"]
        watch.send_signal(signal.SIGINT)
        lines += [json.loads(line) for line in watch.communicate()[0].splitlines()]
    check_container(lines)


def check_container(lines):
    shims = {line["pid"] for line in lines if line.get("comm") == "containerd-shim"}
    inside = [line["pid"] for line in lines if line["event"] == "exec" and line["argv"][:2] == ["/bin/sh", "-c"]]
    births = {line["pid"]: line for line in lines if line["event"] == "birth"}
    ends = {line["pid"]: line for line in lines if line["event"] == "end"}
    first, entered = inside
    for pid in inside:
        demand(births[pid]["ns_pid"] != pid and births[pid]["pid_namespace"], str(births[pid]))
        adopters = [line["adopter_pid"] for line in lines if line["event"] == "orphan" and line["pid"] == pid]
        demand(adopters and set(adopters) <= shims, f"{pid} was adopted by {adopters}; shims: {shims}")
    demand(births[first]["ns_pid"] == 1, str(births[first]))
    demand(ends[entered]["code"] == 7, str(ends[entered]))
    demand(ends[first]["by"]["comm"] == "runc", str(ends[first]))
    sleep = [line for line in ends.values() if line["comm"] == "sleep" and line["kind"] == "killed"][0]
    demand(sleep["by"]["why"] == "namespace-end" and sleep["by"]["pid"] == first, str(sleep))
    demand(not any(lines[-1]["lost"].values()), str(lines[-1]))


# --- running


def run_check(name, function):
    began, result, reason = time.monotonic(), "pass", ""
    try:
        reason = function() or ""
    except Skip as skip:
        result, reason = "skip", str(skip)
    except Failure as failure:
        result, reason = "fail", str(failure)
    except Exception as problem:  # the other checks are to run
        result, reason = "fail", f"{type(problem).__name__}: {problem}"
    first, *rest = reason.splitlines() or [""]
    print(f"{result}\t{name}\t{time.monotonic() - began:.1f}\t{first}", flush=True)
    for line in rest[:40]:
        print(f"\t{line}", flush=True)


def main():
    add_labs()
    add_suite()
    for group, name, function in CHECKS:
        if group in sys.argv[1:] or name in sys.argv[1:]:
            run_check(name, function)


main()
