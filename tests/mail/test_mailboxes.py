"""Mailboxes: which address is whose, where a server may stand, and a password that nobody sees again (S52, C9, B9)."""

import json
import socket
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from podpora.audit.models import Entry
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.sealing import CannotOpen
from podpora.mail import actions, queries
from podpora.mail.actions import imap
from podpora.mail.models import Mailbox
from podpora.mail.values import After, Imap, MailboxFacts, Security
from tests.make.mailboxes import AT, BY, SECRET, fetched, mailbox

pytestmark = pytest.mark.django_db


def set_(box: Mailbox, *, server: Imap | None = None, **facts: Any) -> Mailbox:
    return actions.set_mailbox(box, MailboxFacts(box.address, imap=server, **facts), queues=("vip",), by=BY, at=AT)


def wrong(facts: MailboxFacts) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as problem:
        actions.create_mailbox(facts, queues=("vip",), by=BY, at=AT)
    return problem.value.fields


# Which address is whose.


def test_an_address_finds_its_mailbox() -> None:
    box = mailbox("Support@Vendor.example", aliases=("info@vendor.example",))
    other = mailbox("billing@vendor.example")
    assert box.address == "support@vendor.example"
    for address in ("support@vendor.example", "<SUPPORT@vendor.EXAMPLE>", "info@vendor.example", "support+Token-1@vendor.example"):
        assert queries.mailbox_for([address]) == box
    assert queries.mailbox_for(["x@other.example", "billing@vendor.example", "support@vendor.example"]) == other
    assert queries.mailbox_for(["x@other.example", "", "@", "support"]) is None
    assert queries.mailbox_for([]) is None


def test_finding_a_mailbox_is_one_query(django_assert_num_queries: Any) -> None:
    for number in range(3):
        mailbox(f"support{number}@vendor.example")
    with django_assert_num_queries(1):
        assert queries.mailbox_for([f"x{n}@other.example" for n in range(500)]) is None


def test_our_own_addresses(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Vendor <Hello@vendor.example>"
    mailbox(aliases=("info@vendor.example",))
    assert queries.own_addresses() == {"hello@vendor.example", "support@vendor.example", "info@vendor.example"}
    assert queries.is_ours("INFO+x@vendor.example") and not queries.is_ours("info@other.example")


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        (MailboxFacts("support"), {"address": ["not_an_email"]}),
        (MailboxFacts("a+b@vendor.example"), {"address": ["not_an_email"]}),
        (MailboxFacts("a@vendor.example", aliases=["b@@"]), {"aliases": ["not_an_email"]}),
        (MailboxFacts("a@vendor.example", queue="nowhere"), {"queue": ["unknown"]}),
        (MailboxFacts("a@vendor.example", name="x" * 101), {"name": ["too_long"]}),
        (MailboxFacts("a@vendor.example", imap=Imap("imap.example.com")), {"user": ["required"], "secret": ["required"]}),
        (MailboxFacts("a@vendor.example", imap=Imap("imap.example.com", "a\nb", "s")), {"user": ["invalid_characters"]}),
        (MailboxFacts("a@vendor.example", imap=Imap("imap.example.com", "a", "s", after=After.MOVE)), {"move_to": ["required"]}),
    ],
)
def test_what_can_not_be_a_mailbox(facts: MailboxFacts, fields: dict[str, list[str]]) -> None:
    assert wrong(facts) == fields
    assert not Mailbox.objects.exists()


def test_an_address_belongs_to_one_mailbox() -> None:
    mailbox(aliases=("info@vendor.example",))
    assert wrong(MailboxFacts("INFO@vendor.example")) == {"address": ["mailbox.address_taken"]}
    assert wrong(MailboxFacts("b@vendor.example", aliases=["support@vendor.example"])) == {"aliases": ["mailbox.address_taken"]}


def test_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podpora.mail.actions.mailboxes.MOST_MAILBOXES", 1)
    mailbox()
    with pytest.raises(Refused) as refusal:
        mailbox("b@vendor.example")
    assert refusal.value.decision.code == "mailbox.too_many"


# Where a server may stand.

PRIVATE = (
    *("127.0.0.1", "127.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "localhost"),
    *("10.0.0.5", "172.16.9.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fd00:ec2::254", "fc00::1", "ff02::1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "mail.local", "db.internal", "a.localhost"),
)


@pytest.mark.parametrize("host", PRIVATE)
def test_b9_s60_no_server_within(host: str) -> None:
    assert wrong(MailboxFacts("a@vendor.example", imap=Imap(host, "a", "s"))) == {"host": ["mailbox.private_address"]}


@pytest.mark.parametrize(
    "host", ["imap example", "http://imap.example.com", "imap.example.com/x", "u@h", "[::1]", "imap_x", "ímap", "a\nb", "-x"]
)
def test_b9_what_is_no_host(host: str) -> None:
    assert wrong(MailboxFacts("a@vendor.example", imap=Imap(host, "a", "s")))["host"] == ["mailbox.not_a_host"]


@pytest.mark.parametrize(
    ("port", "is_fine"), [(993, True), (143, True), (1143, True), (25, False), (22, False), (65_536, False), (-1, False)]
)
def test_b9_no_other_service(port: int, is_fine: bool) -> None:
    facts = MailboxFacts("a@vendor.example", imap=Imap("imap.example.com", "a", "s", port=port))
    if is_fine:
        actions.create_mailbox(facts, queues=(), by=BY, at=AT)
    else:
        assert wrong(facts) == {"port": ["mailbox.port"]}


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.215.14", "127.0.0.1"], ["::ffff:192.168.0.1"], []])
def test_b9_a_name_that_leads_within_is_not_connected_to(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    box = fetched()
    monkeypatch.setattr(imap, "Client", None)  # whoever connects fails
    with pytest.raises(imap.Unreachable) as problem:
        imap.connected(box, resolver=lambda host, port: addresses)
    assert problem.value.code == "mailbox.private_address"


def test_b9_the_operator_may_name_his_own(settings: Any) -> None:
    settings.MAIL_HOSTS = frozenset({"mail.intranet", "127.0.0.1:2143"})
    fetched(host="mail.intranet")
    fetched("b@vendor.example", host="127.0.0.1", port=2143)
    assert wrong(MailboxFacts("c@vendor.example", imap=Imap("127.0.0.1", "a", "s", port=2144))) == {
        "host": ["mailbox.private_address"]
    }


# The password.


def test_s52_c9_the_password_is_kept_encrypted_and_opens_with_our_key_alone(settings: Any) -> None:
    box = fetched()
    assert queries.secret_of(box) == SECRET and SECRET not in box.imap_secret_sealed
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mail_mailbox")
        assert SECRET not in str(cursor.fetchall())
    settings.SECRET_KEY = "another-secret-of-another-installation"
    with pytest.raises(CannotOpen):
        queries.secret_of(box)


def test_s52_the_password_is_in_no_record_and_no_export(capsys: pytest.CaptureFixture[str]) -> None:
    box = fetched()
    box = set_(box, server=Imap("imap.example.com", "support", "another-" + SECRET, folder="Support"))
    actions.set_active(box, False, by=BY, at=AT)
    actions.delete_mailbox(box, by=BY, at=AT)
    written = json.dumps(list(Entry.objects.values("verb", "facts", "before", "after", "subject")), default=str)
    assert "imap.example.com" in written and "Support" in written and SECRET not in written and "sealed" not in written
    assert Entry.objects.get(verb="mailbox.changed").facts == {"login_renewed": True}
    call_command("dumpdata", "mail")
    assert SECRET not in capsys.readouterr().out
    assert SECRET not in repr(Imap("h", "u", SECRET)) and SECRET not in str(
        MailboxFacts("a@b.example", imap=Imap("h", "u", SECRET))
    )


def test_s52_a_kept_password_goes_to_no_other_server() -> None:
    box = fetched()
    for server in (
        Imap("imap.evil.example", "support"), Imap("imap.example.com", "other"), Imap("imap.example.com", "support", port=1993),
        Imap("imap.example.com", "support", security=Security.NONE),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as problem:
            set_(box, server=server)
        assert problem.value.fields == {"secret": ["mailbox.secret_again"]}
    box = set_(box, server=Imap("imap.example.com", "support", folder="Archive"))
    assert queries.secret_of(box) == SECRET and box.imap_folder == "Archive"
    box = set_(box)  # no server any more: no password either
    assert not box.is_fetched and not box.has_secret


def test_another_folder_is_read_from_its_beginning() -> None:
    box = fetched()
    Mailbox.objects.update(uid_validity=7, last_uid=99)
    box = set_(box, server=Imap("imap.example.com", "support"))
    assert (box.uid_validity, box.last_uid) == (7, 99)
    box = set_(box, server=Imap("imap.example.com", "support", folder="Other"))
    assert (box.uid_validity, box.last_uid) == (None, 0)


# The operator's setting.


def test_the_setting_makes_the_mailbox_and_leads_it(settings: Any) -> None:
    settings.IMAP_URL = f"imaps://support%40vendor.example:{SECRET}@imap.intranet:1993/Support%20mails?after=seen"
    for _ in range(2):
        actions.ensure_mailboxes(at=AT)
    box = Mailbox.objects.get()
    assert (box.address, box.imap_host, box.imap_port, box.imap_user) == (
        "support@vendor.example",
        "imap.intranet",
        1993,
        "support@vendor.example",
    )
    assert (box.imap_folder, box.imap_after, box.imap_security) == ("Support mails", "seen", "tls")
    assert queries.secret_of(box) == SECRET and not box.imap_secret_sealed
    box = set_(box, server=Imap("imap.evil.example", "x", "y"), name="Support", queue="vip")
    assert (box.imap_host, box.name, box.queue) == ("imap.intranet", "Support", "vip")
    with pytest.raises(Refused):
        actions.delete_mailbox(box, by=BY, at=AT)
    Mailbox.objects.update(uid_validity=7, last_uid=99)
    settings.IMAP_URL = f"imap+tls://me:{SECRET}@imap.intranet/?address=help@vendor.example"
    actions.ensure_mailboxes(at=AT)
    old, new = Mailbox.objects.get(address="support@vendor.example"), Mailbox.objects.get(address="help@vendor.example")
    assert not old.is_fetched and (new.imap_security, new.imap_port, new.imap_folder, new.last_uid) == ("starttls", 143, "INBOX", 0)
    settings.IMAP_URL = ""
    actions.ensure_mailboxes(at=AT)
    assert not Mailbox.objects.exclude(imap_host="").exists()


def test_where_there_is_no_mailbox_our_sender_is_one(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Vendor <Hello@vendor.example>"
    actions.ensure_mailboxes(at=AT)
    actions.ensure_mailboxes(at=AT)
    assert Mailbox.objects.get().address == "hello@vendor.example"


def test_what_is_fetched_now() -> None:
    due, _receives = fetched(), mailbox("b@vendor.example")
    assert list(queries.mailboxes_to_fetch(at=AT)) == [due]
    for field in ("leased_until", "next_poll_at"):
        Mailbox.objects.update(leased_until=None, next_poll_at=None)
        Mailbox.objects.update(**{field: AT.replace(hour=10)})
        assert not queries.mailboxes_to_fetch(at=AT).exists()
        assert queries.mailboxes_to_fetch(at=AT.replace(hour=10)).exists()
    actions.set_active(due, False, by=BY, at=AT)
    assert not queries.mailboxes_to_fetch(at=AT.replace(hour=12)).exists()


def test_what_the_metrics_tell_of_mail() -> None:
    from podpora.api import metrics

    def told(name: str) -> str:
        return next(line for line in metrics.text(at=AT).decode().splitlines() if line.startswith(name))

    assert told("podpora_mails_unread_age_seconds") == "podpora_mails_unread_age_seconds 0.0"
    fetched(at=AT - timedelta(minutes=3))
    actions.receive(b"From: a@b.example\n\nx", source="pipe", recipients=["support@vendor.example"], at=AT - timedelta(seconds=90))
    assert told("podpora_mails_unread_age_seconds") == "podpora_mails_unread_age_seconds 90.0"
    assert told("podpora_mailbox_silence_seconds") == 'podpora_mailbox_silence_seconds{mailbox="support@vendor.example"} 180.0'


# One reader at a time.


def test_one_reader_at_a_time() -> None:
    box = fetched()
    assert actions.take_mailbox(box, reader="host:1:AAAA", at=AT)
    assert not actions.take_mailbox(box, reader="host:2:BBBB", at=AT)
    assert actions.keep_mailbox(box, reader="host:1:AAAA", at=AT) and not actions.keep_mailbox(box, reader="host:2:BBBB", at=AT)
    assert actions.take_mailbox(box, reader="host:2:BBBB", at=AT + timedelta(minutes=3))  # it ran out
    Mailbox.objects.update(is_active=False)
    assert not actions.keep_mailbox(box, reader="host:2:BBBB", at=AT + timedelta(minutes=3))


def test_nobody_waits_for_the_lease_of_a_dead_process() -> None:
    box = fetched()
    dead = subprocess.Popen(["true"])
    dead.wait()
    assert actions.take_mailbox(box, reader=f"{socket.gethostname()[:40]}:{dead.pid}:AAAA", at=AT)
    assert actions.take_mailbox(box, reader="host:2:BBBB", at=AT)
