"""A forum that ran on Discourse, read from what Discourse itself gives out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from podpora.config.discourse.reading import Forum, Uploads, category_rows, member_rows, post_rows, read, topic_rows
from podpora.config.discourse.text import converter
from podpora.journeys.importing import Sources

ROWS = (("categories", category_rows), ("members", member_rows), ("topics", topic_rows), ("posts", post_rows))


def parts(path: Path, *, site: str, uploads: Path | None) -> Iterator[tuple[str, Iterator[tuple[int, Any]], Sources]]:
    """(noun, numbered rows, files and words) in the order in which they come in."""
    forum: Forum = read(path)
    sources = Sources(Uploads(uploads), converter(site, settings.SITE_URL))
    for noun, rows in ROWS:
        yield noun, enumerate(rows(forum), start=1), sources
