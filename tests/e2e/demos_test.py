# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
The lab: in every demo theory and kernel agree; every wrong variant is caught, and says why; and whatever moment one is
interrupted at, no process, file or shared object of it stays behind.
"""

import json
import os
import pty
import select
import signal
import subprocess
import tempfile
import time

import lib
from lib import Failure, Inconclusive, case, demand

PROCLIFE = os.path.join(lib.BUILD, "proclife")
PROGRAMS = os.path.realpath(os.path.join(lib.BUILD, "demos")) + "/"
WORDS = ("expected", "observed")


def demo(*options, timeout=120):
    done = subprocess.run(
        [PROCLIFE, "demo", "-f", "json", *options], capture_output=True, text=True, check=False, timeout=timeout
    )
    if done.returncode > 1:
        raise Failure(f"exit status {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)["demos"]


def names():
    return [one["name"] for one in demo("--list")[1]]


def lines_with(one, verdict):
    return [f"{line['expected']}: {line['observed']}" for line in one["expectations"] if line["passed"] is verdict]


def wrong_lines(one):
    return lines_with(one, False)


def undecided_lines(one):
    undecided = lines_with(one, None)
    if len(undecided) != one["inconclusive"]:
        raise Failure(f"{one['inconclusive']} are counted as inconclusive: {undecided}")
    demand([f"no evidence: {line}" for line in undecided if "cannot decide" not in line])
    return undecided


def agrees(name):
    status, (one,) = demo(name)
    demand(wrong_lines(one))
    undecided = undecided_lines(one)
    if status != 0 or not one["passed"] or one["name"] != name or not one["chapter"]:
        raise Failure(f"exit status {status}, passed {one['passed']}, chapter {one['chapter']!r}")
    if len(one["expectations"]) < 3:
        raise Failure(f"only {len(one['expectations'])} expectations")
    demand(lib.invariants(lib.Report(one["report"])))
    if undecided:
        raise Inconclusive("; ".join(undecided))


def is_caught(name):
    status, (one,) = demo("--broken", name)
    undecided = undecided_lines(one)
    if status == 0 and undecided and not wrong_lines(one):
        raise Inconclusive("; ".join(undecided))
    if status != 1 or one["passed"] or not wrong_lines(one):
        raise Failure(f"exit status {status}: the wrong variant passed")
    if not any(line["passed"] for line in one["expectations"]):
        raise Failure("nothing holds any more: it is another program, not a wrong variant")
    demand([f"no words: {line}" for line in one["expectations"] if not all(line[word] for word in WORDS)])


# --- interrupted


def running_programs():
    """Pids that run a demo's program, dead ones apart."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{pid}/exe").startswith(PROGRAMS):
                found.add(int(pid))
        except OSError:
            continue
    return found


def shared_objects():
    """Those of our own user: demos run as root, a database that another test runs meanwhile does not."""
    found = set()
    for kind in ("shm", "sem", "msg"):
        with open(f"/proc/sysvipc/{kind}", encoding="ascii") as table:
            names, *rows = [line.split() for line in table]
        found |= {(kind, row[1]) for row in rows if int(row[names.index("cuid")]) == os.geteuid()}
    for name in os.listdir("/dev/shm"):
        try:
            if os.stat(f"/dev/shm/{name}").st_uid == os.geteuid():
                found.add(("file", name))
        except FileNotFoundError:
            continue
    return found


def await_that(condition, what, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise Failure(f"{what}: not within {seconds} seconds")
        time.sleep(0.005)


def on_terminal(argv, environment):
    pid, terminal = pty.fork()
    if not pid:
        os.execvpe(argv[0], argv, environment)
    return pid, terminal


def is_closed(terminal, wait_s):
    """Reads what has been written; has the other side gone?"""
    ready, _, _ = select.select([terminal], [], [], wait_s)
    try:
        return bool(ready) and not os.read(terminal, 65536)
    except OSError:
        return True


def leaves_nothing(name, interrupt):
    others, before = running_programs(), shared_objects()
    with tempfile.TemporaryDirectory(prefix="proclife-test-") as folder:
        pid, terminal = on_terminal([PROCLIFE, "demo", "--no-pager", name], dict(os.environ, TMPDIR=folder))
        try:
            await_that(lambda: running_programs() - others or is_closed(terminal, 0), "the demo's start")
            interrupt(pid, terminal)
            await_that(lambda: is_closed(terminal, 0.2), "the end of what was interrupted")
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            await_that(lambda: not running_programs() - others, "the end of the demo's processes", 5)
            demand([f"left behind: {file}" for file in os.listdir(folder)])
        finally:
            os.close(terminal)
    # Another test may have made some, which go with it; what a demo leaves stays.
    await_that(lambda: not shared_objects() - before, f"the end of shared objects {shared_objects() - before}")
    return status


def by_keys(pid, terminal):
    try:
        os.write(terminal, b"\x03")
    except OSError:
        pass  # it was quicker than we are


def by_signal(pid, terminal):
    os.kill(pid, signal.SIGTERM)


for name in names():
    case(f"{name}: theory and kernel agree")(lambda name=name: agrees(name))
    case(f"{name}: the wrong variant is caught")(lambda name=name: is_caught(name))


@case("why: who is terminated while blocked is woken by the signal, not by what it was blocked on")
def _():
    _, (one,) = demo("daemon")
    said = [line["text"] for line in one["why"] if line["text"].startswith("daemon-kept[") and "woken" in line["text"]]
    if len(said) != 1 or not said[0].endswith("which sent it SIGTERM"):
        raise Failure(f"daemon-kept: {said}")


# A demo may be over by the time the key is pressed: then it ends as it would have.
@case("interrupted by Ctrl-C, no demo leaves anything")
def _():
    for name in names():
        status = leaves_nothing(name, by_keys)
        if status not in (0, 130, -signal.SIGINT):
            raise Failure(f"{name}: exit status {status}")


@case("ended by SIGTERM, no demo leaves anything")
def _():
    for name in names():
        status = leaves_nothing(name, by_signal)
        if status not in (0, 143, -signal.SIGTERM):
            raise Failure(f"{name}: exit status {status}")


# In a pid namespace of its own a demo's processes have pids by which the host knows them, which may be those of strangers there:
# so many strangers are started that the pids of the demo's processes are among theirs.
STRANGERS = r"""
echo $(($1 + $2)) >/proc/sys/kernel/ns_last_pid || exit 77
for ((i = 0; i < $2; i++)); do sleep 600 & strangers+=($!); done
"$3" demo zombie >/dev/null 2>"$4" &
proclife=$!
until pgrep -f "^$5" >/dev/null || ! kill -0 $proclife 2>/dev/null; do :; done
kill -TERM $proclife
wait $proclife
for stranger in "${strangers[@]}"; do kill -0 $stranger 2>/dev/null || ((dead++)); done
echo "${#strangers[@]} ${dead:-0} $(pgrep -c -f "^$5")"
"""


@case("interrupted in a pid namespace, a demo ends its own processes and no stranger")
def _():
    count = 400
    for proc in (["--mount-proc"], []):
        with open("/proc/loadavg", encoding="ascii") as file:
            last = int(file.read().split()[-1])
        with tempfile.NamedTemporaryFile("r", prefix="proclife-test-") as said:
            script = ["bash", "-c", STRANGERS, "bash", str(last), str(count), PROCLIFE, said.name, PROGRAMS]
            command = ["unshare", "--pid", "--fork", "--kill-child", *proc, "--", *script]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
            if done.returncode == 77:
                raise lib.Skip("pids can't be chosen here")
            if done.stderr.startswith("unshare: "):
                raise lib.Skip(f"no pid namespace can be made here: {done.stderr.strip()}")
            words = done.stdout.split()
            if len(words) != 3 or words[0] != str(count):
                raise Failure(f"{proc}: {done.stdout} {done.stderr}")
            if words[1] != "0":
                raise Failure(f"{proc}: {words[1]} strangers are dead: {said.read()}")
            if proc and words[2] != "0":
                raise Failure(f"{words[2]} of the demo's processes live on")


lib.main()
