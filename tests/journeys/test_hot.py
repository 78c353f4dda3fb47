"""The refresh without a detour gives what the ordinary one gives, and nothing that was read before outlives a change (EOL-9, A-5)."""

import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, connections, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from podpora.api.v1.activations import standing_json
from podpora.base.actors import Actor, ActorKind
from podpora.base.decisions import Refused
from podpora.catalog import actions as catalog
from podpora.catalog.models import Edition, PolicyRow, Product, Release, Version
from podpora.catalog.queries import MARK
from podpora.catalog.values import Channel, Level, Policy, Tier
from podpora.entitlements import actions as entitlements
from podpora.entitlements.models import LedgerEntry
from podpora.entitlements.values import Entry, EntryKind
from podpora.journeys import activation as journey
from podpora.journeys import hot
from podpora.licensing import actions, queries
from podpora.licensing.models import Activation, ActivationToken, Device, FingerprintPart, Licence
from podpora.licensing.rules.certificate import microseconds
from podpora.licensing.values import ACTIVATION_LIMIT, Activated, Contact, DeviceFacts, LicenceState, Possession
from podpora.people.models import Customer
from tests.entitlements.test_properties import instants, ledgers
from tests.make import licensing as make
from tests.make.offline import Program, claims_in

PROGRAM = Contact("10.1.0", 10)
LATER = make.BOUGHT + timedelta(days=2)


def both(done: Activated, contact: Contact = PROGRAM, at: datetime = LATER) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What each way gives: the claims without the number that is always another, or None for a refusal or "not for here"."""
    quick = hot.refreshed(done.token, contact, at=at)
    try:
        ordinary = journey.refresh(done.activation, contact, by=make.BY, at=at)
    except Refused:
        ordinary = None
    return _told(quick and quick.certificate), _told(ordinary and ordinary.certificate)


def _told_of(standing: journey.Standing) -> str:
    return json.dumps(standing_json(standing), cls=DjangoJSONEncoder)


def _told(certificate: str | None) -> dict[str, Any] | None:
    return {**claims_in(certificate), "jti": ""} if certificate else None


@pytest.mark.django_db
def test_one_statement_and_nothing_written(django_assert_num_queries: Any) -> None:
    done = make.activated(make.licence())
    hot.refreshed(done.token, PROGRAM, at=LATER)
    with django_assert_num_queries(0):  # the one statement goes past Django's cursor
        assert hot.refreshed(done.token, PROGRAM, at=LATER) is not None


@pytest.mark.django_db
def test_both_ways_give_the_same_certificate() -> None:
    done = make.activated(make.licence())
    told = replace(PROGRAM, serial=microseconds(LATER), clock=LATER, nonce="n 1")
    for contact in (PROGRAM, told, replace(PROGRAM, fingerprint=_parts(done))):
        quick, ordinary = both(done, contact)
        assert quick == ordinary
        assert quick is not None


def _parts(done: Activated) -> dict[str, str]:
    return dict(FingerprintPart.objects.filter(device=done.activation.device).values_list("name", "value"))


def _new_disk(licence: Licence) -> None:
    """A-3: the computer comes with another disk."""
    activation = Activation.objects.select_related("licence", "device").get()
    parts = {**queries.fingerprint_of(activation.device), "disk": "new"}
    journey.refresh(activation, replace(PROGRAM, fingerprint=parts), by=make.BY, at=LATER)
    assert _parts(Activated(activation, "", "")) == parts  # what finds the device is what it keeps


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is gone before the next."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.django_db
class TestGenerated:
    """On ledgers, policies, versions and instants as they come."""

    @pytest.fixture(autouse=True)
    def _device(self, db: None) -> None:
        type(self).done = make.activated(make.licence())

    @given(ledgers(), instants, st.sampled_from([8, 9, 10, 11]), st.booleans())
    def test_both_ways_agree_on_any_ledger(
        self, ledger: tuple[Policy, list[Entry]], at: datetime, major: int, has_plan: bool
    ) -> None:
        done: Activated = type(self).done  # type: ignore[attr-defined]
        policy, entries = ledger
        version = f"{major}.1"
        with undone():
            self._put(done, entries, policy, version, at, has_plan)
            quick, ordinary = both(done, Contact(version, major), at)
            assert quick == ordinary
            looked = hot.looked(done.token, _told_of, language="en", at=at)
            activation = Activation.objects.select_related("device", "licence__edition", "licence__product").get()
            standing = journey.device_standing(activation, major, version=version, at=at)
            assert (looked is None) == (not standing.outcome or not standing.outcome.decision.allowed)
            if looked is not None:
                assert json.loads(looked.told) == json.loads(_told_of(standing))

    def _put(self, done: Activated, entries: list[Entry], policy: Policy, version: str, at: datetime, has_plan: bool) -> None:
        licence = done.activation.licence
        LedgerEntry.objects.filter(licence=licence.code).update(licence="L-OTHER")
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                licence=licence.code, customer=licence.customer, recorded_at=at,
                **{name: getattr(entry, name) for name in Entry.__dataclass_fields__},
            )
            for entry in entries
        )  # fmt: skip
        PolicyRow.objects.update_or_create(product=licence.product, defaults={"lease_days": 14 + policy.pending_days})
        if not has_plan:
            licence.product.plans.all().delete()
        Device.objects.update(app_version=version, last_seen_at=at - timedelta(minutes=10))
        Activation.objects.update(serial=0)


# Every fact that a refresh depends on, and something that changes it. After each the very next refresh is another one.
def _entry(kind: EntryKind, **facts: Any) -> Callable[[Licence], Any]:
    entry = Entry(f"later:{kind}", kind, LATER, LATER.date(), **facts)
    return lambda licence: entitlements.record_entries(licence.code, licence.customer, [entry], by=make.BY, at=LATER)


def _bought(licence: Licence) -> str:
    return str(LedgerEntry.objects.filter(licence=licence.code, kind="purchase").get().source)


CHANGES: dict[str, Callable[[Licence], Any]] = {
    "upgrade paid (EOL-9)": _entry(EntryKind.UPGRADE, years=1, through_major=11),
    "renewal paid": _entry(EntryKind.RENEWAL, years_each=1),
    "lifetime updates paid": _entry(EntryKind.LIFETIME, covers_all=True),
    "refunded": lambda licence: _entry(EntryKind.REFUND, strikes=_bought(licence))(licence),
    "payment disputed (X-4)": lambda licence: _entry(EntryKind.CHARGEBACK_OPENED, strikes=_bought(licence))(licence),
    "version past its end": lambda licence: catalog.set_version(
        licence.product, 10, released_on=date(2025, 9, 15), support_ends_on=date(2026, 3, 1), by=make.BY, at=LATER
    ),
    "new major within the free window (EOL-10)": lambda licence: catalog.set_version(
        licence.product, 11, released_on=LATER.date(), support_ends_on=None, by=make.BY, at=LATER
    ),
    "policy": lambda licence: catalog.set_policy(licence.product, {"lease_days": 77}, by=make.BY, at=LATER),
    "levels of support": lambda licence: catalog.set_plan(
        licence.product, Tier.PRO, Channel.CENTRE, catalog.PlanPromise(Level.NO), by=make.BY, at=LATER
    ),
    "features of the edition": lambda licence: Edition.objects.filter(pk=licence.edition_id).update(features={"commercial": False}),
    "code of the edition": lambda licence: Edition.objects.filter(pk=licence.edition_id).update(code="ultimate"),
    "code of the product": lambda licence: Product.objects.filter(pk=licence.product_id).update(code="pigeon"),
    "name of the holder": lambda licence: Customer.objects.filter(pk=licence.customer_id).update(name="Another"),
    "seats": lambda licence: actions.set_seats(licence, 9, by=make.BY, at=LATER),
    "signing key rotated": lambda licence: actions.rotate_signing_key(overlap=timedelta(days=90), by=make.BY, at=LATER),
    "parts of the computer": _new_disk,
    "deactivated (A-5)": lambda licence: actions.deactivate(Activation.objects.get(), by=make.BY, at=LATER),
    "device blocked": lambda licence: actions.block_device(licence, Device.objects.get().code, by=make.BY, at=LATER),
    "licence suspended": lambda licence: actions.set_state(licence, LicenceState.SUSPENDED, by=make.BY, at=LATER),
    "licence revoked": lambda licence: actions.set_state(licence, LicenceState.REVOKED, by=make.BY, at=LATER),
    "token gone": lambda licence: ActivationToken.objects.all().delete(),
    "server's clock set back": lambda licence: Activation.objects.update(serial=2**52),
}


def _serve(pipe: Any, token: str) -> None:
    """Another web process, its caches warm: refreshes each time that it is asked."""
    connections.close_all()
    while pipe.recv():
        done = hot.refreshed(token, PROGRAM, at=LATER)
        pipe.send((done.certificate.split(".")[0], _told(done.certificate)) if done else None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", list(CHANGES))
def test_nothing_outlives_a_change_in_another_process(name: str) -> None:
    licence = make.licence()
    done = make.activated(licence)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, done.token), daemon=True)
    process.start()
    try:
        before = _asked(here)
        assert before is not None
        assert before == _asked(here)
        CHANGES[name](Licence.objects.get(pk=licence.pk))
        assert _asked(here) != before
    finally:
        here.send(False)
        process.join(20)
        connections.close_all()


def _asked(pipe: Any) -> Any:
    pipe.send(True)
    assert pipe.poll(30)
    return pipe.recv()


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(CHANGES))
def test_both_ways_agree_after_every_change(name: str) -> None:
    licence = make.licence()
    done = make.activated(licence)
    CHANGES[name](licence)
    quick, ordinary = both(Activated(Activation.objects.get(), "", done.token))
    assert quick is None or quick == ordinary


@pytest.mark.django_db
@pytest.mark.parametrize("contact", [
    Contact("11.0", 11), replace(PROGRAM, fingerprint={"machine": "another"}),
    replace(PROGRAM, clock=LATER + timedelta(days=3)), replace(PROGRAM, clock=LATER - timedelta(days=3)),
    replace(PROGRAM, serial=microseconds(make.BOUGHT) - 1),
])  # fmt: skip
def test_what_is_not_plain_is_left_to_the_ordinary_way(contact: Contact) -> None:
    assert hot.refreshed(make.activated(make.licence()).token, contact, at=LATER) is None


@pytest.mark.django_db
def test_a_token_that_nobody_holds_is_left_to_the_ordinary_way() -> None:
    make.activated(make.licence())
    assert hot.refreshed("pd_unknown", PROGRAM, at=LATER) is None
    assert hot.refreshed("pd_' OR 1=1 --", PROGRAM, at=LATER) is None


@pytest.mark.django_db
def test_the_hour_of_the_last_visit() -> None:
    done = make.activated(make.licence())
    found = [hot.refreshed(done.token, PROGRAM, at=make.BOUGHT + timedelta(minutes=minutes)) for minutes in (30, 59, 60, 90)]
    assert [each and each.was_not_seen for each in found] == [False, False, True, True]


@pytest.mark.django_db
def test_what_a_program_says_it_has_is_written_down_once_an_hour() -> None:
    done = make.activated(make.licence())
    token = ActivationToken.objects.get()
    told = replace(PROGRAM, serial=token.serial)
    first = hot.refreshed(done.token, told, at=make.BOUGHT + timedelta(minutes=59))
    second = hot.refreshed(done.token, told, at=make.BOUGHT + timedelta(minutes=61))
    assert [each and each.was_not_seen for each in (first, second)] == [False, True]
    assert second is not None
    actions.note_visits({done.activation.device_id: second.visit})
    token.refresh_from_db()
    assert (token.serial, token.told_serial) == (claims_in(second.certificate)["serial"], told.serial)
    assert hot.refreshed(done.token, told, at=make.BOUGHT + timedelta(minutes=62)) is None  # it has an older one than it was given


# What the vendor sets: a change of any of it changes the mark. The others have no part in a refresh.
WATCHED = {"catalog.product", "catalog.edition", "catalog.version", "catalog.release", "catalog.plan", "catalog.policyrow"}
OTHERS = {"catalog.coverage", "catalog.releasefile", "catalog.offer", "catalog.pricelist", "catalog.price"}


def _asked_of_the_database(question: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("label", sorted(WATCHED | {"licensing.signingkey"}))
def test_every_change_of_what_the_vendor_set_changes_the_mark(label: str) -> None:
    """By triggers: a migration that makes one of these tables anew loses them, and is seen here."""
    make.activated(make.licence())
    model = apps.get_model(label)
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        names = _asked_of_the_database("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", table)
        assert set(names) == {f"{table}_insert", f"{table}_update", f"{table}_delete"}
    else:  # 60: after each of insert, delete, update and truncate, once for a statement
        kinds = _asked_of_the_database("SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", table)
        assert kinds == [60]
    Release.objects.create(version=Version.objects.first(), number="10.9.9", released_on=LATER.date())
    before = _asked_of_the_database(f"SELECT {MARK}")
    with undone():
        name = model._meta.local_fields[1].name
        model.objects.update(**{name: F(name)})
        assert _asked_of_the_database(f"SELECT {MARK}") != before
    assert _asked_of_the_database(f"SELECT {MARK}") == before  # taken back with what it marked


@pytest.mark.once
def test_every_table_of_the_catalogue_was_thought_of() -> None:
    assert {model._meta.label_lower for model in apps.get_app_config("catalog").get_models()} == WATCHED | OTHERS


KNOWN = {
    Activation: {"id", "code", "licence", "device", "state", "serial", "activated_at", "deactivated_at", "device_key"},
    ActivationToken: {
        "id", "activation", "token_hash", "issued_at", "serial", "told_serial", "left_serial", "left_until", "device_key", "looks", "place",
        "met_at", "turns", "is_doubted",
    },
    Device: {
        "id", "code", "licence", "name", "platform", "app_version", "first_seen_at", "last_seen_at", "is_named", "blocked_at",
        "suspected_clone_at", "fingerprint", "former_hash", "clock_skew", "holds_seat", "person", "team", "is_former",
    },
    Licence: {
        "id", "code", "customer", "reseller",
        "reseller_sees", "product", "edition", "offer", "kind", "name", "state", "state_changed_at", "seats", "seats_used",
        "seats_shared", "owned_since", "key_hash", "key_sealed", "key_hint", "source", "issued_at", "frozen_at", "frozen_why",
    },
}  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("model", list(KNOWN))
def test_every_column_of_these_tables_was_thought_of(model: Any) -> None:
    """A new column: does it bear on a refresh? If so it belongs into licensing/queries/hot.py; then add its name here."""
    assert {field.name for field in model._meta.local_fields} == KNOWN[model]


@pytest.mark.django_db
def test_s34_a_signed_refresh_is_plain_and_an_unsigned_one_is_not() -> None:
    program = Program()
    facts = replace(program.facts, public_key=program.public)
    done = make.activated(make.licence(), facts)
    sent = b'{"app_version": "10.1.0"}'
    shown = Possession(program.possession(done.token, sent, LATER), done.token, sent)
    found = hot.refreshed(done.token, replace(PROGRAM, possession=shown), at=LATER)
    assert found is not None
    assert claims_in(found.certificate)["cnf"]["jwk"]["x"] == program.public
    stolen = Possession(Program().possession(done.token, sent, LATER), done.token, sent)
    for other in (None, stolen, replace(shown, body=b"{}"), replace(shown, proof="")):
        assert hot.refreshed(done.token, replace(PROGRAM, possession=other), at=LATER) is None


CALLER = Actor(ActorKind.DEVICE, "PC", address="192.0.2.1")


@pytest.mark.django_db
def test_a1_a_full_licence_is_found_where_the_ordinary_way_has_nothing_else_to_say() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    first, stranger = make.activated(licence), make.device()

    def full(device: DeviceFacts = stranger, contact: Contact = PROGRAM, product: str | None = None, key: str = "") -> Any:
        key = key or queries.key_of(Licence.objects.get(pk=licence.pk))
        found = hot.full(key, device, contact, product=product, address=CALLER.address, at=LATER)
        return found and (found.licence, found.seats, found.seats_used)

    assert full() is None  # that this computer showed the key has to be written down
    with pytest.raises(Refused) as refusal:
        journey.activate(licence, stranger, PROGRAM, by=CALLER, at=LATER)
    told = [(reason.code, reason.facts) for reason in refusal.value.decision.reasons if reason.blocks]
    assert told == [(ACTIVATION_LIMIT, {"licence": licence.code, "seats": 1, "used": 1})]
    assert full() == full(product="postak") == (licence.code, 1, 1)
    assert full(make.device()) is None  # another computer
    assert (
        full(replace(stranger, fingerprint={**stranger.fingerprint, "disk": _parts(first)["disk"]})) is None
    )  # is it a known one?
    assert full(contact=Contact("11.0", 11)) is None  # the version is not covered, which is said too
    assert full(product="pigeon") is None
    assert full(key="PK123") is None
    changes = (*(CHANGES[name] for name in ("refunded", "payment disputed (X-4)", "seats", "deactivated (A-5)", "licence suspended")),
               CHANGES["licence revoked"], lambda licence: Licence.objects.update(frozen_at=LATER),
               lambda licence: Licence.objects.update(kind="free"), lambda licence: Licence.objects.update(seats_shared=1))  # fmt: skip
    for change in changes:
        with undone():
            change(licence)
            assert full() is None
    assert full() is not None
