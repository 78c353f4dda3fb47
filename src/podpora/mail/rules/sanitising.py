"""HTML of strangers: made harmless for showing, and turned into text. Bounded before anything reads it (CO-2, CO-4, B1, B7)."""

import re
from collections.abc import Callable
from html import unescape

import nh3

Picture = Callable[[str], str | None]
LONGEST = 1_000_000
DEEPEST = 200
MOST_LINKS = 5_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{0,5000}>")
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "p", "li"})
_NOT_SHOWN = re.compile(
    r"<(style|script|head|title|template|noscript|xml|svg|math)\b.*?</\1\s*>|<!--.*?-->|<!\[.*?\]>", re.IGNORECASE | re.DOTALL
)
_BREAKS = re.compile(r"</?(?:p|div|tr|table|ul|ol|li|h[1-6]|blockquote|br|hr)\b[^<>]{0,2000}>", re.IGNORECASE)

_TAGS = {
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "bgcolor", "scope"},
    "col": {"span", "width"},
    "ol": {"start", "type"},
    "blockquote": {"cite", "type"},
    "font": {"color", "size", "face"},
    "bdo": {"dir"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}


def is_excessive(html: str) -> bool:
    """Too large, too deep or too full of links to be shown as HTML: then its text is shown (CO-4)."""
    return len(html) > LONGEST or html.count("<a ") > MOST_LINKS or depth(html) > DEEPEST


def depth(html: str) -> int:
    """How deep the tags are nested, counted without building anything."""
    deepest = now = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in _VOID:
            continue
        now = max(0, now - 1) if found[1] else now + 1
        deepest = max(deepest, now)
    return deepest


def sanitised(html: str, picture: Picture | None = None) -> str:
    """HTML that can be shown: no scripts, styles, forms, frames, handlers; images only of the mail itself and of `data:` pictures.

    `picture` is asked for every other address of a picture, and gives the one to use; None: the picture is not shown.
    """
    if is_excessive(html):
        return ""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        attribute_filter=_allowed if picture is None else _with_pictures(picture),
    )


def _with_pictures(picture: Picture) -> Callable[[str, str, str], str | None]:
    def allowed(tag: str, attribute: str, value: str) -> str | None:
        kept = _allowed(tag, attribute, value)
        if kept is None or tag != "img" or attribute != "src" or kept.strip().lower().startswith("data:"):
            return kept
        return picture(kept.strip())

    return allowed


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """`data:` only for pictures, and never for an address that is followed."""
    bare = re.sub(r"[\s\x00-\x1f]+", "", value).lower()
    if attribute == "href" and bare.startswith(("data:", "cid:")):
        return None
    if attribute == "src" and bare.startswith("data:") and not re.match(r"data:image/(png|jpe?g|gif|webp);base64,", bare):
        return None
    return value


def text_of(html: str) -> str:
    """HTML as text: what a reader would see, in lines. Never fails: what can't be laid out is stripped of its tags."""
    html = html[:LONGEST]
    laid_out = _laid_out(html) if depth(html) <= DEEPEST else None
    return stripped(html) if laid_out is None else laid_out


def _laid_out(html: str) -> str | None:
    try:
        from inscriptis import get_text  # brings lxml; where no mail is read neither is needed
        from inscriptis.css_profiles import CSS_PROFILES
        from inscriptis.model.config import ParserConfig

        text = str(get_text(html, ParserConfig(css=CSS_PROFILES["strict"], display_images=True)))
    except Exception:  # a layout engine on hostile input; what can't be laid out is stripped
        return None
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


def stripped(html: str) -> str:
    """The text without any layout but line breaks."""
    text = _TAG.sub("", _BREAKS.sub("\n", _NOT_SHOWN.sub("", html)))
    return re.sub(r"\n\s*\n+", "\n\n", unescape(text)).strip()
