"""The SDK's wheel, installed into an empty environment with nothing else but cryptography, works (and is typed, and small).

Usage: python tools/check_sdk_wheel.py [FILE.whl]     without a file: builds one first
"""

import json
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SDK = ROOT / "sdk" / "python"
ALLOWED = {"podpora-sdk", "cryptography", "cffi", "pycparser", "typing-extensions", "pip", "setuptools"}
LARGEST = 200_000

# Runs inside the empty environment: the first case of the vectors, from the wheel alone.
TRIAL = """
import json, sys, podpora_sdk
from podpora_sdk import Licensing, MemoryStore, Options
from podpora_sdk.clock import Clock
from podpora_sdk.certificate import same_device
vectors = json.load(open(sys.argv[1], encoding="utf-8"))
defaults, case = vectors["defaults"], vectors["cases"][0]
clock = Clock(lambda: defaults["now"])
program = Licensing(defaults["product"], "10.2.1", "https://licences.vendor.example", defaults["pinned"], MemoryStore(), Options(clock=clock))
assert program.state().reason == "licence.not_activated"
program.holding._fingerprint = defaults["fingerprint"]
result = program.install_offline(case["certificate"])
assert result.ok and program.state().may_run, result
assert program.install_offline(case["certificate"][:-2]).code != "ok"
print(program.state().reason, podpora_sdk.__file__)
"""


def run(*command: str | Path) -> str:
    """What it prints; ends with its own words when it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"podpora: {Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def built(folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=SDK,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"podpora: the SDK's wheel could not be built: {done.stderr.strip()[-2000:]}")
    return next(folder.glob("*.whl"))


def problems(wheel: Path) -> list[str]:
    """What is wrong with its content."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    found = [f"{name} is missing" for name in ("podpora_sdk/py.typed", "podpora_sdk/machines/linux.py") if name not in names]
    found += [f"{name} does not belong there" for name in names if not name.startswith(("podpora_sdk/", "podpora_sdk-"))]
    if not any(name.endswith("licenses/LICENSE") for name in names):
        found.append("LICENSE is missing")
    if wheel.stat().st_size > LARGEST:
        found.append(f"{wheel.stat().st_size} bytes, at most {LARGEST}")
    return found


def main(folder: Path, given: str | None) -> int:
    wheel = Path(given) if given else built(folder)
    wrong = problems(wheel)
    environment = folder / "empty"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    installed = {
        one["name"].lower()
        for one in json.loads(run(python, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"))
    }
    wrong += [f"it needs {name}" for name in sorted(installed - ALLOWED)]
    told = run(python, "-I", "-c", TRIAL, ROOT / "sdk" / "vectors" / "certificates.json")
    if "licence.valid" not in told or str(environment) not in told:
        wrong.append(f"the trial said {told!r}")
    if not run(environment / "bin" / "podpora-sdk", "--version").startswith("podpora-sdk "):
        wrong.append("the command does not work")
    size = wheel.stat().st_size // 1000
    print(f"podpora: the SDK's wheel ({size} kB) {'is wrong: ' + '; '.join(wrong) if wrong else 'works in an empty environment'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(Path(scratch), sys.argv[1] if len(sys.argv) > 1 else None))
