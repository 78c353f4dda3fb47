"""S71: no secret was ever committed. S72: what is installed is locked by hash, and may be shipped with an Apache-2.0 program."""

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent.parent
# Written in pieces, so that this file does not find itself.
SECRETS = re.compile(
    "-----BEGIN (?:RSA |EC |OPENSSH |ENCRYPTED )?PRIV" + "ATE KEY-----[\\s\\\\n+'\"]{0,6}[A-Za-z0-9+/]{40}"
    "|AK" + "IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    "|xox[baprs]-[0-9A-Za-z-]{20,}|sk_li" + "ve_[0-9A-Za-z]{20,}|AIza[0-9A-Za-z_-]{35}|pypi-AgE[A-Za-z0-9_-]{50,}|ey" + "J[A-Za-z0-9_-]{20,}\\.ey"
    "J[A-Za-z0-9_-]{40,}\\.[A-Za-z0-9_-]{43,}"
)  # fmt: skip
# Certificates that the SDK's vectors are made of: signed by keys that exist for them only.
VECTORS = ("sdk/vectors/", "sdk/python/tests/")


def committed() -> str:
    """Every line that was ever added; without a history (an unpacked archive) every line."""
    history = subprocess.run(
        ["git", "log", "-p", "-U0", "--format=", "--", ".", *(f":!{path}" for path in (*VECTORS, "*.po", "*.csv"))],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if history.returncode == 0 and history.stdout:
        return history.stdout.decode(errors="replace")
    files = [path for folder in ("src", "docs", "tools", "tests") for path in (ROOT / folder).rglob("*.*") if path.is_file()]
    return "\n".join(path.read_text(errors="replace") for path in files)


def test_s71_no_secret_was_ever_committed() -> None:
    assert [found[0][:60] for found in SECRETS.finditer(committed())] == []


@pytest.mark.parametrize(
    "planted",
    ["AK" + "IAIOSFODNN7EXAMPLE", "-----BEGIN PRIV" + "ATE KEY-----\n" + "MC4CAQAwBQYDK2VwBCIEIA" * 2, "gh" + "p_" + "a1B2" * 9],
)
def test_s71_a_planted_secret_is_seen(planted: str) -> None:
    assert SECRETS.search(f"+KEY = '{planted}'")


# A copyleft that asks nothing of a program which only imports the package.
MAY_BE_USED = re.compile(r"MIT|BSD|Apache|PSF|Python Software|ISC|MPL|Mozilla|LGPL|Lesser|Unlicense|Zlib|HPND|CNRI", re.IGNORECASE)
UNTOLD = {"imapclient": "BSD-3-Clause", "pysqlite3": "Zlib"}  # whose metadata says nothing; read in their sources
NAMES = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def locked(name: str) -> list[str]:
    """One entry for each package, with its hashes."""
    return re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text().strip())


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_s72_every_package_is_pinned_with_its_hashes(name: str) -> None:
    entries = locked(name)
    assert len(entries) > 20
    assert [entry.splitlines()[0] for entry in entries if not NAMES.match(entry) or "--hash=sha256:" not in entry] == []


def licence_of(package: str) -> str:
    told = metadata.metadata(package)
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return UNTOLD.get(package.lower()) or " ".join(
        [told.get("License-Expression") or "", *classifiers, (told.get("License") or "")[:200]]
    )


def test_s72_what_is_shipped_may_be_shipped() -> None:
    installed = {found.metadata["Name"].lower().replace("_", "-") for found in metadata.distributions()}
    packages = [
        match[1] for entry in locked("runtime") if (match := NAMES.match(entry)) and match[1].lower().replace("_", "-") in installed
    ]
    assert len(packages) > 20
    assert {name: licence_of(name) for name in packages if not MAY_BE_USED.search(licence_of(name))} == {}
