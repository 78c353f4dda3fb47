"""Mailboxes: the addresses that customers write to. A password goes in and never comes out."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from podpora.api.access import caller_of, vendor
from podpora.api.envelope import answer
from podpora.api.lists import listing
from podpora.api.v1.schemas import Strict
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.decisions import allow, refuse
from podpora.base.reasons import message
from podpora.desk import queries as desk
from podpora.mail import actions, queries
from podpora.mail.models import Mailbox
from podpora.mail.values import After, Imap, MailboxFacts, Security

router = Router(tags=["mailboxes"])
vendors = vendor("mails", "people")
Address = Annotated[str, StringConstraints(min_length=3, max_length=254), Field(examples=["support@vendor.example"])]
Text = Annotated[str, StringConstraints(max_length=200)]


class ServerIn(Strict):
    """Where mail is fetched. `password` left out: the kept one, as long as host, port, security and user stay the same."""

    host: Annotated[str, StringConstraints(min_length=1, max_length=253), Field(examples=["imap.example.com"])]
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    security: Literal["tls", "starttls", "none"] = "tls"
    user: Annotated[str, StringConstraints(min_length=1, max_length=254)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None
    folder: Text = "INBOX"
    after: Literal["leave", "seen", "move"] = "leave"
    move_to: Text = ""

    def imap(self) -> Imap:
        return Imap(
            self.host,
            self.user,
            self.password,
            self.port or 0,
            Security(self.security),
            self.folder,
            After(self.after),
            self.move_to,
        )


class MailboxIn(Strict):
    """`imap` left out: mail is brought by SMTP, LMTP, a pipe or a provider."""

    address: Address
    name: Annotated[str, StringConstraints(max_length=100)] = ""
    queue: Annotated[str, StringConstraints(max_length=40)] = ""
    aliases: Annotated[list[Address], Field(max_length=50)] = []
    trusted: bool = False
    imap: ServerIn | None = None

    def facts(self) -> MailboxFacts:
        imap = self.imap.imap() if self.imap else None
        return MailboxFacts(self.address, self.name, self.queue, tuple(self.aliases), self.trusted, imap)


class ActiveIn(Strict):
    active: bool


def mailbox_json(box: Mailbox) -> dict[str, Any]:
    """A mailbox for the vendor's other systems; whether there is a password, never which."""
    server = {
        "host": box.imap_host, "port": box.imap_port, "security": box.imap_security, "user": box.imap_user, "folder": box.imap_folder,
        "after": box.imap_after, "move_to": box.imap_move_to, "has_password": box.has_secret or box.is_from_setting,
    }  # fmt: skip
    return {
        "code": box.code, "address": box.address, "name": box.name, "queue": box.queue or None, "aliases": box.aliases,
        "trusted": box.is_trusted, "active": box.is_active, "from_setting": box.is_from_setting,
        "imap": server if box.is_fetched else None,
        "last_polled_at": format_instant(box.last_polled_at) if box.last_polled_at else None,
        "last_error": {"code": box.last_error, "message": box.trouble} if box.last_error else None,
        "failing_since": format_instant(box.failing_since) if box.failing_since else None, "created_at": format_instant(box.created_at),
    }  # fmt: skip


@router.get("mailboxes", auth=vendors)
def mailboxes(request: HttpRequest, limit: str = "", cursor: str = "") -> HttpResponse:
    """Every mailbox. A password is never shown."""
    return listing(request, queries.mailboxes().order_by("pk"), mailbox_json)


@router.post("mailboxes", auth=vendors, response={201: Any})
def create(request: HttpRequest, body: MailboxIn) -> HttpResponse:
    """A new mailbox: 201. 422 for a server that may not be named (`mailbox.private_address`), 409 `mailbox.too_many`."""
    made = actions.create_mailbox(body.facts(), queues=_queues(), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(mailbox_json(made), 201)


@router.get("mailboxes/{code}", auth=vendors)
def mailbox(request: HttpRequest, code: str) -> HttpResponse:
    """One mailbox."""
    return answer(mailbox_json(_found(code)))


@router.put("mailboxes/{code}", auth=vendors)
def change(request: HttpRequest, code: str, body: MailboxIn) -> HttpResponse:
    """Put these facts in the place of the old ones. Another server, port, user or encryption needs the password again."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(mailbox_json(actions.set_mailbox(_found(code), body.facts(), queues=_queues(), by=by, at=at)))


@router.patch("mailboxes/{code}", auth=vendors)
def pause(request: HttpRequest, code: str, body: ActiveIn) -> HttpResponse:
    """Pause it (`active` false) or let it go on. Nothing is lost meanwhile."""
    by, at = caller_of(request).actor, request.now  # type: ignore[attr-defined]
    return answer(mailbox_json(actions.set_active(_found(code), body.active, by=by, at=at)))


@router.api_operation(["DELETE"], "mailboxes/{code}", auth=vendors, response={204: None})
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Remove it. Its mails stay. 409 `mailbox.from_setting` for the one that a setting names."""
    actions.delete_mailbox(_found(code), by=caller_of(request).actor, at=request.now)  # type: ignore[attr-defined]
    return answer(None, 204)


@router.post("mailboxes/{code}/test", auth=vendors)
def try_it(request: HttpRequest, code: str) -> HttpResponse:
    """Does the connection work? `{works, code, message, mails}`; changes nothing. 409 `mailbox.no_server`."""
    box = _found(code)
    if not box.is_fetched:
        refuse("mailbox.no_server").or_refuse()
    trial = actions.try_mailbox(box)
    said = message(allow(trial.code, said=trial.said, mails=trial.mails))
    return answer({"works": trial.is_good, "code": trial.code, "message": said, "mails": trial.mails})


def _queues() -> set[str]:
    return {queue.code for queue in desk.queues()}


def _found(code: str) -> Mailbox:
    return queries.mailbox(normalised(code)[:20])
