"""Make `.venv` and install one hashed requirement set into it.

Usage: python3 tools/bootstrap.py runtime|dev

Uses `uv` when it is on PATH (seconds instead of half a minute), else the venv and pip that come with Python.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SDK = ROOT / "sdk" / "python"  # `podpora-sdk` in a terminal, and for the sample program
VENV = ROOT / ".venv"
SETS = ("runtime", "dev")
# The first start would compile what it imports, and each one where nothing may be written: more than a second every time.
KEEP_BYTECODE = """
import sys
sys.dont_write_bytecode = False
import os, tempfile
with tempfile.TemporaryDirectory() as folder:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "podpora.config.settings", "PODPORA_DEMO": "1", "PODPORA_DATA_DIR": folder}
    import django
    django.setup()
    import podpora.config.dispatch, podpora.config.urls, podpora.config.commands.demo
"""


def run(*command: str | Path) -> None:
    """Run one command; end with its exit code and one sentence when it fails."""
    result = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if result.returncode:
        sys.exit(f"podpora: {command[0]} failed with exit code {result.returncode}; nothing else was changed.")


def installed_by_uv(python: Path, lock: Path) -> bool:
    """Install with `uv` where there is one. False where there is none or it can't (pip then tries, and says what is wrong)."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    install = [uv, "pip", "install", "-q", "--python", str(python)]
    steps = (
        [*install, "--require-hashes", "-r", str(lock)],
        [*install, "--no-deps", "--no-build-isolation", "-e", str(ROOT), "-e", str(SDK)],
    )
    return all(subprocess.run(step, cwd=ROOT, check=False, stderr=subprocess.DEVNULL).returncode == 0 for step in steps)


def main(requirement_set: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit(f"podpora: Python 3.11 or newer is needed, this is {sys.version.split()[0]}. Try: make demo PYTHON=python3.11")

    lock = ROOT / "requirements" / f"{requirement_set}.txt"
    python = VENV / "bin" / "python"
    if not python.exists():
        print("podpora: making .venv …", flush=True)
        run(sys.executable, "-m", "venv", VENV)
    print(f"podpora: installing {lock.relative_to(ROOT)} …", flush=True)
    if not installed_by_uv(python, lock):
        run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock)
        run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT, "-e", SDK)
    run(python, ROOT / "tools" / "translations.py", "compile")
    run(python, "-c", KEEP_BYTECODE)

    # The dev set contains the runtime set, so both stamps are fresh after it.
    for name in SETS if requirement_set == "dev" else (requirement_set,):
        stamp = VENV / f"{name}.stamp"
        stamp.touch()
        os.utime(stamp)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SETS:
        sys.exit(f"usage: python3 tools/bootstrap.py {'|'.join(SETS)}")
    main(sys.argv[1])
