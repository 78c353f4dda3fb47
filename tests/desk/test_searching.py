"""Search on the desk: what somebody typed is taken apart by a pure rule, looked up in the index, and seen through the same door."""

from datetime import UTC, date, datetime

import pytest

from podpora.base import clock
from podpora.base.actors import system
from podpora.desk import actions, queries
from podpora.desk.models import Ticket
from podpora.desk.queries import ListWish
from podpora.desk.rules.searching import asked_for
from podpora.desk.values import FieldKind, Priority, Side, State, Upload
from podpora.people import actions as people_actions
from podpora.people.models import Person
from podpora.search import actions as search
from podpora.search.models import Document
from podpora.search.rules import Wish, read_day
from podpora.search.values import Field, Term
from tests.make import desk, people

DB = pytest.mark.django_db
DAY = datetime(2026, 3, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "terms", "filters", "numbers"),
    [
        ("calendar", (Term("calendar"),), (), ()),
        ('"calendar is empty"', (Term("calendar is empty", is_phrase=True),), (), ()),
        ("-spam sync", (Term("spam", is_not=True), Term("sync")), (), ()),
        ("from:jana", (Term("jana", field=Field.PEOPLE),), (), ()),
        ('subject:"new phone"', (Term("new phone", True, field=Field.TITLE),), (), ()),
        ("state:open -tag:VIP", (), (Wish("state", "open"), Wish("tag", "VIP", True)), ()),
        ("STATE:Open", (), (Wish("state", "open"),), ()),
        ("before:2026-03-01 after:1.2.2026", (), (Wish("before", "2026-03-01"), Wish("after", "1.2.2026")), ()),
        ("T-12 #13", (), (), (12, 13)),
        ("4711", (Term("4711"),), (), (4711,)),
        ("error 4711", (Term("error"), Term("4711")), (), ()),
        ("field:Account=IMAP", (), (Wish("field", "account=imap"),), ()),
        ('field:"kind=two words"', (), (Wish("field", "kind=two words"),), ()),
        ("https://x.example/a", (Term("https://x.example/a"),), (), ()),
        (r"C:\Users", (Term(r"C:\Users"),), (), ()),
        ('"', (), (), ()),
        ("-", (), (), ()),
        ("\x00", (), (), ()),
    ],
)
def test_c3_what_was_typed_is_taken_apart(
    text: str, terms: tuple[Term, ...], filters: tuple[Wish, ...], numbers: tuple[int, ...]
) -> None:
    asked = asked_for(text)
    assert (asked.terms, asked.filters, asked.numbers, asked.problems) == (terms, filters, numbers, ())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("wrong:value", "search.unknown_operator"),
        ("password:x", "search.unknown_operator"),
        ("state:dancing", "search.not_understood"),
        ("before:yesterday", "search.not_understood"),
        ("after:2026-02-30", "search.not_understood"),
        ("field:account", "search.not_understood"),
        ("has:money", "search.not_understood"),
    ],
)
def test_c3_what_is_not_on_the_list_is_explained_and_looked_for_as_words(text: str, code: str) -> None:
    asked = asked_for(text)
    assert [problem.code for problem in asked.problems] == [code]
    assert asked.terms
    assert not asked.filters


def test_days_in_two_ways() -> None:
    assert read_day("2026-03-01") == read_day("1.3.2026") == date(2026, 3, 1)
    assert read_day("1.13.2026") is read_day("x") is read_day("١.٣.٢٠٢٦") is None


def found(person: Person, words: str) -> list[str]:
    return [row.subject for row in queries.work_list(person, ListWish("all", words=words), at=clock.now()).tickets]


@pytest.fixture
def technician() -> Person:
    return people.staff(name="Tereza Kovářová")


# What is typed, and the subjects that are found.
FOUND: dict[str, list[str]] = {
    "calendar": ["Invoice", "Calendar is empty"],
    "kalendáře": ["Calendar is empty"],
    "KALENDAREM": ["Calendar is empty"],
    "calen": ["Invoice", "Calendar is empty"],
    '"of calendar"': [],
    "subject:calendar": ["Calendar is empty"],
    "calendar -payments": ["Calendar is empty"],
    "-payments": ["Calendar is empty"],
    "from:novakova": ["Calendar is empty"],
    "to:lukas": ["Invoice"],
    "has:attachment": ["Calendar is empty"],
    "has:note": ["Invoice"],
    "accountant": ["Invoice"],
    "state:solved": ["Invoice"],
    "state:unfinished": ["Calendar is empty"],
    "-state:solved": ["Calendar is empty"],
    "assignee:me": ["Calendar is empty"],
    "-assignee:nobody": ["Calendar is empty"],
    "assignee:kovar": ["Calendar is empty"],
    "queue:vip": ["Invoice", "Calendar is empty"],
    "queue:other": [],
    "field:account=imap": ["Calendar is empty"],
    "-field:account=imap": ["Invoice"],
    "field:account=pop": [],
    "field:nothing=imap": [],
    "before:2026-03-17": ["Calendar is empty"],
    "after:2026-03-17": ["Invoice"],
    "after:2026-03-16": ["Invoice"],
    "calendar assignee:me state:new": ["Calendar is empty"],
    "tag:none": [],
    "?!": [],
    "nowhere": [],
}


def _field(ticket: Ticket, technician: Person) -> None:
    plan = actions.FieldPlan("account", FieldKind.CHOICE, "Účet", "Account", choices=[("imap", "IMAP", "IMAP")])
    by = people.actor(technician)
    actions.save_field(plan, by=by, at=DAY)
    actions.set_fields(ticket, {"account": "imap"}, by=by, at=DAY)


@DB
def test_every_operator_finds_its_tickets(technician: Person) -> None:
    jana = people.person(name="Jana Nováková")
    first = desk.ticket(
        jana, subject="Calendar is empty", text="Kalendář po aktualizaci", at=DAY, uploads=[Upload("log.txt", b"x")]
    )
    second = desk.ticket(
        people.person(name="Petr Dvořák"), subject="Invoice", text="The calendar of payments, please", at=DAY.replace(day=20)
    )
    actions.assign(first, technician, by=people.actor(technician), at=DAY)
    actions.assign(second, None, by=people.actor(technician), at=DAY)
    actions.add_participant(second, "lukas@firm.example", side=Side.STAFF, by=people.actor(technician), at=DAY)
    desk.note(second, technician, "Ask the accountant")
    desk.answer(second, technician, "Here it is.", then=State.SOLVED)
    _field(first, technician)
    named = {
        '"calendar of"': ["Invoice"],
        f"from:{jana.email}": ["Calendar is empty"],
        f"from:{jana.email.partition('@')[2]}": ["Invoice", "Calendar is empty"],
        f"{first.code}": ["Calendar is empty"],
        f"#{second.number}": ["Invoice"],
        f"{second.number}": ["Invoice"],
    }
    for words, subjects in (FOUND | named).items():
        assert sorted(found(technician, words)) == sorted(subjects), words


@DB
@pytest.mark.parametrize(
    "words", ["'", '"', "NEAR(a b)", "a OR", "*", "^a", "{title}:a", "a:*", "a & b | !c", "\\", "%s", "a'; --", "(" * 50]
)
def test_s58_engine_syntax_is_only_words(technician: Person, words: str) -> None:
    desk.ticket(subject="Something else entirely")
    assert found(technician, words) == []


@DB
def test_s58_the_index_marks_cannot_be_typed(technician: Person) -> None:
    desk.ticket(subject="Kalendáře")
    for words in ("=kind:ticket", '"=kind:ticket"', "~kalendar", "subject:=kind:ticket"):
        assert found(technician, words) in ([], ["Kalendáře"]), words
    assert found(technician, '"=kind:ticket"') == []


@DB
def test_vi_2_a_customers_search_does_not_look_into_notes(technician: Person) -> None:
    ticket = desk.ticket(text="words of the customer")
    desk.note(ticket, technician, "CANARY")

    def shown(words: str) -> list[str]:
        from podpora.desk.queries import CentreWish

        return [t.code for t in queries.tickets_of_customers(ticket.requester, CentreWish(words=words)).tickets]

    assert shown("customer") == [ticket.code]
    assert shown("CANARY") == []
    assert shown("-CANARY") == [ticket.code]  # nor by what is left out
    assert shown("customer has:note") == shown("customer assignee:nobody") == shown("customer tag:x") == [ticket.code]
    assert found(technician, "canary") == [ticket.subject]


@DB
def test_fo_2_a_new_message_is_found_at_once_and_only_it_is_read(technician: Person, django_assert_num_queries: object) -> None:
    ticket = desk.ticket()
    assert found(technician, "zebra") == []
    desk.answer(ticket, technician, "A zebra did it.")
    assert found(technician, "zebra") == [ticket.subject]
    assert Document.objects.filter(kind="ticket", ref=ticket.pk).count() == 1


@DB
def test_a_long_conversation_has_several_documents_and_all_of_it_is_found(technician: Person) -> None:
    ticket = desk.ticket(text="beginning " * 1200)
    desk.answer(ticket, technician, "Antelope " * 400)
    desk.answer(ticket, technician, "The wombat.")
    assert Document.objects.filter(kind="ticket", ref=ticket.pk).count() > 1
    for words in ("beginning", "antelope", "wombat", "subject:calendar wombat"):
        assert found(technician, words) == [ticket.subject], words
    search.index("ticket", [ticket.pk], at=DAY)
    for words in ("beginning", "antelope", "wombat"):
        assert found(technician, words) == [ticket.subject], words


@DB
def test_c11_who_was_erased_is_not_found(technician: Person) -> None:
    ticket = desk.ticket(people.person(name="Božena Zapomenutá"))
    assert found(technician, "from:bozena") == [ticket.subject]
    people_actions.erase_person(ticket.requester, by=system(), at=DAY)
    assert found(technician, "from:bozena") == []
    assert "bozena" not in "".join(Document.objects.values_list("people", flat=True))


@DB
def test_similar_titles_come_by_how_much_they_share() -> None:
    from podpora.search import queries as index

    some = [desk.ticket(subject=subject) for subject in ("Kalendář se neotevře", "Kalendář je prázdný po aktualizaci", "Faktura")]
    ranked = [ref for ref, _score in index.alike("ticket", "Prázdný kalendář po aktualizaci")]
    assert ranked == [some[1].pk, some[0].pk]
    assert index.alike("ticket", "a je") == []


@DB
def test_urgent_words_do_not_meet_other_peoples_queues(technician: Person) -> None:
    ticket = desk.ticket(subject="Secret zebra")
    actions.set_priority(ticket, Priority.URGENT, by=system(), at=DAY)
    actions.set_members(ticket.queue, [people.staff()], by=system(), at=DAY)
    assert found(technician, "zebra") == []
    assert queries.counts(queries.sight_of(technician), at=DAY)["open"] == 0
