"""Sizes: file 400 lines, function 40, parameters 7, template 150, JavaScript 150 (ARCHITECTURE: "Inside a room").

Usage: python tools/check_sizes.py [folder]

`tools/sizes.txt` lists what is bigger today, as `path[::function] number`. The list may only shrink: a number that is
higher than the truth, or an entry that is not needed any more, is a problem too.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE, FUNCTION, PARAMETERS, TEMPLATE, SCRIPT = 400, 40, 7, 150, 150
FOLDERS = ("src", "sdk", "tools", "tests", "bench", "examples")
MOST_EXCEPTIONS = 0  # lower it whenever an exception goes; never raise it


def problems(root: Path = ROOT) -> list[str]:
    """One line for everything that is too big, and for every exception that is out of date."""
    allowed = exceptions(root)
    found, used = [], set()
    for name, what, size, limit in measured(root):
        if size <= limit:
            continue
        if name not in allowed:
            found.append(f"{name}: {size} {what}, at most {limit}")
        elif size != allowed[name]:
            found.append(f"{name}: {size} {what}, tools/sizes.txt says {allowed[name]}: it may only shrink, write the truth")
        used.add(name)
    found += [f"{name}: no longer too big: take it out of tools/sizes.txt" for name in sorted(allowed.keys() - used)]
    if len(allowed) > MOST_EXCEPTIONS:
        found.append(f"tools/sizes.txt has {len(allowed)} entries, at most {MOST_EXCEPTIONS}")
    return found


def exceptions(root: Path) -> dict[str, int]:
    path = root / "tools" / "sizes.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = [line.rsplit(" ", 1) for line in lines if line.strip() and not line.startswith("#")]
    return {name: int(size) for name, size in pairs}


def measured(root: Path) -> Iterator[tuple[str, str, int, int]]:
    """Every measured thing: (name, unit, size, limit)."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if "migrations" in path.parts or "__pycache__" in path.parts or not path.is_file():
                continue
            if path.suffix == ".py":
                yield name, "lines", len(path.read_text().splitlines()), FILE
                yield from _functions(name, ast.parse(path.read_text()))
            elif "templates" in path.parts and path.suffix in (".html", ".txt"):
                yield name, "lines", len(path.read_text().splitlines()), TEMPLATE
            elif path.suffix == ".js":
                yield name, "lines", len(path.read_text().splitlines()), SCRIPT


def _functions(name: str, tree: ast.Module) -> Iterator[tuple[str, str, int, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            label = f"{name}::{node.name}"
            yield label, "lines", (node.end_lineno or node.lineno) - node.lineno + 1, FUNCTION
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            own = [a for a in arguments if a.arg not in ("self", "cls")]
            if not name.startswith("tests/"):  # a test's parameters are its table's columns
                yield label, "parameters", len(own), PARAMETERS


if __name__ == "__main__":
    sys.exit("\n".join(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)) or 0)
