"""The door for mail providers: nothing of a stranger is read, everything of a provider is kept once (S20, S49, S66, F17)."""

from base64 import b64encode
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from podpora.audit.models import Entry
from podpora.desk.models import Ticket
from podpora.jobs.models import Job
from podpora.journeys import mailroom
from podpora.mail import actions
from podpora.mail.actions.sending import built
from podpora.mail.models import AddressState, Hook, IncomingMail, OutgoingMail
from podpora.mail.values import MailState
from podpora.mail.values.hooks import Call, HookFacts, mail_provider
from tests.make import desk, people, providers
from tests.make.desk import AT
from tests.make.mail import letter
from tests.make.mailboxes import BY, mailbox
from tests.make.providers import KEY, RAW, TOPIC

pytestmark = pytest.mark.django_db


class Provider:
    """A provider that calls, with the name and the password that it was given."""

    def __init__(self, code: str, key: str | None = None) -> None:
        self.hook, self.password = actions.create_hook(HookFacts(code, key=key), by=BY, at=AT)
        self.client = Client(enforce_csrf_checks=True)

    def call(self, made: Call, password: str | None = None, **more: Any) -> int:
        secret = b64encode(f"podpora:{self.password if password is None else password}".encode()).decode()
        headers = (
            {name: value for name, value in made.headers.items() if name != "content-type"}
            | {"authorization": f"Basic {secret}"}
            | more
        )
        answer = self.client.post(
            f"/hooks/mail/{self.hook.code}/", made.body, content_type=made.content_type or "text/plain", headers=headers
        )
        return int(answer.status_code)

    def problem(self) -> str:
        return str(Hook.objects.get(pk=self.hook.pk).last_error)


def mailgun(raw: bytes = RAW, key: str = KEY) -> Call:
    fields: dict[str, str | bytes] = {"body-mime": raw, "sender": "jana@private.example", "recipient": "support@vendor.example"}
    return providers.form_call(fields | providers.mailgun_signature(key))


@pytest.fixture
def gun() -> Provider:
    mailbox()
    return Provider("mailgun", KEY)


def test_a_mail_comes_in_to_the_byte_and_becomes_a_ticket_once(gun: Provider) -> None:
    assert [gun.call(mailgun()) for _ in range(3)] == [200, 200, 200]  # F17: providers call again
    kept = IncomingMail.objects.get()
    assert (bytes(kept.raw_bytes), kept.source, kept.duplicates, kept.envelope_from) == (RAW, "webhook", 2, "jana@private.example")
    mailroom.process(kept.code, at=AT)
    assert Ticket.objects.get().subject == "Příloha" and "Nejde to řádně." in Ticket.objects.get().messages.earliest("pk").text
    assert Hook.objects.get().called_at is not None


def test_s20_unsigned_is_401_and_nothing_is_stored(gun: Provider) -> None:
    tries = [
        gun.call(mailgun(), password="wrong"), gun.call(mailgun(), password=""), gun.call(mailgun(), authorization=""),
        gun.call(mailgun(), authorization="Basic %%%"), gun.call(mailgun(), authorization=f"Bearer {gun.password}"),
        gun.call(mailgun(key="another")), gun.call(providers.form_call({"body-mime": RAW})),
        Client().post("/hooks/mail/MH-NOBODY/", RAW, content_type="text/plain").status_code,
        Client().post("/hooks/mail/%00/", RAW, content_type="text/plain").status_code,
    ]  # fmt: skip
    assert tries == [401] * 9 and not IncomingMail.objects.exists()
    assert gun.problem() == "hook.not_signed"
    assert Client().get(f"/hooks/mail/{gun.hook.code}/").status_code == 405
    assert Client().head(f"/hooks/mail/{gun.hook.code}/").status_code == Client().head("/hooks/mail/MH-NOBODY/").status_code == 200
    old = gun.password
    actions.renew_password(gun.hook, by=BY, at=AT)
    assert gun.call(mailgun(), password=old) == 401  # S52: at once


def test_s66_too_large_and_unreadable_are_refused_with_a_reason(gun: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podpora.journeys.mail_hooks.LARGEST", len(RAW) - 1)
    assert (gun.call(mailgun()), gun.problem()) == (413, "hook.too_large")
    monkeypatch.setattr("podpora.web.public.mail_hooks.LARGEST_CALL", 100)
    assert gun.call(mailgun()) == 413
    monkeypatch.undo()
    signed = providers.mailgun_signature()
    for call in (mailgun(b" "), providers.form_call(signed), providers.json_call({"signature": signed})):
        assert (gun.call(call), gun.problem()) == (422, "hook.not_readable")
    assert gun.call(Call(b"{", {"content-type": "application/json"})) == 422
    assert not IncomingMail.objects.exists()
    assert gun.call(mailgun(RAW + b"x" * 3_000_000)) == 200 and gun.problem() == ""  # larger than any page's form may be


def test_a_paused_one_and_a_database_that_is_away_are_told_to_come_again(gun: Provider) -> None:
    actions.set_hook_active(gun.hook, False, by=BY, at=AT)
    assert gun.call(mailgun()) == 503
    actions.set_hook_active(gun.hook, True, by=BY, at=AT)

    def away(execute: Any, sql: str, *rest: Any) -> Any:
        if "mail_incomingmail" in sql:
            raise OperationalError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(away):
        assert gun.call(mailgun()) == 503
    assert gun.call(mailgun()) == 200


@pytest.fixture
def postman() -> Provider:
    mailbox()
    return Provider("postmark")


def fate(mail: OutgoingMail, kind: str, number: int = 1) -> Call:
    return providers.json_call(
        {"RecordType": kind, "Type": "HardBounce", "ID": number, "Email": mail.to_address, "Metadata": {"mail": mail.code}}
    )


def test_au7_what_came_back_is_tied_to_the_mail_and_to_its_ticket_once(postman: Provider) -> None:
    ticket = desk.ticket(people.person())
    desk.answer(ticket, people.staff())
    mail = OutgoingMail.objects.filter(kind="ticket.answered").latest("pk")
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=AT)
    assert (
        postman.call(providers.json_call({"RecordType": "Delivery", "Recipient": mail.to_address, "Metadata": {"mail": mail.code}}))
        == 200
    )
    mail.refresh_from_db()
    assert mail.delivered_at is not None and mail.state == MailState.SENT
    assert [postman.call(fate(mail, "Bounce")) for _ in range(3)] == [200] * 3
    mail.refresh_from_db()
    assert mail.state == MailState.BOUNCED and AddressState.objects.get().status == "5.1.1"
    assert ticket.messages.filter(event="not_delivered").count() == 1
    assert postman.call(fate(mail, "SpamComplaint", 2)) == 200 and Entry.objects.filter(verb="mail.complained").count() == 1


def test_a12_a_report_about_somebody_elses_mail_changes_nothing(postman: Provider) -> None:
    mail = actions.queue_mail(letter(), at=AT)
    other = providers.json_call(
        {"RecordType": "Bounce", "Type": "HardBounce", "ID": 3, "Email": mail.to_address, "Metadata": {"mail": "M-NOBODY"}}
    )
    assert postman.call(other) == 200
    assert (
        postman.call(providers.json_call({"RecordType": "Bounce", "Type": "HardBounce", "ID": 4, "Email": mail.to_address})) == 200
    )
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED and not AddressState.objects.exists()


def test_a_mail_carries_its_mark_for_the_providers_that_are_connected(postman: Provider, settings: Any) -> None:
    mail = actions.queue_mail(letter(), at=AT)
    assert f"X-PM-Metadata-mail: {mail.code}".encode() in built(mail) and b"X-Mailgun" not in built(mail)
    actions.set_hook_active(postman.hook, False, by=BY, at=AT)
    assert b"X-PM-" not in built(mail)


def test_amazon_is_confirmed_by_a_job_and_only_for_the_named_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_provider("amazon_ses"), "fetch", lambda url: providers.certificate())
    ses = Provider("amazon_ses", TOPIC)
    asked = {
        "kind": "SubscriptionConfirmation",
        "Token": "t",
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
    }
    assert (
        ses.call(providers.sns("You have chosen", topic=f"{TOPIC}-other", **asked)) == 401
        and not Job.objects.filter(name__contains="confirm").exists()
    )
    assert ses.call(providers.sns("You have chosen", **asked)) == 200
    assert Job.objects.get(name__contains="confirm_hook").payload["url"] == asked["SubscribeURL"]


def test_all_of_a_call_or_nothing() -> None:
    mailbox()
    drill = Provider("mandrill")
    good = {"event": "inbound", "msg": {"raw_msg": RAW.decode("latin-1"), "email": "support@vendor.example"}}
    assert drill.call(providers.mandrill([good, {"event": "inbound", "msg": {}}])) == 422 and not IncomingMail.objects.exists()
    assert drill.call(providers.mandrill([good, good])) == 200 and IncomingMail.objects.count() == 1


def test_a_signature_over_the_address_with_its_password(settings: Any) -> None:
    settings.SITE_URL = "https://help.vendor.example"
    drill = Provider("mandrill", KEY)
    url = f"https://podpora:{drill.password}@help.vendor.example/hooks/mail/{drill.hook.code}/"
    assert drill.call(providers.mandrill([], url=url)) == 200
    assert drill.call(providers.mandrill([], url=url.replace(drill.password, "x"))) == 401
