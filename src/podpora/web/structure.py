"""What search engines read beside the page (JSON-LD). Never anything that the page itself does not show."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from podpora.base import vendor
from podpora.knowledge.values import Shown
from podpora.web.meta import absolute

_SAFE = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def written(data: dict[str, Any]) -> SafeString:
    """As the content of a script element that no browser runs: nothing in it can end it (FO-9)."""
    return mark_safe(json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(_SAFE))  # noqa: S308


def site_data(search: str) -> SafeString:
    """Who this is, and where one searches here."""
    target = {"@type": "EntryPoint", "urlTemplate": f"{absolute(search)}?q={{search_term_string}}"}
    return written({
        "@type": "WebSite", "name": vendor.name(), "url": absolute("/"),
        "publisher": {"@type": "Organization", "name": vendor.name(), "url": absolute("/")},
        "potentialAction": {"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"},
    })  # fmt: skip


def faq_data(articles: Sequence[Shown]) -> SafeString:
    """The questions of the FAQ with their short answers."""
    return written({
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": each.title, "acceptedAnswer": {"@type": "Answer", "text": each.summary}}
            for each in articles if each.summary and not each.is_guide and not each.is_internal
        ],
    })  # fmt: skip


def article_data(article: Shown, url: str, image: str) -> SafeString:
    maker = {"@type": "Organization", "name": vendor.name(), "url": absolute("/")}
    return written({
        "@type": "Article", "headline": article.title, "description": article.summary, "inLanguage": article.language,
        "mainEntityOfPage": url, "image": image, "author": maker, "publisher": maker,
        **({"datePublished": article.published_at.isoformat()} if article.published_at else {}),
        **({"dateModified": article.changed_at.isoformat()} if article.changed_at else {}),
    })  # fmt: skip


def breadcrumb_data(crumbs: Sequence[tuple[str, str]]) -> SafeString:
    """The way to a page, without itself: (name, path)."""
    return written({
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name), "item": absolute(url)}
            for place, (name, url) in enumerate([crumb for crumb in crumbs if crumb[1]], 1)
        ],
    })  # fmt: skip
