"""The Markdown of Discourse as ours: quotations with their source, hidden parts, pictures, the few tags of HTML that its editor makes."""

import re
from collections.abc import Callable

from podpora.base.markdown import quoted

DEEPEST = 10  # quotations in quotations
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_QUOTE = re.compile(r"\[quote(?:=\"([^\"\]]{0,300})\")?\]\n?((?:(?!\[quote[=\]]).)*?)\n?\[/quote\]\n?", re.DOTALL | re.IGNORECASE)
_HIDDEN = (
    re.compile(r"\[details(?:=\"?([^\"\]]{0,200})\"?)?\]\n?(.*?)\n?\[/details\]", re.DOTALL | re.IGNORECASE),
    re.compile(r"()\[(?:spoiler|blur)\]\n?(.*?)\n?\[/(?:spoiler|blur)\]", re.DOTALL | re.IGNORECASE),
    re.compile(r"<details>\s*<summary>(.{0,200}?)</summary>(.*?)</details>", re.DOTALL | re.IGNORECASE),
)
_SIZE = re.compile(r"(!?\[[^\]|\n]*)\|[^\]\n]*(\]\()")  # ![name|690x388](…), [log.txt|attachment](…)
_IMG = re.compile(r"<img\s[^>]*?src=[\"']([^\"'>]{1,300})[\"'][^>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^>]*?href=[\"']([^\"'>]{1,300})[\"'][^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "code": "`", "kbd": "`"}
_TAG = re.compile(r"</?(b|strong|i|em|s|del|code|kbd)>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>\n?", re.IGNORECASE)
PAGES = r"(?=/(?:t|c|p|u|tag|tags)/)"


def converter(site: str, ours: str) -> Callable[[str], str]:
    """`site`: the old forum's address. Links to its pages become links to the same paths here, which lead on to what is there now."""
    host = re.sub(r"^https?://", "", site.strip().rstrip("/"))
    links = re.compile(rf"https?://{re.escape(host)}{PAGES}", re.IGNORECASE) if host else None

    def convert(text: str) -> str:
        parts = _CODE.split(text)
        whole = "".join(part if n % 2 else _words(part) for n, part in enumerate(parts))
        for _depth in range(DEEPEST):  # a quotation may have code in it
            whole, count = _QUOTE.subn(_quotation, whole)
            if not count:
                break
        return links.sub(ours, whole) if links else whole

    return convert


def _words(text: str) -> str:
    for pattern in _HIDDEN:
        text = pattern.sub(lambda found: f"\n:::spoiler {(found[1] or '').strip()}".rstrip() + f"\n{found[2].strip()}\n:::\n", text)
    text = _SIZE.sub(r"\1\2", text)
    text = _LINK.sub(r"[\2](\1)", _IMG.sub(r"![](\1)", text))
    return _BREAK.sub("\n", _TAG.sub(lambda found: _MARKS[found[1].lower()], text))


def _quotation(found: "re.Match[str]") -> str:
    """`[quote="jana, post:4, topic:12"]` -> `> [jana, #4](/t/12/4):` and the lines."""
    told = [part.strip() for part in (found[1] or "").split(",")]
    named = dict(part.split(":", 1) for part in told if ":" in part)
    who, post, topic = told[0], named.get("post", ""), named.get("topic", "")
    lines = found[2].strip()
    if who and ":" not in who and post.isdecimal() and topic.isdecimal():
        return f"\n{quoted(lines, who=f'{who}, #{post}', address=f'/t/{topic}/{post}')}"
    head = f"> {who}:\n" if who and ":" not in who else ""
    return "\n" + head + "\n".join(f"> {line}".rstrip() for line in lines.splitlines()) + "\n\n"
