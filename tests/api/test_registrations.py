"""FREE for an e-mail address: the same answer for everybody, the key in the mail, one seat that moves (A-13, A-14)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.base.decisions import Refused
from podpora.jobs.models import Job
from podpora.journeys import registration
from podpora.licensing import queries
from podpora.licensing.models import Device, Licence
from podpora.licensing.values import ActivationState, LicenceKind
from podpora.mail.models import OutgoingMail
from podpora.people import actions as people_actions
from podpora.people import queries as people_queries
from podpora.people.models import Person
from podpora.people.values import FREE_MAIL, Role
from tests.make import licensing as make
from tests.make import people, web
from tests.make.api import Api, token

pytestmark = pytest.mark.django_db
MAIL = "nora@free.example"


def body(email: str = MAIL, **more: Any) -> dict[str, Any]:
    return {"product": make.product().code, "email": email, "language": "cs", **more}


def work(at: datetime | None = None) -> None:
    """What the worker does with what was asked."""
    from podpora.config.jobs import give_free

    for job in Job.objects.filter(name=registration.WORK):
        give_free(job.payload, at=at or clock.now())
        job.delete()


def free(at: datetime = make.BOUGHT, email: str = MAIL) -> Licence:
    registration.register(make.product(), email, "en", by=make.BY, at=at)
    return Licence.objects.get(kind=LicenceKind.FREE, customer__email=email)


def test_a13_the_key_comes_by_mail_in_the_language_that_was_asked_for() -> None:
    answer = Api().post("registrations", body())
    assert (answer.status_code, answer.json()["state"]) == (202, "accepted")
    assert not Licence.objects.exists()
    work()
    licence = Licence.objects.get()
    assert (licence.kind, licence.edition.code, licence.seats) == (LicenceKind.FREE, "free", 1)
    mail = OutgoingMail.objects.get()
    assert (mail.to_address, mail.language) == (MAIL, "cs")
    assert queries.key_of(licence) in mail.text
    assert "Váš klíč FREE" in mail.subject


def test_s01_whoever_asks_gets_the_same_answer_and_the_same_work() -> None:
    people.person("known@free.example")
    gone = people.person("gone@free.example")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    free(email="has@free.example")
    Job.objects.all().delete()
    emails = ["new@free.example", "known@free.example", "has@free.example", "gone@free.example"]
    answers = [Api().post("registrations", body(email)) for email in emails]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, answers[0].content)}
    assert Job.objects.count() == 4
    before = OutgoingMail.objects.count()
    work()
    assert OutgoingMail.objects.count() == before + 3  # the closed account gets nothing, and nobody can tell


def test_s02_the_answer_costs_the_same_whoever_is_known() -> None:
    free(email="has@free.example")
    Api().post("registrations", body("warm@free.example"))
    counts = []
    for email in ("new@free.example", "has@free.example"):
        with CaptureQueriesContext(connection) as asked:
            Api().post("registrations", body(email))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a13_asking_again_sends_the_same_key_and_a_few_times_a_day_only() -> None:
    licences = {free(make.BOUGHT + timedelta(minutes=n)).code for n in range(6)}
    assert len(licences) == 1
    assert OutgoingMail.objects.count() == 3
    free(make.BOUGHT + timedelta(days=1, hours=1))
    assert OutgoingMail.objects.count() == 4


def test_a13_a_new_computer_takes_the_seat_and_the_old_one_is_released() -> None:
    licence = free()
    old = make.activated(licence).activation
    new = make.activated(licence, at=make.BOUGHT + timedelta(days=100))
    assert new.is_new
    old.refresh_from_db()
    licence.refresh_from_db()
    assert (old.state, licence.seats_used) == (ActivationState.DEACTIVATED, 1)
    assert Entry.objects.filter(verb="licence.deactivated").count() == 1
    back = make.activated(licence, at=make.BOUGHT + timedelta(days=200))
    assert back.is_new


def test_a13_nothing_is_released_by_a_device_that_is_refused_or_here_already() -> None:
    licence, device = free(), make.device()
    first = make.activated(licence, device).activation
    assert not make.activated(licence, device).is_new
    licence.state = "revoked"
    licence.save()
    with pytest.raises(Refused):
        make.activated(licence)
    first.refresh_from_db()
    assert first.is_active


def test_a6_a_free_key_that_goes_round_is_slowed_down() -> None:
    licence = free()
    for _ in range(11):
        make.activated(licence)
    with pytest.raises(Refused) as refusal:
        make.activated(licence)
    assert refusal.value.decision.code == "licence.too_many_moves"


def test_a_licence_that_was_bought_releases_nothing_by_itself() -> None:
    licence = make.licence(terms=make.Terms(seats=1))
    make.activated(licence)
    with pytest.raises(Refused):
        make.activated(licence)
    assert Device.objects.count() == 1


def test_a_free_licence_that_was_taken_back_is_not_given_again() -> None:
    licence = free()
    licence.state = "revoked"
    licence.save()
    registration.register(make.product(), MAIL, "en", by=make.BY, at=make.BOUGHT)
    assert (Licence.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(("change", "field"), [
    ({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"email": "a@b.example,c@d.example"}, "email"),
    ({"email": ["a@b.example"]}, "email"), ({"email": "ı@example.com"}, "email"), ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
    ({"email": "x" * 400 + "@b.example"}, "email"), ({"product": "unknown"}, "product"), ({"product": 1}, "product"),
    ({"language": 7}, "language"), ({"name": "x"}, "name"), ({"email": "a\x00@b.example"}, "email"),
])  # fmt: skip
def test_s10_bad_input_writes_nothing(change: dict[str, Any], field: str) -> None:
    refused = Api().post("registrations", body() | change)
    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == [field]
    assert not Job.objects.exists() and not OutgoingMail.objects.exists()


def test_an_unknown_language_gets_the_vendors() -> None:
    assert Api().post("registrations", body(language="xx")).status_code == 202
    assert Job.objects.get(name=registration.WORK).payload["language"] in ("en", "cs")


def test_mails_to_others_mailboxes_are_limited_for_each_address() -> None:
    codes = [Api().post("registrations", body(f"victim{n}@free.example")).status_code for n in range(31)]
    assert codes == [202] * 30 + [429]


def test_the_page_does_the_same() -> None:
    make.product()
    web.vendor()
    browser = web.client(None, "en")
    assert browser.get("/free/").status_code == 200
    sent = browser.post("/free/", {"product": "postak", "email": MAIL})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/free/sent/")
    assert "on its way" in browser.get("/free/sent/").content.decode()
    work()
    assert OutgoingMail.objects.get(kind="licence.free_key").to_address == MAIL
    assert browser.post("/free/", {"product": "postak", "email": "x"}).status_code == 200
    robot = browser.post("/free/", {"product": "postak", "email": "r@free.example", "website": "x"})
    assert robot.headers["Location"] == "/free/sent/"
    assert not Job.objects.filter(name=registration.WORK).exists()


def test_a14_free_installs_in_the_companys_own_domain_are_counted_and_free_mail_never_is() -> None:
    owner = people.person("boss@alfa.example")
    firm = people.company("Alfa", owner)
    people.member(firm, Role.ADMIN, people.person("admin@gmail.com"))
    for name in ("a@alfa.example", "b@alfa.example", "c@other.example", "d@gmail.com", "e@sub.alfa.example", "f@notalfa.example"):
        make.activated(free(email=name))
    free(email="unused@alfa.example")
    assert people_queries.proven_domains(firm) == ["alfa.example"]
    assert "gmail.com" in FREE_MAIL
    answer = Api(token("customers", person=owner)).get(f"customers/{firm.code}/free-installs")
    assert answer.json() == {"count": 2, "domains": {"alfa.example": 2}}
    assert "a@alfa" not in answer.content.decode()


def test_a14_the_administrator_reads_the_hint_among_his_people_and_others_do_not() -> None:
    owner = people.person("boss@alfa.example")
    firm = people.company("Alfa", owner)
    viewer = people.member(firm, Role.VIEWER)
    page = f"/licences/people/{firm.code}/"
    hint = "installs run in your own domain"
    assert hint not in web.client(owner).get(page, follow=True).content.decode()
    for name in ("a@alfa.example", "b@alfa.example", "c@alfa.example", "d@gmail.com"):
        make.activated(free(email=name))
    html = web.client(owner).get(page, follow=True).content.decode()
    assert f"3 FREE {hint}" in html
    assert "nothing is blocked" in html
    assert "a@alfa.example" not in html
    assert hint not in web.client(viewer).get(page, follow=True).content.decode()


def test_a14_only_who_looks_after_devices_is_told() -> None:
    owner = people.person("boss@alfa.example")
    firm = people.company("Alfa", owner)
    viewer, stranger = people.member(firm, Role.VIEWER), people.person()
    path = f"customers/{firm.code}/free-installs"
    assert Api(token("customers", person=viewer)).get(path).status_code == 404
    assert Api(token("customers", person=stranger)).get(path).status_code == 404
    assert Api(token("customers")).get(path).json() == {"count": 0, "domains": {}}
    assert people_queries.proven_domains(people.customer_of(owner)) == []
    unproven = people_actions.ensure_customer(email="x@beta.example", name="X", by=make.BY, at=make.BOUGHT)
    assert people_queries.proven_domains(unproven) == []
