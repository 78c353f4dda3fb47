"""Every address of the product, tried by everybody: what the sweep of tests/house/test_sweep.py does, and how its table is written.

`ACCESS_MATRIX=write pytest tests/house/test_sweep.py` writes the table anew; then read the difference row by row.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from podpora.catalog.models import PriceList
from tests.make.world import IDENTITIES, Things, World, browser

TABLE = Path(__file__).parent.parent / "house" / "access_matrix.csv"
COLUMNS = ("address", "method", "of", *IDENTITIES, "system")
MISSING = {"licence": "L-22222222", "token": "A" * 27, "major": "77", "number": "77"}
# Which parameter means what: by the beginning of the address, the longest that fits.
MEANINGS: dict[str, dict[str, str]] = {
    "shop/orders/<str:token>/<str:number>.pdf": {"token": "token", "number": "invoice"},
    "shop/orders/<str:token>/pay/": {"token": "unpaid"},
    "shop/orders/<str:token>/confirm/": {"token": "unpaid"},
    "shop/orders/<str:token>/cancel/": {"token": "unpaid"},
    "shop/orders/": {"token": "token"},
    "shop/": {"licence": "licence"},
    "account/orders/": {"code": "order"},
    "account/invoices/": {"number": "invoice"},
    "account/data/": {"code": "export"},
    "api/v1/account/exports/": {"code": "export"},
    "account/merge/": {"token": "merge"},
    "account/tokens/": {"code": "api_token"},
    "licences/people/": {"code": "company", "person": "person", "invitation": "invitation"},
    "licences/teams/": {"code": "team"},
    "licences/calendar/": {"secret": "calendar"},
    "licences/transfers/": {"token": "transfer_token"},
    "licences/resold/": {"code": "resold"},
    "api/v1/resales/": {"code": "resold"},
    "api/v1/transfers/": {"code": "transfer"},
    "api/v1/tokens/": {"code": "api_token"},
    "licences/": {"code": "licence", "device": "device", "work": "work"},
    "licences/settings/": {"company": "company", "product": "product", "device": "device"},
    "licences/settings/<str:company>/<slug:product>/groups/": {"code": "settings_group"},
    "licences/settings/<str:company>/<slug:product>/rollouts/": {"code": "settings_rollout"},
    "licences/settings/<str:company>/<slug:product>/proposals/": {"code": "settings_proposal"},
    "office/tokens/": {"code": "api_token"},
    "office/licences/": {"code": "licence", "device": "device"},
    "centre/": {"code": "ticket", "file": "file", "message": "letter"},
    "desk/": {"code": "ticket", "file": "file", "message": "letter"},
    "desk/many/": {},
    "office/orders/": {"code": "order"},
    "office/customers/": {"code": "customer", "person": "person"},
    "office/jobs/": {"code": "job"},
    "office/mail/": {"code": "mail"},
    "api/v1/outgoing-mails/": {"code": "mail"},
    "demo/mail/": {"code": "mail"},
    "demo/pay/": {"reference": "payment"},
    "account/invitations/": {"token": "invitation_token"},
    "api/v1/customers/": {"code": "customer", "team": "team", "person": "person", "invitation": "invitation"},
    "api/v1/licences/": {"code": "licence", "device": "device", "work": "work", "team": "team"},
    "api/v1/orders/": {"code": "order"},
    "api/v1/tickets/": {"code": "ticket", "file": "file"},
    "api/v1/settings/groups/": {"code": "settings_group"},
    "api/v1/settings/devices/": {"code": "device"},
}
# Objects that are nobody's: the vendor's catalogue and what has no rows here.
FIXED = {
    "what": "cancel", "major": "9", "tier": "pro", "channel": "centre", "currency": "CZK",
    "view": "V-22222222", "work": "BW-22222222", "mail": "ML-SWEEP222", "note": "N-22222222", "answer": "Q-22222222",
    "language": "cs", "kind": "ticket", "tied": "T-9999",
    "slug": "nothing", "claim": "nothing", "pk": "1", "number": "1", "rest": "nothing", "version": "9.0.0", "on": "2026-12-31",
    "absence": "AB-SWEEP22",
    "token": "nothing", "layer": "company", "name": "company", "form": "json",
    "category": "sweep", "tag": "sweep", "handle": "sweep", "post": "1", "part": "0", "queue": "unanswered",
    "other": "T-9999", "answer_code": "Q-22222222", "entry": "W-22222222", "person": "P-22222222",
    "message": f"msg_SWEEP{'2' * 21}", "delivery": f"msg_SWEEP{'2' * 21}",
}  # fmt: skip
SETTINGS_DEEDS = {"groups": "up", "rollouts": "pause", "proposals": "decline"}
# The vendor's own things, by where their address begins.
VENDORS = {
    "office/offers/": "pro-private-1",
    "office/queues/": "vip",
    "office/forum/": "sweep",
    "office/service/agreements/": "sweep",
    "office/service/calendars/": "sweep",
    "api/v1/agreements/": "sweep",
    "api/v1/skills/": "sweep",
    "api/v1/queues/": "vip",
    "api/v1/technicians/": "U-SWEEP222",
    "office/technicians/skills/": "sweep",
    "office/technicians/": "U-SWEEP222",
    "api/v1/desk/views/": "V-22222222",
    "api/v1/desk/ticket-works/": "BW-22222222",
    "api/v1/absences/": "AB-SWEEP22",
    "api/v1/settings/rollouts/": "RO-SWEEP222",
    "api/v1/settings/proposals/": "PP-SWEEP222",
    "api/v1/calendars/": "sweep",
    "api/v1/fields/": "nothing",
    "api/v1/own-states/": "nothing",
    "api/v1/canned-replies/": "nothing",
    "api/v1/macros/": "nothing",
    "api/v1/triggers/": "nothing",
    "api/v1/time-rules/": "nothing",
    "office/automation/": "nothing",
    "office/mailboxes/": "MB-SWEEP222",
    "office/mail-providers/": "MH-SWEEP222",
    "hooks/mail/": "MH-SWEEP222",
    "api/v1/mail-providers/": "MH-SWEEP222",
    "api/v1/mailboxes/": "MB-SWEEP222",
    "api/v1/mails/": "ML-SWEEP222",
    "office/articles/": "KB-SWEEP2",
    "office/problems/": "P-4242",
    "problems/": "P-4242",
    "api/v1/problems/": "P-4242",
    "faq/pictures/": "F-SWEEP222",
    "forum/posts/": "FP-SWEEP22",
    "forum/files/": "F-SWEEP223",
    "api/v1/posts/": "FP-SWEEP22",
    "api/v1/topics/": "1",
    "api/v1/forum/categories/": "sweep",
    "api/v1/reviews/": "FR-SWEEP22",
    "office/webhooks/": "W-SWEEP222",
    "api/v1/webhooks/": "W-SWEEP222",
}
WHOLE = {
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "account/password/reset/key/1-set-password/",
    "api/v1/^.*$": "api/v1/nothing",
    "api/^.*$": "api/nothing",
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
WRITES = re.compile(r"^\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
# A closed gate is counted, once a person and day (desk.Refusal).
OWN_ROWS = {
    "django_session",
    "usersessions_usersession",
    "django_cache",
    "desk_refusal",
    "search_miss",
    "api_count",  # a search by API is counted, so that nobody asks too often (FO-28)
    "forum_reading",
    "forum_member",
    "forum_subscription",
}


@dataclass(slots=True)
class Try:
    """What one request came to."""

    address: str  # the pattern
    method: str
    of: str
    identity: str
    path: str
    verdict: str
    status: int
    body: str
    headers: dict[str, str]
    writes: list[str] = field(default_factory=list)

    @property
    def row(self) -> tuple[str, str, str]:
        return (self.address, self.method, self.of)


def patterns() -> Iterator[tuple[str, Any]]:
    def walk(found: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in found:
            if isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern), pattern.callback
            else:
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))

    return walk(get_resolver().url_patterns, "")


def meaning(address: str, name: str) -> str | None:
    """The name of the object that this parameter names; None for what is nobody's."""
    fitting = [start for start, names in MEANINGS.items() if address.startswith(start) and name in names]
    return MEANINGS[max(fitting, key=len)][name] if fitting else None


def filled(address: str, things: Things | None, *, missing: bool = False) -> str | None:
    """The pattern with codes in the place of its parameters; None if this customer has no such object."""
    if address in WHOLE:
        return "/" + WHOLE[address]
    codes = things.codes if things else {}

    def code(match: re.Match[str]) -> str:
        name = match[1]
        object_name = meaning(address, name)
        if name == "what" and address.startswith("office/licences/"):
            return "free" if "/devices/" in address else "goodwill"
        if name == "what" and address.startswith("licences/settings/"):
            return next(deed for part, deed in SETTINGS_DEEDS.items() if f"/{part}/" in address)
        if name == "valid_from":
            return str(PriceList.objects.filter(currency="CZK").latest("valid_from").valid_from)
        if name == "what" and address.startswith("desk/"):
            return "edit"
        if name == "kind" and address.startswith("office/automation/"):
            return "triggers"
        if object_name is None:
            return (
                next((code for start, code in VENDORS.items() if address.startswith(start) and name == "code"), None) or FIXED[name]
            )  # a KeyError here: say in MEANINGS or FIXED what the new parameter means
        if missing:
            return not_there(codes[object_name])
        return codes[object_name]

    try:
        return "/" + PARAMETER.sub(code, address)
    except KeyError as unknown:
        if things is not None and unknown.args[0] in (
            "invitation",
            "invitation_token",
            "team",
            "settings_group",
            "settings_rollout",
            "settings_proposal",
        ):
            return None
        raise


def not_there(code: str) -> str:
    """A code of the same shape that names nothing."""
    head, dash, rest = code.rpartition("-")
    return f"{head}{dash}{'9' * len(rest) if rest.isdigit() else '2' * len(rest)}"


def owners(address: str, world: World) -> list[tuple[str, Things | None]]:
    owned = any(meaning(address, name) for name in PARAMETER.findall(address))
    return [("company", world.company), ("private", world.private)] if owned else [("", None)]


def methods_of(address: str, view: Any) -> list[str]:
    named = re.findall(r"\b(GET|POST|PUT|PATCH|DELETE)\b", str(getattr(view, "access", ""))) if address.startswith("api/") else []
    return list(dict.fromkeys(["GET", "POST", *named]))


def everything(world: World) -> Iterator[Try]:
    """All addresses x methods x owners x identities."""
    browsers = {identity: by_browser(world, identity) for identity in IDENTITIES}
    tokens = {identity: by_token(world, identity) for identity in (*IDENTITIES, "system")}
    for address, view in patterns():
        is_api = address.startswith("api/v1/") or address == "metrics"
        for of, things in owners(address, world):
            path = filled(address, things)
            if path is None:
                continue
            for method in methods_of(address, view):
                for identity in (*IDENTITIES, "system") if is_api else IDENTITIES:
                    send = tokens[identity] if is_api else browsers[identity]
                    yield tried(send, address, method, of, identity, path)


Sender = Callable[[str, str], Any]


def by_browser(world: World, identity: str) -> Sender:
    """A browser that forgets after each request what it was told, as the database does."""
    client = browser(world, identity)
    kept = {name: morsel.value for name, morsel in client.cookies.items()}

    def send(method: str, path: str) -> Any:
        client.cookies.clear()
        for name, value in kept.items():
            client.cookies[name] = value
        return client.generic(method, path, **_form(method))

    return send


def _form(method: str) -> dict[str, str]:
    return {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}


def by_token(world: World, identity: str) -> Sender:
    headers = {"Authorization": f"Bearer {world.tokens[identity]}"} if identity in world.tokens else {}
    client = Client(REMOTE_ADDR="192.0.2.7")  # not this machine: /metrics opens for it without a token
    return lambda method, path: client.generic(
        method, path, b"{}" if method != "GET" else b"", content_type="application/json", headers=headers
    )


def tried(send: Sender, address: str, method: str, of: str, identity: str, path: str) -> Try:
    """One request, and nothing of it is kept."""
    cache.clear()
    with counted_writes() as writes, transaction.atomic():
        response = send(method, path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    is_text = "text" in response.get("Content-Type", "") or "json" in response.get("Content-Type", "")
    return Try(
        address, method, of, identity, path, verdict(response), response.status_code, body.decode() if is_text else "",
        dict(response.headers), writes,
    )  # fmt: skip


@contextmanager
def counted_writes(own: Collection[str] = OWN_ROWS) -> Iterator[list[str]]:
    """The tables that were written, without the rows of the session itself."""
    found: list[str] = []

    def look(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        match = WRITES.match(str(sql))
        if match and match[2] not in own:
            found.append(match[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def verdict(response: Any) -> str:
    """The status; of a redirect whether it leads to the entrance."""
    if response.status_code in (301, 302):
        return "login" if response["Location"].startswith("/account/login/") else "go"
    return str(response.status_code)


def table(tries: list[Try]) -> dict[tuple[str, str, str], dict[str, str]]:
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for each in tries:
        rows.setdefault(each.row, {})[each.identity] = each.verdict
    return rows


def read() -> dict[tuple[str, str, str], dict[str, str]]:
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["address"], row["method"], row["of"]): {name: row[name] for name in (*IDENTITIES, "system") if row[name]}
        for row in rows
    }


def write(rows: dict[tuple[str, str, str], dict[str, str]]) -> None:
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for key in sorted(rows):
            writer.writerow([*key, *(rows[key].get(name, "") for name in (*IDENTITIES, "system"))])
