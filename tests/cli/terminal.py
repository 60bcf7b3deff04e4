# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Runs a command on a terminal of its own, and types what it is told to once the command has printed "ready".

    terminal.py KEYS COMMAND…     KEYS: interrupt, quit, hangup
Copies what the command printed; exits as a shell would.
"""

import os
import pty
import sys

KEYS = {"interrupt": b"\x03", "quit": b"\x1c", "hangup": None}


def main():
    keys, command = KEYS[sys.argv[1]], sys.argv[2:]
    pid, terminal = pty.fork()
    if not pid:
        os.execvp(command[0], command)
    seen, typed = b"", False
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
        if b"ready" in seen and not typed:
            typed = True
            if keys is None:
                os.close(terminal)
                break
            os.write(terminal, keys)
    _, status = os.waitpid(pid, 0)
    sys.stdout.buffer.write(seen)
    sys.stdout.flush()
    sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


main()
