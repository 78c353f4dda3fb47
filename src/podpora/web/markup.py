"""What people write, as HTML: paragraphs, lists, emphasis, code, links. Never headings, pictures or anything that runs.

Markdown is read loosely (a line end is a line end), then cleaned again: what the reader sees is decided when it is shown, so a
newer cleaner protects old texts too (CO-2, S53).
"""

import re
from functools import lru_cache

import nh3
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
LONGEST = 8_000  # Markdown reads hostile text in quadratic time; what is longer is shown as it is
MARKED = re.compile(r"[*_`~]|\]\(|^[ \t]*(?:[-+>]|\d{1,9}[.)])[ \t]", re.MULTILINE)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    options = {"html": False, "linkify": True, "breaks": True, "typographer": False, "maxNesting": 20}
    reader = MarkdownIt("commonmark", options).enable(["linkify", "strikethrough"])
    return reader.disable(["heading", "lheading", "hr", "image", "reference", "html_block", "html_inline", "code"])


@lru_cache(maxsize=512)
def written(text: str) -> SafeString:
    """The text as safe HTML. Most texts have no marks: those are only broken into lines, which takes a tenth of the time."""
    if len(text) > LONGEST:
        return mark_safe(linebreaks(text, autoescape=True))  # noqa: S308
    if not MARKED.search(text):
        return mark_safe(linebreaks(urlize(text, nofollow=True, autoescape=True)))  # noqa: S308
    html = _reader().render(text)
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="nofollow noopener ugc"
    )
    return mark_safe(clean)  # noqa: S308
