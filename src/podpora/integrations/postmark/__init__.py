"""Postmark: the inbound webhook (with or without "raw email content"), and webhooks for bounces, complaints and deliveries. It signs nothing."""

from collections.abc import Mapping
from typing import Any

from podpora.mail.rules.hooks import Enclosed, as_bytes, composed, decoded_base64, json_of, text_in, the_only
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, Report

DELAYS = ("Transient", "DnsError", "SoftBounce")
NO_BOUNCES = ("AutoResponder", "AddressChange", "Subscribe", "Unsubscribe", "OpenRelayTest", "Unknown", "ChallengeVerification")
STATUSES = {"HardBounce": "5.1.1", "BadEmailAddress": "5.1.3", "SoftBounce": "4", "Blocked": "5.7.1", "SpamNotification": "5.7.1"}


class Postmark:
    code = "postmark"
    name = "Postmark"
    signs = False

    def verify(self, call: Call, key: str) -> None:
        return

    def read(self, call: Call, key: str) -> Content:
        told = the_only(json_of(call.body))
        if told.get("RecordType", "Inbound") == "Inbound" and "FromFull" in told:
            return Content([_arrival(told)])
        if "RecordType" not in told:
            raise NotReadable("neither a mail nor a RecordType")
        return Content(reports=_report(told))

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-PM-Metadata-mail": mark, "X-PM-KeepID": "true"}  # without the second our Message-ID is replaced


def _arrival(told: dict[str, Any]) -> Arrival:
    headers = [(text_in(one, "Name"), text_in(one, "Value")) for one in _rows(told, "Headers")]
    envelope_from = ""
    if headers and headers[0][0].lower() == "return-path":
        envelope_from = headers.pop(0)[1].strip("<> ")
    raw = as_bytes(text_in(told, "RawEmail")) or _composed(told, headers)
    recipients = [text_in(told, "OriginalRecipient")] if text_in(told, "OriginalRecipient") else []
    return Arrival(raw, envelope_from, recipients)


def _composed(told: dict[str, Any], headers: list[tuple[str, str]]) -> bytes:
    """Postmark gives a few headers as fields of their own."""
    there = {name.lower() for name, _value in headers}
    more = [("From", _people([told.get("FromFull")])), ("To", _people(_rows(told, "ToFull"))), ("Cc", _people(_rows(told, "CcFull"))),
            ("Reply-To", text_in(told, "ReplyTo")), ("Subject", text_in(told, "Subject")), ("Date", text_in(told, "Date"))]  # fmt: skip
    files = [_file(one) for one in _rows(told, "Attachments")]
    own = [(name, value) for name, value in more if value and name.lower() not in there]
    return composed([*headers, *own], text=text_in(told, "TextBody"), html=text_in(told, "HtmlBody"), files=files)


def _file(one: Any) -> Enclosed:
    content = decoded_base64(text_in(one, "Content") or text_in(one, "Data"))  # "Data" in its examples
    return Enclosed(text_in(one, "Name"), content, text_in(one, "ContentType"), text_in(one, "ContentID"))


def _rows(told: dict[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def _people(rows: list[Any]) -> str:
    named = [(text_in(one, "Name").replace("\\", "").replace('"', ""), text_in(one, "Email")) for one in rows]
    return ", ".join(f'"{name}" <{address}>' if name else address for name, address in named if address)


def _report(told: dict[str, Any]) -> list[Report]:
    kind, detail = text_in(told, "RecordType"), text_in(told, "Type")
    fate = {
        "Delivery": Fate.DELIVERED,
        "SpamComplaint": Fate.COMPLAINED,
        "Bounce": Fate.DELAYED if detail in DELAYS else Fate.BOUNCED,
    }.get(kind)
    if fate is None or (kind == "Bounce" and detail in NO_BOUNCES):
        return []
    recipient = text_in(told, "Email") or text_in(told, "Recipient")
    said = text_in(told, "Details") or text_in(told, "Description")
    status = STATUSES.get(detail, "5.7.0" if fate is Fate.BOUNCED else "")
    event = text_in(told, "ID") and f"{kind}:{text_in(told, 'ID')}"
    return [Report(fate, recipient, status, said, text_in(told, "Metadata", "mail"), event=event)]
