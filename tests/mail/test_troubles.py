"""What is wrong with the mail is said: in the office, by `podpora check`, in /readyz without names (TH-17, F11)."""

import argparse
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from podpora.config.commands import check
from podpora.mail import actions, queries
from podpora.mail.models import Hook, Listener, Mailbox, OutgoingMail
from podpora.mail.values.hooks import HookFacts
from tests.make import people
from tests.make.browsing import signed_in
from tests.make.mail import letter
from tests.make.mailboxes import AT, BY, fetched
from tests.make.posted import raw_mail

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=11)


def test_each_trouble_has_its_reason_and_ends_with_it(django_assert_num_queries: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert queries.troubles(at=LATER) == []
    box = fetched()
    actions.note_failure(box, "mailbox.not_let_in", "no such user", at=AT)
    hook, _password = actions.create_hook(HookFacts("mailgun"), by=BY, at=AT)
    actions.note_refused(hook, "hook.not_signed", at=AT)
    actions.note_listener("LMTP mx", at=AT)
    mail = actions.queue_mail(letter(), at=AT)
    OutgoingMail.objects.update(attempts=2)
    actions.store_incoming(raw_mail(), source="smtp", at=AT)
    with django_assert_num_queries(5):
        found = [trouble.code for trouble in queries.troubles(at=LATER)]
    assert found == [
        "mail.outgoing_stuck",
        "mail.incoming_stuck",
        "mail.mailbox_failing",
        "mail.provider_refused",
        "mail.listener_silent",
    ]
    office = signed_in(people.manager()).get("/office/").content.decode()
    assert "The mailbox support@vendor.example can&#x27;t be fetched." in office and "The listener LMTP mx was not seen" in office
    assert (
        check.run(argparse.Namespace(deploy=False)) == 1 and "mail.listener_silent: The listener LMTP mx" in capsys.readouterr().err
    )
    asked = Client().get("/readyz").json()
    assert "support@" not in str(asked) and "no such user" not in str(asked)
    actions.cancel_mail(mail, by=BY, at=AT)
    Mailbox.objects.update(is_active=False)
    actions.note_call(Hook.objects.get(), at=AT)
    actions.forget_listener("LMTP mx")
    assert [trouble.code for trouble in queries.troubles(at=LATER)] == ["mail.incoming_stuck"]
    actions.note_listener("one", at=AT)
    actions.note_listener("two", at=AT + timedelta(days=8))
    assert [row.name for row in Listener.objects.all()] == ["two"]  # the first was moved to another machine
