# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Runs a command on a terminal of its own and holds a dialogue with it.

    dialogue.py EXPECTED TYPED [EXPECTED TYPED …] -- COMMAND…     waits for each text, then types the line behind it

Copies what the command printed; exits with 1 when it ended before the dialogue did.
"""

import os
import pty
import sys


def main():
    split = sys.argv.index("--")
    steps, command = sys.argv[1:split], sys.argv[split + 1 :]
    pid, terminal = pty.fork()
    if not pid:
        os.execvp(command[0], command)
    unread = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        sys.stdout.buffer.write(part)
        unread += part
        while steps and steps[0].encode() in unread:
            unread = unread.split(steps[0].encode(), 1)[1]
            os.write(terminal, steps[1].encode() + b"\n")
            del steps[:2]
    sys.stdout.flush()
    os.waitpid(pid, 0)
    sys.exit(1 if steps else 0)


main()
