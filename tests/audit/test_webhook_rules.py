"""Where webhooks may be sent (S60), how they are signed, when they are tried again. No database, no network."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook as Standard
from standardwebhooks.webhooks import WebhookVerificationError

from podpora.audit import rules
from podpora.audit.rules.delivering import JITTER, LONGEST_WAIT, WAITS
from podpora.audit.values import Verdict
from podpora.base.clock import now
from podpora.base.errors import InvalidInput

SECRET, OLD = "whsec_" + "A" * 43 + "=", "whsec_" + "B" * 43 + "="


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1",
        "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::",
        "2002:c0a8:101::1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "2001:0:7f00:1::", "", "localhost", "127.1", "2130706433", "0x7f000001",
    ],
)  # fmt: skip
def test_s60_addresses_that_are_not_the_open_internet(address: str) -> None:
    assert not rules.may_connect(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert rules.may_connect(address)


@given(st.ip_addresses(v=4))
def test_s60_an_ipv4_address_dressed_as_ipv6_is_never_let_through(address: object) -> None:
    assert not rules.may_connect(f"::ffff:{address}")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://hooks.example.com/a?b=c", None),
        ("https://hooks.example.com:8443/", None),
        ("https://[2606:4700:4700::1111]/", None),
        ("http://hooks.example.com/", "webhook.not_https"),
        ("file:///etc/passwd", "webhook.not_an_address"),
        ("gopher://hooks.example.com/", "webhook.not_https"),
        ("https://hooks.example.com:25/", "webhook.port"),
        ("https://hooks.example.com:99999/", "webhook.not_an_address"),
        ("https://user:password@hooks.example.com/", "webhook.not_an_address"),
        ("https://good.example@127.0.0.1/", "webhook.not_an_address"),
        ("https://127.0.0.1/", "webhook.private_address"),
        ("https://[::1]/", "webhook.private_address"),
        ("https://localhost/", "webhook.private_address"),
        ("https://db.internal/", "webhook.private_address"),
        ("https:///x", "webhook.not_an_address"),
        ("https://hooks.example.com/\r\nX: y", "webhook.not_an_address"),
        ("https://hooks.example.com\\@127.0.0.1/", "webhook.not_an_address"),
        ("https://hooks.example.com/#x", "webhook.not_an_address"),
        ("https://höoks.example.com/", "webhook.not_an_address"),
        ("https://hooks.example.com/" + "a" * 500, "webhook.not_an_address"),
        ("not an address", "webhook.not_an_address"),
        ("", "webhook.not_an_address"),
        ("http://127.0.0.1:9000/x", None),  # named by the operator
        ("http://127.0.0.1:9001/x", "webhook.not_https"),
        ("http://hooks.intranet/x", None),
        ("ftp://hooks.intranet/x", "webhook.not_https"),
    ],
)  # fmt: skip
def test_s60_addresses_that_a_webhook_may_have(url: str, code: str | None) -> None:
    own = frozenset({"127.0.0.1:9000", "hooks.intranet"})
    if code is None:
        rules.check_url(url, own)
        return
    with pytest.raises(InvalidInput) as caught:
        rules.check_url(url, own)
    assert caught.value.fields == {"url": [code]}


@given(st.text(max_size=80))
def test_no_text_breaks_the_check(text: str) -> None:
    try:
        rules.check_url(text, frozenset())
    except InvalidInput:
        return
    assert text.startswith(("https://", "HTTPS://")) or text.lower().startswith("https://")


def test_the_signature_is_that_of_standard_webhooks() -> None:
    body, at = '{"type":"licence.issued","data":{"name":"Žluťoučký"}}', int(now().timestamp())
    headers = rules.signed_headers([SECRET], "msg_1", at, body.encode())
    assert Standard(SECRET).verify(body, headers)["type"] == "licence.issued"
    assert headers["webhook-signature"] == Standard(SECRET).sign("msg_1", datetime.fromtimestamp(at, UTC), body)


@pytest.mark.parametrize("changed", ["body", "id", "timestamp", "secret"])
def test_whatever_is_changed_the_signature_fails(changed: str) -> None:
    body, at = "{}", int(now().timestamp())
    headers = rules.signed_headers([SECRET], "msg_1", at, body.encode())
    if changed == "id":
        headers["webhook-id"] = "msg_2"
    if changed == "timestamp":
        headers["webhook-timestamp"] = str(at - 1)
    with pytest.raises(WebhookVerificationError):
        Standard(OLD if changed == "secret" else SECRET).verify("{ }" if changed == "body" else body, headers)


def test_while_a_secret_is_exchanged_either_verifies() -> None:
    headers = rules.signed_headers([SECRET, OLD], "msg_1", int(now().timestamp()), b"{}")
    for secret in (SECRET, OLD):
        Standard(secret).verify("{}", headers)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.DELIVERED), (204, Verdict.DELIVERED), (299, Verdict.DELIVERED), (301, Verdict.LATER), (307, Verdict.LATER),
        (400, Verdict.LATER), (404, Verdict.LATER), (410, Verdict.GONE), (429, Verdict.LATER), (500, Verdict.LATER), (None, Verdict.LATER),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int | None, verdict: Verdict) -> None:
    assert rules.judge(status) is verdict


def test_the_waits_fill_three_days() -> None:
    assert timedelta(hours=70) <= sum(WAITS, timedelta()) <= timedelta(days=3)


@given(st.integers(1, 100), st.floats(0, 1))
def test_each_wait_is_spread(failures: int, share: float) -> None:
    wait, base = rules.next_try(failures, share), WAITS[min(failures, len(WAITS)) - 1]
    assert base * (1 - JITTER) <= wait <= base * (1 + JITTER)


@pytest.mark.parametrize(
    ("asked", "least"), [("120", 120), ("999999", LONGEST_WAIT.total_seconds()), ("1", 4), ("soon", 4), ("-5", 4), ("", 4)]
)
def test_retry_after_is_honoured(asked: str, least: float) -> None:
    assert least <= rules.next_try(1, 0.5, asked).total_seconds() <= LONGEST_WAIT.total_seconds()


def test_the_log_keeps_a_piece_of_readable_text() -> None:
    kept = rules.excerpt(b"\xff\x00" + b"x" * 10_000, {"Content-Type": "text/plain"})
    assert kept.startswith("text/plain") and "\x00" not in kept and len(kept) <= 1000
