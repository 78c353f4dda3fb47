"""The articles of the FAQ that come with the system: short, honest, in the reader's language.

Each is a template (`faq/<language>/<slug>.html`); the slugs are those that reasons name (`declare(..., article=slug)`).
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Article:
    slug: str
    title: Any
    summary: Any


ARTICLES: tuple[Article, ...] = (
    Article(
        "support-until",
        _("Until when do I have support?"),
        _("Where the date stands, how it is counted, and what a renewal does to it."),
    ),
    Article(
        "why-vip-ends",
        _("Why does VIP support end when my licence does not?"),
        _("A licence is for ever, the work of a technician is paid by the year."),
    ),
    Article(
        "levels-of-support",
        _("Which support do I get with which licence?"),
        _("E-mail, the forum and the support centre, for the trial, FREE and PRO."),
    ),
    Article(
        "new-computer",
        _("How do I move my licence to a new computer?"),
        _("Activate the new one with the same key; free the seat of the old one."),
    ),
    Article(
        "lost-key",
        _("I can't find my licence key"),
        _("It stands in your account and in the e-mail that came with the purchase."),
    ),
    Article("forgotten-password", _("I forgot my password"), _("How to set a new one, and what if no mail arrives.")),
    Article(
        "end-of-life",
        _("What does the end of support of a version mean?"),
        _("The program runs on; what ends are fixes and renewals for that version."),
    ),
    Article("refund", _("Can I return what I bought?"), _("Yes, within 14 days, and what happens to the licence then.")),
)
BY_SLUG = {article.slug: article for article in ARTICLES}


def template_of(article: Article) -> str:
    language = "cs" if (get_language() or "en").startswith("cs") else "en"
    return f"faq/{language}/{article.slug}.html"


def found(words: str) -> list[Article]:
    """Articles about these words, whatever their accents, case and endings; the best first. If none has all, those with half."""
    wanted = [_stem(word) for word in _plain(words).split() if len(word) > 2]
    if not wanted:
        return list(ARTICLES)
    ranked = []
    for article in ARTICLES:
        title = _plain(f"{article.title} {article.summary}")
        text = _text_of(template_of(article))
        hits = sum(word in title or word in text for word in wanted)
        ranked.append((hits, sum(word in title for word in wanted), article))
    best = max(hits for hits, _in_title, _article in ranked)
    if best * 2 < len(wanted) or not best:
        return []
    return [article for hits, _in_title, article in sorted(ranked, key=lambda row: row[:2], reverse=True) if hits == best]


def _stem(word: str) -> str:
    """`prenos`, `prenosu`, `prenesu` -> `pren`: Czech changes the end of a word, and often more."""
    return word[:-2] if len(word) > 5 else word


@lru_cache(maxsize=64)
def _text_of(template: str) -> str:
    return _plain(strip_tags(get_template(template).template.source))  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    """`Přenos licence` -> `prenos licence`."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
