"""The register of reason codes: each has a sentence (translated) and ways out.

Rules only name codes and facts (`Reason("support.expired", {"through": date})`). A room declares what its codes say
in its `values.py`:

    declare("support.expired", _("Your VIP support ended on {through}. Your licence is not affected."), ways=(RENEW, FORUM))

A sentence may use every fact by name; dates, money and numbers are written the reader's way. A `Way` is one next
step: the paid one and the free one (T6). Its address is a URL name, so pages and mails and the API agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.functional import Promise

from podpora.base.clock import format_instant
from podpora.base.decisions import Decision, Reason
from podpora.base.money import Money

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a refusal. `kind`: buy, ask, forum, read or wait. `to`: URL name; `args`: facts used in the address.

    `fallback` is the URL name used when a fact is missing. `when`, `unless`: a fact that has to be there, or must not be.
    """

    kind: str
    label: Text
    to: str = ""
    args: tuple[str, ...] = ()
    fallback: str = ""
    when: str = ""
    unless: str = ""

    def fits(self, facts: Mapping[str, Any]) -> bool:
        return (not self.when or bool(facts.get(self.when))) and not (self.unless and facts.get(self.unless))


@dataclass(frozen=True, slots=True)
class ReasonText:
    code: str
    sentence: Text
    ways: tuple[Way, ...] = ()
    article: str = ""  # slug of the FAQ article that explains it
    instead: Mapping[str, Text] = field(default_factory=dict)  # another sentence where this fact is there


_texts: dict[str, ReasonText] = {}


def declare(
    code: str, sentence: Text, *, ways: tuple[Way, ...] = (), article: str = "", instead: Mapping[str, Text] | None = None
) -> str:
    """Register one code at import time and return it. Declaring a code twice is a mistake (ValueError).

    `instead`: the sentence for a reason that has this fact, where one code is said in two ways.
    """
    if code in _texts:
        raise ValueError(f"reason {code!r} is declared twice")
    _texts[code] = ReasonText(code, sentence, ways, article, dict(instead or {}))
    return code


_explained: dict[str, str] = {}


def explain(articles: Mapping[str, str]) -> None:
    """Register which article explains the codes that begin like this (`{"licence.": slug}`); the longest beginning counts."""
    _explained.update(articles)


def article_of(code: str) -> str:
    """The slug of the article that explains a code: its own, else the one of the longest beginning; empty for a code without text."""
    text = _texts.get(code)
    if text is None or text.article:
        return text.article if text else ""
    return _explained[max(fitting, key=len)] if (fitting := [start for start in _explained if code.startswith(start)]) else ""


def declared() -> Mapping[str, ReasonText]:
    """Every reason code of the system (the reference page is generated from it, and tested)."""
    return _texts


def written(value: Any) -> str:
    """A fact as the reader writes it: `22. 11. 2026`, `1 290 Kč`."""
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, Money):
        return written_money(value)
    if isinstance(value, list | tuple):
        return ", ".join(written(item) for item in value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    return str(value)


_SYMBOLS = {"CZK": "Kč", "EUR": "€", "USD": "$"}


def written_money(money: Money) -> str:
    """`1 290 Kč`, `€49.00`, `49,90 €`: whole crowns lose their decimals, the symbol stands where the language puts it."""
    whole = money.amount == money.amount.to_integral_value()
    places = 0 if whole and money.currency == "CZK" else 2
    number = formats.number_format(money.amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    symbol = _SYMBOLS.get(money.currency, money.currency)
    before = formats.get_format("DECIMAL_SEPARATOR") == "." and symbol in "€$"
    return f"{symbol}{number}" if before else f"{number}\u00a0{symbol}"


def sentence(reason: Reason) -> str:
    """The reason in the active language. A code without a text shows itself rather than nothing."""
    text = _texts.get(reason.code)
    if text is None:
        return reason.code
    said = next((other for fact, other in text.instead.items() if reason.facts.get(fact) is not None), text.sentence)
    return filled(said, reason.facts)


def filled(text: Text, facts: Mapping[str, Any]) -> str:
    """A text with its facts, each written the reader's way."""
    return str(text).format_map(_Written(facts))


class _Written(dict[str, str]):
    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__({name: written(value) for name, value in facts.items()})

    def __missing__(self, key: str) -> str:
        return "…"


def ways(reason: Reason) -> list[dict[str, str]]:
    """The next steps as `{kind, label, url}` (the API's `next`; pages draw the same list)."""
    text = _texts.get(reason.code)
    steps = []
    for way in text.ways if text else ():
        if not way.fits(reason.facts):
            continue
        label = str(way.label).format_map(_Written(reason.facts))
        steps.append({"kind": way.kind, "label": label, "url": _address(way, reason.facts)})
    return steps


def _address(way: Way, facts: Mapping[str, Any]) -> str:
    if not way.to:
        return ""
    if all(facts.get(name) for name in way.args):
        path = _reverse(way.to, [facts[name] for name in way.args])
    else:
        path = _reverse(way.fallback, []) if way.fallback else ""
    return f"{settings.SITE_URL}{path}" if path else ""


def _reverse(name: str, args: list[Any]) -> str:
    """The path of a URL name; a way to a door that this installation does not have has no address."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def wire(reason: Reason) -> dict[str, Any]:
    """One reason as the API sends it: `{code, facts, message, next}`."""
    return {
        "code": reason.code,
        "facts": {name: _wire_value(value) for name, value in reason.facts.items()},
        "message": sentence(reason),
        "next": ways(reason),
    }


def _wire_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return value.wire()
    if isinstance(value, list | tuple):
        return [_wire_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _wire_value(item) for name, item in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def message(decision: Decision) -> str:
    """The decision in one or a few sentences: blocking reasons first; if none blocks, all of them."""
    shown = [r for r in decision.reasons if r.blocks] or decision.reasons
    return " ".join(sentence(reason) for reason in shown)
