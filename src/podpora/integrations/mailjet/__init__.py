"""Mailjet: the Parse API (taken apart), and event webhooks, one event a call or many. It signs nothing."""

from collections.abc import Mapping
from typing import Any

from podpora.mail.rules.hooks import Enclosed, composed, decoded_base64, json_of, listed, text_in
from podpora.mail.rules.parts import parameters
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, Report

FATES = {"sent": Fate.DELIVERED, "bounce": Fate.BOUNCED, "blocked": Fate.BOUNCED, "spam": Fate.COMPLAINED}
DELAYS = ("greylisted", "quota exceeded", "connection issue")
NOBODY = {"user unknown": "5.1.1", "mailbox inactive": "5.2.1", "invalid domain": "5.1.2", "no mail host": "5.1.2"}


class Mailjet:
    code = "mailjet"
    name = "Mailjet"
    signs = False

    def verify(self, call: Call, key: str) -> None:
        return

    def read(self, call: Call, key: str) -> Content:
        rows = listed(json_of(call.body))
        if len(rows) == 1 and "event" not in rows[0]:
            return Content([_arrival(rows[0])])
        return Content(reports=[report for row in rows for report in _report(row)])

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-MJ-CustomID": mark}


def _arrival(told: dict[str, Any]) -> Arrival:
    headers = told.get("Headers")
    if not isinstance(headers, dict):
        raise NotReadable("neither an event nor Headers")
    parts = told.get("Parts")
    files = [
        _file(told, part)
        for part in (parts if isinstance(parts, list) else [])
        if "Attachment" in text_in(part, "ContentRef")
    ]  # fmt: skip
    raw = composed(_flat(headers), text=text_in(told, "Text-part"), html=text_in(told, "Html-part"), files=files)
    return Arrival(raw, text_in(told, "Sender"), [text_in(told, "Recipient")] if text_in(told, "Recipient") else [])


def _flat(headers: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (str(name), str(value)) for name, values in headers.items() for value in (values if isinstance(values, list) else [values])
    ]


def _file(told: dict[str, Any], part: dict[str, Any]) -> Enclosed:
    headers = {name.lower(): value for name, value in _flat(part["Headers"])} if isinstance(part.get("Headers"), dict) else {}
    kind = headers.get("content-type", "")
    name = parameters(headers.get("content-disposition", "")).get("filename") or parameters(kind).get("name", "")
    content = decoded_base64(text_in(told, text_in(part, "ContentRef")))
    return Enclosed(name, content, kind, headers.get("content-id", ""))


def _report(row: dict[str, Any]) -> list[Report]:
    kind, error = text_in(row, "event"), text_in(row, "error")
    fate = FATES.get(kind)
    if fate is None:
        return []
    if fate is Fate.BOUNCED and not row.get("hard_bounce") and (error in DELAYS or kind == "bounce"):
        fate = Fate.DELAYED
    status = NOBODY.get(error, "5.7.1") if fate is Fate.BOUNCED else ""
    said = ": ".join(filter(None, (error, text_in(row, "comment") or text_in(row, "smtp_reply"))))
    event = ":".join(filter(None, (text_in(row, "MessageID"), kind, text_in(row, "time"))))
    return [Report(fate, text_in(row, "email"), status, said, text_in(row, "CustomID"), event=event)]
