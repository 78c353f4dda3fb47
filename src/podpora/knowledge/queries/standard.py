"""The texts that come with the system: `articles/<language>/<slug>.md`, the same address in each language.

---
title: Moving to a new computer
summary: One key, another computer.
category: licences
guide: yes
related: free-a-seat, lost-key
---
Markdown.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from podpora.knowledge.values import LANGUAGES, Facts, Standard, Words

FOLDER = Path(__file__).parent.parent / "articles"


def shelves() -> Mapping[str, dict[str, str]]:
    """The categories in their order."""
    return {
        "support": {"cs": "Podpora a VIP", "en": "Support and VIP"},
        "licences": {"cs": "Licence a aktivace", "en": "Licences and activation"},
        "shopping": {"cs": "Nákup a faktury", "en": "Buying and invoices"},
        "account": {"cs": "Účet a firma", "en": "Account and company"},
        "guides": {"cs": "Průvodci", "en": "Guides"},
        "system": {"cs": "Pro techniky a správce systému", "en": "For technicians and operators"},
    }


def standard(folder: Path | None = None) -> Iterator[Standard]:
    """All of them, by their addresses."""
    place = folder or FOLDER
    for path in sorted((place / LANGUAGES[1]).glob("*.md")):
        words: dict[str, Words] = {}
        head: dict[str, str] = {}
        for language in LANGUAGES:
            found = place / language / path.name
            if found.exists():
                said, text = _read(found)
                head = head | said
                words[language] = Words(said["title"], said.get("summary", ""), text)
        related = tuple(part.strip() for part in head.get("related", "").split(",") if part.strip())
        internal = head.get("internal", "") == "yes"
        facts = Facts(
            path.stem, head.get("category", ""), is_guide=head.get("guide", "") == "yes", is_internal=internal, related=related
        )
        yield Standard(facts, words)


def _read(path: Path) -> tuple[dict[str, str], str]:
    _nothing, head, text = path.read_text(encoding="utf-8").split("---\n", 2)
    said = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in said.items()}, text.strip() + "\n"
