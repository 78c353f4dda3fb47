"""Webhooks from the event to the receiver: written with it, signed, tried again, given up, replayed."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks.webhooks import Webhook as Standard

from podpora.audit import actions, queries
from podpora.audit.actions import WebhookFacts, connecting
from podpora.audit.models import Attempt, Delivery, Entry, Webhook
from podpora.audit.values import DeliveryState
from podpora.base.actors import system
from podpora.base.clock import now
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.config import jobs as config_jobs
from podpora.jobs.models import Job
from podpora.licensing.values import LicenceKind
from podpora.mail.models import OutgoingMail
from tests.make import licensing as make
from tests.make import people
from tests.make.hooks import Receiver, receiver

pytestmark = pytest.mark.django_db
BY = system("tests")
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
URL = "https://hooks.example.com/podpora"


@pytest.fixture
def sink(settings: Any) -> Iterator[Receiver]:
    with receiver() as made:
        settings.WEBHOOK_HOSTS = frozenset({made.host})
        yield made


def hook(url: str = URL, *events: str, at: datetime = AT) -> Webhook:
    return actions.create_webhook(WebhookFacts(url, events), by=BY, at=at)[0]


def announced(at: datetime = AT, **data: Any) -> Delivery:
    actions.announce("licence.limit_reached", data or {"licence": "L-1", "seats": 3}, at=at)
    return Delivery.objects.latest("pk")


def run(delivery: Delivery, at: datetime = AT) -> timedelta | None:
    return actions.deliver(delivery.message, at=at)


# Written in the transaction of what happened.


def test_an_event_is_a_row_and_a_job_for_each_webhook_that_wants_it() -> None:
    wants, all_, other = hook(URL, "licence.limit_reached"), hook(), hook(URL, "order.paid")
    assert actions.announce("licence.limit_reached", {"licence": "L-1", "seats": 3}, at=AT) == 2
    assert {d.webhook for d in Delivery.objects.all()} == {wants, all_}
    assert Job.objects.filter(name="podpora.audit.jobs.send").count() == 2
    assert not other.deliveries.exists()
    assert json.loads(Delivery.objects.all()[0].body) == {
        "type": "licence.limit_reached", "timestamp": "2026-11-22T09:00:00Z", "data": {"licence": "L-1", "seats": 3},
    }  # fmt: skip


def test_what_did_not_happen_is_told_to_nobody() -> None:
    hook()
    with pytest.raises(RuntimeError), transaction.atomic():
        announced()
        raise RuntimeError
    assert not Delivery.objects.exists() and not Job.objects.exists()


def test_an_event_that_nobody_declared_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        actions.announce("licence.invented", {}, at=AT)


def test_a_record_that_is_an_event_is_told_with_public_codes_only() -> None:
    hook()
    licence = make.licence(people.customer_of(people.person("jana@private.example", "Jana Nováková")))
    done = make.activated(licence)
    told = {d.event: json.loads(d.body)["data"] for d in Delivery.objects.all()}
    assert told["licence.issued"]["licence"] == licence.code
    assert told["licence.issued"]["kind"] == LicenceKind.ONE_TIME
    assert told["licence.activated"] == {
        "licence": licence.code, "device": done.activation.device.code, "activation": done.activation.code,
    }  # fmt: skip
    everything = " ".join(Delivery.objects.values_list("body", flat=True))
    assert "jana" not in everything.lower() and "Nováková" not in everything


def test_secrets_among_the_data_are_masked() -> None:
    hook()
    assert "hidden-thing" not in announced(licence="L-1", api_key="hidden-thing").body


# Sent.


def test_it_arrives_signed_and_once(sink: Receiver) -> None:
    made, secret = actions.create_webhook(WebhookFacts(sink.url), by=BY, at=now())
    delivery = announced(now())
    assert run(delivery, now()) is None
    (got,) = sink.got
    assert got.path == "/hooks?a=1"
    assert got.headers["host"] == sink.host
    assert Standard(secret).verify(got.body, got.headers)["type"] == "licence.limit_reached"
    delivery.refresh_from_db()
    assert (delivery.state, got.id) == (DeliveryState.DELIVERED, delivery.message)
    tried = Attempt.objects.get()
    assert (tried.status, tried.answer, tried.address) == (200, "ok", "127.0.0.1")
    assert run(delivery, now()) is None  # the job again: nothing more goes out
    assert len(sink.got) == 1
    assert made.code not in got.headers["webhook-signature"]


def test_a_secret_is_exchanged_without_a_gap(sink: Receiver) -> None:
    made, old = actions.create_webhook(WebhookFacts(sink.url), by=BY, at=now())
    new = actions.rotate_secret(made, by=BY, at=now())
    run(announced(now()), now())
    for secret in (old, new):
        Standard(secret).verify(sink.got[0].body, sink.got[0].headers)
    assert queries.secrets_of(Webhook.objects.get(), at=now() + timedelta(hours=25)) == [new]
    assert old not in str(Entry.objects.values()) and new not in str(Entry.objects.values())
    assert old not in str(Webhook.objects.values()) and new not in str(Webhook.objects.values())


def test_it_is_tried_again_with_the_same_id_and_body(sink: Receiver) -> None:
    sink.answer = lambda got, before: (500, {"Content-Type": "text/plain"}, b"later") if before < 2 else (200, {}, b"")
    hook(sink.url)
    delivery = announced()
    waits, at = [], AT
    while (wait := run(delivery, at)) is not None:
        waits.append(wait)
        at += wait
    assert len(waits) == 2 and waits[0] < waits[1]
    assert len({(got.id, got.body) for got in sink.got}) == 1 and len(sink.got) == 3
    assert [tried.status for tried in Attempt.objects.order_by("pk")] == [500, 500, 200]
    assert "later" in Attempt.objects.order_by("pk")[0].answer
    assert Webhook.objects.get().failing_since is None


def test_410_switches_it_off_and_the_manager_is_told_once(sink: Receiver) -> None:
    sink.answer = lambda got, before: (410, {}, b"")
    people.manager()
    made, waiting = hook(sink.url), announced()
    other = announced()
    assert run(waiting) is None
    made.refresh_from_db()
    assert (made.is_enabled, made.disabled_why) == (False, "gone")
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.FAILED}
    assert Entry.objects.filter(verb="webhook.disabled").count() == 1
    for _again in range(2):
        config_jobs.tell_about_webhooks({}, at=AT)
    (mail,) = OutgoingMail.objects.filter(kind="webhook.disabled")
    assert f"/office/webhooks/{made.code}/" in mail.text
    assert run(other) is None and len(sink.got) == 1
    assert actions.announce("licence.limit_reached", {}, at=AT) == 0


def test_three_days_of_failure_switch_it_off_and_not_an_hour_earlier(sink: Receiver) -> None:
    sink.answer = lambda got, before: (503, {}, b"")
    made = hook(sink.url)
    delivery, at = announced(), AT
    while (wait := run(delivery, at)) is not None:
        made.refresh_from_db()
        assert made.is_enabled
        at += wait
    made.refresh_from_db()
    assert made.disabled_why == "failing"
    assert timedelta(hours=40) < at - AT <= timedelta(days=3)
    assert 9 <= len(sink.got) <= 12


def test_one_success_in_between_keeps_it_on(sink: Receiver) -> None:
    sink.answer = lambda got, before: (500, {}, b"") if b"bad" in got.body else (200, {}, b"")
    made = hook(sink.url)
    bad, at, good = announced(licence="bad"), AT, 0
    while (wait := run(bad, at)) is not None:
        at += wait
        assert run(announced(at, licence=f"good {good}"), at) is None
        good += 1
    made.refresh_from_db()
    bad.refresh_from_db()
    assert made.is_enabled and bad.state == DeliveryState.FAILED


def test_a_replay_by_hand_is_the_same_message(sink: Receiver) -> None:
    hook(sink.url)
    delivery = announced()
    run(delivery)
    actions.replay(delivery, by=BY, at=AT)
    run(delivery)
    assert len(sink.got) == 2 and len({(got.id, got.body) for got in sink.got}) == 1
    assert Entry.objects.filter(verb="webhook.replayed").count() == 1


def test_a_replay_after_it_was_given_up_has_its_own_three_days(sink: Receiver) -> None:
    sink.answer = lambda got, before: (500, {}, b"")
    made = hook(sink.url)
    delivery, at = announced(), AT
    while (wait := run(delivery, at)) is not None:
        at += wait
    actions.set_enabled(made, True, by=BY, at=at)
    later = at + timedelta(days=9)
    actions.replay(delivery, by=BY, at=later)
    assert run(delivery, later) is not None


def test_a_webhook_that_is_off_gets_nothing(sink: Receiver) -> None:
    made, delivery = hook(sink.url), announced()
    actions.set_enabled(made, False, by=BY, at=AT)
    assert run(delivery) is None and sink.got == []
    for call in (lambda: actions.ping(made, by=BY, at=AT), lambda: actions.replay(delivery, by=BY, at=AT)):
        with pytest.raises(Refused):
            call()
    assert not list(queries.webhooks_to_tell())  # whoever switched it off knows


def test_one_that_is_removed_while_it_is_sent_to_breaks_nothing(sink: Receiver) -> None:
    made, delivery = hook(sink.url), announced()
    actions.delete_webhook(made, by=BY, at=AT)
    assert run(delivery) is None and not Delivery.objects.exists()


def test_a_redirect_is_not_followed(sink: Receiver) -> None:
    sink.answer = lambda got, before: (307, {"Location": "http://127.0.0.1:1/"}, b"")
    hook(sink.url)
    assert run(announced()) is not None
    assert Attempt.objects.get().status == 307 and len(sink.got) == 1


def test_a_huge_answer_is_read_in_part(sink: Receiver) -> None:
    sink.answer = lambda got, before: (200, {"Content-Type": "text/plain"}, b"y" * 5_000_000)
    hook(sink.url)
    assert run(announced()) is None
    assert len(Attempt.objects.get().answer) <= 1000


def test_nobody_listens(settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{closed.getsockname()[1]}"
    settings.WEBHOOK_HOSTS = frozenset({host})
    hook(f"http://{host}/")
    assert run(announced()) is not None
    assert "refused" in Attempt.objects.get().error.lower()


def test_a_receiver_that_drips_holds_no_worker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """F18, F22: a byte now and then for ever; the whole try is cut."""
    monkeypatch.setattr(connecting, "ALL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        settings.WEBHOOK_HOSTS = frozenset({host})
        hook(f"http://{host}/")
        assert run(announced()) is not None
    assert Attempt.objects.get().milliseconds < 5000


# Where it may be sent (S60).


def post(url: str, *addresses: str, own: frozenset[str] = frozenset()) -> tuple[connecting.Answer, list[str]]:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return list(addresses) if len(asked) == 1 else ["127.0.0.1"]

    return connecting.post(url, b"{}", {}, own, resolver), asked


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "10.1.2.3", "100.64.0.1", "fd00::1"]
)
def test_s60_a_name_that_leads_inside_is_not_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_request", lambda *a: pytest.fail("it connected"))
    answer, asked = post("https://hooks.example.com/", address)
    assert (answer.status, asked) == (None, ["hooks.example.com"])
    assert "open Internet" in answer.error


def test_s60_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_request", lambda *a: pytest.fail("it connected"))
    assert post("https://hooks.example.com/", "93.184.215.14", "127.0.0.1")[0].status is None
    assert post("https://hooks.example.com/")[0].status is None


def test_s60_rebinding_the_name_is_resolved_once_and_the_judged_address_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name answers with a good address first and with loopback ever after: the connection goes to the first."""
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        connected.append(address[:2])
        raise OSError("no network in tests")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    answer, asked = post("https://hooks.example.com/", "93.184.215.14")
    assert connected == [("93.184.215.14", 443)]
    assert asked == ["hooks.example.com"]
    assert answer.address == "93.184.215.14" and answer.status is None


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localtest.me"])
def test_s60_other_ways_to_write_loopback(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_request", lambda *a: pytest.fail("it connected"))
    resolver = (lambda name, port: ["127.0.0.1"]) if host == "localtest.me" else connecting.resolve
    assert connecting.post(f"https://{host}/", b"{}", {}, frozenset(), resolver).status is None


def test_s60_a_host_that_the_operator_took_back_is_not_sent_to(sink: Receiver, settings: Any) -> None:
    hook(sink.url)
    settings.WEBHOOK_HOSTS = frozenset()
    assert run(announced()) is not None
    assert sink.got == [] and Attempt.objects.get().status is None


def test_https_wants_a_certificate_of_that_name(settings: Any) -> None:
    """A server without TLS, let alone with another's certificate, gets nothing."""
    with receiver() as made:
        settings.WEBHOOK_HOSTS = frozenset({made.host})
        hook(f"https://{made.host}/")
        assert run(announced()) is not None
        assert made.got == []
        assert "SSL" in Attempt.objects.get().error


# What a webhook may be.


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        (WebhookFacts("http://hooks.example.com/"), {"url": ["webhook.not_https"]}),
        (WebhookFacts(URL, ("licence.invented",)), {"events": ["unknown"]}),
        (WebhookFacts(URL, (), "n" * 101), {"name": ["too_long"]}),
    ],
)
def test_what_can_not_be_a_webhook(facts: WebhookFacts, fields: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput) as caught:
        actions.create_webhook(facts, by=BY, at=AT)
    assert caught.value.fields == fields


def test_there_are_not_endlessly_many() -> None:
    for _n in range(20):
        hook()
    with pytest.raises(Refused):
        hook()


def test_old_deliveries_are_forgotten(sink: Receiver) -> None:
    hook(sink.url)
    old, waiting = announced(), announced()
    run(old)
    actions.forget_deliveries(at=AT + timedelta(days=31))
    assert list(Delivery.objects.all()) == [waiting]


def test_order_does_not_matter_each_says_when_it_happened(sink: Receiver) -> None:
    hook(sink.url)
    first, second = announced(AT), announced(AT + timedelta(minutes=1))
    run(second, AT + timedelta(minutes=2))
    run(first, AT + timedelta(minutes=3))
    stamps = [json.loads(got.body)["timestamp"] for got in sink.got]
    assert stamps == ["2026-11-22T09:01:00Z", "2026-11-22T09:00:00Z"]
