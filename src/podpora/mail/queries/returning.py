"""Mail that came back, addresses that nobody reads, and how each message was delivered."""

from collections.abc import Iterable

from podpora.mail.models import AddressState, OutgoingMail
from podpora.mail.queries.bouncing import bounced_code
from podpora.mail.values.hooks import Report


def returned_mail(addresses: Iterable[str], message_id: str = "", recipient: str = "") -> OutgoingMail | None:
    """The mail of ours that a delivery report is proven to be about; None when nothing proves it (A12).

    Proof is our sealed return address among the report's recipients; or our Message-ID, if the mail went to this recipient alone, so
    that nobody else has ever seen it.
    """
    codes = [code for code in map(bounced_code, addresses) if code]
    if codes:
        return OutgoingMail.objects.filter(code__in=codes).first()
    mails = list(OutgoingMail.objects.filter(message_id=message_id[:250])[:2]) if message_id else []
    return mails[0] if len(mails) == 1 and mails[0].to_address.casefold() == recipient.casefold() else None


def reported_mail(report: Report) -> OutgoingMail | None:
    """The mail of ours that a provider reports about: by the mark that went along, by its return address, or by its Message-ID."""
    for code in (report.mark, bounced_code(report.sender)):
        found = OutgoingMail.objects.filter(code=code[:20].upper()).first() if code and "\x00" not in code else None
        if found is not None:
            return found
    if not report.message_id or "\x00" in report.message_id + report.recipient:
        return None
    mails = OutgoingMail.objects.filter(message_id=report.message_id[:250], to_address__iexact=report.recipient[:320])
    return mails.order_by("-id").first()


def undeliverable(addresses: Iterable[str]) -> dict[str, AddressState]:
    """Those of these addresses from which our mail came back, by the address in lower case (one query)."""
    known = {address.casefold() for address in addresses if address}
    return {state.address: state for state in AddressState.objects.filter(address__in=known)} if known else {}


def deliveries(message_ids: Iterable[str]) -> dict[str, list[OutgoingMail]]:
    """How each of these messages went out: its mails, one for each recipient (one query; texts are not read)."""
    wanted = [one for one in message_ids if one]
    found: dict[str, list[OutgoingMail]] = {}
    if wanted:
        mails = OutgoingMail.objects.filter(message_id__in=wanted).order_by("id")
        for mail in mails.only("code", "message_id", "to_address", "state", "last_error", "queued_at", "sent_at", "delivered_at"):
            found.setdefault(mail.message_id, []).append(mail)
    return found
