"""A17: two accounts, or two customers, that are one. Nothing is lost, nothing becomes visible to strangers, a second run does nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.base.actors import system
from podpora.base.decisions import Refused
from podpora.desk.models import Message, Ticket
from podpora.journeys import merging, purchase, rights
from podpora.licensing.models import Licence
from podpora.mail.models import OutgoingMail
from podpora.orders import queries as orders
from podpora.people import actions, queries
from podpora.people.models import Customer, Membership, Person
from podpora.people.values import Role, StaffRole
from tests.make import api, desk, people, web
from tests.make.people import PASSWORD

pytestmark = pytest.mark.django_db
BY = system("test")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def two() -> tuple[Person, Person]:
    """The account that is given up, with all sorts of things, and the one that stays."""
    web.vendor()
    lose, keep = people.person("old@private.example", "Jana Stará"), people.person("new@private.example", "Jana Nová")
    for person, day in ((lose, "2026-01-10"), (keep, "2026-02-10")):
        web.bought(person, day)
        desk.ticket(person, people.customer_of(person))
    people.member(people.company("Papírna"), Role.ADMIN, lose)
    actions.create_token("mine", ["all"], lose, by=BY, at=clock.now())
    return lose, keep


def merge(lose: Person, keep: Person) -> Person:
    return merging.merge_people(lose, keep, by=BY, at=clock.now())


def test_a17_what_the_one_had_the_other_has(two: tuple[Person, Person]) -> None:
    """Tickets, licences, orders, messages, invoices: counted before and after."""
    lose, keep = two
    counted = (Licence, Ticket, Message, Customer, Person, Membership)
    before = {model: model._default_manager.count() for model in counted}
    rights_before = {licence.code: rights.rights_of(licence, at=clock.now()).support_through for licence in Licence.objects.all()}
    invoices = {invoice.number for person in two for invoice in orders.invoices_visible_to(person)}
    merge(lose, keep)
    # The private customer of the account that was given up keeps its own membership row, and nothing else.
    assert {model: model._default_manager.count() for model in counted} == before
    mine = people.customer_of(keep)
    assert Licence.objects.filter(customer=mine).count() == Ticket.objects.filter(customer=mine, requester=keep).count() == 2
    assert {
        licence.code: rights.rights_of(licence, at=clock.now()).support_through for licence in Licence.objects.all()
    } == rights_before
    assert {invoice.number for invoice in orders.invoices_visible_to(keep)} == invoices
    assert not Message.objects.filter(author=lose).exists()
    assert Membership.objects.get(customer__name="Papírna", person=keep).role == Role.ADMIN


def test_a17_nothing_but_what_ends_still_points_to_the_old_one(two: tuple[Person, Person]) -> None:
    """Every relation of the database, also of tables that come later."""
    lose, keep = two
    old_customer = people.customer_of(lose)
    merge(lose, keep)
    allowed = {"people.Customer.person", "people.Person.merged_into", "people.Membership.person"}
    assert set(actions.rows_of({}, Person.objects.get(pk=lose.pk))) <= allowed
    left = actions.rows_of({}, Customer.objects.get(pk=old_customer.pk))
    assert set(left) <= {"orders.Invoice.customer", "people.Membership.customer"}


def test_a17_every_relation_is_known_by_its_real_name() -> None:
    for model, named in ((Person, actions.PERSON_STAYS), (Customer, actions.CUSTOMER_STAYS)):
        assert set(named) <= {label for label, _field in actions.relations(model)}


def test_a17_the_old_address_leads_to_the_account(two: tuple[Person, Person]) -> None:
    lose, keep = two
    merge(lose, keep)
    assert queries.person_by_email("OLD@private.example") == keep
    assert queries.private_customer_of("old@private.example") == people.customer_of(keep)
    assert queries.has_proven(keep, "old@private.example")
    bought = actions.ensure_customer(email="old@private.example", name="Jana", by=BY, at=clock.now())
    assert bought == people.customer_of(keep)
    assert actions.sign_up("old@private.example", at=clock.now()) is None
    for address in ("old@private.example", "new@private.example"):
        assert Client().post("/account/login/", {"login": address, "password": PASSWORD}).status_code == 302, address
    actions.prove_address(keep, by=BY, at=clock.now())
    assert EmailAddress.objects.filter(user=keep).count() == 2


def test_a17_what_opened_the_old_account_opens_nothing(two: tuple[Person, Person]) -> None:
    lose, keep = two
    actions.set_password(lose, "another-password-1")
    secret = actions.create_token("theirs", ["all"], lose, by=BY, at=clock.now())
    client = Client()
    client.force_login(lose)
    assert client.get("/account/profile/").status_code == 200
    merge(lose, keep)
    assert client.get("/account/profile/").status_code == 302
    assert queries.token_for(secret) is None
    assert Client().post("/account/login/", {"login": "old@private.example", "password": "another-password-1"}).status_code == 200


def test_a17_a_second_run_does_nothing(two: tuple[Person, Person]) -> None:
    lose, keep = two
    merge(lose, keep)
    entries = Entry.objects.count()
    assert merge(Person.objects.get(pk=lose.pk), keep) == keep
    assert Entry.objects.count() == entries


def test_a17_it_is_audited_and_both_addresses_are_told(two: tuple[Person, Person]) -> None:
    lose, keep = two
    merge(lose, keep)
    assert Entry.objects.get(verb="person.merged").subject == f"person:{keep.code}"
    assert Entry.objects.get(verb="person.given_up").subject == f"person:{lose.code}"
    told = set(OutgoingMail.objects.filter(kind="account.merged").values_list("to_address", flat=True))
    assert told == {"old@private.example", "new@private.example"}


@pytest.mark.parametrize("staff", ["lose", "keep"])
def test_a17_staff_are_never_merged(staff: str, two: tuple[Person, Person]) -> None:
    lose, keep = two
    Person.objects.filter(pk=(lose if staff == "lose" else keep).pk).update(staff_role=StaffRole.TECHNICIAN)
    with pytest.raises(Refused, match=re.escape("merge.staff")):
        merge(lose, keep)
    assert Person.objects.get(pk=lose.pk).is_active


def test_a17_a_preview_writes_nothing_and_says_what_goes_over(two: tuple[Person, Person]) -> None:
    lose, keep = two
    entries = Entry.objects.count()
    preview = merging.preview_people(lose, keep)
    assert (preview.counts["licences"], preview.counts["orders"], preview.counts["tickets"], preview.counts["companies"]) == (
        1,
        1,
        1,
        1,
    )
    assert preview.decision.allowed and Entry.objects.count() == entries
    assert not merging.preview_people(keep, keep).decision.allowed


def test_a17_companies_their_members_and_teams() -> None:
    owner, other = people.person(), people.person()
    keep, lose = people.company("Papírna", owner), people.company("Papirna s.r.o.", other)
    people.member(lose, Role.VIEWER, owner)
    for customer in (keep, lose):
        actions.create_team(customer, "Sales", by=BY, at=clock.now())
    merging.merge_customers(lose, keep, by=BY, at=clock.now())
    assert {(m.person_id, m.role) for m in keep.memberships.all()} == {(owner.pk, "owner"), (other.pk, "owner")}
    assert sorted(team.name for team in keep.teams.all()) == ["Sales", "Sales (2)"]
    assert not queries.customers_found(lose.code).exists()


def test_a17_a_company_and_a_private_customer_stay_two() -> None:
    person = people.person()
    company = people.company("Papírna", person)
    for lose, keep in ((company, people.customer_of(person)), (people.customer_of(person), company), (company, company)):
        with pytest.raises(Refused):
            merging.merge_customers(lose, keep, by=BY, at=clock.now())


def test_a17_an_order_on_its_way_is_paid_by_whoever_stays(two: tuple[Person, Person]) -> None:
    lose, keep = two
    from podpora.orders.values import CartLine

    order = purchase.place([CartLine("pro-private-1", 1)], customer=people.customer_of(lose), currency="CZK", by=BY, at=clock.now())
    merge(lose, keep)
    from podpora.orders.values import Notice

    paid = purchase.record_payment(
        orders.order_by_code(order.code), order.total_money, Notice("p", clock.now()), by=BY, at=clock.now()
    )
    assert Licence.objects.get(code=paid.lines.get().licence_code).customer == people.customer_of(keep)


# The person himself, with proof of both.


def signed_in(person: Person) -> Client:
    client = Client()
    assert client.post("/account/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def link_in_the_mail() -> str:
    text = OutgoingMail.objects.get(kind="account.merge_asked").text
    found = re.search(r"/account/merge/\S+/", text)
    assert found
    return found[0]


def test_a17_by_the_person_himself(two: tuple[Person, Person]) -> None:
    lose, keep = two
    client = signed_in(keep)
    answer = client.post("/account/merge/", {"email": lose.email})
    assert "a link is on its way" in answer.content.decode(), (answer.status_code, answer.headers)
    address = link_in_the_mail()
    page = client.get(address).content.decode()
    assert "1 licence" in page and "cannot be undone" in page
    assert client.post(address, {"password": "wrong"}).status_code == 422
    assert Person.objects.get(pk=lose.pk).is_active
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert Person.objects.get(pk=lose.pk).merged_into == keep
    assert client.get(address).status_code == 404


def test_a23_nobody_learns_whether_there_is_an_account(two: tuple[Person, Person]) -> None:
    _lose, keep = two
    client = signed_in(keep)
    pages = [
        TOKEN.sub("", client.post("/account/merge/", {"email": email}).content.decode())
        for email in ("old@private.example", "no-one@private.example")
    ]
    assert pages[0].replace("old@private.example", "X") == pages[1].replace("no-one@private.example", "X")
    assert OutgoingMail.objects.filter(kind="account.merge_asked").count() == 1


def test_a17_the_link_works_for_nobody_else_and_for_an_hour(two: tuple[Person, Person], time_machine: Any) -> None:
    lose, keep = two
    signed_in(keep).post("/account/merge/", {"email": lose.email})
    address = link_in_the_mail()
    assert signed_in(people.person("stranger@private.example")).get(address).status_code == 404
    assert signed_in(keep).get(address + "x/").status_code == 404
    assert Client().get(address).status_code == 302
    time_machine.move_to(clock.now() + timedelta(minutes=61))
    assert signed_in(keep).get(address).status_code == 404


def test_a17_a_changed_password_ends_the_link(two: tuple[Person, Person]) -> None:
    """A11"""
    lose, keep = two
    client = signed_in(keep)
    client.post("/account/merge/", {"email": lose.email})
    actions.set_password(lose, "another-password-1")
    assert client.get(link_in_the_mail()).status_code == 404


def test_a17_an_old_session_must_prove_itself_again(two: tuple[Person, Person]) -> None:
    _lose, keep = two
    client = Client()
    client.force_login(keep)
    answer = client.get("/account/merge/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/reauthenticate/")


def test_a17_a_second_factor_is_not_gone_round(two: tuple[Person, Person]) -> None:
    lose, keep = two
    client = signed_in(keep)
    client.post("/account/merge/", {"email": lose.email})
    Authenticator.objects.create(user=lose, type=Authenticator.Type.TOTP, data={"secret": "x"})
    page = client.get(link_in_the_mail())
    assert "second factor" in page.content.decode()
    client.post(link_in_the_mail(), {"password": PASSWORD})
    assert Person.objects.get(pk=lose.pk).is_active


# By the vendor's staff.


def test_a17_in_the_office_and_only_by_managers(two: tuple[Person, Person]) -> None:
    lose, keep = two
    address = f"/office/customers/{people.customer_of(keep).code}/merge/"
    technician, manager = Client(), Client()
    technician.force_login(people.staff())
    manager.force_login(people.manager())
    assert technician.get(address).status_code == 404
    assert manager.get(address).status_code == 200
    customer_page = manager.get(address.removesuffix("merge/")).content.decode()
    assert "has the same name" not in customer_page
    Customer.objects.update(name="Jana Nováková")
    page, code = manager.get(address.removesuffix("merge/")).content.decode(), people.customer_of(lose).code
    assert f"{code} (old@private.example) has the same name" in page and f'href="{address}?other={code}"' in page
    assert f'value="{code}"' in manager.get(f"{address}?other={code}").content.decode()
    assert "no such customer" in manager.post(address, {"other": "nobody@private.example"}).content.decode()
    code = people.customer_of(lose).code
    page = manager.post(address, {"other": lose.email}).content.decode()
    assert code in page and "1 licence" in page
    assert manager.post(address, {"other": code, "confirm": "yes"}).status_code == 422
    assert Person.objects.get(pk=lose.pk).is_active
    assert manager.post(address, {"other": code, "confirm": code}).status_code == 302
    assert Person.objects.get(pk=lose.pk).merged_into == keep


def test_a17_over_the_api(two: tuple[Person, Person]) -> None:
    lose, keep = two
    caller = api.Api(api.token("customers"))
    mine, theirs = people.customer_of(keep).code, people.customer_of(lose).code
    told = caller.post(f"customers/{mine}/merge", {"give_up": theirs, "preview": True})
    assert (told.status_code, told.json()["moves"]["licences"]) == (200, 1)
    assert Person.objects.get(pk=lose.pk).is_active
    assert [caller.post(f"customers/{mine}/merge", {"give_up": theirs}).status_code for _twice in range(2)] == [200, 200]
    assert caller.post(f"customers/{mine}/merge", {"give_up": mine}).status_code == 409
    assert caller.post(f"customers/{mine}/merge", {"give_up": "C-NOBODY"}).status_code == 404
    own = api.Api(api.token("all", person=keep)).post(f"customers/{mine}/merge", {"give_up": theirs})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "token.role")


def test_the_pages_ask_the_same_for_one_licence_and_for_three(django_assert_num_queries: Any) -> None:
    """What goes over is counted relation by relation, so the number of these statements is that of the tables."""
    web.vendor()
    lose, keep, manager = people.person("old@private.example"), people.person(), Client()
    mine, office = signed_in(keep), f"/office/customers/{people.customer_of(keep).code}/merge/"
    manager.force_login(people.manager())
    mine.post("/account/merge/", {"email": lose.email})
    link, counted = link_in_the_mail(), []
    for licences in (1, 2):
        for person in (lose, keep) * licences:
            web.bought(person, "2026-01-10")
        for client, address, statements in (
            (mine, "/account/data/", 7), (mine, "/account/merge/", 6), (manager, office, 4),
        ):  # fmt: skip
            client.get(address)  # the session is noted as seen
            with django_assert_num_queries(statements):
                assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            assert mine.get(link).status_code == 200
            assert manager.post(office, {"other": lose.email}).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_field_is_a_relation() -> None:
    assert all(isinstance(field, models.ForeignKey) for _label, field in actions.relations(Person))
