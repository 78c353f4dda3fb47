"""S26, A13: whatever people write into names, subjects, files and addresses, a mail has its own headers and one recipient."""

import email
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from podpora.base.actors import system
from podpora.licensing import actions as licensing
from podpora.licensing.models import Licence
from podpora.mail import rules
from podpora.mail.models import OutgoingMail
from podpora.mail.values import Letter
from podpora.people import actions
from podpora.people.models import Customer, Person, Team
from tests.make import desk, mail, people, web
from tests.make.api import Api, token
from tests.make.firms import firm

pytestmark = pytest.mark.django_db
ATTACKS = (
    "x\r\nBcc: evil@evil.example", "x\nBcc: evil@evil.example", "x\rBcc: evil@evil.example", "x%0d%0aBcc: evil@evil.example",
    "x%0aBcc:evil@evil.example", "=?utf-8?q?x=0D=0ABcc:_evil@evil.example?=", "=?utf-8?b?eA0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "x\u2028Bcc: evil@evil.example", "x\x85Bcc: evil@evil.example", "x\x0bBcc: evil@evil.example", '"x" <evil@evil.example>, y',
    "evil@evil.example, ", "x>, <evil@evil.example", "x\r\n\r\n<script>alert(1)</script>", "x\x00\r\nBcc: evil@evil.example",
    "x\r\n Bcc: evil@evil.example", "a" * 5000 + "\r\nBcc: evil@evil.example", "\u202egpj.exe\r\nBcc: evil@evil.example",
)  # fmt: skip
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "Content-Type", "MIME-Version")
NEVER = ("Bcc", "Cc", "Resent-To", "Resent-Bcc", "Sender", "Return-Path", "Apparently-To", "Disposition-Notification-To")


def check(sent: OutgoingMail) -> None:
    raw = rules.message(sent.letter(), mail_from="Podpora <podpora@vendor.example>", at=sent.queued_at)
    read = email.message_from_bytes(raw)
    assert {name: len(read.get_all(name, [])) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert [name for name in NEVER if name in read] == []
    for name in ("To", "From", "Reply-To"):
        boxes = getaddresses(read.get_all(name, []))
        assert len(boxes) == len(read.get_all(name, [])), (name, read[name])
        assert not any(address.endswith("evil.example") for _name, address in boxes)
    assert getaddresses([read["To"]])[0][1] == sent.to_address
    head = raw.split(b"\r\n\r\n")[0]
    assert not any(line.lower().startswith((b"bcc", b"cc:", b"to: evil")) for line in head.split(b"\r\n"))
    assert max(map(len, head.split(b"\r\n"))) <= 998
    for name, value in read.items():
        shown = str(make_header(decode_header(str(value).replace("\r\n ", " ").replace("\r\n\t", " "))))
        assert shown.isprintable() or "\u202e" in shown, (name, shown)  # nothing that an encoded word could still break a line with
    parts = [part.get_payload(decode=True) for part in read.walk() if part.get_content_type() == "text/html"]
    assert not any(b"<script" in part for part in parts if isinstance(part, bytes))


@pytest.mark.parametrize("attack", ATTACKS)
def test_s26_a13_a_letter_of_hostile_words_has_its_own_headers(attack: str) -> None:
    from podpora.mail.actions import queue_mail

    letter = mail.letter(
        to_name=attack, subject=attack, sender_name=attack, reply_to=attack, in_reply_to=attack, references=[attack, "<a@b>"],
        message_id=attack, language=attack, headers={"X-Name": attack, "Bcc": "evil@evil.example", "X-A\r\nBcc": attack},
    )  # fmt: skip
    sent = queue_mail(letter, at=desk.AT)
    check(sent)
    check(OutgoingMail.objects.get(pk=sent.pk))


@pytest.mark.parametrize("address", [a for a in ATTACKS if "@" in a])
def test_s26_a13_a_hostile_address_is_no_address(address: str) -> None:
    from podpora.mail.actions import queue_mail

    for to_address in (address, f"a@private.example{address[1:]}", f"a@private.example,{address}"):
        sent = queue_mail(Letter("Jana", to_address, "x", "y"), at=desk.AT)
        assert sent.state == "failed", to_address


@pytest.mark.parametrize("attack", ATTACKS)
def test_s26_names_of_people_companies_licences_teams_and_files_add_no_header(attack: str) -> None:
    """The rows themselves are hostile, as if a door had let them in; then everything is done that writes letters."""
    kept = attack.replace("\x00", "")
    alfa = firm(devices=1)
    Person.objects.filter(pk__in=[alfa.owner.pk, alfa.viewer.pk]).update(name=kept[:150])
    Customer.objects.filter(pk=alfa.customer.pk).update(name=kept[:200])
    Licence.objects.filter(pk=alfa.licence.pk).update(name=kept[:60])
    Team.objects.filter(pk=alfa.team.pk).update(name=kept[:60])
    for row in (alfa.owner, alfa.viewer, alfa.customer, alfa.licence, alfa.team):
        row.refresh_from_db()
    before = OutgoingMail.objects.count()
    by = people.actor(alfa.owner)
    actions.invite(alfa.customer, email="new@private.example", role="viewer", by=by, at=desk.AT)
    licensing.offer_transfer(alfa.licence, "heir@private.example", by=by, at=desk.AT)
    licensing.send_key(alfa.licence, alfa.owner, by=system("tests"), at=desk.AT)
    asked = desk.ticket(alfa.owner, alfa.customer, subject=attack.replace("\x00", "")[:200], text=attack.replace("\x00", ""))
    desk.answer(asked, people.staff(name=kept[:150]), "Try it.")
    sent = OutgoingMail.objects.all()[before:]
    assert len({one.kind for one in sent}) >= 4
    for one in sent:
        assert one.state != "failed"
        check(one)


@pytest.mark.parametrize("attack", ATTACKS)
def test_s26_the_doors_take_a_hostile_subject_or_name_as_words_or_refuse_it(attack: str) -> None:
    person = people.person()
    client, api = web.client(person), Api(token("tickets", person=person))
    upload = SimpleUploadedFile("x.txt", b"x")
    upload._name = attack.replace("\x00", "")[:100]  # the class itself would make it harmless
    form: dict[str, Any] = {"topic": "general", "subject": attack[:200], "text": "Hello", "once": "1", "files": [upload]}
    answers = [
        client.post("/centre/new/", form),
        api.post("tickets", {"subject": attack[:200], "text": "Hello", "queue": "general"}),
        client.post("/account/profile/", {"name": attack[:150]}),
        web.client().post("/contact/", {"topic": "general", "email": "a@private.example", "name": attack[:100], "subject": attack[:100],
                                        "text": "Hello"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert OutgoingMail.objects.count() or "\x00" in attack
    for one in OutgoingMail.objects.all():
        check(one)
    for answer in answers:
        assert "bcc" not in {name.lower() for name in answer.headers}
