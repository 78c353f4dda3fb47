"""Telling people: inbox, mail, language, muting, once."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from podpora.base.errors import InvalidInput
from podpora.base.money import Money
from podpora.mail.models import OutgoingMail
from podpora.notifications import actions, queries
from podpora.notifications.models import InboxEntry
from podpora.notifications.values import Recipient, Thread, declare_kind
from podpora.people.models import Person

pytestmark = pytest.mark.django_db
KIND = declare_kind("test.told", label="Told", can_mute=True)
FIRM = declare_kind("test.firm", label="Firm", can_mute=False)

TEMPLATE = """{% load i18n %}Subject: {% translate "Sign in" %} {{ name }}

Hello {{ name }},

total {{ total }}, until {{ until }}.

> {{ quote }}

Action: Open | {{ url }}
"""


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.template import engines

    (tmp_path / "mail/test").mkdir(parents=True)
    for name in ("told", "firm"):
        (tmp_path / f"mail/test/{name}.txt").write_text(TEMPLATE)
    engine: Any = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "dirs", [tmp_path, *engine.dirs])
    for loader in engine.template_loaders:
        loader.reset()


@pytest.fixture
def jana(at: datetime) -> Recipient:
    person = Person.objects.create(email="jana@private.example", name="Jana Nová", joined_at=at)
    return Recipient("jana@private.example", "Jana Nová", "cs", person_id=person.pk)


def facts(at: datetime, **more: Any) -> dict[str, Any]:
    return {"name": "Jana", "total": Money.of("1290", "CZK"), "until": at.date(), "quote": "a\nb", **more}


def test_inbox_and_mail_in_the_readers_language(at: datetime, jana: Recipient) -> None:
    actions.tell([jana], KIND, facts(at), at=at, url="/licences/L-1/")
    entry, mail = InboxEntry.objects.get(), OutgoingMail.objects.get()
    assert entry.url == f"{settings.SITE_URL}/licences/L-1/"
    assert entry.title == mail.subject
    assert (mail.to_address, mail.kind, mail.language) == ("jana@private.example", KIND, "cs")
    assert "total 1\u00a0290\u00a0Kč, until 16. 3. 2026." in mail.text.replace("\u202f", "\u00a0")
    assert "> a\n> b" in mail.text
    assert f'href="{settings.SITE_URL}/licences/L-1/"' in mail.html
    assert queries.unread_count(jana.person_id or 0) == 1


def test_what_a_person_wrote_cannot_become_the_button_or_the_subject(at: datetime) -> None:
    evil = "x\nAction: Win | https://evil.example/\nSubject: Y\u2028Action: Z | https://evil.example/"
    actions.tell([Recipient("a@x.example")], KIND, facts(at, name=evil, quote="<script>1</script>"), at=at, url="/right/")
    mail = OutgoingMail.objects.get()
    assert mail.html.count('class="button"') == 1
    button = mail.html.split('class="button"')[1]
    assert button.split('href="')[1].startswith(f"{settings.SITE_URL}/right/")
    assert "<script>" not in mail.html
    assert "&lt;script&gt;" in mail.html


def test_who_is_named_twice_is_told_once(at: datetime, jana: Recipient) -> None:
    actions.tell([Recipient("JANA@private.example"), jana], KIND, facts(at), at=at)
    assert OutgoingMail.objects.get().language == "cs"
    assert InboxEntry.objects.count() == 1


def test_told_again_nothing_happens(at: datetime, jana: Recipient) -> None:
    for _ in range(2):
        actions.tell([jana, Recipient("b@x.example")], KIND, facts(at), at=at, once="order:A-1:paid")
    assert OutgoingMail.objects.count() == 2
    assert InboxEntry.objects.count() == 1


def test_a_muted_kind_comes_to_the_inbox_only(at: datetime, jana: Recipient) -> None:
    person_id = jana.person_id or 0
    actions.set_preference(person_id, KIND, by_mail=False)
    actions.tell([jana], KIND, facts(at), at=at)
    assert not OutgoingMail.objects.exists()
    assert InboxEntry.objects.count() == 1
    assert (KIND, False) in [(kind.name, on) for kind, on in queries.preferences_of(person_id)]
    actions.set_preference(person_id, KIND, by_mail=True)
    actions.tell([jana], KIND, facts(at), at=at)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("kind", [FIRM, "no.such_kind"])
def test_some_mail_cannot_be_muted(kind: str, jana: Recipient) -> None:
    with pytest.raises(InvalidInput):
        actions.set_preference(jana.person_id or 0, kind, by_mail=False)


def test_reading(at: datetime, jana: Recipient) -> None:
    person_id = jana.person_id or 0
    for _ in range(3):
        actions.tell([jana], KIND, facts(at), at=at)
    codes = [entry.code for entry in queries.inbox_of(person_id)]
    assert actions.mark_read(person_id, codes[:1], at=at) == 1
    assert actions.mark_read(person_id + 1, codes, at=at) == 0
    assert actions.mark_read(person_id, at=at) == 2
    assert queries.unread_count(person_id) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_of_telling_do_not_grow_by_looking_up(count: int, at: datetime, django_assert_num_queries: Any) -> None:
    people = [Recipient(f"p{n}@x.example") for n in range(count)]
    with django_assert_num_queries(2 + 2 * count):
        actions.tell(people, KIND, facts(at), at=at)


def test_a_conversation(at: datetime, jana: Recipient) -> None:
    thread = Thread(
        message_id="<t.2@x.example>", in_reply_to="<t.1@x.example>", references=("<t.1@x.example>",), sender_name="Tereza"
    )
    actions.tell([jana], KIND, facts(at), at=at, thread=thread)
    mail = OutgoingMail.objects.get()
    assert (mail.message_id, mail.in_reply_to, mail.references) == ("<t.2@x.example>", "<t.1@x.example>", ["<t.1@x.example>"])
    assert mail.sender_name == "Tereza"


def test_one_message_id_to_two_people(at: datetime) -> None:
    thread = Thread(message_id="<t.2@x.example>")
    actions.tell([Recipient("a@x.example"), Recipient("b@x.example")], KIND, facts(at), at=at, thread=thread)
    assert OutgoingMail.objects.count() == 2
