"""Markdown as HTML that can be kept: for posts and articles, which are read a thousand times and written once.

Read by markdown-it without raw HTML, then cleaned again by nh3 with a list of what may stand there. Nothing in it can run, load
from elsewhere or look like a part of the page (S53): pictures are only those that the caller knows, classes only those of the
highlighter, addresses only http, https and mailto. What is kept carries the version of this renderer (`VERSION`), so that texts
that an older one made can be made anew.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import repeat
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape, linebreaks
from markdown_it import MarkdownIt
from markdown_it.token import Token

from podpora.base.markdown_parts import HIGHLIGHTED, Highlighter, spoilers

VERSION = 1
LONGEST = 60_000  # characters; a caller refuses longer texts with words of his own
MARKS = 6_000  # reading takes time that grows with the square of the marks: what has more of them is shown as it is
EXCERPT = 300
LINKS = 300  # of so many, none is made from bare addresses: finding them takes quadratic time too
COLUMNS = 50  # bars in a line; what has more is no table
NAMES = 200  # mentions that are looked at; who may mention how many is a rule of the room

_MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9](?:[a-z0-9_-]{0,28}[a-z0-9])?)(?![\w@-])", re.IGNORECASE)
_MARKED = re.compile(r"[*_`~\[\]<>|!&\\:]")
_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "table", "thead", "tbody", "tr",
    "th", "td", "img", "details", "summary", "h2", "h3", "h4", "h5", "h6", "span", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "class", "title"}, "ol": {"start"}, "img": {"src", "alt", "width", "height", "loading", "title"},
    **{f"h{level}": {"id"} for level in range(2, 7)}, "th": {"scope"}, "pre": {"tabindex"}, "div": {"tabindex"},
}  # fmt: skip
_CLASSES = {
    "a": {"mention"}, "details": {"spoiler"}, "div": {"table-wrap"}, "pre": {"highlight"}, "td": {"right", "center"}, "th": {"right", "center"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may stand in a text, with its size, so that nothing jumps when it comes."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """`text`: all words without marks (for a search); `excerpt`: the first of them, without quotes; `mentions` in small letters."""

    html: str
    text: str
    excerpt: str
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # addresses elsewhere, as they were written
    pictures: tuple[str, ...] = ()  # addresses of all pictures that the writer wanted
    headings: tuple[Heading, ...] = ()
    version: int = VERSION

    @property
    def hosts(self) -> tuple[str, ...]:
        """The computers to which links lead, each as often as it is linked."""
        return tuple(host for link in self.links if (host := _host(link)))


Names = Callable[[Iterable[str]], Mapping[str, str]]  # names without @ -> the address of each that is known
Pictures = Callable[[Iterable[str]], Mapping[str, Picture]]  # addresses -> each that may be shown


@dataclass(slots=True)
class _Reading:
    """What is gathered while a text is read."""

    mentions: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    known: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, Picture] = field(default_factory=dict)


def render(
    text: str, *, names: Names | None = None, pictures: Pictures | None = None, headings: int = 3, site: str = ""
) -> Rendered:
    """Markdown -> what is kept of it. Never raises: text that would take too long to read is shown as it is.

    `names` and `pictures` are asked once, with all that stands in the text. `headings`: the level of the highest (a post stands
    under a title of its own); `site`: the own address, links to which are no links elsewhere.
    """
    text = text.replace("\x00", "\ufffd")
    if len(text) > LONGEST or len(_MARKED.findall(text)) > MARKS:
        return _as_it_is(text)
    reader = _reader(text.count("://") <= LINKS, max(map(str.count, text.splitlines(), repeat("|")), default=0) <= COLUMNS)
    tokens = reader.parse(text)
    reading = _Reading()
    _gather(tokens, reading, site)
    reading.known = names(reading.mentions) if names and reading.mentions else {}
    reading.shown = pictures(reading.pictures) if pictures and reading.pictures else {}
    _dress(tokens, reading, headings)
    html = reader.renderer.render(tokens, reader.options, {})
    words = list(_words(tokens))
    plain = " ".join(" ".join(part for part, _quoted in words).split())
    unquoted = " ".join(" ".join(part for part, quoted in words if not quoted).split())
    return Rendered(
        html=_clean(html),
        text=plain,
        excerpt=shortened(unquoted or plain),
        mentions=tuple(dict.fromkeys(reading.mentions)),
        links=tuple(reading.links),
        pictures=tuple(reading.pictures),
        headings=tuple(reading.headings),
    )


def shortened(text: str, most: int = EXCERPT) -> str:
    """The beginning of a text, cut at a word."""
    if len(text) <= most:
        return text
    head, _blank, _rest = text[: most - 1].rpartition(" ")
    return f"{head or text[: most - 1]}…"


def quoted(text: str, *, who: str, address: str) -> str:
    """A text as a quotation with its source, to answer to: `> [Jana, #3](…):` and the lines."""
    source = re.sub(r"([\\\[\]*_`~<>|])", r"\\\1", who)
    lines = [line for line in text.replace("\x00", "").strip().splitlines() if not line.startswith(">")]
    return "\n".join([f"> [{source}]({address}):", *(f"> {line}".rstrip() for line in lines)]) + "\n\n"


@lru_cache(maxsize=4)
def _reader(linkify: bool, tables: bool) -> MarkdownIt:
    options = {"html": False, "linkify": linkify, "breaks": True, "maxNesting": 20, "highlight": Highlighter()}
    reader = MarkdownIt("commonmark", options).enable(["linkify", "strikethrough"]).disable(["html_block", "html_inline", "code"])
    if tables:
        reader.enable("table")
    assert reader.linkify is not None
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})  # `setup.py` is no address in Paraguay
    reader.use(spoilers)
    return reader


def _as_it_is(text: str) -> Rendered:
    plain = " ".join(text[:LONGEST].split())
    return Rendered(html=_clean(linebreaks(text[:LONGEST], autoescape=True)), text=plain, excerpt=shortened(plain))


def _gather(tokens: list[Token], reading: _Reading, site: str) -> None:
    """Mentions, links and pictures; a text token with mentions becomes several."""
    for token in tokens:
        if token.type != "inline":
            continue
        children: list[Token] = []
        inside = 0  # a link
        for child in token.children or []:
            inside += child.type == "link_open"
            inside -= child.type == "link_close"
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
                if _host(href) and not (site and href.startswith(f"{site}/")):
                    reading.links.append(href)
            if child.type == "image":
                reading.pictures.append(str(child.attrGet("src") or ""))
            children += _mentions(child, reading) if child.type == "text" and not inside else [child]
        token.children = children


def _mentions(token: Token, reading: _Reading) -> Iterator[Token]:
    end = 0
    for found in _MENTION.finditer(token.content):
        if len(reading.mentions) >= NAMES:
            break
        yield _text(token.content[end : found.start()])
        reading.mentions.append(found[1].lower())
        yield Token("mention", "", 0, content=found[1])
        end = found.end()
    yield _text(token.content[end:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _dress(tokens: list[Token], reading: _Reading, highest: int) -> None:
    """What was asked for is put in: names become links, pictures known, headings lower ones with anchors."""
    for n, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            level = min(int(token.tag[1:]) - 1 + highest, 6)
            token.tag = f"h{level}"
            if token.type == "heading_open":
                said = "".join(_said(child) for child in tokens[n + 1].children or [])
                heading = Heading(level, f"h-{len(reading.headings) + 1}", said)
                reading.headings.append(heading)
                token.attrSet("id", heading.anchor)
        elif token.type in ("th_open", "td_open"):
            align = str(token.attrs.pop("style", "")).rpartition(":")[2]
            if align in ("right", "center"):
                token.attrSet("class", align)
        elif token.type == "inline":
            token.children = [_dressed(child, reading) for child in token.children or []]


def _dressed(token: Token, reading: _Reading) -> Token:
    if token.type == "mention":
        address = reading.known.get(token.content.lower())
        name = escape(f"@{token.content}")
        html = f'<a class="mention" href="{escape(address)}">{name}</a>' if address else name
        return Token("html_inline", "", 0, content=html)
    if token.type == "image":
        return _picture(token, reading)
    return token


def _picture(token: Token, reading: _Reading) -> Token:
    """A picture of our own; one from elsewhere is a link to it, because looking at it would tell its owner who reads (S48)."""
    src = str(token.attrGet("src") or "")
    picture = reading.shown.get(src)
    alt = escape(token.content)
    if picture is None:
        if _host(src):
            reading.links.append(src)
        return Token("html_inline", "", 0, content=f'<a href="{escape(src)}">{alt or escape(src)}</a>')
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and picture.height else ""
    return Token("html_inline", "", 0, content=f'<img src="{escape(picture.url)}" alt="{alt}"{size} loading="lazy">')


def _words(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    """The words of a text, and whether they stand in a quotation."""
    depth = 0
    for token in tokens:
        depth += token.type == "blockquote_open"
        depth -= token.type == "blockquote_close"
        if token.type in ("fence", "code_block"):
            yield token.content, bool(depth)
        elif token.type == "inline":
            parts = (" " if child.type in ("softbreak", "hardbreak") else _said(child) for child in token.children or [])
            yield "".join(parts), bool(depth)


def _said(token: Token) -> str:
    if token.type == "mention":
        return f"@{token.content}"
    if token.type == "html_inline":  # a mention or a picture, made here
        return unescape(nh3.clean(token.content, tags=set()))
    return token.content


def _clean(html: str) -> str:
    marked: dict[str, Any] = {"span": HIGHLIGHTED()} if "<span" in html else {}
    return nh3.clean(
        html.replace("<table>", '<div class="table-wrap" tabindex="0"><table>').replace("</table>", "</table></div>"),
        tags=_TAGS,
        attributes={tag: allowed - {"class"} for tag, allowed in _ATTRIBUTES.items()},
        allowed_classes=_CLASSES | marked,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
