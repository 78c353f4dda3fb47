"""Every form of every page: wrong input is told and nothing breaks; sent twice, there is no second effect.

The forms are harvested from the pages, so that a new one is tried without anybody thinking of it. PODPORA_TEST_THOROUGH tries all
fields with all mutations; otherwise each field with one of them, the same at every run.
"""

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.apps import apps
from django.db import transaction

from tests.make import forms, web, world
from tests.make.patience import THOROUGH

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MUTATIONS: dict[str, list[str]] = {
    "missing": [],
    "empty": [""],
    "wrong type": ["<x>'\"{{7*7}}"],
    "negative": ["-5"],
    "too long": ["ž" * 10_000],
    "foreign": ["C-22222222"],
    "huge": ["9" * 40],
    "nul": ["a\x00b"],
    "surrogate": ["a\ud800b"],
    "twice": ["1", "2"],
    "not a number": ["NaN"],
    "lines": ["a\r\nBcc: b@x.example"],
}
# Tables that tell of the visit and not of the deed.
LOOKS = ("/key/",)  # each look at a key is noted
ON_PURPOSE = ("/ping/", "/replay/")  # "send it once more", as often as it is asked for, and the page says so
VISITS = {"django_session", "usersessions_usersession", "django_cache", "jobs_job", "jobs_worker"}


def counts() -> dict[str, int]:
    found = {model._meta.db_table: model._base_manager.count() for model in apps.get_models() if model._meta.managed}
    return {table: number for table, number in found.items() if table not in VISITS}


def tried(form: forms.Form, name: str, kind: str) -> bool:
    """Ordinarily each field of each form gets one kind of wrong input, the same in every run; otherwise all of them."""
    return THOROUGH or list(MUTATIONS).index(kind) == crc32(f"{form.key}{name}".encode()) % len(MUTATIONS)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[world.World, list[forms.Form]]]:
    """One world and its forms for all tests here; what each does in it is rolled back to the savepoint that it begins with."""
    with django_db_blocker.unblock(), web.on() as at, transaction.atomic():
        there = world.build(at)
        found = forms.all_forms(there)
        assert len(found) > 40
        yield there, found
        transaction.set_rollback(True)


def test_s66_wrong_input_in_any_field_of_any_form(made: tuple[world.World, list[forms.Form]]) -> None:
    there, found = made
    wrong = []
    before = counts()
    for form in found:
        client = world.browser(there, form.identity)
        client.raise_request_exception = False
        for name in form.kinds:
            for kind, values in MUTATIONS.items():
                if name in forms.ONLY_ONCE or not tried(form, name, kind):
                    continue
                if kind == "surrogate" and form.multipart:
                    continue
                data = form.sent(form.buttons[0] if form.buttons else None) | {name: values}
                with transaction.atomic():
                    response = forms.posted(client, form, data)
                    refused = response.status_code in (400, 404, 409, 413, 422)
                    half = refused and counts() != before
                    transaction.set_rollback(True)
                if response.status_code >= 500 or half:
                    wrong.append((form.action, form.identity, name, kind, response.status_code, "half-done" if half else ""))
                elif response.status_code in (200, 422) and kind in ("nul", "surrogate", "too long", "wrong type"):
                    text = response.content.decode()
                    if response.status_code == 422 and not any(
                        mark in text for mark in ('role="alert"', "has-error", "field-error")
                    ):
                        wrong.append((form.action, form.identity, name, kind, response.status_code, "says nothing"))
    assert not wrong, "\n".join(map(str, wrong))


def test_s21_a_form_sent_twice_has_no_second_effect(made: tuple[world.World, list[forms.Form]]) -> None:
    there, found = made
    again = []
    for form in found:
        for button in form.buttons or [("", "")]:
            client = world.browser(there, form.identity)
            with transaction.atomic():
                first = forms.posted(client, form, form.sent(button))
                once = counts()
                second = forms.posted(client, form, form.sent(button))
                grown = {table: n - once[table] for table, n in counts().items() if n != once[table]}
                transaction.set_rollback(True)
            if form.action.endswith(LOOKS + ON_PURPOSE):
                continue
            if grown and first.status_code < 400 and second.status_code < 400:
                again.append((form.action, form.identity, button, second.status_code, grown))
    assert not again, "\n".join(map(str, again))


# What nobody may raise by adding it to a form, and where it would be seen (S09).
WISHES = {
    "is_staff": "1", "is_superuser": "1", "is_active": "0", "role": "owner", "staff_role": "manager", "org": "C-22222222", "email_verified": "1",
    "customer": "C-22222222", "customer_id": "1", "owner": "1", "seats": "999", "seats_used": "0", "price": "0.01", "total": "0", "net": "0",
    "state": "paid", "kind": "lifetime", "password": "podpora-demo-2", "code": "X-1", "id": "1", "pk": "1", "requester": "1", "priority": "urgent",
}  # fmt: skip
GUARDED = {
    "people.person": ("staff_role", "is_active", "email", "password"),
    "people.membership": ("customer_id", "person_id", "role"),
    "people.apitoken": ("scopes", "person_id"),
    "licensing.licence": ("customer_id", "seats", "seats_used", "kind", "state", "edition_id"),
    "licensing.seatshare": ("licence_id", "team_id", "seats"),
    "orders.order": ("customer_id", "currency", "net", "vat", "total", "state"),
    "orders.orderline": ("kind", "quantity", "unit_price", "total"),
    "orders.moneyevent": ("kind", "amount"),
    "entitlements.ledgerentry": ("kind", "customer_id"),
    "desk.ticket": ("customer_id", "requester_id", "state", "priority", "is_private"),
    "account.emailaddress": ("email", "verified", "primary"),
}


def guarded() -> dict[str, list[str]]:
    """Rights and money of everybody, without what differs by chance."""
    return {name: sorted(map(repr, apps.get_model(name)._base_manager.values_list(*fields))) for name, fields in GUARDED.items()}


def after(client: Any, form: forms.Form, data: dict[str, list[str]]) -> tuple[int, dict[str, list[str]]]:
    with transaction.atomic():
        status = forms.posted(client, form, data).status_code
        found = guarded()
        transaction.set_rollback(True)
    return status, found


def test_s09_what_is_added_to_a_form_raises_nothing(made: tuple[world.World, list[forms.Form]]) -> None:
    there, found = made
    raised = []
    for form in found:
        client = world.browser(there, form.identity)
        for button in (form.buttons or [("", "")])[: None if THOROUGH else 1]:
            honest = form.sent(button)
            added = {name: [value] for name, value in WISHES.items() if name not in {*form.kinds, *honest}}
            (plain, rows), (wished, more) = after(client, form, honest), after(client, form, honest | added)
            changed = {name: sorted(set(more[name]) ^ set(rows[name]))[:4] for name in rows if more[name] != rows[name]}
            if wished >= 500 or (changed and not differs_by_chance(changed)) or (plain < 400) != (wished < 400):
                raised.append((form.action, form.identity, button, plain, wished, changed))
    assert not raised, "\n".join(map(str, raised))


def differs_by_chance(changed: dict[str, list[str]]) -> bool:
    """The salt of a password that the form itself sets."""
    return all((name == "people.person" and "pbkdf2" in str(rows)) or "md5$" in str(rows) for name, rows in changed.items())


EDITED_BY_SEVERAL = (
    "/office/seller/", "/office/offers/pro-private-1/", "/office/plans/policy/", "/office/plans/pro/centre/", "/office/queues/vip/",
    "/office/versions/9/", "/licences/people/{company}/details/",
)  # fmt: skip


def test_s21_a_stale_page_is_told_and_not_silently_obeyed(made: tuple[world.World, list[forms.Form]]) -> None:
    there, found = made
    for address in EDITED_BY_SEVERAL:
        action = address.format(**there.company.codes)
        form = next((form for form in found if form.action == action and "seen" in form.kinds), None)
        assert form is not None, f"{action}: no such form, or it does not say what it was made from"
        client = world.browser(there, form.identity)
        texts = [name for name, kind in form.kinds.items() if kind == "text" and not name.endswith("_on")]
        name = texts[0] if texts else next(name for name, kind in form.kinds.items() if kind == "number")
        values = ("First", "Second") if texts else ("5", "6")
        stands = {each: list(value) for each, value in form.values.items() if each not in forms.ONLY_ONCE}
        first, second = (stands | {name: [value]} for value in values)
        assert forms.posted(client, form, first).status_code == 302, action
        told = forms.posted(client, form, second)
        page = told.content.decode()
        assert (told.status_code, "Somebody else saved this" in page) in ((200, True), (422, True)), action
        assert f'value="{values[1]}"' in page, f"{action}: his words are lost"
        assert values[1] not in client.get(form.page).content.decode().split("<main")[1].split('name="seen"')[0] or not texts
        seen = forms.seen_in(page)
        assert forms.posted(client, form, second | {"seen": [seen]}).status_code == 302, action
