"""Rows of another system come in: whole or not at all, once, with every wrong field named."""

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from podpora.base import clock
from podpora.base.actors import system
from podpora.desk.models import Message, StateChange, Ticket
from podpora.journeys import exporting, importing, rights
from podpora.journeys.exporting.archive import lines_of
from podpora.journeys.importing import Done, Row, Sources
from podpora.licensing import queries as licensing
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.notifications.models import InboxEntry
from podpora.orders.models import Order
from podpora.people.models import Customer, Person
from tests.make import catalog

pytestmark = pytest.mark.django_db
BY = system("test")
NO_FILES = Sources()
NOTHING: dict[str, bytes] = {}


@pytest.fixture(autouse=True)
def _vendor() -> None:
    catalog.catalogue()


def bring(noun: str, *rows: Row, sources: Sources = NO_FILES) -> list[Done]:
    return list(importing.bring_in(noun, enumerate(rows, 2), sources, by=BY, at=clock.now()))


def one(noun: str, **row: Any) -> Done:
    return bring(noun, row)[0]


def customer(**more: Any) -> dict[str, Any]:
    return {"external_id": "1", "email": "jarmila@example.com", "name": "Jarmila", "street": "Dlouhá 1", **more}


def licence(**more: Any) -> dict[str, Any]:
    return {"external_id": "K", "email": "jarmila@example.com", "offer": "pro-private-3", "bought_at": "2024-03-10", **more}


def order(**more: Any) -> dict[str, Any]:
    bought = {"placed_at": "2025-02-01", "paid_at": "2025-02-01", "offer": "pro-private-1"}
    return {"external_id": "S", "email": "jarmila@example.com", "currency": "CZK", **bought, **more}


def ticket(**more: Any) -> dict[str, Any]:
    return {
        "external_id": "H",
        "email": "jarmila@example.com",
        "subject": "It stops",
        "text": "Every day",
        "opened_at": "2024-05-02",
        **more,
    }


def through(code: str) -> date | None:
    return rights.rights_of(Licence.objects.get(code=code), at=clock.now()).support_through


def test_a_customer_comes_in_once() -> None:
    made, known = one("customers", **customer()), one("customers", **customer())
    assert (made.result, known.result, made.code) == ("made", "known", known.code)
    found = Customer.objects.get()
    assert (found.email, found.street, found.is_company) == ("jarmila@example.com", "Dlouhá 1", False)


def test_a_company_has_an_owner_who_must_still_prove_his_address() -> None:
    one("customers", **customer(company="Papírna s.r.o.", company_id="123"))
    found = Customer.objects.get()
    assert (found.name, found.company_id, found.memberships.get().role) == ("Papírna s.r.o.", "123", "owner")
    assert not Person.objects.get().has_usable_password()


def test_what_a_customer_has_here_is_not_overwritten() -> None:
    one("customers", **customer())
    one("customers", **customer(external_id="2", street="Jiná 2", city="Brno"))
    found = Customer.objects.get()
    assert (found.street, found.city) == ("Dlouhá 1", "Brno")


def test_the_same_name_with_another_content_is_refused() -> None:
    one("customers", **customer())
    refused = one("customers", **customer(name="Somebody else"))
    assert refused.result == "refused"
    assert "came before with another content" in refused.why


@pytest.mark.parametrize(("row", "fields"), [
    ({}, {"external_id", "email"}),
    ({"external_id": "1", "email": "nobody"}, {"email"}),
    ({"external_id": "1", "email": "a@b.example", "country": "Czechia"}, {"country"}),
    ({"external_id": "x" * 101, "email": "a@b.example"}, {"external_id"}),
    ({"external_id": "1", "email": "a@b.example", "shoe_size": "44"}, {"shoe_size"}),
    ({"external_id": "1", "email": "a@b.example", "name": "a\x00b"}, {"name"}),
    ({"external_id": "1", "email": ["a@b.example"]}, {"email"}),
])  # fmt: skip
def test_a_bad_customer_names_every_wrong_field_and_leaves_nothing(row: dict[str, Any], fields: set[str]) -> None:
    """F23"""
    done = one("customers", **row)
    assert (done.result, set(done.fields)) == ("refused", fields)
    assert all(sentence.endswith(".") for sentence in dict(done.fields).values())
    assert not Customer.objects.exists() and not Person.objects.exists()


def test_a_licence_gives_what_the_offer_gave_on_that_day() -> None:
    done = one("licences", **licence())
    found = Licence.objects.get()
    assert (done.code, found.seats, found.issued_at.date()) == (found.code, 3, date(2024, 3, 10))
    assert through(found.code) == date(2025, 3, 10)  # VIP-1
    assert one("licences", **licence()).result == "known"
    assert Licence.objects.count() == 1


@pytest.mark.parametrize("last", ["2024-03-10", "2025-03-10", "2027-12-31", "2024-09-01"])
def test_a_last_day_of_support_that_is_told_counts(last: str) -> None:
    """Exactly that day, whatever the offer would have given."""
    done = one("licences", **licence(support_through=last))
    assert through(done.code) == date.fromisoformat(last)


def test_lifetime_updates_and_the_major_that_was_bought() -> None:
    plain = one("licences", **licence(external_id="a", covers_major="8")).code
    forever = one("licences", **licence(external_id="b", lifetime="yes", support_through="2025-03-10")).code
    run = {code: rights.rights_of(Licence.objects.get(code=code), at=clock.now()).run for code in (plain, forever)}
    assert (run[plain].covers_all, run[plain].through_major, run[forever].covers_all) == (False, 8, True)
    assert through(forever) == date(2025, 3, 10)


def test_the_key_that_an_owner_has_goes_on_opening_his_program() -> None:
    done = one("licences", **licence(key="old7-4411-axpq-2290"))
    for typed in ("OLD7-4411-AXPQ-2290", " old7 4411 axpq 2290", "OLD74411AXPQ2290"):
        found = licensing.licence_by_key(typed)
        assert found is not None and found.code == done.code
    assert licensing.licence_by_key("OLD7-4411-AXPQ-2291") is None
    assert one("licences", **licence(external_id="other", key="OLD7 4411 AXPQ 2290")).fields.keys() == {"key"}


def test_an_imported_key_activates_over_the_api(client: Any) -> None:
    one("licences", **licence(key="OLD7-4411-AXPQ-2290"))
    body = {
        "key": "old7 4411 axpq 2290",
        "device": {"fingerprint": {"a": "x" * 43}, "name": "PC", "platform": "windows"},
        "app_version": "9.0.0",
    }
    answer = client.post("/api/v1/activations", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    wrong = client.post("/api/v1/activations", {**body, "key": "OLD7-4411-AXPQ-0000"}, content_type="application/json")
    assert wrong.json()["error"]["code"] == "licence.key_mistyped"


@pytest.mark.parametrize(("change", "fields"), [
    ({"offer": "vip-renewal"}, {"offer"}), ({"offer": "nothing"}, {"offer"}), ({"offer": ""}, {"offer"}),
    ({"bought_at": ""}, {"bought_at"}), ({"bought_at": "10.3.2024"}, {"bought_at"}), ({"bought_at": "2024-02-30"}, {"bought_at"}),
    ({"bought_at": "2024-03-10T09:00"}, {"bought_at"}), ({"bought_at": "0001-01-01"}, {"bought_at"}),
    ({"quantity": "0"}, {"quantity"}), ({"quantity": "-1"}, {"quantity"}), ({"quantity": "1e3"}, {"quantity"}), ({"quantity": "٣"}, {"quantity"}),
    ({"key": "short"}, {"key"}), ({"key": "x" * 90}, {"key"}), ({"support_through": "2020-01-01"}, {"support_through"}),
    ({"lifetime": "perhaps"}, {"lifetime"}), ({"customer": "nobody"}, {"customer"}), ({"email": ""}, {"email"}),
    ({"offer": "", "bought_at": "", "quantity": "x"}, {"offer", "bought_at", "quantity"}), ({"ledger": "all"}, {"ledger"}),
    ({"ledger": [{"source": "x", "kind": "gift", "at": None, "on": None}]}, {"ledger.0"}),
    ({"ledger": [{"source": "x", "kind": "goodwill", "at": None, "on": None, "days": [1]}]}, {"ledger.0"}),
])  # fmt: skip
def test_a_bad_licence_leaves_nothing(change: dict[str, Any], fields: set[str]) -> None:
    """F23"""
    done = one("licences", **licence(**change))
    assert (done.result, set(done.fields)) == ("refused", fields), done
    assert not Licence.objects.exists() and not Customer.objects.exists()


def test_an_order_extends_an_imported_licence() -> None:
    code = one("licences", **licence()).code
    done = one("orders", **order(offer="vip-renewal", licence="K"))
    assert done.result == "made", done
    assert through(code) == date(2026, 3, 10)  # VIP-2
    assert one("orders", **order(offer="vip-renewal", licence="K")).result == "known"
    one(
        "orders",
        **order(
            offer="vip-renewal",
            licence="K",
            external_id="S2",
            placed_at="2025-02-05",
            paid_at="2025-02-05",
            refunded_at="2025-02-20",
        ),
    )
    assert through(code) == date(2026, 3, 10)


def test_rows_of_one_order_are_its_lines() -> None:
    rows = [order(), order(offer="pro-private-3"), order(external_id="S2")]
    grouped = list(importing.grouped(iter([(n, row) for n, row in enumerate(rows, 2)])))
    assert [(number, len(row["lines"])) for number, row in grouped] == [(2, 2), (4, 1)]
    assert [done.result for done in bring("orders", *(row for _, row in grouped))] == ["made", "made"]
    assert Order.objects.get(external_id="S").lines.count() == 2


@pytest.mark.parametrize(("change", "fields"), [
    ({"currency": "XXX"}, {"currency"}), ({"placed_at": "yesterday"}, {"placed_at"}), ({"paid_at": "2020-01-01"}, {"paid_at"}),
    ({"licence": "nowhere", "offer": "vip-renewal"}, {"licence"}), ({"offer": "gold"}, {"lines.0.offer"}), ({"email": "x"}, {"customer.email"}),
])  # fmt: skip
def test_a_bad_order_leaves_nothing(change: dict[str, Any], fields: set[str]) -> None:
    done = one("orders", **order(**change))
    assert (done.result, set(done.fields)) == ("refused", fields), done
    assert not Order.objects.exists()


def test_a_rule_that_refuses_says_why_and_what_to_do() -> None:
    """EOL-3"""
    one("licences", **licence(covers_major="8", bought_at="2020-01-01"))
    done = one("orders", **order(offer="vip-renewal", licence="K", placed_at="2026-11-01", paid_at="2026-11-01"))
    assert done.result == "refused"
    assert "→" in done.why


def test_old_orders_write_no_invoice_and_no_mail() -> None:
    one("orders", **order())
    assert not Order.objects.get().invoices.exists()
    assert not OutgoingMail.objects.exists()


def test_a_ticket_comes_in_as_it_was_and_nobody_is_told() -> None:
    code = one("licences", **licence()).code
    done = one("tickets", **ticket(answer="Switch it off and on.", state="solved", licence="K"))
    found = Ticket.objects.get(code=done.code)
    assert (found.state, found.licence, found.opened_at.date(), found.solved_at is not None) == (
        "solved",
        code,
        date(2024, 5, 2),
        True,
    )
    assert [message.side for message in found.messages.order_by("pk")] == ["customer", "staff"]
    assert StateChange.objects.get().state == "solved"
    assert not OutgoingMail.objects.exists() and not InboxEntry.objects.exists()
    assert (found.due_at, found.assignee) == (None, None)
    assert one("tickets", **ticket(answer="Switch it off and on.", state="solved", licence="K")).result == "known"


def test_a_ticket_with_its_conversation_and_files() -> None:
    said = {
        "kind": "public",
        "side": "customer",
        "name": "Jarmila",
        "email": "jarmila@example.com",
        "text": "See the picture",
        "at": "2024-05-02T09:00:00Z",
    }
    note = {"kind": "note", "side": "staff", "name": "Old Technician", "text": "She is kind", "at": "2024-05-02T10:00:00Z"}
    row = ticket(
        text="", state="open", messages=[{**said, "attachments": [{"file": "F-1", "name": "../a.txt", "type": "text/plain"}]}, note]
    )
    done = bring("tickets", row, sources=Sources({"F-1": b"hello"}.__getitem__))[0]
    assert done.result == "made", done
    messages = list(Message.objects.order_by("pk"))
    assert [(m.kind, m.author_name, m.files) for m in messages] == [("public", "Jarmila", 1), ("note", "Old Technician", 0)]
    assert messages[0].attachments.get().name == "a.txt"
    assert Ticket.objects.get().waiting_since == datetime.fromisoformat("2024-05-02T09:00:00+00:00")


@pytest.mark.parametrize(("change", "fields"), [
    ({"text": ""}, {"text"}), ({"subject": ""}, {"subject"}), ({"state": "lost"}, {"state"}), ({"queue": "nowhere"}, {"queue"}),
    ({"opened_at": "x"}, {"opened_at"}), ({"licence": "L-NOBODY"}, {"licence"}), ({"messages": [{"at": "x", "text": "a"}]}, {"messages.0.at"}),
    ({"messages": ["hello"]}, {"messages"}),
    ({"messages": [{"at": "2024-05-02", "text": "a", "attachments": [{"file": "F-9"}]}]}, {"messages.0.attachments"}),
])  # fmt: skip
def test_a_bad_ticket_leaves_nothing(change: dict[str, Any], fields: set[str]) -> None:
    sources = Sources(NOTHING.__getitem__)
    done = bring("tickets", ticket(**change), sources=sources)[0]
    assert (done.result, set(done.fields)) == ("refused", fields), done
    assert not Ticket.objects.exists()


def test_a_licence_of_somebody_else_is_none(at: datetime) -> None:
    """S15: what a row names must be its customer's."""
    one("licences", **licence())
    assert one("tickets", **ticket(email="stranger@example.com", licence="K")).fields.keys() == {"licence"}


def test_a_thousand_rows_with_broken_ones_twice() -> None:
    rows = [customer(external_id=str(n), email=f"p{n}@example.com" if n % 10 else "broken", name=f"P {n}") for n in range(1000)]
    first, second = bring("customers", *rows), bring("customers", *rows)
    for done, word in ((first, "made"), (second, "known")):
        counts = {result: sum(row.result == result for row in done) for result in (word, "refused")}
        assert counts == {word: 900, "refused": 100}
    assert Customer.objects.count() == 900


def test_an_export_comes_in_whole_somewhere_else() -> None:
    """Codes, keys, ledgers, conversations: what went out comes in, and what came in goes out the same."""
    with transaction.atomic():
        bring("customers", customer(), customer(external_id="2", email="it@papirna.example", company="Papírna"))
        one("licences", **licence(customer="1", key="OLD7-4411-AXPQ-2290", support_through="2027-01-31"))
        one("orders", **order(customer="2", offer="pro-company"))
        one("orders", **order(customer="1", offer="vip-renewal", licence="K", external_id="S2", refunded_at="2025-02-20"))
        one("tickets", **ticket(customer="1", answer="Yes", state="solved", licence="K"))
        one(
            "articles",
            external_id="kb",
            slug="backup",
            category="guides",
            title_cs="Jak zálohovat",
            text_cs="**Soubor**",
            published="yes",
        )
        one(
            "problems",
            external_id="bug",
            product="postolka",
            title_cs="Pád při tisku",
            state="confirmed",
            platforms="windows macos",
        )
        code, before = Licence.objects.get(source="import:K").code, exported()
        transaction.set_rollback(True)
    assert not Customer.objects.exists()
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        for noun, step in importing.STEPS:
            done = bring(step, *(json.loads(line) for line in lines_of(archive, noun)))
            assert step == "bases" or {row.result for row in done} <= {"made"}, done
    assert through(code) == date(2027, 1, 31)
    found = licensing.licence_by_key("OLD7-4411-AXPQ-2290")
    assert found is not None and found.code == code
    assert facts_of(exported()) == facts_of(before)
    assert Order.objects.get(external_id="S2").state == "refunded"


def exported() -> bytes:
    target = io.BytesIO()
    exporting.write(target, exporting.parts_of_everything(), about={}, at=clock.now())
    return target.getvalue()


def facts_of(content: bytes) -> dict[str, Any]:
    """What must be the same on both sides."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rows = {noun: [json.loads(line) for line in lines_of(archive, noun)] for noun in importing.NOUNS}
    licences = {row["code"]: (row["key"], row["seats"], row["ledger"], row["bought_at"]) for row in rows["licences"]}
    orders = {row["code"]: (row["external_id"], row["total"], row["state"], row["lines"], row["paid_at"]) for row in rows["orders"]}
    said = [[message["text"] for message in row["messages"]] for row in rows["tickets"]]
    articles = [(row["slug"], row["text_cs"], row["published"]) for row in rows["articles"]]
    problems = [(row["title_cs"], row["state"], row["platforms"]) for row in rows["problems"]]
    written = {"articles": articles, "problems": problems}
    return written | {
        "licences": licences,
        "orders": orders,
        "tickets": said,
        "customers": {row["email"] for row in rows["customers"]},
    }
