"""Checks the house rules that a compiler does not: layers, quarantines, names, lengths. Run as a test.

    python tools/tidy.py [ROOT]      prints one line per finding; exit code 1 when there is any

The layers come from src/CMakeLists.txt (deltic_library(FOLDER LIBS …)): a folder may include its own headers and those
of the folders it links, directly or through them. The other rules are the tables below; STYLE.md says why.
"""

import pathlib
import re
import subprocess
import sys

# Third-party headers that only some folders may include.
QUARANTINE = {
    r"duckdb": ["engine"],
    r"nanoarrow": ["engine"],
    r"grpc": ["spark/connect", "server"],
    r".*\.pb\.h": ["spark/connect", "spark/delta_connect"],
    r"google/protobuf": ["spark/connect", "spark/delta_connect"],
    r"CLI/": ["cli"],
    r"spdlog|fmt/": ["base"],
    r"curl/": ["storage"],
    r"roaring": ["delta"],
    r"nlohmann": [],
}
# Only these folders read files or sockets themselves.
FILE_IO = {"storage", "cli", "server", "base", "engine", "spark/python"}  # engine: data files; python: worker sockets
BANNED_STEMS = re.compile(r"(^|_)(utils?|helpers?|common|misc|stuff)(_test)?$")
LINES_MAX = {".cc": 900, ".h": 250, ".py": 600}
UNFINISHED = re.compile(r"\b(TODO|FIXME|HACK)\b")
MACHINE_PATH = re.compile(r"(^|[^A-Za-z0-9._-])/(wor[k]|roo[t]|far[m])/")


def layers(root: pathlib.Path) -> dict[str, set[str]]:
    """Folder → folders whose headers it may include, itself among them."""
    text = (root / "src/CMakeLists.txt").read_text()
    direct: dict[str, set[str]] = {}
    for body in re.findall(r"deltic_library\(([^)]*)\)", text):
        words = body.split()
        folder = words[0]
        libs: set[str] = set()
        section = ""
        for word in words[1:]:
            if word in ("LIBS", "TEST_LIBS", "PCH"):
                section = word
            elif section == "LIBS" and word.startswith("deltic_"):
                libs.add(word.removeprefix("deltic_"))
        direct[folder] = libs
    by_library = {folder.replace("/", "_"): folder for folder in direct}
    closed: dict[str, set[str]] = {}

    def close(folder: str) -> set[str]:
        if folder not in closed:
            closed[folder] = {folder}
            for library in direct[folder]:
                closed[folder] |= close(by_library[library])
        return closed[folder]

    for folder in direct:
        close(folder)
    closed["cli"] = close("server") | {"cli"}
    return closed


def folder_of(path: str, folders) -> str | None:
    """The longest library folder that `path` (relative to src/) lies in."""
    fitting = [f for f in folders if path == f or path.startswith(f + "/")]
    return max(fitting, key=len) if fitting else None


def check_includes(path: pathlib.Path, relative: str, text: str, allowed: dict[str, set[str]]) -> list[str]:
    folder = folder_of(relative, allowed)
    if folder is None:
        return [f"{relative}: is in no library of src/CMakeLists.txt"]
    findings = []
    may = allowed[folder] | ({f for f in allowed} if path.stem.endswith("_test") else set())
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#include\s+([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        header = match[2]
        target = folder_of(header, allowed) if match[1] == '"' else None
        if target is not None and not re.match(r"spark/connect/.*\.pb\.h|delta/connect/.*\.pb\.h", header):
            if target not in may:
                findings.append(f"{relative}:{number}: {folder} must not include {target} ({header})")
            continue
        for pattern, homes in QUARANTINE.items():
            if re.match(pattern, header) and folder not in homes:
                findings.append(f"{relative}:{number}: {header} is only for {', '.join(homes) or 'nobody'}")
        if (
            header in ("fstream", "sys/socket.h")
            and not {folder, folder.split("/")[0]} & FILE_IO
            and "_test" not in path.stem
        ):
            findings.append(f"{relative}:{number}: file and network I/O belongs to storage/")
    return findings


def check_file(path: pathlib.Path, relative: str, text: str) -> list[str]:
    findings = []
    if BANNED_STEMS.search(path.stem):
        findings.append(f"{relative}: name the concept; no utils, helpers or common files")
    lines = text.splitlines()
    limit = LINES_MAX.get(path.suffix)
    if limit and len(lines) > limit:
        findings.append(f"{relative}: {len(lines)} lines, at most {limit}")
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line) and path.name != "tidy.py":
            findings.append(f"{relative}:{number}: unfinished work belongs in an issue")
        if MACHINE_PATH.search(line):
            findings.append(f"{relative}:{number}: a path of one machine")
        if re.search(r"\b(sleep_for|usleep|time\.sleep)\b", line) and "_test" in path.stem:
            findings.append(f"{relative}:{number}: no sleeps in tests")
    if path.suffix == ".h":
        if "#pragma once" not in text:
            findings.append(f"{relative}: needs #pragma once")
        if not text.startswith("//"):
            findings.append(f"{relative}: a header opens with its role and contract")
    return findings


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    tracked = subprocess.run(
        ["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    allowed = layers(root)
    findings = []
    for name in tracked.stdout.splitlines():
        path = root / name
        if path.suffix not in (".cc", ".h", ".py") or name.startswith("tests/data/") or not path.is_file():
            continue
        text = path.read_text()
        findings += check_file(path, name, text)
        if name.startswith("src/") and path.suffix != ".py":
            findings += check_includes(path, name.removeprefix("src/"), text, allowed)
    print("\n".join(findings) if findings else "tidy: no findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
