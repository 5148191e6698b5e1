"""Binds a shared library's references to its own functions and constants, as linking with -Bsymbolic would have.

    python3 tools/bind_symbols.py LIBRARY [SYMBOL…]      rewrites LIBRARY in place; the program replaces each SYMBOL

libduckdb.so comes linked without -Bsymbolic: the dynamic loader looks up 37,000 of its own symbols by name at every
start, which is a quarter of the server's start. Here each such relocation (R_X86_64_64, GLOB_DAT, JUMP_SLOT) becomes
R_X86_64_RELATIVE. What the program may share with the library stays a symbol: undefined ones, thread-local ones,
STB_GNU_UNIQUE ones, and data that is still writable after relocation (System V ABI, AMD64 supplement, 4.4). So do the
functions that the program has better ones for.
"""

from __future__ import annotations

import os
import shutil
import struct
import sys
from pathlib import Path

ABSOLUTE, GLOB_DAT, JUMP_SLOT, RELATIVE = 1, 6, 7, 8
LOAD, DYNAMIC, RELRO = 1, 2, 0x6474E552
NULL, PLTRELSZ, STRTAB, SYMTAB, RELA, RELASZ, PLTREL, JMPREL, RELACOUNT = 0, 2, 5, 6, 7, 8, 20, 23, 0x6FFFFFF9
FUNCTION, OBJECT, UNIQUE, WRITABLE = 2, 1, 10, 2


class Library:
    """The parts of an ELF64 file for x86-64 that binding needs. Raises ValueError for any other file."""

    def __init__(self, data: bytearray, replaced: frozenset[bytes] = frozenset()) -> None:
        self.replaced = replaced
        if data[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", data, 18)[0] != 62:
            raise ValueError("not an ELF file for x86-64")
        self.data = data
        at, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
        self.segments = [struct.unpack_from("<IIQQQQQQ", data, at + i * size) for i in range(count)]
        self.dynamic_at = next(s[2] for s in self.segments if s[0] == DYNAMIC)
        self.dynamic: dict[int, int] = {}
        at = self.dynamic_at
        while (entry := struct.unpack_from("<QQ", data, at))[0] != NULL:
            self.dynamic.setdefault(*entry)
            at += 16
        self.dynamic_end = at

    def offset(self, address: int) -> int:
        return next(
            a - s[3] + s[2] for s in self.segments for a in [address] if s[0] == LOAD and s[3] <= a < s[3] + s[5]
        )

    def is_constant(self, address: int) -> bool:
        if any(s[0] == RELRO and s[3] <= address < s[3] + s[6] for s in self.segments):
            return True
        return any(s[0] == LOAD and s[3] <= address < s[3] + s[6] and not s[1] & WRITABLE for s in self.segments)

    def name(self, at: int) -> bytes:
        start = self.offset(self.dynamic[STRTAB]) + at
        return bytes(self.data[start : self.data.index(0, start)])

    def bound(self, relocation: tuple[int, int, int], symbols: int) -> tuple[int, int, int]:
        """The same relocation without its symbol, if it may be bound."""
        place, info, addend = relocation
        kind = info & 0xFFFFFFFF
        if kind not in (ABSOLUTE, GLOB_DAT, JUMP_SLOT):
            return relocation
        name, binding, _, section, value, _ = struct.unpack_from("<IBBHQQ", self.data, symbols + 24 * (info >> 32))
        if (
            section == 0
            or binding >> 4 == UNIQUE
            or binding & 15 not in (FUNCTION, OBJECT)
            or not self.is_constant(value)
            or self.name(name) in self.replaced
        ):
            return relocation
        return place, RELATIVE, value + (addend if kind == ABSOLUTE else 0)

    def bind(self) -> int:
        """Rewrites the relocations; how many lost their symbol. A library already bound is left as it is."""
        entries = self.dynamic
        if JMPREL not in entries:
            return 0
        if entries[RELA] + entries[RELASZ] != entries[JMPREL]:
            raise ValueError("the relocations of the procedure linkage table do not follow the others")
        at, size = self.offset(entries[RELA]), entries[RELASZ] + entries[PLTRELSZ]
        old = list(struct.iter_unpack("<QQq", self.data[at : at + size]))
        symbols = self.offset(entries[SYMTAB])
        new = [self.bound(relocation, symbols) for relocation in old]
        new.sort(key=lambda r: (r[1] != RELATIVE, r[1] >> 32 if r[1] != RELATIVE else r[0]))
        self.data[at : at + size] = b"".join(struct.pack("<QQq", *r) for r in new)
        relative = sum(r[1] == RELATIVE for r in new)
        entries |= {RELASZ: size, RELACOUNT: relative}
        self._write_dynamic(drop=(JMPREL, PLTRELSZ, PLTREL))
        return relative - sum(r[1] == RELATIVE for r in old)

    def _write_dynamic(self, drop: tuple[int, ...]) -> None:
        table = list(struct.iter_unpack("<QQ", self.data[self.dynamic_at : self.dynamic_end]))
        changed = {RELASZ, RELACOUNT}
        kept = [(tag, self.dynamic[tag] if tag in changed else value) for tag, value in table if tag not in drop]
        kept += [(NULL, 0)] * (len(table) - len(kept))
        self.data[self.dynamic_at : self.dynamic_end] = b"".join(struct.pack("<QQ", *entry) for entry in kept)


def main(path: Path, replaced: list[str]) -> None:
    library = Library(bytearray(path.read_bytes()), frozenset(name.encode() for name in replaced))
    count = library.bind()
    beside = path.with_name(path.name + ".bound")
    beside.write_bytes(library.data)
    shutil.copystat(path, beside)
    os.replace(beside, path)
    print(f"{path.name}: {count} references bound", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
