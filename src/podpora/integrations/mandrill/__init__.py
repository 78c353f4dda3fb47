"""Mandrill (Mailchimp Transactional): one webhook for mail and for events, signed over its own address and fields."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from podpora.mail.rules.hooks import as_bytes, fields_of, json_of, listed, text_in
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, NotSigned, Report

FATES = {"deferral": Fate.DELAYED, "soft_bounce": Fate.DELAYED, "hard_bounce": Fate.BOUNCED, "reject": Fate.BOUNCED, "spam": Fate.COMPLAINED,
         "delivered": Fate.DELIVERED}  # fmt: skip


class Mandrill:
    code = "mandrill"
    name = "Mandrill"
    signs = True

    def verify(self, call: Call, key: str) -> None:
        fields = {field.name: field.text for field in fields_of(call.content_type, call.body)}
        signed = call.url + "".join(name + fields[name] for name in sorted(fields))
        expected = b64encode(hmac.digest(key.encode(), signed.encode(), "sha1"))
        if not hmac.compare_digest(call.headers.get("x-mandrill-signature", "").encode(), expected):
            raise NotSigned

    def read(self, call: Call, key: str) -> Content:
        fields = {field.name: field.text for field in fields_of(call.content_type, call.body)}
        if "mandrill_events" not in fields:
            raise NotReadable("no mandrill_events")
        rows = listed(json_of(fields["mandrill_events"]))
        arrivals = [_arrival(row) for row in rows if text_in(row, "event") == "inbound"]
        return Content(arrivals, [report for row in rows for report in _report(row)])

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-MC-Metadata": json.dumps({"mail": mark})}


def _arrival(row: dict[str, Any]) -> Arrival:
    raw = text_in(row, "msg", "raw_msg")
    if not raw:
        raise NotReadable("no raw_msg")
    to = text_in(row, "msg", "email")
    return Arrival(as_bytes(raw), text_in(row, "msg", "sender"), [to] if to else [])


def _report(row: dict[str, Any]) -> list[Report]:
    kind = text_in(row, "event")
    if kind not in FATES:
        return []
    fate = FATES[kind]
    status = {"hard_bounce": "5.1.1", "reject": "5.7.1"}.get(kind, "")
    mark, said = text_in(row, "msg", "metadata", "mail"), text_in(row, "msg", "diag") or text_in(row, "msg", "bounce_description")
    event = ":".join(filter(None, (text_in(row, "_id"), kind, text_in(row, "ts"))))
    return [Report(fate, text_in(row, "msg", "email"), status, said, mark, event=event)]
