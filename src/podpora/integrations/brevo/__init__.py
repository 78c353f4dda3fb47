"""Brevo: inbound parsing (taken apart; files are fetched with the API key), and transactional webhooks. It signs nothing."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from podpora.mail.rules.hooks import Enclosed, composed, json_of, listed, text_in
from podpora.mail.values.hooks import Arrival, Call, Content, Fate, NotReadable, Report

FILES = "https://api.brevo.com/v3/inbound/attachments/"
MOST_FILES = 50
FATES = {
    "delivered": Fate.DELIVERED, "deferred": Fate.DELAYED, "soft_bounce": Fate.DELAYED, "hard_bounce": Fate.BOUNCED, "blocked": Fate.BOUNCED,
    "invalid_email": Fate.BOUNCED, "error": Fate.BOUNCED, "spam": Fate.COMPLAINED, "complaint": Fate.COMPLAINED,
}  # fmt: skip
STATUSES = {"hard_bounce": "5.1.1", "invalid_email": "5.1.3", "blocked": "5.7.1", "error": "5.3.0", "soft_bounce": "4"}
Fetch = Callable[[str, Mapping[str, str]], bytes]  # what stands at an address, asked with these headers; OSError


class Brevo:
    code = "brevo"
    name = "Brevo"
    signs = False

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch

    def verify(self, call: Call, key: str) -> None:
        return

    def read(self, call: Call, key: str) -> Content:
        told = json_of(call.body)
        if isinstance(told, dict) and "items" in told:
            return Content([self._arrival(one, key) for one in listed(told["items"])])
        return Content(reports=[report for row in listed(told) for report in _report(row)])

    def headers(self, mark: str) -> Mapping[str, str]:
        return {"X-Mailin-custom": f"mail:{mark}"}

    def _arrival(self, told: dict[str, Any], key: str) -> Arrival:
        headers = told.get("Headers")
        if not isinstance(headers, dict):
            raise NotReadable("no Headers")
        rows = [
            (str(name), str(value))
            for name, values in headers.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        found = told.get("Attachments")
        files = [self._file(one, key) for one in found[:MOST_FILES]] if isinstance(found, list) else []
        raw = composed(rows, text=text_in(told, "RawTextBody"), html=text_in(told, "RawHtmlBody"), files=files)
        to = told.get("Recipients")
        return Arrival(raw, _address(headers, "Return-Path"), [str(one) for one in to] if isinstance(to, list) else [])

    def _file(self, told: Any, key: str) -> Enclosed:
        content = self.fetch(FILES + quote(text_in(told, "DownloadToken"), safe=""), {"api-key": key}) if key else b""
        return Enclosed(text_in(told, "Name"), content, text_in(told, "ContentType"), text_in(told, "ContentID"))


def _address(headers: Mapping[str, Any], name: str) -> str:
    return text_in(headers, name).strip("<> ")


def _report(row: dict[str, Any]) -> list[Report]:
    kind = text_in(row, "event")
    if kind not in FATES:
        return []
    mark = text_in(row, "X-Mailin-custom").removeprefix("mail:")
    event = ":".join(filter(None, (text_in(row, "message-id"), kind, text_in(row, "ts_epoch"), text_in(row, "email"))))
    return [
        Report(
            FATES[kind],
            text_in(row, "email"),
            STATUSES.get(kind, ""),
            text_in(row, "reason"),
            mark,
            text_in(row, "message-id"),
            event=event,
        )
    ]
