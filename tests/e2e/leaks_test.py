#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
proclife leaks: what a program leaks, it tells itself; the list agrees, and so does the exit status. Confined to the
program's own processes, for what else leaks on this machine is nobody's business here.

    leaks_test.py BUILD-FOLDER [PATTERN]
"""

import contextlib
import json
import os
import signal
import subprocess

from lib import BUILD, SKIPPED, Failure, Skip, case, cgroup_root, demand, differences, main, program

PROGRAMS = ("leaks_zombies", "leaks_orphans")
PERIODS = {"growing": ["-d8"], "slow-reaper": ["-d8"]}  # of the others the command knows itself how long to look


class Scene:
    """A program that stands still in its situation, until the end of a with statement."""

    def __init__(self, name, situation):
        self.process = subprocess.Popen(
            [program(name), situation], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.truths = []

    def __enter__(self):
        self.read_truths()
        return self

    def read_truths(self):
        for line in self.process.stdout:
            if line == "ready\n":
                return
            self.truths.append(json.loads(line))
        status, why = self.process.wait(), self.process.stderr.read().strip()
        if status == SKIPPED:
            raise Skip(why)
        raise Failure(f"exit status {status}: {why}")

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def command(*options):
    return [os.path.join(BUILD, "proclife"), "leaks", *options]


def leaks(pid, *options):
    done = subprocess.run(
        command("-p", str(pid), *options), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
    )
    if done.stderr:
        raise Failure(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.returncode, done.stdout.decode("utf-8")


def compare(truths, status, document):
    found = []
    for truth in truths:
        if truth.pop("status", status) != status:
            found.append(f"exit status {status}")
        found += differences(truth, document, None)
    demand(found + ([f"{document}"] if found else []))


def sound(document):
    """What holds of every list."""
    findings, told = document["findings"], []
    for parent in document["parents"]:
        told += [] if parent["finding"] is None else [parent["finding"]]
        if not parent["leaked"] <= parent["count"] == len(parent["zombies"]):
            raise Failure(f"counts do not agree: {parent}")
        for zombie in parent["zombies"]:
            if not zombie["at_least_ns"] <= zombie["at_most_ns"] or (zombie["about_ns"] or 0) > zombie["at_most_ns"]:
                raise Failure(f"impossible age: {zombie}")
    for orphan in document["orphans"]:
        told += orphan["findings"]
    if sorted(told) != list(range(len(findings))):
        raise Failure(f"findings {told} of {len(findings)} belong to somebody")
    if document["leaks"] != sum(finding["severity"] != "info" for finding in findings):
        raise Failure("leaks are miscounted")
    return document


def play(name, situation):
    with Scene(name, situation) as scene:
        status, text = leaks(scene.process.pid, "-f", "json", *PERIODS.get(situation, []))
        compare(scene.truths, status, sound(json.loads(text)))
        if not scene.truths:
            raise Failure("no truth was told")


def situations(name):
    listed = subprocess.run([program(name), "--list"], stdout=subprocess.PIPE, text=True, check=True)
    return listed.stdout.split()


for each in PROGRAMS:
    for one in situations(each):
        if one != "seen":
            case(f"{each}: {one}")(lambda name=each, situation=one: play(name, situation))


@case("an orphan that was seen to become one: of whom it was born")
def seen_orphan():
    with Scene("leaks_orphans", "seen") as scene:
        looking = subprocess.Popen(
            command("-p", str(scene.process.pid), "-f", "json", "-d", "3600"), stdout=subprocess.PIPE, text=True
        )
        try:
            await_probes(looking)
            scene.process.stdin.write("x")
            scene.process.stdin.flush()
            scene.truths.append(json.loads(scene.process.stdout.readline()))
        finally:
            looking.terminate()  # the end of the look, not of the list
            text = looking.communicate()[0]
        compare(scene.truths, looking.returncode, sound(json.loads(text)))


def await_probes(looking):
    """Its signals are taken from a descriptor that it makes just before it begins; by then it can be told to end."""
    folder = f"/proc/{looking.pid}/fd"
    while looking.poll() is None:
        names = []
        for fd in os.listdir(folder):
            try:
                names.append(os.readlink(os.path.join(folder, fd)))
            except FileNotFoundError:
                continue
        if any("bpf_link" in name or "bpf_iter" in name for name in names) and attached(looking.pid):
            return
    raise Failure(f"ended with {looking.returncode}")


POLLS = {"x86_64": ("7", "271"), "aarch64": ("73",)}  # the numbers of poll and ppoll


def attached(pid):
    """It waits for what happens: all it does before that, it does without a poll."""
    try:
        with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
            return file.read().split()[0] in POLLS[os.uname().machine]
    except OSError:
        return False


def columns(text):
    return max(len(line) for line in text.splitlines())


@case("text: the parent, what it does, its zombies, the advice; within 80 columns")
def text_of_zombies():
    with Scene("leaks_zombies", "zombies") as scene:
        status, text = leaks(scene.process.pid)
        wanted = [
            "1 leak among",
            "warning zombie-unreaped",
            f"leaks_zombies[{scene.process.pid}] has 7 zombies",
            "blocked in pipe-read for",
            "SIGCHLD has no handler",
            "lost ×7",
            "exit 0 ×3",
            "exit 3 ×2",
            "SIGKILL ×2",
            "pid_max" if "pid_max" in text else "pids.max",
            "→ Wait for every child",
        ]
        words = " ".join(text.split())
        demand([f"not said: {part}\n{text}" for part in wanted if part not in words])
        if status != 3 or columns(text) > 80:
            raise Failure(f"exit status {status}, {columns(text)} columns:\n{text}")


@case("text: who waits for the pipe, which orphan holds it")
def text_of_pipe():
    with Scene("leaks_orphans", "pipe-read") as scene:
        status, text = leaks(scene.process.pid)
        pipe = next(truth for truth in scene.truths if "orphans" in truth)["orphans"][0]
        reader, words = pipe["holds"]["has"][0]["readers"][0]["pid"], " ".join(text.split())
        wanted = [
            "error pipe-held-by-orphan",
            f"reader[{reader}] waits for the end of pipe:[",
            f"while writer[{pipe['pid']}] lives",
            f"kill {pipe['pid']}",
        ]
        demand([f"not said: {part}\n{text}" for part in wanted if part not in words])
        if status != 3 or columns(text) > 80:
            raise Failure(f"exit status {status}, {columns(text)} columns:\n{text}")


@case("hostile names stay within their line")
def text_of_hostile():
    with Scene("leaks_zombies", "hostile") as scene:
        _, text = leaks(scene.process.pid)
        if "\x1b" in text or "\\e[31m\\nred\\xff" not in text or "\\e]0;own\\x07" not in text:
            raise Failure(text)


@case("no such process, and words that it does not know")
def bad_words():
    for options, wanted in (
        (["-p", "4194304"], "No such process"),
        (["-p", "0"], "not '0'"),
        (["-p", "x"], "--pid takes a whole number"),
        (["-d", "0"], "--duration takes seconds"),
        (["-f", "html"], "no such format"),
        (["more"], "leaks takes no argument"),
        (["-o", "/nowhere/x"], "can't write"),
        (["-p", str(os.getpid()), "-d", "0.1", "-o", "/dev/full"], "No space left"),
    ):
        done = subprocess.run(command(*options), capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 125 or wanted not in done.stderr:
            raise Failure(f"{options}: {done.returncode}, {done.stderr}")


@case("of the whole machine: zombies that ps knows, and their parents")
def whole_machine():
    with Scene("leaks_zombies", "zombies") as scene:
        done = subprocess.run(command("-f", "json"), capture_output=True, text=True, timeout=60, check=False)
        document = sound(json.loads(done.stdout))
        mine = [parent for parent in document["parents"] if parent["pid"] == scene.process.pid]
        if done.returncode != 3 or len(mine) != 1 or mine[0]["leaked"] != 7:
            raise Failure(f"exit status {done.returncode}: {mine}")


@contextlib.contextmanager
def folders(path):
    """With those that are missing; they are gone afterwards."""
    missing, made = [], []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    try:
        for folder in reversed(missing):
            try:
                os.mkdir(folder)
            except OSError as error:
                raise Skip(f"{folder}: {error.strerror}") from None
            made.append(folder)
        yield
    finally:
        for folder in reversed(made):
            os.rmdir(folder)


DAEMON = "echo $$ >$0/cgroup.procs && { /usr/bin/setsid /usr/bin/sleep 1000 >/dev/null & echo $!; }"


@contextlib.contextmanager
def daemon_in(group):
    """The pid of one that leads its session, and was left in the group before anybody looked."""
    done = subprocess.run(["/usr/bin/sh", "-c", DAEMON, group], stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        raise Skip(f"nobody can enter {group}")
    pid = int(done.stdout)
    try:
        while os.getsid(pid) != pid:
            os.sched_yield()
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        await_gone(group)


def await_gone(group):
    """A group can be removed once its last process has been reaped."""
    while True:
        with open(f"{group}/cgroup.procs", encoding="ascii") as members:
            if not members.read():
                return
        os.sched_yield()


def outlived(pid):
    """Whether it is said to have outlived its service, in a time so short that there may be but the first and the last look."""
    done = subprocess.run(command("-d", "0.001", "-f", "json"), capture_output=True, text=True, timeout=60, check=False)
    document = sound(json.loads(done.stdout))
    mine = [orphan for orphan in document["orphans"] if orphan["pid"] == pid]
    kinds = [document["findings"][each]["kind"] for orphan in mine for each in orphan["findings"]]
    if "daemon-outlived-service" in kinds and done.returncode != 3:
        raise Failure(f"exit status {done.returncode}: {mine}")
    return "daemon-outlived-service" in kinds


def left_by_service(slices, units):
    unit = f"proclife-test-{os.getpid()}.service"
    group = os.path.join(cgroup_root(), slices, unit)
    link = os.path.join(units, f"invocation:{unit}")
    with folders(units), folders(group), daemon_in(group) as pid:
        os.symlink("0123456789abcdef0123456789abcdef", link)
        try:
            while_active = outlived(pid)
        finally:
            os.unlink(link)
        if while_active or not outlived(pid):
            raise Failure(f"while the service was active: {while_active}; when it was over the contrary")


@case("a daemon that its service left behind, as systemd tells which are over")
def left_by_system_service():
    left_by_service("system.slice", "/run/systemd/units")


@case("a daemon that a user's service left behind")
def left_by_user_service():
    uid = 987654
    left_by_service(
        f"user.slice/user-{uid}.slice/user@{uid}.service/app.slice", f"/run/user/{uid}/systemd/units"
    )


if __name__ == "__main__":
    main()
