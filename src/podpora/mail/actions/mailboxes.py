"""Writing mailboxes: the addresses that customers write to."""

from collections.abc import Collection
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from podpora.audit.actions import record
from podpora.base.actors import Actor, system
from podpora.base.decisions import refuse
from podpora.base.errors import InvalidInput, Problems
from podpora.base.sealing import seal
from podpora.mail import queries, rules
from podpora.mail.models import Mailbox
from podpora.mail.values import MOST_ALIASES, MOST_MAILBOXES, After, Imap, MailboxFacts, Security
from podpora.mail.values.mailboxes import PORTS, PURPOSE

KEPT = ("address", "name", "queue", "aliases", "is_trusted", "imap_host", "imap_port", "imap_security", "imap_user", "imap_folder",
        "imap_after", "imap_move_to")  # fmt: skip
WAY = ("imap_host", "imap_port", "imap_security", "imap_user")  # where a password goes: another way needs the password again
SERVER = {"imap_host": "host", "imap_port": "port", "imap_user": "user", "imap_folder": "folder"}


@transaction.atomic
def create_mailbox(facts: MailboxFacts, *, queues: Collection[str], by: Actor, at: datetime) -> Mailbox:
    """A new mailbox. `queues`: the codes that it may name. Raises InvalidInput, Refused (mailbox.too_many)."""
    box = Mailbox(created_at=at)
    _fill(box, facts, queues)
    if Mailbox.objects.count() >= MOST_MAILBOXES:
        refuse("mailbox.too_many", most=MOST_MAILBOXES).or_refuse()
    _saved(box)
    record("mailbox.created", box, by=by, at=at, after=_shown(box))
    return box


@transaction.atomic
def set_mailbox(box: Mailbox, facts: MailboxFacts, *, queues: Collection[str], by: Actor, at: datetime) -> Mailbox:
    """Change a mailbox. Another folder or server is read from its beginning; what is known from there already is no second mail."""
    row = Mailbox.objects.select_for_update().get(pk=box.pk)
    before, mark = _shown(row), row.secret_mark
    place = (row.imap_host, row.imap_user, row.imap_folder)
    _fill(row, facts, queues)
    if (row.imap_host, row.imap_user, row.imap_folder) != place:
        row.uid_validity, row.last_uid, row.missed = None, 0, {}
    row.failures, row.next_poll_at, row.last_error, row.last_said, row.failing_since = 0, None, "", "", None
    _saved(row)
    after = _shown(row)
    if before != after or mark != row.secret_mark:
        record("mailbox.changed", row, by=by, at=at, before=before, after=after, facts={"login_renewed": mark != row.secret_mark})
    return row


@transaction.atomic
def set_active(box: Mailbox, is_active: bool, *, by: Actor, at: datetime) -> Mailbox:
    """Pause it or let it go on. While it is paused nothing is fetched, and mail servers are told to come again."""
    row = Mailbox.objects.select_for_update().get(pk=box.pk)
    if row.is_active != is_active:
        row.is_active, row.failures, row.next_poll_at = is_active, 0, None
        row.save(update_fields=["is_active", "failures", "next_poll_at"])
        record("mailbox.resumed" if is_active else "mailbox.paused", row, by=by, at=at)
    return row


@transaction.atomic
def delete_mailbox(box: Mailbox, *, by: Actor, at: datetime) -> None:
    """Remove it. The mails that came to it stay; on its server nothing changes."""
    if box.is_from_setting:
        refuse("mailbox.from_setting").or_refuse()
    record("mailbox.deleted", box, by=by, at=at, facts={"address": box.address})
    Mailbox.objects.filter(pk=box.pk).delete()


@transaction.atomic
def ensure_mailboxes(*, at: datetime) -> None:
    """The mailbox of PODPORA_IMAP_URL as the setting says it; and where there is none at all, one for the address that our mail comes from."""
    address = rules.bare_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    if settings.IMAP_URL:
        _take_over_setting(address, at=at)
    elif Mailbox.objects.filter(is_from_setting=True).exists():
        Mailbox.objects.filter(is_from_setting=True).update(is_from_setting=False, imap_host="", last_error="", failing_since=None)
    if not Mailbox.objects.exists():
        Mailbox.objects.bulk_create([Mailbox(address=address, created_at=at)], ignore_conflicts=True)


def _take_over_setting(address: str, *, at: datetime) -> None:
    """`imaps://user:password@host:port/Folder?address=…&after=seen`: the operator's own words, so no host is guarded."""
    parts = urlsplit(settings.IMAP_URL)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    user = unquote(parts.username or "")
    wanted = rules.bare_address(options.get("address") or (user if "@" in user else address))
    security = {"imaps": Security.TLS, "imap+tls": Security.STARTTLS}.get(parts.scheme, Security.NONE)
    values: dict[str, Any] = {
        "imap_host": parts.hostname or "", "imap_port": parts.port or PORTS[security], "imap_security": security, "imap_user": user,
        "imap_folder": unquote(parts.path.strip("/")) or "INBOX", "imap_after": After(options.get("after", "leave")),
        "imap_move_to": options.get("move_to", ""), "imap_secret_sealed": "", "is_from_setting": True,
    }  # fmt: skip
    Mailbox.objects.filter(is_from_setting=True).exclude(address=wanted).update(is_from_setting=False, imap_host="")
    row = Mailbox.objects.select_for_update().filter(address=wanted).first()
    if row is None:
        Mailbox.objects.bulk_create([Mailbox(address=wanted, created_at=at, **values)], ignore_conflicts=True)
        record("mailbox.created", f"mailbox:{wanted}", by=system("settings"), at=at, after={"address": wanted})
        return
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if {"imap_host", "imap_user", "imap_folder"} & changed.keys():
        changed |= {"uid_validity": None, "last_uid": 0, "missed": {}}
    if changed:
        Mailbox.objects.filter(pk=row.pk).update(**changed)


def _fill(box: Mailbox, facts: MailboxFacts, queues: Collection[str]) -> None:
    problems = Problems()
    box.address = _address(facts.address, "address", problems)
    box.name, box.queue, box.is_trusted = facts.name.strip(), facts.queue, facts.is_trusted
    box.aliases = sorted({_address(one, "aliases", problems) for one in facts.aliases if one.strip()} - {box.address})
    if len(box.name) > 100:
        problems.add("name", "too_long", most=100)
    if box.queue and box.queue not in queues:
        problems.add("queue", "unknown", choices=", ".join(sorted(queues)))
    if len(box.aliases) > MOST_ALIASES:
        problems.add("aliases", "too_many", most=MOST_ALIASES)
    _not_taken(box, problems)
    if not box.is_from_setting:
        _fill_server(box, facts.imap, problems)
    problems.or_refuse()


def _address(text: str, field: str, problems: Problems) -> str:
    address = rules.bare_address(text)
    try:
        validate_email(address)
    except ValidationError:
        problems.add(field, "not_an_email")
    if "+" in address:  # what stands behind a plus is ours: tokens of replies and bounces
        problems.add(field, "not_an_email")
    return address


def _not_taken(box: Mailbox, problems: Problems) -> None:
    others = {
        one: other for other in queries.mailboxes().exclude(pk=box.pk) for one in (other.address, *other.aliases)
    }  # fmt: skip
    for field, addresses in (("address", [box.address]), ("aliases", box.aliases)):
        for address in addresses:
            if address in others:
                problems.add(field, "mailbox.address_taken", address=address)


def _fill_server(box: Mailbox, imap: Imap | None, problems: Problems) -> None:
    way = [getattr(box, name) for name in WAY]
    if imap is None or not imap.host.strip():
        box.imap_host = box.imap_user = box.imap_secret_sealed = ""
        return
    box.imap_host, box.imap_user = imap.host.strip().lower(), imap.user.strip()
    box.imap_security, box.imap_port = imap.security, imap.port or PORTS[imap.security]
    box.imap_folder, box.imap_after, box.imap_move_to = imap.folder.strip() or "INBOX", imap.after, imap.move_to.strip()
    rules.check_server(box.imap_host, box.imap_port, settings.MAIL_HOSTS, problems)
    for name, field in (("user", box.imap_user), ("folder", box.imap_folder), ("move_to", box.imap_move_to)):
        if not field.isprintable() or len(field) > 200:
            problems.add(name, "invalid_characters" if len(field) <= 200 else "too_long", most=200)
    if imap.after is After.MOVE and not box.imap_move_to:
        problems.add("move_to", "required")
    if not box.imap_user:
        problems.add("user", "required")
    if imap.secret:
        box.imap_secret_sealed = seal(imap.secret, PURPOSE)
    elif way != [
        getattr(box, name) for name in WAY
    ]:  # a kept password is never sent to another server than the one it was given for
        problems.add("secret", "mailbox.secret_again" if box.imap_secret_sealed else "required")
    if imap.secret and len(imap.secret) > 500:
        problems.add("secret", "too_long", most=500)


def _saved(box: Mailbox) -> None:
    try:
        with transaction.atomic():
            box.save()
    except IntegrityError:  # somebody made it in this moment
        raise InvalidInput({"address": ["mailbox.address_taken"]}, {"address": {"address": box.address}}) from None


def _shown(box: Mailbox) -> dict[str, Any]:
    """What the audit may know of it: everything but the password."""
    return {name: getattr(box, name) for name in KEPT}
