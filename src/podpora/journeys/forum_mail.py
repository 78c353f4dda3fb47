"""A mail to an address of the forum (FO-23): an answer in a topic, or a new topic.

Rooms: mail (the bytes, and what became of them), forum. The address is a secret of one person for one mail; the sender has to be he.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from podpora.base.decisions import Reason, Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.base.reasons import declare, message, sentence
from podpora.forum import actions, queries
from podpora.forum.models import MailToken
from podpora.forum.values import NewPost, NewTopic, Shown, Via
from podpora.mail.models import IncomingMail
from podpora.mail.rules.addressing import part_of
from podpora.mail.rules.parsing import ParsedMail
from podpora.people.queries import as_actor, current_address

LIFE = timedelta(days=90)
PUBLISHED = declare("mail.forum", _("It was published in the forum."))
HELD = declare("mail.forum_held", _("It waits for a moderator of the forum."))
REFUSED = declare("mail.forum_refused", _("It was for the forum and was not published; its writer was told why."))
MACHINE = declare("mail.forum_machine", _("It came to an address of the forum, but a machine wrote it."))
OTHER_SENDER = declare(
    "forum.mail_other_sender", _("It did not come from your address. An address of the forum works only for its owner.")
)
TOO_OLD = declare("forum.mail_too_old", _("The mail that you answered is older than {days} days."))
NOTHING_LEFT = declare("forum.mail_empty", _("There was nothing in it but quotations and a signature."))


def meant(mail: IncomingMail, parsed: ParsedMail) -> MailToken | None:
    """The address of the forum that this mail came to; None when it came to none."""
    for address in [*mail.envelope_to, *(box.address for box in (*parsed.to, *parsed.cc)[:50])]:
        token = part_of(address).lower()
        if token and (found := queries.token_with(token)) is not None:
            return found
    return None


def publish(mail: IncomingMail, parsed: ParsedMail, token: MailToken, *, at: datetime) -> str:
    """Publish it, or tell the address's owner why not. The reason for the list of mails. Machines are answered by nobody (AU-1)."""
    if parsed.automatic or parsed.bounce is not None:
        return MACHINE
    why = _why_not(parsed, token, at=at)
    if not why:
        try:
            with transaction.atomic():
                return _write(mail, parsed, token, at=at)
        except Refused as refusal:
            with translation.override(token.person.language or "en"):
                why = message(refusal.decision)
        except InvalidInput as problem:
            with translation.override(token.person.language or "en"):
                why = " ".join(
                    field_sentence(code, problem.facts.get(name)) for name, codes in problem.fields.items() for code in codes
                )
    actions.tell_not_published(token.person, why, parsed.subject, at=at)
    return REFUSED


def _why_not(parsed: ParsedMail, token: MailToken, *, at: datetime) -> str:
    sender = current_address(parsed.sender.address.lower()) if parsed.sender else ""
    reason = None
    if token.revoked_at is not None or not token.person.is_active or sender != token.person.email.lower():
        reason = Reason(OTHER_SENDER)
    elif token.topic_id is not None and at - token.made_at > LIFE:
        reason = Reason(TOO_OLD, {"days": LIFE.days})
    elif not (parsed.reply_text or parsed.text).strip():
        reason = Reason(NOTHING_LEFT)
    elif not _reads(token):
        reason = Reason("forum.gone")
    if reason is None:
        return ""
    with translation.override(token.person.language or "en"):
        return sentence(reason)


def _reads(token: MailToken) -> bool:
    """Asked now, not when the mail was written."""
    if token.topic is not None:
        return queries.can_read(token.person, token.topic)
    reader = queries.reader_of(token.person)
    return token.category is not None and token.category.by_mail and token.category_id in reader.categories


def _write(mail: IncomingMail, parsed: ParsedMail, token: MailToken, *, at: datetime) -> str:
    text = (parsed.reply_text if token.topic else parsed.text).strip() or parsed.text.strip()
    by = as_actor(token.person)
    post = NewPost(text, via=Via.MAIL, once=f"mail:{mail.code}", reply_to=token.number or None, mail_id=parsed.message_id)
    if token.topic is not None:
        state = actions.reply(token.topic, post, author=token.person, by=by, at=at).state
    else:
        assert token.category is not None
        new = NewTopic(parsed.subject, post, language=(token.person.language or "")[:2])
        state = actions.start_topic(token.category, new, author=token.person, by=by, at=at).state
    return PUBLISHED if state == Shown.VISIBLE else HELD
