"""`outgoing-mails`: what waits, failed, came back; sent again, taken back. Never a text."""

from datetime import datetime

import pytest

from podpora.mail.actions import queue_mail, send_mail
from podpora.mail.models import OutgoingMail
from podpora.mail.values import MailState
from podpora.people.values import StaffRole
from tests.make import people
from tests.make.api import Api, token
from tests.make.mail import letter

pytestmark = pytest.mark.django_db


def test_listed_sent_again_and_taken_back(at: datetime) -> None:
    api = Api(token("mails"))
    waiting, failed = (queue_mail(letter(to_address=to, text="code 471199"), at=at) for to in ("a@x.example", "gone@x.example"))
    OutgoingMail.objects.filter(pk=failed.pk).update(state=MailState.FAILED, last_error="550 no such user")
    everything = api.get("outgoing-mails")
    assert [one["code"] for one in everything.json()["items"]] == [
        failed.code,
        waiting.code,
    ] and "471199" not in everything.content.decode()
    assert [one["to"] for one in api.get("outgoing-mails?state=queued&to=a@").json()["items"]] == ["a@x.example"]
    assert api.get("outgoing-mails?state=nonsense").status_code == 422
    shown = api.get(f"outgoing-mails/{failed.code}").json()
    assert (shown["state"], shown["last_error"], shown["delivered_at"]) == ("failed", "550 no such user", None)
    assert api.post(f"outgoing-mails/{failed.code}/again", {}).json()["state"] == "queued"
    refused = api.post(f"outgoing-mails/{failed.code}/again", {})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "mail.on_its_way")
    assert api.post(f"outgoing-mails/{waiting.code}/cancel", {}).json()["state"] == "cancelled"
    send_mail(waiting.code, at=at)  # its job comes later
    assert OutgoingMail.objects.get(pk=waiting.pk).state == MailState.CANCELLED
    assert api.post(f"outgoing-mails/{waiting.code}/cancel", {}).json()["error"]["code"] == "mail.not_waiting"
    assert api.post(f"outgoing-mails/{waiting.code}/again", {}).json()["state"] == "queued"
    assert api.get("outgoing-mails/M-NOBODY").status_code == 404


def test_only_with_the_scope_and_of_who_may_see_it(at: datetime) -> None:
    mail = queue_mail(letter(), at=at)
    for nobody in (Api(token("orders")), Api(token("mails", person=people.staff(StaffRole.TECHNICIAN)))):
        assert nobody.get("outgoing-mails").status_code == 403
        assert nobody.post(f"outgoing-mails/{mail.code}/cancel", {}).status_code == 403
