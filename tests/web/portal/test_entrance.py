"""The door: signing up, signing in, a lost password; and that none of it says who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from podpora.mail.models import OutgoingMail
from podpora.people import actions, queries
from podpora.people.models import Person
from podpora.people.values import StaffRole
from podpora.web.portal.account.adapter import face_of
from tests.make import mails
from tests.make import people as make

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')


def sign_up(client: Client, email: str, password: str = GOOD, name: str = "Nora Nová", **more: Any) -> Any:
    return client.post("/account/signup/", {"email": email, "name": name, "password1": password}, **more)


def enter_code(client: Client, code: str) -> Any:
    return client.post("/account/confirm-email/", {"code": code, "action": "verify"})


def sign_in(client: Client, email: str, password: str = make.PASSWORD, **more: Any) -> Any:
    return client.post("/account/login/" + more.pop("query", ""), {"login": email, "password": password}, **more)


def reset_link(email: str) -> str:
    assert Client().post("/account/password/reset/", {"email": email}).status_code == 302
    return mails.link_in(mails.last_to(email))


def set_password(client: Client, link: str, password: str) -> Any:
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_new_address_becomes_an_account_when_the_code_comes_back(client: Client) -> None:
    assert sign_up(client, "Nora@X.example").url == "/account/confirm-email/"
    person = Person.objects.get()
    assert person.email == "nora@x.example" and not person.has_usable_password() and not is_signed_in(client)
    page = client.get("/account/confirm-email/")
    assert b"nora@x.example" in page.content
    answer = enter_code(client, mails.code_in(mails.last_to("nora@x.example")))
    assert answer.status_code == 302 and is_signed_in(client)
    person.refresh_from_db()
    assert person.check_password(GOOD) and person.name == "Nora Nová" and queries.has_proven(person, person.email)
    assert queries.private_customer(person) is not None
    assert client.get("/account/profile/").status_code == 200
    assert sign_in(Client(), "nora@x.example", GOOD).status_code == 302


def test_signing_up_with_the_address_of_a_guest_buyer_claims_what_he_bought(client: Client) -> None:
    guest = make.guest("gita@x.example", "Gita")
    sign_up(client, "gita@x.example", name="")
    enter_code(client, mails.code_in(mails.last_to("gita@x.example")))
    assert client.session["_auth_user_id"] == str(guest.pk)
    guest.refresh_from_db()
    assert guest.name == "Gita" and queries.customers_of(guest).count() == 1


def test_what_a_stranger_typed_for_my_address_is_never_on_my_account(client: Client) -> None:
    """A06: the trojan password. Victim first, attacker second; the victim's code brings the victim's password."""
    sign_up(client, "victim@x.example", GOOD)
    code = mails.code_in(mails.last_to("victim@x.example"))
    attacker = Client()
    sign_up(attacker, "victim@x.example", "the attackers words", name="Mallory")
    enter_code(client, code)
    person = Person.objects.get(email="victim@x.example")
    assert person.check_password(GOOD) and person.name == "Nora Nová"
    assert not is_signed_in(attacker)
    # the attacker's pending code can no longer do anything to a proven account
    enter_code(attacker, mails.code_in(mails.last_to("victim@x.example")))
    person.refresh_from_db()
    assert person.check_password(GOOD)


def test_wrong_codes_end_the_attempt_and_not_the_account(client: Client) -> None:
    sign_up(client, "nora@x.example")
    code = mails.code_in(mails.last_to("nora@x.example"))
    assert enter_code(client, "WRONG1").status_code == 200
    for _ in range(3):
        enter_code(client, "WRONG1")
    enter_code(client, code)
    assert not is_signed_in(client)
    assert queries.is_guest(Person.objects.get())


@pytest.mark.parametrize("password", ["short", "password123", "nora@x.example"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    page = sign_up(client, "nora@x.example", password)
    assert page.status_code == 200 and page.context["form"].errors["password1"]
    assert not Person.objects.exists()


@pytest.mark.parametrize("email", ["", "x", "a@b@c", "a@x.example,b@y.example", "\u212aarel@x.example", "x" * 250 + "@x.example"])
def test_unusable_addresses_are_refused_beside_the_field(client: Client, email: str) -> None:
    page = sign_up(client, email)
    assert page.status_code == 200 and page.context["form"].errors["email"]
    assert not OutgoingMail.objects.exists()


# A23: the same answer for an address that has an account and one that has none


def shape(answer: Any, email: str) -> tuple[Any, ...]:
    """Everything of an answer that a stranger sees, without the address that he typed himself."""
    body = CSRF.sub(b"", answer.content).replace(email.encode(), b"@")
    headers = {name: value for name, value in answer.headers.items() if name not in ("Content-Length", "Expires")}
    cookies = sorted((name, cookie["max-age"], len(cookie.value)) for name, cookie in answer.cookies.items())
    return answer.status_code, len(body), headers, cookies, answer.get("Location", "")


def both(known: str, unknown: str, steps: Any) -> tuple[list[Any], list[Any]]:
    return [shape(answer, known) for answer in steps(Client(), known)], [
        shape(answer, unknown) for answer in steps(Client(), unknown)
    ]


def test_a23_sign_up_says_nothing() -> None:
    make.person("known@x.example")
    make.guest("guest@x.example")

    def steps(client: Client, email: str) -> list[Any]:
        return [
            client.get("/account/signup/"),
            sign_up(client, email),
            client.get("/account/confirm-email/"),
            client.post("/account/confirm-email/", {"action": "resend"}),
            client.get("/account/confirm-email/"),
            enter_code(client, "WRONG1"),
            enter_code(client, "WRONG2"),
            enter_code(client, "WRONG3"),
            client.get("/account/confirm-email/"),
        ]

    known, fresh = both("known@x.example", "fresh@x.example", steps)
    assert known == fresh
    assert [shape(answer, "guest@x.example") for answer in steps(Client(), "guest@x.example")] == fresh
    assert mails.last_to("known@x.example").kind == "account.exists"
    assert mails.last_to("fresh@x.example").kind == mails.last_to("guest@x.example").kind == "account.code"


def test_a23_signing_in_says_nothing() -> None:
    make.person("known@x.example")
    known, unknown = both("known@x.example", "fresh@x.example", lambda client, email: [sign_in(client, email, "wrong words")])
    assert known == unknown and known[0][0] == 200


def test_a23_a_lost_password_says_nothing() -> None:
    make.person("known@x.example")

    def steps(client: Client, email: str) -> list[Any]:
        return [client.post("/account/password/reset/", {"email": email}), client.get("/account/password/reset/done/")]

    known, unknown = both("known@x.example", "fresh@x.example", steps)
    assert known == unknown
    assert mails.last_to("known@x.example").kind == "account.reset"
    assert mails.last_to("fresh@x.example").kind == "account.unknown"


def test_a23_an_invitation_says_nothing(client: Client) -> None:
    make.person("known@x.example")
    company = make.company()
    client.force_login(company.memberships.get().person)
    client.get("/account/profile/")

    def steps(_: Client, email: str) -> list[Any]:
        answer = client.post(f"/licences/people/{company.code}/invite/", {"email": email, "role": "viewer"})
        page = client.get(f"/licences/people/{company.code}/")
        company.invitations.all().delete()
        return [answer, page]

    known, unknown = both("known@x.example", "fresh@x.example", steps)
    assert known == unknown


# A lost password


def test_a_lost_password_is_replaced_with_a_link_that_works_once(client: Client) -> None:
    person = make.person("jana@x.example")
    here = Client()
    here.force_login(person)
    link = reset_link("jana@x.example")
    assert set_password(client, link, GOOD).status_code == 302
    person.refresh_from_db()
    assert person.check_password(GOOD)
    assert here.get("/account/profile/").status_code == 302, "sessions of before are over"
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content
    assert mails.last_to("jana@x.example").kind == "account.password_changed"


def test_a11_the_link_is_dead_after_an_hour(client: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-03-16T09:00:00Z")
    make.person("jana@x.example")
    link = reset_link("jana@x.example")
    time_machine.shift(timedelta(hours=1, seconds=2))
    assert b"password1" not in client.get(link, follow=True).content


def test_a11_the_link_is_dead_after_the_address_or_the_password_changed(client: Client, at: Any) -> None:
    jana = make.person("jana@x.example")
    link = reset_link("jana@x.example")
    actions.follow_address(jana, "other@x.example", by=make.actor(jana), at=at)
    assert b"password1" not in client.get(link, follow=True).content
    eva = make.person("eva@x.example")
    link = reset_link("eva@x.example")
    eva.set_password("something else entirely")
    eva.save()
    assert b"password1" not in client.get(link, follow=True).content


def test_a_guest_may_claim_his_purchases_with_the_link_too(client: Client) -> None:
    guest = make.guest("gita@x.example")
    set_password(client, reset_link("gita@x.example"), GOOD)
    guest.refresh_from_db()
    assert queries.has_proven(guest, "gita@x.example")
    assert sign_in(client, "gita@x.example", GOOD).status_code == 302 and is_signed_in(client)


def test_links_are_made_from_the_configured_address(client: Client, settings: Any) -> None:
    make.person("jana@x.example")
    client.post(
        "/account/password/reset/",
        {"email": "jana@x.example"},
        headers={"host": "evil.example", "x-forwarded-host": "evil.example"},
    )
    mail = mails.last_to("jana@x.example")
    assert "evil" not in mail.text and f"{settings.SITE_URL}/account/password/reset/key/" in mail.text


def test_look_alike_addresses_get_no_mail(client: Client) -> None:
    make.person("karel@x.example")
    for email in ("\u212aarel@x.example", "karel@x.example,evil@y.example", "karel@x.example\nBcc: evil@y.example"):
        client.post("/account/password/reset/", {"email": email})
    assert not OutgoingMail.objects.exists()


# Signing in


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (StaffRole.NONE, "/account/"),
        (StaffRole.TECHNICIAN, "/desk/"),
        (StaffRole.MANAGER, "/office/"),
        (StaffRole.MODERATOR, "/desk/forum/reviews/"),
    ],
)
def test_everybody_lands_where_he_works(client: Client, role: StaffRole, place: str) -> None:
    person = make.staff(role) if role else make.person()
    assert sign_in(client, person.email).url == place


@pytest.mark.parametrize(
    "evil",
    [
        "//evil",
        "/\\evil",
        "https:evil",
        "%09//evil",
        "\t//evil",
        "javascript:alert(1)",
        "https://evil.example/",
        "http://testserver/x",
        "evil",
    ],
)
def test_s08_next_never_leads_away(client: Client, evil: str) -> None:
    person = make.person()
    answer = client.post("/account/login/", {"login": person.email, "password": make.PASSWORD, "next": evil})
    assert answer.url == face_of(person)


def test_next_leads_to_the_page_that_asked(client: Client) -> None:
    person = make.person()
    asked = client.get("/account/profile/")
    assert asked.url == "/account/login/?next=/account/profile/"
    answer = client.post("/account/login/", {"login": person.email, "password": make.PASSWORD, "next": "/account/profile/"})
    assert answer.url == "/account/profile/"


def test_s06_the_session_gets_a_new_key_at_sign_in(client: Client) -> None:
    client.get("/account/login/")
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, make.person().email)
    assert client.session.session_key != session.session_key


def test_inactive_persons_do_not_get_in(client: Client) -> None:
    person = make.person()
    Person.objects.update(is_active=False)
    sign_in(client, person.email)
    assert not is_signed_in(client)


def test_tries_for_one_address_are_counted_whatever_host_they_name(client: Client) -> None:
    person = make.person()
    for number in range(6):
        sign_in(Client(), person.email, "wrong words", headers={"host": f"h{number}.example"}, REMOTE_ADDR=f"10.0.0.{number}")
    page = sign_in(client, person.email)
    assert not is_signed_in(client) and page.context["form"].non_field_errors()


def test_get_never_signs_out(client: Client) -> None:
    client.force_login(make.person())
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


def test_pages_that_are_not_offered_are_not_there(client: Client) -> None:
    for address in ("/account/login/code/", "/account/login/code/confirm/", "/account/signup/passkey/", "/account/2fa/trust/"):
        assert client.get(address).status_code == 404
