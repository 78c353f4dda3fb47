"""One's own pages: profile, sessions, second factors, inbox, tokens; and nobody else's."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client

from podpora.mail.models import OutgoingMail
from podpora.people import actions, queries
from podpora.people.models import ApiToken, Person
from tests.make import mails
from tests.make import people as make

pytestmark = pytest.mark.django_db
ADDRESSES = [
    *("/account/profile/", "/account/security/", "/account/sessions/", "/account/inbox/", "/account/notifications/"),
    *("/account/tokens/", "/account/companies/new/", "/licences/people/", "/account/email/", "/account/password/change/"),
    *("/account/2fa/", "/account/2fa/webauthn/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"),
]
OUTSIDE = ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/"]


def signed_in(person: Person) -> Client:
    """A browser in which the person has just typed the password (so that nothing asks for it again)."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0"})
    answer = client.post("/account/login/", {"login": person.email, "password": make.PASSWORD})
    assert answer.status_code == 302, "could not sign in"
    return client


def sure(person: Person) -> Client:
    """The same, after showing once more who it is: changes of address and factors ask for that."""
    client = signed_in(person)
    assert client.post("/account/reauthenticate/", {"password": make.PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_visitors_are_sent_to_the_door_and_persons_get_in(address: str) -> None:
    assert Client().get(address).url == f"/account/login/?next={address}"
    page = sure(make.person()).get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("address", [*ADDRESSES, *OUTSIDE])
def test_pages_have_no_script_or_style_of_their_own_and_no_other_language(address: str) -> None:
    client = sure(make.person(language="cs")) if address in ADDRESSES else Client(headers={"accept-language": "cs"})
    page = client.get(address).content.decode()
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
    assert "style=" not in page and "<style" not in page and not re.search(r"\son\w+=", page)
    for english in (
        "Sign in",
        "Sign up",
        "Password",
        "Email",
        "Save",
        "E-mail address",
        "Cancel",
        "Authenticator",
        "Remember",
    ):
        assert english not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL), english


def test_the_profile_applies_at_once() -> None:
    person = make.person()
    client = signed_in(person)
    typed = {"name": "Jana N.", "language": "cs", "time_zone": "Asia/Tokyo", "theme": "dark"}
    page = client.post("/account/profile/", typed, follow=True)
    assert 'lang="cs"' in page.content.decode() and 'data-theme="dark"' in page.content.decode()
    person.refresh_from_db()
    assert (person.name, person.time_zone) == ("Jana N.", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Base"), ("language", "xx"), ("theme", "pink"), ("name", "x" * 151)]
)
def test_a_profile_that_cannot_be_is_named(field: str, value: str) -> None:
    page = signed_in(make.person()).post("/account/profile/", {"name": "J"} | {field: value})
    assert page.status_code == 200 and page.context["form"].errors[field]


def test_s09_a_profile_never_raises_rights() -> None:
    person = make.person()
    signed_in(person).post("/account/profile/", {"name": "J", "staff_role": "manager", "is_staff": "1", "email": "x@y.example"})
    person.refresh_from_db()
    assert not person.is_staff and person.email != "x@y.example"


def test_sessions_are_listed_and_ended_one_by_one_or_all() -> None:
    jana, eva = make.person(), make.person()
    here, there, third, foreign = signed_in(jana), signed_in(jana), signed_in(jana), signed_in(eva)
    page = here.get("/account/sessions/")
    assert len(page.context["rows"]) == 3 and page.context["rows"][0].is_this and "Firefox, Windows" in page.content.decode()
    evas = UserSession.objects.get(user=eva)
    assert here.post(f"/account/sessions/{evas.pk}/end/").status_code == 404
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    assert here.get(f"/account/sessions/{theirs.pk}/end/").status_code == 405
    here.post(f"/account/sessions/{theirs.pk}/end/")
    assert there.get("/account/profile/").status_code == 302 and third.get("/account/profile/").status_code == 200
    here.post("/account/sessions/others/end/")
    assert third.get("/account/profile/").status_code == 302
    assert here.get("/account/profile/").status_code == foreign.get("/account/profile/").status_code == 200


def test_looking_at_a_page_does_not_write_each_time(django_assert_max_num_queries: Any) -> None:
    jana = make.person()
    client = signed_in(jana)
    client.get("/account/security/")
    with django_assert_max_num_queries(5) as queries_made:
        client.get("/account/security/")
    assert not [q for q in queries_made.captured_queries if not q["sql"].startswith("SELECT")]


def test_a_new_password_ends_the_other_sessions_and_is_told() -> None:
    jana = make.person()
    here, there = signed_in(jana), signed_in(jana)
    typed = {"oldpassword": make.PASSWORD, "password1": "correct horse battery", "password2": "correct horse battery"}
    assert here.post("/account/password/change/", typed).url == "/account/security/"
    assert here.get("/account/profile/").status_code == 200 and there.get("/account/profile/").status_code == 302
    assert mails.last_to(jana.email).kind == "account.password_changed"


def test_an_address_changes_only_with_the_code_sent_to_the_new_one() -> None:
    jana = make.person("jana@x.example")
    client = sure(jana)
    assert client.post("/account/email/", {"email": "new@x.example", "action_add": ""}).url == "/account/confirm-email/"
    jana.refresh_from_db()
    assert jana.email == "jana@x.example"
    client.post("/account/confirm-email/", {"action": "verify", "code": mails.code_in(mails.last_to("new@x.example"))})
    jana.refresh_from_db()
    assert jana.email == "new@x.example" and queries.has_proven(jana, "new@x.example")
    assert make.customer_of(jana).email == "new@x.example"
    assert mails.last_to("jana@x.example").kind == "account.address_changed"
    assert jana.emailaddress_set.count() == 1


def test_a_change_of_address_waits_while_the_person_shows_who_he_is() -> None:
    jana = make.person("jana@x.example")
    client = signed_in(jana)
    asked = client.post("/account/email/", {"email": "new@x.example", "action_add": ""})
    assert asked.url.startswith("/account/reauthenticate/?next=")
    answer = client.post("/account/reauthenticate/", {"password": make.PASSWORD, "next": "/account/email/"})
    assert answer.url == "/account/confirm-email/"
    client.post("/account/confirm-email/", {"action": "verify", "code": mails.code_in(mails.last_to("new@x.example"))})
    jana.refresh_from_db()
    assert jana.email == "new@x.example"


def test_an_address_of_somebody_else_cannot_be_taken_and_is_not_revealed() -> None:
    make.person("known@x.example")
    client = sure(make.person())
    answers = []
    for email in ("known@x.example", "fresh@x.example"):
        answer = client.post("/account/email/", {"email": email, "action_add": ""})
        page = client.get("/account/confirm-email/").content.decode().replace(email, "@")
        answers.append((answer.status_code, answer.url, len(page)))
    assert answers[0] == answers[1]
    assert mails.last_to("known@x.example").kind == "account.code"
    client.post("/account/email/", {"email": "known@x.example", "action_add": ""})
    client.post("/account/confirm-email/", {"action": "verify", "code": mails.code_in(mails.last_to("known@x.example"))})
    assert Person.objects.filter(email="known@x.example").count() == 1


def test_a07_a_pending_change_of_address_dies_with_a_lost_password() -> None:
    jana = make.person("jana@x.example")
    attacker = sure(jana)
    attacker.post("/account/email/", {"email": "mallory@x.example", "action_add": ""})
    code = mails.code_in(mails.last_to("mallory@x.example"))
    Client().post("/account/password/reset/", {"email": "jana@x.example"})
    victim = Client()
    form = victim.get(mails.link_in(mails.last_to("jana@x.example")), follow=True)
    victim.post(form.request["PATH_INFO"], {"password1": "correct horse battery", "password2": "correct horse battery"})
    attacker.post("/account/confirm-email/", {"action": "verify", "code": code})
    jana.refresh_from_db()
    assert jana.email == "jana@x.example"


def add_app(client: Client, person: Person) -> str:
    """Set up an authenticator app the way a person does; returns its secret."""
    page = client.get("/account/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content
    return secret


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_an_authenticator_app_is_asked_for_and_its_secret_is_not_in_the_database(
    django_capture_on_commit_callbacks: Any,
) -> None:
    jana = make.person()
    with django_capture_on_commit_callbacks(execute=True):
        secret = add_app(sure(jana), jana)
    stored = str(Authenticator.objects.filter(user=jana).values_list("data", flat=True))
    assert secret not in stored
    assert mails.last_to(jana.email).kind in ("account.app_added", "account.recovery_codes")
    client = Client()
    answer = client.post("/account/login/", {"login": jana.email, "password": make.PASSWORD})
    assert answer.url.startswith("/account/2fa/authenticate/") and "_auth_user_id" not in client.session
    assert client.get("/account/profile/").status_code == 302, "S11: the step cannot be skipped"
    assert client.get("/account/2fa/authenticate/").status_code == 200
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session


def test_a10_a_new_password_does_not_take_the_second_factor_away() -> None:
    jana = make.person("jana@x.example")
    add_app(sure(jana), jana)
    Client().post("/account/password/reset/", {"email": "jana@x.example"})
    client = Client()
    form = client.get(mails.link_in(mails.last_to("jana@x.example")), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "correct horse battery", "password2": "correct horse battery"})
    assert "_auth_user_id" not in client.session
    answer = client.post("/account/login/", {"login": jana.email, "password": "correct horse battery"})
    assert answer.url.startswith("/account/2fa/authenticate/") and "_auth_user_id" not in client.session


def test_recovery_codes_are_shown_once() -> None:
    jana = make.person()
    client = sure(jana)
    add_app(client, jana)
    first = client.get("/account/2fa/recovery-codes/")
    again = client.get("/account/2fa/recovery-codes/")
    assert 'id="recovery_codes"' in first.content.decode()
    assert 'id="recovery_codes"' not in again.content.decode()


def test_factors_change_only_after_showing_who_one_is() -> None:
    jana = make.person()
    client = Client()
    client.force_login(jana)
    for address in ("/account/2fa/webauthn/add/", "/account/2fa/totp/activate/", "/account/2fa/recovery-codes/generate/"):
        assert client.get(address).status_code in (302, 404)
    page = client.get("/account/2fa/webauthn/add/", follow=True)
    assert "/account/reauthenticate/" in page.request["PATH_INFO"]


def test_staff_without_a_second_factor_are_led_to_enrolment_outside_the_demo(settings: Any) -> None:
    manager = make.manager()
    client = signed_in(manager)
    assert "Outside the demo" in client.get("/account/security/").content.decode()
    settings.STAFF_NEED_SECOND_FACTOR = True
    assert client.get("/desk/").url == "/account/security/"
    Authenticator.objects.create(user=manager, type=Authenticator.Type.TOTP, data={})
    assert client.get("/desk/").status_code == 200


def test_the_inbox_shows_what_i_was_told_and_only_me(at: Any) -> None:
    company = make.company()
    viewer = make.member(company)
    actions.change_role(company, viewer, "admin", by=make.actor(company.memberships.first().person), at=at)
    client = signed_in(viewer)
    page = client.get("/account/inbox/")
    assert page.context["unread"] == 1 and company.name in page.content.decode()
    assert company.name not in signed_in(make.person()).get("/account/inbox/").content.decode()
    client.post("/account/inbox/")
    assert client.get("/account/inbox/").context["unread"] == 0


def test_mails_can_be_switched_off_but_not_those_of_the_door(at: Any) -> None:
    company = make.company()
    viewer = make.member(company)
    client = signed_in(viewer)
    kinds = [kind.name for kind, _ in client.get("/account/notifications/").context["kinds"]]
    assert "member.role_changed" in kinds and "account.code" not in kinds
    client.post("/account/notifications/", {"by_mail": [kind for kind in kinds if kind != "member.role_changed"] + ["nonsense"]})
    actions.change_role(company, viewer, "admin", by=make.actor(company.memberships.first().person), at=at)
    assert client.get("/account/inbox/").context["unread"] == 1
    assert not OutgoingMail.objects.filter(to_address=viewer.email, kind="member.role_changed").exists()


def test_my_tokens_are_shown_once_and_revoked_by_me_only() -> None:
    jana, eva = make.person(), make.person()
    client = signed_in(jana)
    page = client.post("/account/tokens/", {"name": "script", "scopes": ["tickets"]})
    secret = page.context["secret"]
    token = queries.token_for(secret)
    assert token is not None and token.person == jana and secret in page.content.decode()
    assert secret not in client.get("/account/tokens/").content.decode()
    assert signed_in(eva).post(f"/account/tokens/{token.code}/revoke/").status_code == 404
    client.post(f"/account/tokens/{token.code}/revoke/")
    assert queries.token_for(secret) is None
    assert client.post("/account/tokens/", {"name": "", "scopes": ["king"]}).context["form"].errors.keys() == {"name", "scopes"}
    assert ApiToken.objects.count() == 1
