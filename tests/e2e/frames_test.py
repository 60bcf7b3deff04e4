#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
An early warning, not a verifier: reads the compiled probes and adds up the stack frames of each chain of calls, each rounded
up to 32 bytes as verifiers before 6.8 do (check_max_stack_depth() in kernel/bpf/verifier.c). It can be wrong where the
compiler addresses the stack in a way that it does not know. The verifiers themselves are asked by `make check-kernels`.

    frames_test.py BUILD-FOLDER [PATTERN]
"""

import functools
import os
import struct

from lib import BUILD, Failure, case, demand, main

# What kernels of different age load; see the Makefile.
OBJECTS = ("proclife.bpf.o", "proclife_no_kfunc.bpf.o", "proclife_no_preempt.bpf.o")
STACK = 512
ROUND = 32
FUNCTION, SECTION = 2, 3  # kinds of ELF symbols
CALL, LOAD_64, MOVE, ADD = 0x85, 0x18, 0xBF, 0x07
TO_PROBE, TO_CALLBACK = 1, 4  # src_reg of a call, of a load of an address
FRAME = 10  # the register


class Object:
    """An object file of the BPF linker: its functions, by section and offset."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = file.read()
        (at,) = struct.unpack_from("<Q", self.bytes, 0x28)
        count, names = struct.unpack_from("<HH", self.bytes, 0x3C)
        self.sections = [struct.unpack_from("<IIQQQQIIQQ", self.bytes, at + 64 * i) for i in range(count)]
        symtab = next(section for section in self.sections if section[1] == 2)
        self.names = self.content(self.sections[symtab[6]])
        self.symbols = [struct.unpack_from("<IBBHQQ", self.bytes, symtab[4] + at) for at in range(0, symtab[5], 24)]
        self.functions = {
            (index, value): (self.name(name), size)
            for name, info, _, index, value, size in self.symbols
            if info & 15 == FUNCTION and size
        }
        self.relocations = {}  # (section, offset) -> symbol
        for section in self.sections:
            if section[1] == 9:
                for at in range(0, section[5], 16):
                    offset, info = struct.unpack_from("<QQ", self.bytes, section[4] + at)
                    self.relocations[section[7], offset] = self.symbols[info >> 32]

    def content(self, section):
        return self.bytes[section[4] : section[4] + section[5]]

    def name(self, at):
        return self.names[at : self.names.index(b"\0", at)].decode()

    def instructions(self, function):
        """(offset, code, dst, src, off, imm) of each."""
        index, start = function
        for at in range(start, start + self.functions[function][1], 8):
            code, registers, off, imm = struct.unpack_from("<BBhi", self.bytes, self.sections[index][4] + at)
            yield at, code, registers & 15, registers >> 4, off, imm

    def target(self, index, at, imm, is_call):
        """Which function is called, or has its address taken, there; None: not one of the object's."""
        symbol = self.relocations.get((index, at))
        if not symbol:
            return (index, at + 8 * (imm + 1)) if is_call else None
        _, info, _, where, value, _ = symbol
        if info & 15 == SECTION:
            value = 8 * (imm + 1) if is_call else imm
        return (where, value) if (where, value) in self.functions else None

    def frame(self, function):
        lowest, holds = 0, {}  # holds: registers with an address in the frame
        for _, code, dst, src, off, imm in self.instructions(function):
            kind = code & 7
            if kind == 1 and src == FRAME or kind in (2, 3) and dst == FRAME:
                lowest = min(lowest, off)
            if code == MOVE:
                holds[dst] = src == FRAME
            elif code == ADD and holds.get(dst):
                lowest = min(lowest, imm)
        return -lowest

    def calls(self, function):
        found = set()
        for at, code, _, src, _, imm in self.instructions(function):
            if (code == CALL and src == TO_PROBE) or (code == LOAD_64 and (function[0], at) in self.relocations):
                found.add(self.target(function[0], at, imm, code == CALL))
        return found - {None}

    def deepest(self, function):
        """(bytes, names) of the chain from here that takes most."""
        below = max((self.deepest(callee) for callee in self.calls(function)), default=(0, []))
        own = -(-max(self.frame(function), 1) // ROUND) * ROUND
        return own + below[0], [f"{self.functions[function][0]} {own}"] + below[1]


def frames(name):
    probes = Object(os.path.join(BUILD, name))
    if len(probes.functions) < 20:
        raise Failure(f"only {len(probes.functions)} functions")
    chains = sorted(map(probes.deepest, probes.functions), reverse=True)
    print(f"# the deepest of {name}: {chains[0][0]} bytes: {', '.join(chains[0][1])}")
    demand([f"{size} bytes, {STACK} at most: {', '.join(names)}" for size, names in chains if size > STACK])


for variant in OBJECTS:
    case(f"estimated from {variant}: the frames of every chain of calls fit into the 512 bytes of older verifiers")(
        functools.partial(frames, variant)
    )


@case("these are all objects of the build")
def all_of_them():
    built = {name for name in os.listdir(BUILD) if name.endswith(".bpf.o")}
    demand([f"{name}: not checked" for name in sorted(built - set(OBJECTS))])


main()
