"""Template tags of the design system. Builtins: no template has to load them.

{% icon "check" %}                     an icon, hidden from screen readers
{% day date %}  {% moment instant %}   a vendor date; an instant in the reader's zone
{% ago instant %}                      how long ago, for a week; then the day
{{ price|money }}  {{ person|initials }}
{% field form.name %}                  label, control, help and error of one form field
{{ reason|sentence }}                  what a reason says; {% ways decision as steps %} its ways out
{% query page=2 %}                     the present query string with one thing changed
{% current "portal:home" %}            aria-current for a link to this address
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from podpora.base import reasons
from podpora.base.decisions import Decision, Reason
from podpora.base.money import Money
from podpora.notifications import queries as notifications
from podpora.web.components import navigation, times

register = template.Library()
_PLATFORMS = {"windows": "Windows", "macos": "macOS", "linux": "Linux", "android": "Android", "ios": "iOS"}
_SOURCE = re.compile(r"\b[a-z_]+:(A-[0-9A-Z]+)(?:/[^\s.]*)?")


@lru_cache(maxsize=256)
def _drawn(name: str, size: int) -> SafeString:
    return mark_safe(str(lucide(name, size=size, aria_hidden="true", focusable="false")))  # noqa: S308


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """An icon of the lucide set. It says nothing to a screen reader: the text beside it does."""
    return _drawn(name, size)


register.simple_tag(times.day)
register.simple_tag(times.moment)


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> str:
    """How long ago something was, seen from the moment of the request."""
    now = getattr(getattr(context, "request", None), "now", None)
    return times.ago(at, now) if now is not None else times.moment(at)


@register.filter
def money(value: Money | None) -> str:
    return reasons.written_money(value) if value is not None else "–"


@register.filter
def initials(who: Any) -> str:
    """`Jana Nováková` -> `JN`; an e-mail address -> its first letter."""
    words = [word for word in str(who).split("@")[0].replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


@register.filter
def instant(text: str) -> datetime | None:
    """An instant that a record keeps as text."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


@register.filter
def platform(name: str) -> str:
    """`macos` -> `macOS`, as its maker writes it."""
    return _PLATFORMS.get(str(name).lower(), str(name))


@register.filter
def orders_only(text: str) -> str:
    """`order:A-SKVCJJ59/1` -> `A-SKVCJJ59`: how the ledger names its sources says nothing to a reader."""
    return _SOURCE.sub(r"\1", str(text))


@register.filter
def sentence(reason: Reason) -> str:
    return reasons.sentence(reason)


@register.filter
def kind(bound: BoundField) -> str:
    """The kind of control: `checkbox`, `radio`, `select`, `textarea`, `text`…; for styles."""
    widget = bound.field.widget
    return str(getattr(widget, "input_type", None) or type(widget).__name__.lower())


@register.filter
def answer_of(matrix: Any, key: Any) -> Any:
    """A mapping's value for a key that a variable holds."""
    return matrix.get(key) if matrix else None


@register.simple_tag
def ways(decision: Decision | Reason) -> list[dict[str, str]]:
    """The ways out of a refusal, each once, with relative addresses: the paid one first, then the free ones."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for reason in decision.reasons if isinstance(decision, Decision) else (decision,):
        if isinstance(decision, Reason) or reason.blocks:
            for way in reasons.ways(reason):
                found.setdefault((way["kind"], way["label"]), way | {"url": _relative(way["url"])})
    return list(found.values())


def _relative(url: str) -> str:
    """Our own absolute address -> its path: a page links within the site, whatever name it is reached by."""
    return "/" + url.split("/", 3)[3] if url.count("/") >= 3 else url


@register.simple_tag
def article_of(reason: Reason) -> str:
    """The address of the FAQ article that explains this reason, or nothing."""
    slug = reasons.article_of(reason.code)
    return _address("public:article", slug) if slug else ""


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """Like {% url %}, but empty where this installation has no such door."""
    return _address(name, *args)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", hint: str = "") -> dict[str, Any]:
    """One form field: label, control, help, error; joined for screen readers by Django's aria-describedby."""
    facts = {"field": bound, "label": label or bound.label, "hint": hint or bound.help_text, "kind": kind(bound)}
    editor = bound.field.widget.attrs.get("data-editor")
    return facts if editor is None else facts | {"writes": {part: part in editor for part in ("preview", "files", "spoilers")}}


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with changes; None or empty takes a part away."""
    request: HttpRequest = context["request"]
    parts = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parts.pop(name, None)
        else:
            parts[name] = str(value)
    return f"?{parts.urlencode()}"


@register.simple_tag(takes_context=True)
def current(context: Context, name: str, *args: Any) -> str:
    request = context.get("request")
    here = request is not None and request.path == _address(name, *args)
    return mark_safe(' aria-current="page"') if here else ""  # with its space, so that it may follow another attribute


@register.simple_tag(takes_context=True)
def unread(context: Context) -> int:
    """How many messages wait in the reader's inbox."""
    user = getattr(context.get("request"), "user", None)
    return notifications.unread_count(user.pk) if user is not None and user.is_authenticated else 0


@register.simple_tag(takes_context=True)
def nav(context: Context, face: str) -> Iterable[navigation.Link]:
    """The navigation of a face, for this reader, with the present place marked."""
    request = context.get("request")
    return navigation.links(face, request) if request is not None else ()
