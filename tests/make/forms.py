"""Every form that a page shows, as a browser would send it: harvested from the pages themselves, so that a new form is tried too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import transaction

from tests.make import sweep
from tests.make.world import World, browser

WHO = ("manager", "owner", "private", "anonymous")
NO_PAGES = ("api/", "metrics", "static/", "readyz", "healthz", "demo/mail/")
# In every page's frame, or the entrance's own (django-allauth; tests/people and tests/web/portal try those).
ELSEWHERE = (
    "/language/",
    "/theme/",
    "/account/logout/",
    "/account/login/",
    "/account/password/",
    "/account/signup/",
    "/account/2fa/",
)
ONLY_ONCE = {"csrfmiddlewaretoken"}
ANYBODYS = ("", "contact/")  # visitors and customers see different forms
CODE = re.compile(r"[A-Z]{1,3}-[0-9A-Z]{5,}|[\w-]{20,}|\d+")
TYPED = {
    "email": "somebody@new.example", "number": "1", "date": "2026-03-20", "text": "Words", "search": "Words", "tel": "1", "url": "https://x.example/",
    "datetime-local": "2026-03-20T10:00", "textarea": "Some words.", "password": "",
}  # fmt: skip


@dataclass(slots=True)
class Form:
    """One form with what stands in it, and one of its buttons."""

    page: str
    action: str
    identity: str
    address: str = ""  # the pattern of the page
    values: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    multipart: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """Forms of the same shape are tried once: codes, which differ from run to run, are none of it."""
        return (
            self.address,
            CODE.sub("…", self.action),
            *sorted(self.kinds),
            *(n for n, _v in self.buttons),
        )

    def sent(self, button: tuple[str, str] | None = None) -> dict[str, list[str]]:
        """What a browser sends when nothing is changed and what is empty is filled in."""
        data = {name: list(values) for name, values in self.values.items() if name not in ONLY_ONCE}
        for name, kind in self.kinds.items():
            if kind in TYPED and data.get(name) in ([], [""], None):
                data[name] = [TYPED[kind]]
        if button and button[0]:
            data[button[0]] = [button[1]]
        return data


class _Reader(HTMLParser):
    def __init__(self, page: str, identity: str, address: str) -> None:
        super().__init__()
        self.page, self.identity, self.address = page, identity, address
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form" and a.get("method", "").lower() == "post":
            action = urlsplit(urljoin(self.page, a.get("action", "") or self.page))
            self.open = Form(self.page, action.path + (f"?{action.query}" if action.query else ""), self.identity, self.address)
            self.open.multipart = "multipart" in a.get("enctype", "")
            self.forms.append(self.open)
        elif self.open is not None:
            self._control(tag, a)

    def _control(self, tag: str, a: dict[str, str]) -> None:
        form, name = self.open, a.get("name", "")
        assert form is not None
        if tag == "button" and a.get("type", "submit") == "submit":
            form.buttons.append((name, a.get("value", "")))
        elif tag == "option" and self.select:
            if "selected" in a or (self.select not in form.values and a.get("value")):
                form.values[self.select] = [a.get("value", "")]
        elif tag in ("select", "textarea") and name:
            form.kinds[name] = tag
            self.select = name if tag == "select" else ""
            if tag == "textarea":
                form.values[name] = [""]
        elif tag == "input" and name:
            kind = a.get("type", "text")
            form.kinds.setdefault(name, kind)
            if kind not in ("checkbox", "radio", "file") or "checked" in a:
                form.values.setdefault(name, []).append(a.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""


def all_forms(world: World) -> list[Form]:
    """Each form once, with the first who may see it."""
    found: dict[tuple[str, ...], Form] = {}
    browsers = {identity: browser(world, identity) for identity in WHO}
    for address, _view in sweep.patterns():
        if address.startswith(NO_PAGES) or address.endswith(".pdf") or "/files/" in address:
            continue
        for _of, things in sweep.owners(address, world):
            path = sweep.filled(address, things)
            for identity in WHO if path is not None else ():
                shown = list(_forms_of(browsers[identity], str(path), identity, address))
                found |= {form.key: form for form in shown if form.key not in found}
                if shown and address not in ANYBODYS:
                    break
    return [form for form in found.values() if not form.action.startswith(ELSEWHERE)]


def _forms_of(client: Any, path: str, identity: str, address: str) -> Iterator[Form]:
    response = client.get(path)
    if response.status_code == 200 and not response.streaming and "html" in response.get("Content-Type", ""):
        reader = _Reader(path, identity, address)
        reader.feed(response.content.decode())
        yield from reader.forms


def posted(client: Any, form: Form, data: dict[str, list[str]]) -> Any:
    """One submission, of which nothing is kept unless a transaction around it is."""
    with transaction.atomic():
        return client.post(form.action, data) if form.multipart else client.post(form.action, *_encoded(data))


def _encoded(data: dict[str, list[str]]) -> tuple[bytes, str]:
    from urllib.parse import quote_plus

    def quoted(text: str) -> str:
        return quote_plus(text.encode("utf-8", "surrogatepass"))

    body = "&".join(f"{quoted(name)}={quoted(value)}" for name, values in data.items() for value in values)
    return body.encode(), "application/x-www-form-urlencoded"


def seen_in(page: str) -> str:
    """The mark of what this page shows."""
    reader = _Reader("/", "", "")
    reader.feed(page)
    return next(form.values["seen"][0] for form in reader.forms if "seen" in form.values)
