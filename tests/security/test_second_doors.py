"""S16: side doors to the same data: exports, search, filters, feeds, logs, deliveries. Whoever may not read a thing finds no trace there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from podpora.people.models import Membership
from tests.make import sweep, web, world
from tests.make.api import Api

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STRANGERS = {"company": ("private", "stranger"), "private": ("owner", "admin", "viewer", "billing", "stranger")}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.World]:
    with django_db_blocker.unblock(), web.on() as at, transaction.atomic():
        yield world.build(at)
        transaction.set_rollback(True)


def text_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def theirs(things: world.Things) -> list[str]:
    """Everything by which one could look for this customer's things."""
    hint = things.licence.key_hint
    named = ("customer", "licence", "device", "order", "ticket", "invoice", "person", "transfer")
    return [
        things.customer.name,
        str(things.customer.memberships.first().person.email),
        hint,
        *(things.codes[name] for name in named),
    ]


def doors(things: world.Things) -> list[str]:
    licence, customer = things.codes["licence"], things.codes["customer"]
    return [
        f"/licences/{licence}/devices.csv", f"/licences/{licence}/devices.csv?q=PC&state=active", "/licences/licences.csv?q={}",
        f"/licences/licences.csv?company={customer}", f"/licences/activity.csv?company={customer}", f"/licences/activity/?company={customer}",
        f"/licences/calendar/?company={customer}", f"/licences/teams/?company={customer}", f"/licences/?company={customer}&q={{}}",
        "/licences/?q={}", "/centre/?q={}", "/desk/?q={}", "/office/customers/?q={}", "/office/licences/?q={}", "/office/audit/?q={}",
        "/office/orders/?q={}", f"/shop/many/?licence={licence}", "/office/webhooks/W-SWEEP222/",
        f"/licences/settings/{customer}/{things.codes['product']}/devices.csv", "/faq/feed.xml", "/sitemap.xml", "/forum/feed.atom",
    ]  # fmt: skip


@pytest.mark.parametrize("whose", ["company", "private"])
def test_s16_no_page_export_or_search_tells_of_what_is_not_yours(made: world.World, whose: str) -> None:
    things = made.company if whose == "company" else made.private
    secrets = {world.SECRETS[whose], things.codes["device"], things.codes["order"], things.codes["ticket"], things.licence.key_hint}
    leaks = []
    for identity in (*STRANGERS[whose], "anonymous"):
        client = world.browser(made, identity)
        for door in doors(things):
            for words in theirs(things) if "{}" in door else ("",):
                path = door.replace("{}", words)
                answer = client.get(path)
                text = text_of(answer)
                found = {secret for secret in secrets if secret in text and secret not in words}  # what was asked for is said again
                if answer.status_code >= 500 or found:
                    leaks.append((identity, path, answer.status_code, found))
    assert leaks == []


@pytest.mark.parametrize("whose", ["company", "private"])
def test_s16_the_search_of_licences_finds_only_what_the_token_may_see(made: world.World, whose: str) -> None:
    things = made.company if whose == "company" else made.private
    for identity in STRANGERS[whose]:
        api = Api(made.tokens[identity])
        for words in (*theirs(things), "", "%", "_", "L-", "*", "' OR 1=1 --"):
            answer = api.client.get("/api/v1/licences", {"q": words}, headers=api.headers)
            assert answer.status_code == 200, words
            assert things.licence.code not in answer.content.decode(), (identity, words)
    api = Api(made.tokens["system"])
    for words in (things.licence.code, things.codes["device"], things.codes["order"]):
        assert things.licence.code in api.get(f"licences?q={words}").content.decode(), words  # it does find


@pytest.mark.parametrize("query", [
    "ordering=password", "order_by=person__password", "sort=customer__person__password", "password__startswith=a", "person__email=x",
    "customer__isnull=1", "fields=key_sealed", "include=customer", "expand=all", "sort=-key_hash", "page_size=100000", "q__regex=.*",
])  # fmt: skip
def test_s16_s59_private_fields_neither_sort_nor_filter(made: world.World, query: str) -> None:
    owner, api = world.browser(made, "owner"), Api(made.tokens["owner"])
    licence = made.company.codes["licence"]
    for path in ("/licences/", f"/licences/{licence}/devices/", "/licences/activity/", "/centre/", "/licences/licences.csv"):
        plain, asked = owner.get(path), owner.get(f"{path}?{query}")
        assert asked.status_code in (200, 302, 400), path
        if path.endswith(".csv"):
            assert text_of(asked) == text_of(plain)
    for path in ("licences", "tickets", f"licences/{licence}/devices", "customers"):
        answer = api.get(f"{path}?{query}")
        assert answer.status_code in (200, 400, 403, 422), path
        assert not any(
            word in answer.content.decode() for word in ("pbkdf2", "md5$", 'key_sealed":', 'key_hash":', world.SECRETS["private"])
        )


def test_s16_no_export_log_or_delivery_holds_a_secret(made: world.World) -> None:
    from podpora.licensing.queries import key_of

    key = key_of(made.company.licence)
    licence, customer = made.company.codes["licence"], made.company.codes["customer"]
    for identity in ("viewer", "billing", "admin", "owner", "technician", "manager"):
        client = world.browser(made, identity)
        for path in (f"/licences/{licence}/devices.csv", "/licences/licences.csv", f"/licences/activity.csv?company={customer}",
                     f"/licences/activity/?company={customer}", "/office/audit/", "/office/webhooks/W-SWEEP222/", "/office/webhooks/"):  # fmt: skip
            text = text_of(client.get(path))
            found = [
                part
                for part in (key, key[-12:], "whsec_AAAA", made.company.codes["calendar"], *made.tokens.values())
                if part in text
            ]
            assert found == [], (identity, path)
    api = Api(made.tokens["system"])
    for path in ("webhooks", "webhooks/W-SWEEP222", "webhooks/W-SWEEP222/deliveries", f"customers/{customer}/activity"):
        assert "whsec_AAAA" not in api.get(path).content.decode()


def test_s16_who_left_sees_nothing_from_the_same_moment(made: world.World) -> None:
    """Also through the calendar's address and a token that he made before."""
    client, api = world.browser(made, "viewer"), Api(made.tokens["viewer"])
    licence, customer = made.company.codes["licence"], made.company.codes["customer"]
    assert licence in api.get("licences").content.decode()
    with transaction.atomic():
        Membership.objects.filter(customer=made.company.customer, person=made.people["viewer"]).delete()
        for path in (f"/licences/{licence}/devices.csv", f"/licences/{licence}/", f"/licences/activity.csv?company={customer}"):
            assert client.get(path).status_code == 404, path
        for path in ("/licences/licences.csv", "/licences/calendar/", "/centre/"):
            assert world.SECRETS["company"] not in text_of(client.get(path))
        for path in ("licences", f"licences?q={licence}", "tickets", "expiries"):
            assert world.SECRETS["company"] not in api.get(path).content.decode()
            assert licence not in api.get(path).content.decode()
        transaction.set_rollback(True)


def test_s16_every_address_was_thought_of() -> None:
    """The addresses that list, search or export: a new one belongs into `doors`."""
    exports = [a for a, _view in sweep.patterns() if a.endswith((".csv", ".ics", ".xml", ".rss", ".atom"))]
    assert sorted(exports) == sorted([
        "desk/reports.csv", "desk/tickets.csv",  # by the predicates of their pages (VI-3)
        "licences/<licence:code>/devices.csv", "licences/activity.csv", "licences/licences.csv", "licences/calendar/<str:secret>.ics",
        "licences/settings/<str:company>/<slug:product>/devices.csv",
        "faq/feed.xml",  # what is published for everybody
        "forum/feed.atom", "forum/c/<slug:category>/feed.atom", "forum/topics/<int:number>/feed.atom",  # tests/forum/test_leaks.py
        *(a for a in exports if a.startswith("versions") or "sitemap" in a),
    ])  # fmt: skip
