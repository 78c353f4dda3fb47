"""S00: every address x method x identity, compared with tests/house/access_matrix.csv; and what is true of every answer.

A new address without a row fails. After a wanted change: `ACCESS_MATRIX=write pytest tests/house/test_sweep.py`, then read the
difference of the table row by row.
"""

import os
import re
from typing import Any

import pytest
from django.db import transaction

from tests.make import sweep, web, world
from tests.make.sweep import Try

STRANGERS = {
    "company": ("anonymous", "stranger", "private", "moderator"),
    "private": ("anonymous", "stranger", "owner", "moderator"),
}
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
# The address itself is the permission (C46); the demo shows its mail to everybody.
CAPABILITIES = ("licences/calendar/", "licences/transfers/", "shop/orders/", "demo/", "account/invitations/")


class Swept:
    def __init__(self, made: world.World) -> None:
        self.world = made
        self.tries = list(sweep.everything(made))
        self.stranger = {True: sweep.by_token(made, "stranger"), False: sweep.by_browser(made, "stranger")}
        self.nobodys = {(t.row, t.path): self._nobodys(t) for t in self.tries if t.identity == "stranger" and t.of}

    def _nobodys(self, theirs: Try) -> Try:
        """The same request for something that does not exist."""
        path = sweep.filled(theirs.address, self.world.company if theirs.of == "company" else self.world.private, missing=True)
        assert path is not None
        send = self.stranger[theirs.address.startswith("api/")]
        return sweep.tried(send, theirs.address, theirs.method, theirs.of, "stranger", path)


@pytest.fixture(scope="module")
def swept(django_db_setup: None, django_db_blocker: Any) -> Swept:
    """Done once for all tests here, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic(), web.on() as at:
        found = Swept(world.build(at))
        transaction.set_rollback(True)
    return found


def test_s00_every_door_opens_for_whom_the_table_says(swept: Swept) -> None:
    found = sweep.table(swept.tries)
    if os.environ.get("ACCESS_MATRIX") == "write":
        sweep.write(found)
    wanted = sweep.read()
    assert sorted(found.keys() - wanted.keys()) == [], "addresses without a row"
    assert sorted(wanted.keys() - found.keys()) == [], "rows without an address"
    differ = [f"{' '.join(row)}: {name} {found[row].get(name)}, not {wanted[row].get(name)}" for row in found for name in found[row]
              if found[row][name] != wanted[row].get(name)]  # fmt: skip
    assert differ == []


def test_nothing_breaks_anywhere(swept: Swept) -> None:
    assert [(t.identity, t.method, t.path, t.status) for t in swept.tries if t.status >= 500 and t.address != "readyz"] == []


def test_s07_looking_changes_nothing(swept: Swept) -> None:
    assert sorted({(t.address, table) for t in swept.tries if t.method == "GET" for table in t.writes}) == []


def test_s15_nobody_reads_what_belongs_to_others(swept: Swept) -> None:
    leaks = {
        (t.address, t.method, t.identity, whose)
        for t in swept.tries
        for whose, secret in world.SECRETS.items()
        if t.identity in STRANGERS[whose] and secret in t.body and not t.address.startswith(CAPABILITIES)
    }
    assert sorted(leaks) == []


def test_s15_not_yours_reads_like_not_there(swept: Swept) -> None:
    """The same status and the same body, for every address with somebody's object in it."""
    differ = []
    for theirs in swept.tries:
        nobodys = swept.nobodys.get((theirs.row, theirs.path)) if theirs.identity == "stranger" else None
        if nobodys is None or theirs.address.startswith(CAPABILITIES):
            continue
        if (theirs.verdict, _plain(theirs)) != (nobodys.verdict, _plain(nobodys)):
            differ.append((theirs.method, theirs.path, theirs.verdict, nobodys.verdict))
    assert differ == []


def _plain(one: Try) -> str:
    """Without what differs from page to page."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", one.body).replace(one.path, "")
    return re.sub(r'"nonce-[^"]+"', "", body)


def test_s67_every_answer_carries_the_headers(swept: Swept) -> None:
    wanted = {
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Referrer-Policy",
        "X-Frame-Options",
        "Cross-Origin-Opener-Policy",
    }
    lacking = {(t.address, t.status, name) for t in swept.tries for name in wanted - t.headers.keys()}
    assert sorted(lacking) == []


def test_s67_no_policy_allows_scripts_in_the_page(swept: Swept) -> None:
    def scripts(policy: str) -> str:
        parts = dict(part.strip().split(" ", 1) if " " in part.strip() else (part.strip(), "") for part in policy.split(";"))
        return parts.get("script-src", parts.get("default-src", "*"))

    policies = {(t.address, scripts(t.headers.get("Content-Security-Policy", ""))) for t in swept.tries}
    assert sorted((address, found) for address, found in policies if found not in ("'self'", "'none'")) == []


def test_s55_personal_pages_are_kept_by_no_cache(swept: Swept) -> None:
    """What a signed-in person or a program with a token gets varies by cookie, or is not kept at all."""
    kept = {
        t.address
        for t in swept.tries
        if t.identity not in ("anonymous",) and t.status == 200
        and "Cookie" not in t.headers.get("Vary", "") and not re.search("no-store|private", t.headers.get("Cache-Control", ""))
    }  # fmt: skip
    assert sorted(kept) == []
