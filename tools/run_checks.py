"""`make check`: everything that can be said about the code without running it. Runs all, then says what failed.

Usage: python tools/run_checks.py [name …]
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable

CHECKS: dict[str, list[str]] = {
    "types": ["mypy"],  # first: it takes longest, the others run beside it
    "sdk types": ["mypy", "--config-file", "sdk/python/pyproject.toml"],
    "format": ["ruff", "format", "--check", "."],
    "style": ["ruff", "check", "."],
    "contracts": ["lint-imports", "--no-cache"],
    "writes": [PYTHON, "tools/check_writes.py"],
    "sizes": [PYTHON, "tools/check_sizes.py"],
    "committed": [PYTHON, "tools/check_committed.py"],
    "templates": ["djlint", "src/podpora/web/templates", "--lint", "--quiet"],
    "translations": [PYTHON, "tools/translations.py", "check"],
    "documents": [PYTHON, "tools/generate_docs.py", "check"],
    "settings": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        print(f"podpora: there is no check {unknown[0]!r}; there are {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    names = list(wanted or CHECKS)
    with ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as beside:
        failed = [name for name, passed in zip(names, beside.map(passes, names), strict=True) if not passed]
    if failed:
        print(f"\npodpora: {len(failed)} of {len(wanted or CHECKS)} checks failed: {', '.join(failed)}")
        return 1
    print(f"\npodpora: all {len(wanted or CHECKS)} checks passed.")
    return 0


def passes(name: str) -> bool:
    begin = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PODPORA_")}
    clean |= {"PODPORA_DEMO": "1", "PODPORA_SECRET_KEY": "only-for-the-checks-and-of-no-use-elsewhere"}
    result = subprocess.run(CHECKS[name], cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    report = [f"{'ok    ' if result.returncode == 0 else 'FAILED'}  {name}  ({time.monotonic() - begin:.1f} s)"]
    if result.returncode:
        report += [f"        {line}" for line in (result.stdout + result.stderr).strip().splitlines()[-60:]]
    print("\n".join(report), flush=True)  # in one piece: others print beside it
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
