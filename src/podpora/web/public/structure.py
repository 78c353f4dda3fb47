"""What search engines read beside the page (JSON-LD). Never anything that the page itself does not show."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from podpora.base import vendor
from podpora.knowledge.values import Shown

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def written(data: dict[str, Any]) -> SafeString:
    """As the content of a script element that no browser runs: nothing in it can end it (FO-9)."""
    return mark_safe(json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308


def faq_data(articles: Sequence[Shown]) -> SafeString:
    """The questions of the FAQ with their short answers."""
    return written({
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": each.title, "acceptedAnswer": {"@type": "Answer", "text": each.summary}}
            for each in articles if each.summary and not each.is_guide and not each.is_internal
        ],
    })  # fmt: skip


def article_data(article: Shown, url: str) -> SafeString:
    return written({
        "@type": "Article", "headline": article.title, "description": article.summary, "inLanguage": article.language,
        "mainEntityOfPage": url, "publisher": {"@type": "Organization", "name": vendor.name()},
        **({"datePublished": article.published_at.isoformat()} if article.published_at else {}),
        **({"dateModified": article.changed_at.isoformat()} if article.changed_at else {}),
    })  # fmt: skip


def breadcrumb_data(crumbs: Sequence[tuple[str, str]]) -> SafeString:
    return written({
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name), "item": f"{settings.SITE_URL}{url}"}
            for place, (name, url) in enumerate(crumbs, 1)
        ],
    })  # fmt: skip
