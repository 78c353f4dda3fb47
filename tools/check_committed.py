"""Committed files name no package registry's address and no place on somebody's machine.

Usage: python tools/check_committed.py [folder]

Requirements are locked by hash, so an address adds nothing and would break whoever installs from a mirror. A path
such as a home folder tells about its author and works nowhere else.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in pieces, so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "registry.yarnpkg" + ".com",
    "--index" + "-url",
    "--extra-index" + "-url",
)
PLACES = re.compile("(?<![\\w.])/(?:" + "home/(?!podpora)\\w" + "|ro" + "ot/|Us" + "ers/\\w|tmp/" + "wt/)|/wo" + "rk/(?!<)")
BINARY = (".png", ".jpg", ".webp", ".ico", ".woff2", ".ttf", ".otf", ".mo", ".pdf")


def problems(root: Path = ROOT) -> list[str]:
    """One line for each finding: `path:line: what`."""
    return [problem for path in committed(root) for problem in _in_file(root, path)]


def committed(root: Path) -> list[Path]:
    """The files that git knows; without git (an unpacked archive) every file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [root / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in root.rglob("*") if path.is_file() and not {".venv", ".git", "var"} & set(path.parts)]


def _in_file(root: Path, path: Path) -> Iterator[str]:
    if path.suffix in BINARY or not path.is_file():
        return
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        where = f"{path.relative_to(root).as_posix()}:{number}"
        if host := next((name for name in REGISTRIES if name in line), None):
            yield f"{where}: names a package registry ({host})"
        if place := PLACES.search(line):
            yield f"{where}: names a place on one machine ({place[0]})"


if __name__ == "__main__":
    sys.exit("\n".join(problems(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)) or 0)
