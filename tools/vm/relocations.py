#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
Resolves every CO-RE relocation of an object against the types of kernels, without booting them.

    relocations.py OBJECT KERNEL-IMAGE...

A line for each relocation that cannot be resolved and that no bpf_core_field_exists() (or the like) of the same field guards,
and for each load whose size changes though one of both integers is signed: libbpf refuses these. Then a line for each kernel.
Exit status 1 if there was any.
"""

import lzma
import struct
import subprocess
import sys
import zlib

INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FUNC_PROTO = range(1, 14)
VAR, DATASEC, FLOAT, DECL_TAG, TYPE_TAG, ENUM64 = range(14, 20)
# enum bpf_core_relo_kind (include/uapi/linux/bpf.h)
FIELD_OFFSET, FIELD_EXISTS, FIELD_LAST, LOCAL_TYPE_ID = 0, 2, 5, 6
ENUM_KINDS = {10, 11}
GUARDS = {FIELD_EXISTS, 8, 10, 12}  # of fields, types, enumerators


class Types:
    """The types of a BTF section."""

    def __init__(self, data):
        magic, _, _, header, type_off, type_len, str_off, str_len = struct.unpack_from("<HBBIIIII", data)
        if magic != 0xEB9F:
            raise ValueError("no BTF")
        self.strings = data[header + str_off : header + str_off + str_len]
        self.types = [("", 0, 0, 0, False, ())]  # name, kind, size or type, int's encoding, bitfields, members
        self.by_name = {}
        at, end = header + type_off, header + type_off + type_len
        while at < end:
            at = self.read(data, at)

    def text(self, offset):
        return self.strings[offset : self.strings.index(b"\0", offset)].decode()

    def read(self, data, at):
        name, info, size = struct.unpack_from("<III", data, at)
        kind, count, flag = info >> 24 & 31, info & 0xFFFF, bool(info >> 31)
        at, extra, members = at + 12, 0, ()
        if kind == INT:
            (extra,) = struct.unpack_from("<I", data, at)
            at += 4
        elif kind == ARRAY:
            members = struct.unpack_from("<III", data, at)
            at += 12
        elif kind in (STRUCT, UNION, DATASEC, ENUM64):
            members = tuple(struct.unpack_from("<III", data, at + 12 * i) for i in range(count))
            at += 12 * count
        elif kind in (ENUM, FUNC_PROTO):
            members = tuple(struct.unpack_from("<II", data, at + 8 * i) for i in range(count))
            at += 8 * count
        elif kind in (VAR, DECL_TAG):
            at += 4
        self.types.append((self.text(name), kind, size, extra, flag, members))
        self.by_name.setdefault((self.types[-1][0], kind), []).append(len(self.types) - 1)
        return at

    def plain(self, number):
        """The type behind typedefs and qualifiers."""
        while self.types[number][1] in (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG):
            number = self.types[number][2]
        return number

    def size(self, number):
        name, kind, size, _, _, members = self.types[self.plain(number)]
        if kind == PTR:
            return 8
        return members[2] * self.size(members[0]) if kind == ARRAY else size

    def member(self, number, wanted):
        """The type of a named member, also one of an anonymous member; None if there is none."""
        for name, kind, _ in self.types[number][5]:
            inner = self.plain(kind)
            if self.text(name) == wanted:
                return kind
            if not name and self.types[inner][1] in (STRUCT, UNION):
                found = self.member(inner, wanted)
                if found is not None:
                    return found
        return None

    def is_signed(self, number):
        _, kind, _, extra, flag, _ = self.types[self.plain(number)]
        return bool(extra >> 24 & 1) if kind == INT else kind in (ENUM, ENUM64) and flag


def sections_of(elf):
    """Sections of an ELF file of 64 bits, by name."""
    (table,) = struct.unpack_from("<Q", elf, 0x28)
    entry, count, names = struct.unpack_from("<HHH", elf, 0x3A)
    rows = [struct.unpack_from("<IIQQQQ", elf, table + entry * i) for i in range(count)]
    start = rows[names][4]
    return {
        elf[start + row[0] : elf.index(b"\0", start + row[0])].decode(): elf[row[4] : row[4] + row[5]] for row in rows
    }


def base_name(name):
    return name.split("___")[0]


class Relocation:
    """One access of the object to a type of the kernel."""

    def __init__(self, local, section, record, code):
        self.section, self.local = section, local
        offset, self.type, access, self.kind = record
        self.insn = offset // 8
        self.access = [int(word) for word in local.text(access).split(":")]
        self.accesses_memory = code[offset] & 7 in (1, 2, 3)  # the class of the instruction: a load or a store

    def path(self):
        """The access as steps: names of members, indexes of arrays, and the type of what is read."""
        local, number, steps = self.local, self.local.plain(self.type), []
        for index in self.access[1:]:
            _, kind, _, _, _, members = local.types[number]
            if kind in (STRUCT, UNION):
                name, number, _ = members[index]
                if local.text(name):
                    steps.append(local.text(name))
            else:
                number = members[0]
                steps.append(index)
            number = local.plain(number)
        return steps, number

    def words(self):
        name = self.local.types[self.local.plain(self.type)][0]
        if self.kind in ENUM_KINDS:
            return f"enum {name}"
        return ".".join([name or "?", *map(str, self.path()[0])]) if self.kind <= FIELD_LAST else name


def candidates(relocation, kernel):
    local = relocation.local
    name, kind = local.types[relocation.type][:2]
    plain_kind = local.types[local.plain(relocation.type)][1]
    return [
        number
        for wanted in {kind, plain_kind}
        for number in kernel.by_name.get((base_name(name), wanted), [])
    ]


def follow(kernel, number, steps):
    number = kernel.plain(number)
    for step in steps:
        _, kind, _, _, _, members = kernel.types[number]
        if isinstance(step, int):
            if kind != ARRAY:
                return None
            number = members[0]
        else:
            number = kernel.member(number, step) if kind in (STRUCT, UNION) else None
        if number is None:
            return None
        number = kernel.plain(number)
    return number


def compatible(local, number, kernel, target):
    """Of one kind, as libbpf asks: the size of integers does not matter, nor where pointers go."""
    ours, theirs = local.types[local.plain(number)], kernel.types[kernel.plain(target)]
    if {ours[1], theirs[1]} <= {STRUCT, UNION} or {ours[1], theirs[1]} <= {ENUM, ENUM64}:
        return True
    if ours[1] == ARRAY and theirs[1] == ARRAY:
        return compatible(local, ours[5][0], kernel, theirs[5][0])
    return ours[1] == theirs[1]


def resolve_field(relocation, kernel):
    """(problem, True if the field is there)."""
    local = relocation.local
    steps, leaf = relocation.path()
    for number in candidates(relocation, kernel):
        target = follow(kernel, number, steps)
        if target is None or not compatible(local, leaf, kernel, target):
            continue
        size = kernel.size(target)
        if relocation.kind == FIELD_OFFSET and relocation.accesses_memory and size != local.size(leaf):
            both_pointers = local.types[leaf][1] == kernel.types[target][1] == PTR
            both_ints = local.types[leaf][1] == kernel.types[target][1] == INT
            if not both_pointers and not (both_ints and not local.is_signed(leaf) and not kernel.is_signed(target)):
                return f"its {local.size(leaf)} bytes are {size} there, and the size of a signed access cannot change"
        return None
    return "not there"


def resolve(relocation, kernel):
    if relocation.kind == LOCAL_TYPE_ID:
        return None
    if relocation.kind <= FIELD_LAST:
        return resolve_field(relocation, kernel)
    numbers = candidates(relocation, kernel)
    if relocation.kind in ENUM_KINDS:
        wanted = base_name(relocation.local.text(relocation.local.types[relocation.type][5][relocation.access[0]][0]))
        numbers = [
            number
            for number in numbers
            if any(base_name(kernel.text(value[0])) == wanted for value in kernel.types[number][5])
        ]
    return None if numbers else "not there"


def relocations_of(path):
    with open(path, "rb") as file:
        sections = sections_of(file.read())
    local, data = Types(sections[".BTF"]), sections[".BTF.ext"]
    header = struct.unpack_from("<I", data, 4)[0]
    offset, length = struct.unpack_from("<II", data, 24)
    at, end, found = header + offset + 4, header + offset + length, []
    while at < end:
        name, count = struct.unpack_from("<II", data, at)
        at += 8
        for _ in range(count):
            section = local.text(name)
            found.append(Relocation(local, section, struct.unpack_from("<IIII", data, at), sections[section]))
            at += 16
    return found


def payload_of(image):
    """What a kernel image unpacks to (Documentation/arch/x86/boot.rst)."""
    if image[0x202:0x206] == b"HdrS":
        raise_by = (image[0x1F1] or 4) + 1
        offset, length = struct.unpack_from("<II", image, 0x248)
        image = image[raise_by * 512 + offset : raise_by * 512 + offset + length]
    if image[:2] == b"\x1f\x8b":
        return zlib.decompressobj(31).decompress(image)
    if image[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor().decompress(image)
    if image[:4] == b"\x28\xb5\x2f\xfd":
        # The last four bytes are the size, which is no part of the compressed data.
        return subprocess.run(["zstd", "-dcq"], input=image[:-4], stdout=subprocess.PIPE, check=True).stdout
    if image[:4] == b"\x02\x21\x4c\x18":
        return subprocess.run(["lz4", "-dcq"], input=image[:-4], stdout=subprocess.PIPE, check=True).stdout
    return image


def types_of(path):
    with open(path, "rb") as file:
        data = payload_of(file.read())
    at, best = data.find(b"\x9f\xeb\x01\x00\x18\x00\x00\x00"), b""
    while at >= 0:  # the kernel's own types are by far the largest
        type_len, str_off, str_len = struct.unpack_from("<III", data, at + 12)
        if str_off >= type_len and at + 24 + str_off + str_len <= len(data) and str_off + str_len > len(best):
            best = data[at : at + 24 + str_off + str_len]
        at = data.find(b"\x9f\xeb\x01\x00\x18\x00\x00\x00", at + 8)
    if not best:
        raise ValueError(f"{path}: no type information")
    return Types(best)


def problems_of(relocations, kernel):
    unresolved = [(each, problem) for each in relocations if (problem := resolve(each, kernel))]
    absent = {each.words() for each, _ in unresolved if each.kind in GUARDS}
    for each, problem in unresolved:
        # A type with a flavour is another kernel's: it is read where a check did not find this kernel's.
        guarded = "___" in each.words() or any(f"{each.words()}.".startswith(f"{word}.") for word in absent)
        if each.kind not in GUARDS and not (guarded and problem == "not there"):
            yield f"{each.section}: instruction {each.insn}: {each.words()}: {problem}"


def main():
    relocations, wrong = relocations_of(sys.argv[1]), 0
    for path in sys.argv[2:]:
        kernel = types_of(path)
        found = sorted(set(problems_of(relocations, kernel)))
        for line in found:
            print(line)
        wrong += len(found)
        print(f"{path}: {len(relocations)} relocations, {len(found)} that cannot be resolved")
    sys.exit(1 if wrong else 0)


main()
