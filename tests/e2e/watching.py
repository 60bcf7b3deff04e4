# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
For tests of `proclife watch`: a watch that runs while the test does things, its lines as they come, and the programs that
tell the truth about what it should see.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time

from lib import BUILD, SKIPPED, Failure, Report, absolute, program

PROCLIFE = os.path.join(BUILD, "proclife")
CAP_SYS_ADMIN = 21
LONG = 30  # seconds after which something that must come has not


def capabilities(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return next((int(line.split()[1], 16) for line in file if line.startswith("CapEff:")), 0)


def boottime_ns():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Watch:
    """proclife watch, reading along."""

    def __init__(self, *options, form="jsonl", ready=True):
        self.lines, self.text, self.news = [], [], threading.Condition()
        self.process = subprocess.Popen(
            [PROCLIFE, "watch", "-f", form, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self.form, self.err = form, ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        if ready:
            self.wait_until_ready()

    def read(self):
        for line in self.process.stdout:
            with self.news:
                self.text.append(line)
                if self.form == "jsonl":
                    self.lines.append(json.loads(line))
                self.news.notify_all()

    def wait_for(self, found, seconds=LONG):
        """The first line of which found(line) holds, now or later."""
        deadline = time.monotonic() + seconds
        at = 0
        with self.news:
            while True:
                told = self.lines if self.form == "jsonl" else self.text
                for line in told[at:]:
                    if found(line):
                        return line
                at = len(told)
                left = deadline - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    return None
                self.news.wait(min(left, 0.2))

    def wait_until_ready(self):
        """It gives its privileges away once it knows who lives, and from then on tells of whatever happens."""
        deadline = time.monotonic() + LONG
        while self.process.poll() is None and time.monotonic() < deadline:
            if not capabilities(self.process.pid) >> CAP_SYS_ADMIN & 1:
                return
            time.sleep(0.005)
        self.end(signal.SIGKILL)
        raise Failure(f"it does not get ready: {self.err}")

    def end(self, number=signal.SIGTERM):
        """Ends it; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self):
        """Its exit status, once it has ended."""
        self.reader.join(LONG)
        self.err = self.process.stderr.read()
        try:
            return self.process.wait(LONG)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure("does not end") from None

    def of(self, pid, event=None):
        return [line for line in self.lines if line.get("pid") == pid and (event is None or line["event"] == event)]

    def summary(self):
        if not self.lines or self.lines[-1]["event"] != "summary":
            raise Failure(f"no summary: {self.err or self.text[-1:]}")
        return self.lines[-1]

    def absolute(self):
        """All lines, times on CLOCK_BOOTTIME."""
        return absolute(self.lines, self.summary()["started_boottime_ns"])

    def document(self):
        return json.loads("".join(self.text))


@contextlib.contextmanager
def watching(*options, **more):
    """A watch around what the test does; ended, and with exit status 0, when that is done."""
    watch = Watch(*options, **more)
    try:
        yield watch
    except BaseException:
        watch.end(signal.SIGKILL)
        raise
    status = watch.end()
    if status:
        raise Failure(f"exit status {status}: {watch.err}")


class Part(Report):
    """The part of a report in which somebody's pids are looked for: who was born between two moments."""

    def __init__(self, document, since, until):
        super().__init__(document)
        self.by_pid = {}
        for process in self.processes:
            if since <= process["birth"]["at_ns"] <= until:
                self.by_pid.setdefault(process["pid"], []).append(process)

    def family(self, pid):
        """The process and all that descend from it."""
        found = [self.find(pid)]
        for process in found:
            found += [self.by_id[child] for child in process["children"]]
        return found


class Told:
    """A test program that has run: what it told, and between which moments."""

    def __init__(self, name, situation):
        self.name, self.since = f"{name} {situation}", boottime_ns()
        with temporary() as folder:  # where it may leave a core
            process = subprocess.Popen(
                [program(name), situation],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.pid = process.pid
            self.out, self.err = process.communicate(timeout=60)
        self.until, self.status = boottime_ns(), process.returncode
        self.skipped = self.status == SKIPPED
        if self.status and not self.skipped:
            raise Failure(f"{self.name} ended with {self.status}: {self.err}")

    def truths(self):
        return [json.loads(line) for line in self.out.splitlines() if line.startswith("{")]


@contextlib.contextmanager
def python(code, *arguments, command=("/usr/bin/python3",)):
    """A Python program, started by `command`, that runs while the test does, in a session of its own; it prints a line of
    JSON when it is ready, and goes on at each line of input. Ended with the test."""
    process = subprocess.Popen(
        [*command, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        process.told = json.loads(process.stdout.readline() or "null")
        yield process
    finally:
        process.stdin.close()
        try:
            process.wait(LONG)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def living():
    """(pid, start in clock ticks) -> (state, parent) of every process that /proc shows."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            found[int(name), int(fields[19])] = (fields[0], int(fields[1]))
    return found


def temporary():
    return tempfile.TemporaryDirectory(prefix="proclife-test-")
