#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Programs that nobody here wrote: shells, make, Python, node, stress-ng, PostgreSQL. Where they say what became of their
children, the report must say the same.

    foreign_test.py BUILD-FOLDER [PATTERN]
"""

import glob
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from lib import Failure, Skip, case, demand, differences, invariants, main, trace

PYTHON = "/usr/bin/python3"  # not a version manager's script around it


def need(command, section="test"):
    path = shutil.which(command)
    if not path:
        raise Skip(f"{command} is not installed: tools/dependencies install {section}")
    return path


def report_of(argv, status=0, **how):
    traced = trace(argv, **how)
    if traced.status != status:
        raise Failure(f"exit status {traced.status}, not {status}: {traced.err}\n{traced.out}")
    return traced.report(), traced.out


def agree(report, *truths):
    """Each truth names a pid; the rest is about that process."""
    found = []
    for truth in truths:
        found += [f"pid {truth['pid']}{line}" for line in differences(truth, report.find(truth["pid"]), report)]
    demand(found + invariants(report))


def all_reaped(report):
    return [
        f"pid {process['pid']} ({process['comm']}): {process['end']}, {process['zombie']}"
        for process in report.processes
        if not process["end"] or process["zombie"]["reaped_at_ns"] is None
    ]


@case("bash: a pipeline's statuses")
def pipeline():
    script = "true | (exit 3) | /bin/sh -c 'kill -TERM $$' | cat; echo ${PIPESTATUS[@]}"
    report, out = report_of(["bash", "-c", script])
    statuses = [int(word) for word in out.split()]
    ends = [report.by_id[child]["end"] for child in report.root()["children"]]
    signals = {15: "SIGTERM"}
    told = [end["code"] if end["signal"] is None else end["signal"] for end in ends]
    wanted = [status if status < 128 else signals[status - 128] for status in statuses]
    demand([f"bash says {statuses}, the report {told}"] if told != wanted else [])
    killed = ends[2]
    if not killed["by"] or killed["by"]["why"] != "self":
        raise Failure(f"it killed itself: {killed}")
    demand(invariants(report) + all_reaped(report))


@case("bash: job control")
def jobs():
    script = """set -m
sleep 100 & job=$!
kill -STOP %1; until [[ $(ps -o state= $job) == T ]]; do :; done
kill -CONT %1; kill %1; wait $job; echo $job $?
(exit 7) & other=$!; wait $other; echo $other $?"""
    report, out = report_of(["bash", "-c", script])
    (job, status), (other, code) = ([int(word) for word in line.split()] for line in out.splitlines())
    if status != 128 + 15 or code != 7:
        raise Failure(f"bash did otherwise: {out}")
    shell = report.root()["pid"]
    agree(
        report,
        {
            "pid": job,
            "group": job,
            "end": {"kind": "killed", "signal": "SIGTERM", "by": {"pid": shell, "comm": "bash", "why": "kill"}},
            "states": {"stopped_ns": {">=": 1}},
            "zombie": {"reaper_pid": shell},
        },
        {"pid": other, "end": {"kind": "error", "code": 7, "by": None}, "ppid": shell},
    )


@case("bash: what it leaves in the background")
def left_behind():
    report, out = report_of(["bash", "-c", "sleep 0.3 & echo $!"])
    pid = int(out)
    agree(
        report,
        {
            "pid": pid,
            "orphaned": {"from": {"pid": report.root()["pid"]}},
            "end": {"kind": "normal"},
        },
    )


SOURCES = 6


def write_project(folder):
    with open(os.path.join(folder, "Makefile"), "w", encoding="utf-8") as file:
        objects = " ".join(f"part{number}.o" for number in range(SOURCES))
        file.write(f"all: program\nprogram: main.o {objects}\n\tcc -o $@ $^\n%.o: %.c\n\tcc -c $<\n")
    for number in range(SOURCES):
        with open(os.path.join(folder, f"part{number}.c"), "w", encoding="utf-8") as file:
            file.write(f"int part{number}(void) {{ return {number}; }}\n")
    with open(os.path.join(folder, "main.c"), "w", encoding="utf-8") as file:
        file.write("int main(void) { return 0; }\n")


@case("make -j2: a small C project")
def make_project():
    need("make")
    with tempfile.TemporaryDirectory() as folder:
        write_project(folder)
        report, _ = report_of(["make", "-j2"], folder=folder, timeout=120)
    compilers = [
        process
        for process in report.processes
        if any(one["exe"] and os.path.basename(one["exe"]) == "cc1" for one in process["execs"])
    ]
    found = [] if len(compilers) == SOURCES + 1 else [f"{len(compilers)} runs of cc1, not {SOURCES + 1}"]
    for compiler in compilers:
        ancestor = compiler
        while ancestor["parent"] is not None:
            ancestor = report.by_id[ancestor["parent"]]
        if ancestor is not report.root():
            found.append(f"pid {compiler['pid']} does not descend from make")
    found += [f"pid {one['pid']} {one['comm']}: {one['end']}" for one in report.processes if one["end"]["kind"] != "normal"]
    demand(found + invariants(report) + all_reaped(report))


@case("make: a compiler that fails")
def make_failure():
    need("make")
    with tempfile.TemporaryDirectory() as folder:
        write_project(folder)
        with open(os.path.join(folder, "part3.c"), "a", encoding="utf-8") as file:
            file.write("this is no C\n")
        report, _ = report_of(["make"], status=2, folder=folder, timeout=120)
    failed = {process["comm"]: process["end"]["code"] for process in report.processes if process["end"]["kind"] == "error"}
    demand(
        ([] if failed.get("make") == 2 else [f"make: {failed}"])
        + ([] if failed.get("cc1") == 1 else [f"cc1: {failed}"])
        + invariants(report)
    )


MULTIPROCESSING = """
import json, multiprocessing, os, signal, time

def leave(code):
    os._exit(code)

def sleep():
    time.sleep(100)

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")  # no longer the default from Python 3.14 on
    ends = []
    for code in (0, 1, 42):
        child = multiprocessing.Process(target=leave, args=(code,))
        child.start(); child.join()
        ends.append((child.pid, child.exitcode))
    child = multiprocessing.Process(target=sleep)
    child.start(); child.terminate(); child.join()
    ends.append((child.pid, child.exitcode))
    with multiprocessing.Pool(3) as pool:
        workers = sorted(set(pool.map(int, range(50)) and [worker.pid for worker in pool._pool]))
    attended = multiprocessing.Process(target=sleep, daemon=True)
    attended.start()
    print(json.dumps({"ends": ends, "workers": workers, "attended": attended.pid}), flush=True)
"""


def end_by_exitcode(code, killer):
    """Python's way: minus the signal."""
    if code < 0:
        return {"kind": "killed", "signal": signal.Signals(-code).name, "by": {"pid": killer, "why": "kill"}}
    return {"kind": "error" if code else "normal", "code": code, "by": None}


@case("Python: multiprocessing")
def multiprocessing():
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(MULTIPROCESSING)
        script.flush()
        report, out = report_of([PYTHON, script.name])
    told, python = json.loads(out), report.root()["pid"]
    agree(
        report,
        *({"pid": pid, "ppid": python, "end": end_by_exitcode(code, python)} for pid, code in told["ends"]),
        *({"pid": pid, "ppid": python, "zombie": {"reaper_pid": python}} for pid in told["workers"]),
        {"pid": told["attended"], "daemon": "attended", "end": end_by_exitcode(-15, python)},
    )
    demand(all_reaped(report))


SUBPROCESS = """
import json, subprocess
ends = []
for argv in (["true"], ["sh", "-c", "exit 9"], ["sh", "-c", "kill -SEGV $$"]):
    child = subprocess.Popen(argv)
    ends.append((child.pid, child.wait()))
child = subprocess.Popen(["sleep", "100"])
child.kill()
ends.append((child.pid, child.wait()))
piped = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
piped.communicate(b"x" * 100000)
ends.append((piped.pid, piped.returncode))
print(json.dumps(ends))
"""


@case("Python: subprocess")
def python_subprocess():
    report, out = report_of([PYTHON, "-c", SUBPROCESS])
    python = report.root()["pid"]
    truths = []
    for pid, code in json.loads(out):
        end = end_by_exitcode(code, python)
        if code == -11:
            end = {"kind": "fatal", "signal": "SIGSEGV", "by": None}  # by itself
        truths.append({"pid": pid, "ppid": python, "end": end, "zombie": {"reaper_pid": python, "auto": False}})
    agree(report, *truths)
    demand(all_reaped(report))


NODE = """
const { spawn, exec, fork } = require('child_process');
const ends = [];
let left = 4;
function told(child) {
  child.on('exit', (code, signal) => {
    ends.push([child.pid, code, signal]);
    if (--left === 0) console.log(JSON.stringify(ends));
  });
}
told(spawn('true'));
told(exec('exit 5'));
const sleeper = spawn('sleep', ['100']);
told(sleeper);
sleeper.kill('SIGINT');
told(fork('-e', [], { execArgv: ['-e', 'process.exit(8)'] }));
"""


@case("node: child_process")
def node():
    report, out = report_of([need("node", "servers"), "-e", NODE], timeout=120)
    parent = report.root()["pid"]
    truths = []
    for pid, code, name in json.loads(out):
        end = {"kind": "error" if code else "normal", "code": code}
        if name:
            end = {"kind": "killed", "signal": name, "by": {"pid": parent, "why": "kill"}}
        truths.append({"pid": pid, "ppid": parent, "end": end, "zombie": {"reaper_pid": parent}})
    agree(report, *truths)
    demand(all_reaped(report))


@case("stress-ng: a fork storm")
def stress():
    report, _ = report_of(
        [need("stress-ng"), "--quiet", "--fork", "2", "--fork-ops", "2000", "--timeout", "20"], timeout=90
    )
    births = [process for process in report.processes if process["birth"]["kind"] in ("fork", "vfork", "clone")]
    demand(([] if len(births) >= 2000 else [f"{len(births)} births"]) + invariants(report) + all_reaped(report))


SERVER = """
set -e
pg_ctl -D "$1/data" -l "$1/log" -s -w -o "-k $1 -h ''" start
head -1 "$1/data/postmaster.pid"
psql -X -q -At -h "$1" -d postgres -c 'select pg_backend_pid()'
pg_ctl -D "$1/data" -s -w -m fast stop
"""


def postgres_folder():
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin")):
        if os.path.exists(os.path.join(folder, "initdb")):
            return folder
    raise Skip("PostgreSQL is not installed: tools/dependencies install servers")


@case("PostgreSQL: start, a query, stop")
def postgres():
    programs = postgres_folder()
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise Skip("no user postgres here") from None
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, user.pw_uid, user.pw_gid)
        path = f"PATH={programs}:/usr/bin:/bin"
        made = ["initdb", "-D", f"{folder}/data", "-A", "trust", "-N"]
        subprocess.run(
            ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "env", path, *made],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        report, out = report_of(
            ["env", path, "sh", "-c", SERVER, "sh", folder], options=("-u", "postgres", "-w10"), folder=folder, timeout=120
        )
    server, backend = (int(word) for word in out.split())
    agree(
        report,
        {"pid": report.root()["pid"], "uid": user.pw_uid},
        {
            "pid": server,
            "uid": user.pw_uid,
            "session": server,
            "end": {"kind": "normal", "by": None},
            "daemon": "detached",
        },
        {"pid": backend, "ppid": server, "end": {"kind": "normal"}, "zombie": {"reaper_pid": server}, "children": []},
    )
    if not report.find(server)["orphaned"]:
        raise Failure("the server is no orphan, though pg_ctl has ended")
    gone = [one for one in report.processes if not one["end"]]
    demand([f"pid {one['pid']} ({one['comm']}) is said to live" for one in gone])


main()
