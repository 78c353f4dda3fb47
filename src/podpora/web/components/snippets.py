"""A line of a text with the words that were looked for marked in it."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """The pieces as HTML, escaped (B1), the words in <mark>."""
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", text) if is_word else text,) for text, is_word in pieces))
