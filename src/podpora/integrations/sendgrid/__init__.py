"""SendGrid: Inbound Parse (raw, or taken apart), and the event webhook, whose calls are signed with a key pair (ECDSA)."""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from podpora.mail.rules.hooks import Enclosed, Field, composed, fields_of, json_of, listed, text_in
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, NotSigned, Report

SIGNATURE, MOMENT = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"


class SendGrid:
    code = "sendgrid"
    name = "SendGrid"
    signs = True

    def verify(self, call: Call, key: str) -> None:
        try:
            public = load_der_public_key(b64decode("".join(line for line in key.split() if "-" not in line)))
            if not isinstance(public, ec.EllipticCurvePublicKey):
                raise NotSigned
            signed = call.headers.get(MOMENT, "").encode() + call.body
            public.verify(b64decode(call.headers.get(SIGNATURE, "")), signed, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, UnsupportedAlgorithm, Error, ValueError, TypeError):
            raise NotSigned from None

    def read(self, call: Call, key: str) -> Content:
        if call.content_type.startswith("application/json"):
            return Content(reports=[report for row in listed(json_of(call.body)) for report in _report(row)])
        return Content([_arrival(fields_of(call.content_type, call.body))])

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-SMTPAPI": json.dumps({"unique_args": {"mail": mark}})}


def _arrival(fields: list[Field]) -> Arrival:
    known = {field.name: field for field in fields if not field.file_name}
    envelope = json_of(known["envelope"].text) if "envelope" in known else {}
    to = envelope.get("to") if isinstance(envelope, dict) else None
    recipients = [str(one) for one in to] if isinstance(to, list) else []
    if "email" in known:  # "POST the raw, full MIME message"
        raw = known["email"].content
    elif "headers" in known:
        raw = _composed(fields, known)
    else:
        raise NotReadable("neither email nor headers")
    return Arrival(raw, text_in(envelope, "from"), recipients)


def _composed(fields: list[Field], known: Mapping[str, Field]) -> bytes:
    charsets = json_of(known["charsets"].text) if "charsets" in known else {}
    told = json_of(known["attachment-info"].text) if "attachment-info" in known else {}
    files = [
        Enclosed(one.file_name, one.content, one.content_type, text_in(told, one.name, "content-id"))
        for one in fields
        if one.file_name
    ]
    text, html = (_text(known[name].content, text_in(charsets, name)) if name in known else "" for name in ("text", "html"))
    return composed(_headers(known["headers"].text), text=text, html=html, files=files)


def _headers(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif colon:
            found.append((name.strip(), value.strip()))
    return found


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _report(row: dict[str, Any]) -> list[Report]:
    kind = text_in(row, "event")
    blocked = text_in(row, "type") == "blocked"
    fate = {
        "delivered": Fate.DELIVERED, "deferred": Fate.DELAYED, "bounce": Fate.BOUNCED, "dropped": Fate.BOUNCED, "spamreport": Fate.COMPLAINED,
    }.get(kind)  # fmt: skip
    if fate is None:
        return []
    status = text_in(row, "status") or ("5.7.1" if blocked or kind == "dropped" else "5.0.0" if fate is Fate.BOUNCED else "")
    said = text_in(row, "reason") or text_in(row, "response")
    return [
        Report(
            fate,
            text_in(row, "email"),
            status,
            said,
            text_in(row, "mail"),
            text_in(row, "smtp-id"),
            event=text_in(row, "sg_event_id"),
        )
    ]
