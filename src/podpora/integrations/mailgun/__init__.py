"""Mailgun: routes bring mail (as MIME, or taken apart), webhooks say what became of ours. Every call is signed with the signing key."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from podpora.mail.rules.hooks import Enclosed, Field, composed, fields_of, json_of, text_in
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, NotSigned, Report

LONGEST_MARK = 200  # of what is signed


class Mailgun:
    code = "mailgun"
    name = "Mailgun"
    signs = True

    def verify(self, call: Call, key: str) -> None:
        if _is_json(call):
            told = json_of(call.body)
            signed = [text_in(told, "signature", one) for one in ("timestamp", "token", "signature")]
        else:
            fields = {field.name: field.text for field in fields_of(call.content_type, call.body) if not field.file_name}
            signed = [fields.get(one, "") for one in ("timestamp", "token", "signature")]
        moment, token, signature = (one[:LONGEST_MARK] for one in signed)
        expected = hmac.digest(key.encode(), f"{moment}{token}".encode(), "sha256").hex()
        if not token or not hmac.compare_digest(signature.encode(), expected.encode()):
            raise NotSigned

    def read(self, call: Call, key: str) -> Content:
        if _is_json(call):
            told = json_of(call.body)
            event = told.get("event-data") if isinstance(told, dict) else None
            if not isinstance(event, dict):
                raise NotReadable("no event-data")
            return Content(reports=_report(event, text_in(told, "signature", "token")))
        return Content([_arrival(fields_of(call.content_type, call.body))])

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-Mailgun-Variables": json.dumps({"mail": mark})}


def _is_json(call: Call) -> bool:
    return call.content_type.startswith("application/json")


def _arrival(fields: list[Field]) -> Arrival:
    known = {field.name: field for field in fields if not field.file_name}
    texts = {name: field.text for name, field in known.items()}
    if "body-mime" in known:  # a route to an address that ends with /mime
        raw = known["body-mime"].content
    elif "message-headers" in texts:
        raw = composed(
            _headers(texts["message-headers"]),
            text=texts.get("body-plain", ""),
            html=texts.get("body-html", ""),
            files=_files(fields, texts),
        )
    else:
        raise NotReadable("neither body-mime nor message-headers")
    return Arrival(raw, texts.get("sender", ""), [texts["recipient"]] if texts.get("recipient") else [])


def _headers(text: str) -> list[tuple[str, str]]:
    rows = json_of(text)
    if not isinstance(rows, list):
        raise NotReadable("message-headers is no list")
    return [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2]


def _files(fields: list[Field], texts: Mapping[str, str]) -> list[Enclosed]:
    ids = json_of(texts["content-id-map"]) if texts.get("content-id-map") else {}
    by_field = {field: content_id for content_id, field in ids.items() if isinstance(field, str)} if isinstance(ids, dict) else {}
    return [
        Enclosed(one.file_name, one.content, one.content_type, str(by_field.get(one.name, ""))) for one in fields if one.file_name
    ]


def _report(event: dict[str, Any], token: str) -> list[Report]:
    fate = {
        "delivered": Fate.DELIVERED, "complained": Fate.COMPLAINED, "rejected": Fate.BOUNCED,
        "failed": Fate.DELAYED if text_in(event, "severity") == "temporary" else Fate.BOUNCED,
    }.get(text_in(event, "event"))  # fmt: skip
    if fate is None:
        return []
    message_id = text_in(event, "message", "headers", "message-id")
    status = text_in(event, "delivery-status", "enhanced-code") or text_in(event, "delivery-status", "code")
    said = (
        text_in(event, "delivery-status", "message")
        or text_in(event, "delivery-status", "description")
        or text_in(event, "reject", "reason")
    )
    return [
        Report(
            fate, text_in(event, "recipient"), status, said, text_in(event, "user-variables", "mail"),
            f"<{message_id.strip('<>')}>" if message_id else "", text_in(event, "envelope", "sender"), token or text_in(event, "id"),
        )
    ]  # fmt: skip
