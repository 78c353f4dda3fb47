"""Known problems: what is known, who has them, and everybody told when the fix is out (S14)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.desk.models import Message, Ticket
from podpora.journeys import erasing, fixes
from podpora.mail.models import OutgoingMail
from podpora.notifications.models import InboxEntry
from podpora.problems import actions, queries, rules
from podpora.problems.models import Problem, Tie
from podpora.problems.values import OnFix, State, Tied, TieKind
from podpora.search.values import Reader
from tests.make import desk, people, web
from tests.make import problems as make
from tests.make import releases as release_make
from tests.make.found import codes, find
from tests.make.problems import AT, BY

pytestmark = pytest.mark.django_db


def test_a_problem_goes_its_way_and_is_found_on_it() -> None:
    problem = make.problem()
    assert problem.code == "P-1"
    assert make.problem(title_cs="Jiný", title_en="Another", symptom_cs="").code == "P-2"
    assert codes("prazdny kalendar")[0] == "P-1"
    for state, more in ((State.CONFIRMED, {}), (State.BEING_FIXED, {}), (State.FIXED, {"fixed_in": "v10.2.1"})):
        problem = actions.set_state(problem, state, by=BY, at=AT, **more)
    assert (problem.state, problem.fixed_in) == ("fixed", "10.2.1")
    assert codes("prazdny kalendar is:solved") == ["P-1"]
    assert [hit.heading for hit in find("empty calendar", Reader(language="en")).hits][:1] == [problem.title_en]  # in his language
    assert [row.code for row in queries.listed(state="open")] == ["P-2"]
    actions.change_problem(problem, make.facts(is_public=False), by=BY, at=AT)
    assert "P-1" not in codes("prazdny kalendar")
    assert codes("prazdny kalendar", Reader(("public", "staff"), "cs"))[0] == "P-1"
    with pytest.raises(NotYours):
        queries.problem("P-1")


@pytest.mark.parametrize(("more", "field"), [
    ({"title_cs": "", "title_en": " "}, "title_cs"), ({"title_en": "x" * 201}, "title_en"), ({"from_version": "ten"}, "from_version"),
    ({"from_version": "11", "to_version": "10.2"}, "to_version"), ({"platforms": ("amiga",)}, "platforms"), ({"product": "no"}, "product"),
    ({"symptom_en": "x" * 10_001}, "symptom_en"),
])  # fmt: skip
def test_bad_input_names_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        make.problem(**more)
    assert field in wrong.value.fields
    assert not Problem.objects.exists()


@pytest.mark.parametrize(
    ("state", "more", "field"),
    [(State.FIXED, {}, "fixed_in"), (State.FIXED, {"fixed_in": "soon"}, "fixed_in"), (State.WONT_FIX, {}, "why")],
)
def test_a_state_needs_what_people_want_to_know(state: State, more: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        actions.set_state(make.problem(), state, by=BY, at=AT, **more)
    assert list(wrong.value.fields) == [field]


@pytest.mark.parametrize(("first", "last", "version", "has_it"), [
    ("10", "10.2", "10.2.1", True), ("10", "10.2", "10.3", False), ("10.1", "", "10.0.9", False), ("10.1", "", "12", True), ("", "9", "9.4", True),
    ("", "", "3", True), ("10.1", "", "10", True), ("10", "11", "?", True), ("11", "", "10.9", False),
])  # fmt: skip
def test_which_versions_have_it(first: str, last: str, version: str, has_it: bool) -> None:
    assert rules.affects(first, last, version) is has_it


def test_a_person_counts_once_however_often_he_is_tied() -> None:
    problem, ticket = make.problem(), desk.ticket(subject="Kalendář")
    jana = ticket.requester
    fixes.tie_ticket(problem, ticket, by=BY, at=AT)
    for version in ("10.1", "10.2", ""):
        fixes.me_too(problem, jana, version=version, by=BY, at=AT)
    fixes.me_too(problem, people.person("eva@other.example", "Eva"), by=BY, at=AT)
    fixes.tie_topic(problem, "D-77", None, by=BY, at=AT)
    problem.refresh_from_db()
    assert (problem.people, Tie.objects.count()) == (3, 4)
    assert queries.versions_named(problem)[0] in (("10.2", 1), ("10.2.1", 1), (ticket.app_version, 1))
    assert [row.code for row in queries.tied_to(TieKind.TICKET, ticket.code)] == ["P-1"]
    assert fixes.not_me(problem, jana, by=BY, at=AT)
    assert not fixes.not_me(problem, jana, by=BY, at=AT)
    actions.set_state(problem, State.WONT_FIX, why="Není chyba.", by=BY, at=AT)
    with pytest.raises(Refused):
        fixes.me_too(problem, jana, by=BY, at=AT)


def test_s14_a_release_tells_everybody_tied_whether_his_licence_covers_it() -> None:
    """One owns version 10, one only 9, one nothing: each is told once, with the way to the fix."""
    product = web.vendor()
    covered, old, nobody = (
        web.customer(),
        people.person("old@private.example", "Old"),
        people.person("free@private.example", "Free"),
    )
    now = web.licence_of(web.bought(covered, "2026-10-15"))
    before = web.licence_of(web.bought(old, "2024-02-01"))
    problem = make.problem(product=product.code, on_fix=OnFix.LEAVE.value)
    guest = people.guest("by-mail@private.example")
    fixes.tie_ticket(problem, desk.ticket(requester=guest, subject="Kalendář"), by=BY, at=web.NOW)
    for person in (covered, old, nobody):
        fixes.me_too(problem, person, version="10.1", by=BY, at=web.NOW)
    fixes.tie_topic(problem, "D-77", covered, by=BY, at=web.NOW)
    OutgoingMail.objects.all().delete()
    assert fixes.tell_due(by=BY, at=web.NOW) == 0  # not fixed yet
    release = release_make.release("10.2.1", "2026-11-20", of=product, at=web.NOW, fixes=[problem.code, "P-99"])
    fixes.mark_fixed(release, by=BY, at=web.NOW)
    problem.refresh_from_db()
    assert (problem.state, problem.fixed_in) == ("fixed", "10.2.1")
    assert fixes.tell_due(by=BY, at=web.NOW - timedelta(days=1)) == 0  # not out yet
    assert fixes.tell_due(by=BY, at=web.NOW) == 5
    assert fixes.tell_due(by=BY, at=web.NOW) == 0
    texts = {mail.to_address: mail.text for mail in OutgoingMail.objects.all()}
    assert len(texts) == OutgoingMail.objects.count() == 4
    assert (
        f"{now.code} covers version 10.2.1" in texts["jana@private.example"]
        or f"Vaše licence {now.code}" in texts["jana@private.example"]
    )
    assert before.code in texts["old@private.example"]
    assert "/problems/P-1/" in texts["free@private.example"]
    assert "/problems/P-1/" in texts["by-mail@private.example"]  # no account, and told all the same
    assert InboxEntry.objects.filter(kind="problem.fixed").count() in (3, 4)


@pytest.mark.parametrize(("on_fix", "state"), [(OnFix.ASK, "waiting_customer"), (OnFix.CLOSE, "solved"), (OnFix.LEAVE, "open")])
def test_s14_tickets_are_asked_closed_or_left_by_the_policy(on_fix: OnFix, state: str) -> None:
    ticket = desk.ticket(subject="Kalendář")
    Ticket.objects.filter(pk=ticket.pk).update(state="open")
    problem = make.problem(on_fix=on_fix.value)
    fixes.tie_ticket(problem, ticket, by=BY, at=AT)
    release = release_make.release("9.5.1", "2026-03-01", of=problem.product, at=AT, fixes=[problem.code])
    fixes.mark_fixed(release, by=BY, at=AT)
    before = Message.objects.filter(ticket=ticket).count()
    assert fixes.tell_due(by=BY, at=AT) == 1
    ticket.refresh_from_db()
    assert ticket.state == state
    said = Message.objects.filter(ticket=ticket, kind="public").order_by("pk").last()
    assert said is not None
    assert ("9.5.1" in said.text) is (on_fix is not OnFix.LEAVE)
    assert (Message.objects.filter(ticket=ticket).count() > before) is (on_fix is not OnFix.LEAVE)
    assert fixes.tell_due(by=BY, at=AT) == 0


def test_s14_who_has_it_twice_hears_of_it_once_and_who_was_told_too_early_hears_again() -> None:
    """In his open ticket, not by a letter beside it; nobody waits for a release of another problem; two jobs at once tell once."""
    ticket = desk.ticket(subject="Kalendář")
    Ticket.objects.filter(pk=ticket.pk).update(state="open")
    problem, later = make.problem(), make.problem(title_cs="Jiný", title_en="Another")
    fixes.tie_ticket(problem, ticket, by=BY, at=AT)
    fixes.me_too(problem, ticket.requester, by=BY, at=AT)
    for number in range(3):
        fixes.me_too(later, people.person(f"w{number}@x.example", "W"), by=BY, at=AT)
    actions.set_state(later, State.FIXED, fixed_in="10.9", by=BY, at=AT)  # never out
    fixes.mark_fixed(release_make.release("9.5.1", "2026-03-01", of=problem.product, at=AT, fixes=[problem.code]), by=BY, at=AT)
    OutgoingMail.objects.all().delete()
    assert fixes.tell_due(by=BY, at=AT, size=2) == 2
    assert not InboxEntry.objects.filter(kind="problem.fixed").exists()
    assert Message.objects.filter(ticket=ticket, text__contains="9.5.1").count() == 1
    tie = Tie.objects.filter(problem=problem).first()
    assert tie is not None
    assert not actions.take_tie(tie, at=AT)
    actions.set_state(problem, State.CONFIRMED, by=BY, at=AT)
    fixes.mark_fixed(release_make.release("9.5.2", "2026-03-02", of=problem.product, at=AT, fixes=[problem.code]), by=BY, at=AT)
    assert fixes.tell_due(by=BY, at=AT) == 2


def test_who_is_erased_is_tied_to_nothing_but_still_counts() -> None:
    problem, eva = make.problem(), people.person("eva@other.example", "Eva")
    fixes.me_too(problem, eva, by=BY, at=AT)
    erasing.erase_person(eva, by=BY, at=AT)
    tie = Tie.objects.get()
    assert tie.person is None
    assert eva.code not in tie.code
    assert actions.take_tie(tie, at=AT)


def test_pages_of_problems() -> None:
    problem = make.problem(
        workaround_cs="Smažte **mezipaměť**. <script>alert(1)</script>",
        from_version="10",
        to_version="10.2",
        platforms=("windows",),
    )
    visitor = web.client(language="cs")
    said = visitor.get("/problems/P-1/").content.decode()
    assert "<strong>mezipaměť</strong>" in said
    assert "<script>alert" not in said
    assert "Verze 10 až 10.2" in said
    assert visitor.get("/problems/p-1/").status_code == 200
    assert visitor.post("/problems/P-1/me-too/").status_code in (302, 403)
    eva = people.person("eva@other.example", "Eva")
    client = web.client(eva, "cs")
    client.post("/problems/P-1/me-too/", {"version": "10.2", "platform": "windows"})
    assert queries.has(problem, eva)
    client.post("/problems/P-1/me-too/", {"do": "not"})
    assert not queries.has(problem, eva)
    assert client.get("/office/problems/").status_code == 404
    for path in ("/problems/?state=open&version=11", "/problems/?q=kalend%C3%A1%C5%99", "/problems/?state=<&version='&q=%00"):
        assert visitor.get(path).status_code == 200


def test_the_notes_of_a_release_are_made_of_what_it_fixes() -> None:
    problem = make.problem()
    release = release_make.release("9.5.1", "2026-03-01", of=problem.product, at=AT, fixes=[problem.code])
    fixes.mark_fixed(release, by=BY, at=AT)
    said = web.client(language="cs").get("/versions/releases/9.5.1/").content.decode()
    assert "Prázdný kalendář po aktualizaci" in said
    assert web.client().get("/versions/releases/99.9/").status_code == 404


def test_query_counts() -> None:
    for count in (1, 3):
        while Problem.objects.count() < count:
            fixes.me_too(make.problem(), people.person(f"p{Problem.objects.count()}@x.example", "P"), version="10", by=BY, at=AT)
        for path, most in (("/problems/", 1), ("/problems/P-1/", 2)):
            with CaptureQueriesContext(connection) as asked:
                assert web.client(language="cs").get(path).status_code == 200
            assert len(asked) == most, (path, [each["sql"][:90] for each in asked])


def test_untying_something_else() -> None:
    problem = make.problem()
    fixes.tie_topic(problem, "D-77", None, by=BY, at=AT)
    assert actions.untie(problem, Tied(TieKind.TOPIC, "D-77"), by=BY, at=AT)
    problem.refresh_from_db()
    assert problem.people == 0
