"""`podpora import` and `podpora export` as commands: dry runs, reports, a kill in the middle, and files that are none of ours."""

import csv
import json
import shutil
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from tests.make.patience import so_many
from tests.server import PODPORA, environment, podpora

pytestmark = [pytest.mark.slow, pytest.mark.once]
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "import"
IN_ORDER = ("customers", "licences", "orders", "tickets", "categories", "members", "topics", "posts")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vendor") / "var"
    assert podpora(folder, "demo", "--no-serve").returncode == 0
    return folder


@pytest.fixture
def vendor(demo: Path, tmp_path: Path) -> Path:
    """A vendor with a catalogue, of its own for each test."""
    return Path(shutil.copytree(demo, tmp_path / "vendor"))


def counts(folder: Path, tmp_path: Path) -> dict[str, int]:
    target = tmp_path / f"counts-{time.monotonic_ns()}.zip"
    result = podpora(folder, "export", str(target))
    assert result.returncode == 0, result.stderr
    with zipfile.ZipFile(target) as archive:
        return {noun: part["rows"] for noun, part in json.loads(archive.read("manifest.json"))["parts"].items()}


def test_the_examples_of_the_documentation_come_in(vendor: Path, tmp_path: Path) -> None:
    """A dry run writes nothing, the second time everything is known, and each row is in the report."""
    before = counts(vendor, tmp_path)
    for noun in IN_ORDER:
        file = EXAMPLES / f"{noun}.csv"
        report = tmp_path / f"{noun}.report.csv"
        if noun in ("customers", "topics"):
            tried = podpora(vendor, "import", str(file), "--dry-run")
            assert tried.returncode == 0, tried.stdout + tried.stderr
            assert "would be made, 0 known, 0 refused" in tried.stdout
            assert not report.exists()
        first = podpora(vendor, "import", str(file), "--report", str(report))
        assert first.returncode == 0, first.stderr
        assert "0 known, 0 refused" in first.stdout
        assert "0 made" in podpora(vendor, "import", str(file), "--report", str(report)).stdout
        rows = list(csv.DictReader(report.read_text().splitlines()))
        assert [row["result"] for row in rows] == ["made"] * (len(rows) // 2) + ["known"] * (len(rows) // 2)
    after = counts(vendor, tmp_path)
    assert {noun: after[noun] - before[noun] for noun in IN_ORDER} == {
        "customers": 3 + 2,
        "licences": 4,
        "orders": 3,
        "tickets": 2,
        "categories": 2,
        "members": 2,
        "topics": 2,
        "posts": 3,
    }


def test_bad_rows_are_named_and_the_others_are_in(vendor: Path, tmp_path: Path) -> None:
    """F23: the row, the field, and what would be right; mended and imported again, only they are new."""
    file = tmp_path / "customers.csv"
    file.write_text(
        "\ufeffexternal_id;email;name\n1;a@b.example;Anna\n2;nobody;Bořek\n;c@d.example;Cyril\n4;e@f.example;Emil;more\n", "utf-8"
    )
    result = podpora(vendor, "import", str(file))
    assert result.returncode == 1
    assert result.stderr.strip() == (
        "podpora: 1 made, 0 known, 3 refused; mend the refused rows and import the file again: what is in stays as it is."
    )
    assert "customers 3 (2): email: This is not an e-mail address; one looks like name@example.com." in result.stdout
    told = {
        (row["row"], row["field"])
        for row in csv.DictReader((tmp_path / "customers.csv.report.csv").read_text().splitlines())
        if row["result"] == "refused"
    }
    assert told == {("3", "email"), ("4", "external_id"), ("5", "column 4")}
    file.write_text("external_id,email,name\n1,a@b.example,Anna\n2,g@h.example,Bořek\n", "utf-8")
    assert "1 made, 1 known, 0 refused" in podpora(vendor, "import", str(file)).stdout


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("customers.csv", b"", "is empty"),
    ("customers.csv", b"external_id,shoe\n1,2\n", "there is no field 'shoe'"),
    ("customers.csv", b"email\na@b.example\n", "external_id is missing"),
    ("customers.csv", b"external_id,email,email\n", "stands there twice"),
    ("customers.csv", "external_id,email,name\n1,a@b.example,Bořek\n".encode("cp1250"), "not UTF-8"),
    ("people.csv", b"external_id\n1\n", "Name the file customers.csv"),
    ("missing.csv", None, "does not exist"),
    ("backup.zip", "zip", "is not an export"),
][-so_many(4, 8):])  # fmt: skip
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(
    demo: Path, tmp_path: Path, name: str, content: object, sentence: str
) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("manifest.json", json.dumps({"format": 1}))
    result = podpora(demo, "import", str(file), "--dry-run")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1), result.stderr
    assert sentence in result.stderr


def test_killed_in_the_middle_it_goes_on_where_it_was(vendor: Path, tmp_path: Path) -> None:
    """Whole rows are in, nothing is in twice."""
    file = tmp_path / "licences.csv"
    rows = [f"K{n},p{n}@example.com,P {n},pro-private-1,2024-03-10" for n in range(160)]
    file.write_text("\n".join(["external_id,email,name,offer,bought_at", *rows]) + "\n")
    before = counts(vendor, tmp_path)
    report = tmp_path / "licences.csv.report.csv"
    for _kill in range(2):
        already = len(report.read_text().splitlines()) if report.exists() else 0
        process = subprocess.Popen(
            [PODPORA, "import", str(file)], env=environment(vendor), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and (not report.exists() or len(report.read_text().splitlines()) < already + 40):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = podpora(vendor, "import", str(file))
    assert done.returncode == 0, done.stderr
    assert " known, 0 refused" in done.stdout
    after = counts(vendor, tmp_path)
    assert (after["licences"] - before["licences"], after["customers"] - before["customers"]) == (160, 160)


def test_an_export_is_only_for_its_owner_and_says_what_is_in_it(demo: Path, tmp_path: Path) -> None:
    """S73"""
    target = tmp_path / "all.zip"
    assert podpora(demo, "export", str(target)).returncode == 0
    assert target.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        people = [json.loads(line) for line in archive.read("people.jsonl").splitlines()]
    assert (manifest["format"], manifest["version"]) == ("podpora-export", 1)
    assert all(part["rows"] for noun, part in manifest["parts"].items())
    assert not any("password" in person for person in people)


def test_an_export_of_one_customer_has_no_word_of_others(demo: Path, tmp_path: Path) -> None:
    """A18, and VI-2: without what staff wrote to each other."""
    everything, mine = tmp_path / "all.zip", tmp_path / "mine.zip"
    podpora(demo, "export", str(everything))
    with zipfile.ZipFile(everything) as archive:
        customers = {row["email"]: row["external_id"] for row in map(json.loads, archive.read("customers.jsonl").splitlines())}
    assert podpora(demo, "export", str(mine), "--customer", customers["jana@private.example"]).returncode == 0
    with zipfile.ZipFile(mine) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        tickets = [json.loads(line) for line in archive.read("tickets.jsonl").splitlines()]
    assert b"jana@private.example" in content
    assert b"petr@lapsed.example" not in content and b"company.example" not in content
    assert {message["kind"] for row in tickets for message in row["messages"]} <= {"public", "event"}
    unknown = podpora(demo, "export", str(mine), "--customer", "C-NOBODY")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1)


def test_a_whole_vendor_goes_out_and_comes_into_another(demo: Path, vendor: Path, tmp_path: Path) -> None:
    """Into the same one nothing is new but what has no name of another system yet."""
    target = tmp_path / "all.zip"
    assert podpora(demo, "export", str(target)).returncode == 0
    first = podpora(vendor, "import", str(target), "--dry-run")
    assert "Traceback" not in first.stderr
    assert first.stdout, first.stderr
