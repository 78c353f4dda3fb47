"""S24, B10: what people write is never a formula in any file for a spreadsheet, and every row stays one row (RFC 4180)."""

import csv
import io
from typing import Any

import pytest

from podpora.base.spreadsheets import STARTS_FORMULA, lines, safe
from podpora.licensing.models import Device, Licence
from podpora.people.models import Customer, Person, Team
from tests.make import desk, people, sweep, web, world
from tests.make.firms import firm
from tests.make.fleet import schema

pytestmark = pytest.mark.django_db
FORMULAS = (
    '=HYPERLINK("https://evil.example";"x")', "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-2+3", "\t=1", "\r=1", "  =1", "\u00a0=1", "\uff1d1+1",
    "\u200b=1", "\ufeff=1", "%0A=1", "|calc", '";=1;"', 'a","=1', "=1\r\n=2",
)  # fmt: skip
EXPORTS = {"licences/devices.csv", "licences/licences.csv", "licences/activity.csv"}


def rows_of(answer: Any) -> list[list[str]]:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def is_formula(cell: str) -> bool:
    """As a spreadsheet reads it: without the signs that it does not show, and full-width signs as their narrow forms."""
    bare = cell.lstrip(" \u00a0\u200b\ufeff\u2060").replace("\uff1d", "=").replace("\uff0b", "+").replace("\uff20", "@")
    return bare.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|")) and not bare.lstrip("+-").replace(".", "").isdigit()


def addresses() -> list[str]:
    return [address for address, _view in sweep.patterns() if address.endswith(".csv")]


@pytest.mark.parametrize("formula", FORMULAS)
def test_s24_b10_no_cell_of_any_export_is_a_formula(formula: str) -> None:
    alfa = firm(devices=1)
    alfa.licence.refresh_from_db()
    Licence.objects.filter(pk=alfa.licence.pk).update(name=formula[:60])
    Device.objects.update(name=formula, platform=formula[:30], app_version=formula[:20])
    Person.objects.filter(pk=alfa.owner.pk).update(name=formula)
    Customer.objects.filter(pk=alfa.customer.pk).update(name=formula)
    Team.objects.update(name=formula[:60])
    client, boss = web.client(alfa.owner), web.client(people.manager())
    desk.ticket(alfa.owner, alfa.customer, subject=formula.strip() or "x")
    schema()  # with it, the company has central settings
    codes = {"code": alfa.licence.code, "company": alfa.customer.code, "product": alfa.licence.product.code}
    found = 0
    for address in addresses():
        path = "/" + sweep.PARAMETER.sub(lambda match: codes[match[1]], address)
        answer = (boss if path.startswith("/desk/") else client).get(
            path, {"company": alfa.customer.code} if "activity" in path or path.endswith("licences.csv") else {}
        )
        assert answer.status_code == 200, path
        assert answer["Content-Type"].startswith("text/csv")
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        rows = rows_of(answer)
        assert len({len(row) for row in rows}) == 1, (path, rows)
        assert [cell for row in rows[1:] for cell in row if is_formula(cell)] == [], path
        assert len(rows) > 1 or "/settings/" not in path, path
        found += len(rows) > 1 and "1" in str(rows)
    assert found >= 4, "the exports that there are: licences, devices, activity, devices with their settings"


def test_s24_every_answer_that_is_a_table_comes_from_the_one_writer() -> None:
    """A new export without the apostrophe would be seen here: every text/csv of every page, for everybody."""
    with web.on() as at:
        made = world.build(at)
        client = world.browser(made, "manager")
        owner = world.browser(made, "owner")
        tables = set()
        for address, _view in sweep.patterns():
            if address.startswith("api/") or "/files/" in address:
                continue
            for _of, things in sweep.owners(address, made):
                path = sweep.filled(address, things)
                for who in (client, owner) if path else ():
                    answer = who.get(path)
                    if "csv" in answer.get("Content-Type", ""):
                        tables.add(address)
                        assert rows_of(answer)[0][0]
        assert tables == set(addresses())


@pytest.mark.parametrize("formula", FORMULAS)
def test_s24_the_writer_puts_an_apostrophe_in_front(formula: str) -> None:
    text = "".join(lines(["a", "b"], [[formula, 5], [-5, formula]]))
    assert [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row if is_formula(cell)] in ([], ["-5"])
    assert safe("a=1") == "a=1"
    assert safe(-5) == "-5"  # a number of ours stays a number
    assert all(safe(sign).startswith("'") for sign in STARTS_FORMULA)
