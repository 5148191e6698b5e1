"""tools/bind_symbols.py: a bound library works as before, looks up less, and shares what a program may share with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "bind_symbols.py"

LIBRARY = """
#include <stdexcept>
struct Shape { virtual ~Shape() = default; virtual int sides() const { return 0; } };
struct Square : Shape { int sides() const override { return 4; } };
inline int counter = 0;                       // one variable in program and library
int count() { return ++counter; }
int twice(int x) { return 2 * x; }
int (*table[])(int) = {twice, twice};         // R_X86_64_64 to a function of its own
int through(int x) { return table[1](x); }
Shape* make() { return new Square; }          // a vtable of its own
void fail() { throw std::runtime_error("from the library"); }
"""
PROGRAM = """
#include <cstdio>
#include <stdexcept>
struct Shape { virtual ~Shape() = default; virtual int sides() const { return 0; } };
struct Square : Shape { int sides() const override { return 4; } };
inline int counter = 0;
int count(); int through(int); Shape* make(); void fail();
int main() {
  counter = 40; count(); count();
  Shape* shape = make();
  bool caught = false;
  try { fail(); } catch (const std::runtime_error&) { caught = true; }
  std::printf("%d %d %d %d %d\\n", counter, through(21), shape->sides(), dynamic_cast<Square*>(shape) != nullptr, caught);
}
"""


def run(*command: object, cwd: Path) -> str:
    return subprocess.run([str(c) for c in command], cwd=cwd, check=True, capture_output=True, text=True).stdout


def looked_up(library: Path) -> int:
    return sum(
        f"R_X86_64_{kind}" in line
        for line in run("readelf", "-rW", library, cwd=library.parent).splitlines()
        for kind in ("64 ", "GLOB_DAT", "JUMP_SLOT")
    )


@pytest.mark.skipif(shutil.which("g++") is None or shutil.which("readelf") is None, reason="needs a compiler")
def test_a_bound_library(tmp_path):
    (tmp_path / "shape.cc").write_text(LIBRARY)
    (tmp_path / "main.cc").write_text(PROGRAM)
    run("g++", "-std=c++20", "-O0", "-shared", "-fPIC", "shape.cc", "-o", "libshape.so", cwd=tmp_path)
    run("g++", "-std=c++20", "-O0", "main.cc", "-L.", "-lshape", "-Wl,-rpath,$ORIGIN", "-o", "main", cwd=tmp_path)
    before = looked_up(tmp_path / "libshape.so")
    assert run("./main", cwd=tmp_path) == "42 42 4 1 1\n"
    for _ in range(2):  # binding again changes nothing
        run(sys.executable, TOOL, "libshape.so", cwd=tmp_path)
        assert looked_up(tmp_path / "libshape.so") < before
        assert run("./main", cwd=tmp_path) == "42 42 4 1 1\n"


@pytest.mark.skipif(shutil.which("g++") is None or shutil.which("readelf") is None, reason="needs a compiler")
def test_a_function_that_the_program_replaces_stays_open(tmp_path):
    (tmp_path / "shape.cc").write_text(
        "int pace() { return 1; }\nint used() { return pace(); }\nint own() { return used(); }\n"
    )
    (tmp_path / "main.cc").write_text(
        "#include <cstdio>\nint own();\nint pace() { return 3; }\nint used() { return 9; }\n"
        'int main() { std::printf("%d\\n", own()); }\n'
    )
    run("g++", "-O1", "-fno-inline", "-shared", "-fPIC", "shape.cc", "-o", "libshape.so", cwd=tmp_path)
    run("g++", "main.cc", "-L.", "-lshape", "-Wl,-rpath,$ORIGIN", "-o", "main", cwd=tmp_path)
    assert run("./main", cwd=tmp_path) == "9\n"
    run(sys.executable, TOOL, "libshape.so", "_Z4pacev", cwd=tmp_path)
    assert run("./main", cwd=tmp_path) == "3\n"


def test_another_file_is_refused(tmp_path):
    (tmp_path / "text").write_text("no library")
    done = subprocess.run([sys.executable, TOOL, tmp_path / "text"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "not an ELF file" in done.stderr
