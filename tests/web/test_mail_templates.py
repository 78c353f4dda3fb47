"""Every kind of notification has its text, and every text is well-formed in both languages."""

import pytest
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from podpora.notifications import rules, values
from podpora.notifications.values import Kind

KINDS = [kind for kind in values.kinds().values() if not kind.name.startswith("test.")]


@pytest.mark.parametrize("language", ["en", "cs"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_has_a_text(kind: Kind, language: str) -> None:
    facts = {
        "url": "https://vendor.example/x/", "mail_subject": "[T-1] A question", "text": "What somebody wrote.", "title": "A question",
        "count": 2, "devices": 2,
    }  # fmt: skip
    with translation.override(language):
        text = get_template(kind.template).template.render(Context(facts, autoescape=False))  # type: ignore[attr-defined]
    written = rules.parse(text)
    assert written.subject
    assert written.blocks
