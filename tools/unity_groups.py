#!/usr/bin/env python3
"""Which sources may be compiled as one: `unity_groups.py ROOT FILE…` prints one line "FILE GROUP" for each FILE.

Most of a compiler's time goes to headers; files compiled together read them once. Names that two files keep to
themselves (in an unnamed namespace, or as an alias or macro) would collide there, so such files are put into different
groups. Groups are filled in the order of the files, each up to MAX_LINES lines.
"""

import re
import sys
from pathlib import Path

MAX_LINES = 1800

DECLARES = re.compile(
    r"^(?:template\s*<.*?>\s*)?(?:struct|class|enum class|enum|union)\s+(?:\[\[\w+\]\]\s*)?(\w+)(?!\w*<)"
)
FUNCTION = re.compile(r"([A-Za-z_]\w*)\s*\(")
VARIABLE = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)*(?:=|\{|;)")
NEXT_VARIABLE = re.compile(r",\s*([A-Za-z_]\w*)\s*=")
NOT_NAMES = {"if", "for", "while", "return", "switch", "static_assert", "decltype", "alignas", "noexcept", "requires"}


def names_of(text: str) -> dict[str, str]:
    """What a file declares for itself: name → the declaration, when another file may repeat it word by word."""
    names: dict[str, str] = {}
    unnamed = False
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line == "namespace {":
            unnamed = True
        elif line.startswith("}  // namespace"):
            unnamed = unnamed and line != "}  // namespace"
        elif alias := re.match(r"(?:using|namespace)\s+(\w+)\s*=.*;", line) or re.match(r"using\s+[\w:]*?(\w+);", line):
            names[alias[1]] = line
        elif macro := re.match(r"#define\s+(\w+)", line):
            names[macro[1]] = ""
        elif unnamed or line.startswith("static "):
            if name := declared(line):
                names[name] = ""
            if line.startswith("constexpr ") and "(" not in line:  # several in one declaration
                whole = " ".join(lines[at : at + 8]).partition(";")[0]
                names.update((name, "") for name in NEXT_VARIABLE.findall(whole))
    return names


def declared(line: str) -> str | None:
    """The name that a line at the margin declares."""
    if not line or not (line[0].isalpha() or line[0] == "_"):
        return None
    if type_name := DECLARES.match(line):
        return type_name[1]
    # Template arguments hold parentheses and names of their own.
    plain = line
    while plain != (shorter := re.sub(r"<[^<>()]*(?:\([^<>()]*\)[^<>()]*)*>", "", plain)):
        plain = shorter
    for found in FUNCTION.finditer(plain):
        if found[1] not in NOT_NAMES and not found[1].isupper() and "=" not in plain[: found.start()]:
            return found[1] if plain[: found.start()].strip() else None
    if variable := VARIABLE.search(plain):
        return variable[1]
    return None


def main() -> None:
    groups: list[tuple[int, dict[str, str]]] = []  # lines, names
    for file in sys.argv[1:]:
        text = Path(file).read_text()
        lines, names = text.count("\n"), names_of(text)
        for index, (size, taken) in enumerate(groups):
            if size + lines <= MAX_LINES and all(
                name not in taken or (what and taken[name] == what) for name, what in names.items()
            ):
                groups[index] = (size + lines, taken | names)
                break
        else:
            index = len(groups)
            groups.append((lines, names))
        print(file, index)


if __name__ == "__main__":
    main()
