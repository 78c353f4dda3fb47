"""What of a reply is new: quotes and signatures are folded away, nothing is ever deleted (CO-1).

Losing text is ten times worse than leaving a quote, so every doubt keeps the text. The way: structural cuts in HTML first (mail programs
mark their quotes there), then every line is classified, blocks of quotes are found, and few rules say what to show:

* text, then a quote to the end: the text. A quote, then text: the text. Text, one quote, text: both texts.
* lines that somebody pasted with `>` and nobody announced are part of his text.
* text between several quotes is an interleaved answer: shown with the quotes, because it makes no sense without them.
* a forwarded mail is content. A mail that would show nothing shows all.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podpora.mail.rules import phrases
from podpora.mail.rules.sanitising import DEEPEST, LONGEST, depth, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_LINES = 20_000
LONGEST_INTRODUCTION = 400
SIGNATURE_LINES = 15
LONG_WORD = 40

_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s)")
_RULE = re.compile(r"\s*[_\-=*~─—–]{8,}\s*")
_DATE_OR_ADDRESS = re.compile(r"\d{1,4}[./:\-年월日]\s?\d|\d{1,2}\s+\w{3,}|\w{3,}\s+\d{1,2}|@|\d{4}")
_HEADER = re.compile(r"\s{0,8}[*_]{0,2}([^\W\d_][\w\- ]{0,24}?)\s?[*_]{0,2}\s?[:：][*_]{0,2}(?:\s|$|<|\[)")
# 2022年1月1日(金) 9:00 Name <a@b.jp>:   вс, 22 нояб. 2026 г. в 10:11, Name <a@b.ru>:
_DATE_AND_ADDRESS = re.compile(r"(?:[^\W\d_]{2,12}[.,]{1,2}\s)?\d{1,4}.{3,120}<[^<>\s]{1,100}@[^<>\s]{1,150}>\s*[:：]")
# What some programs write on one line with the first words of the quote, or without "wrote" at all.
_ONE_LINE = re.compile(
    r"(?:on|am|le|el|il giorno|dne|op)\s.{0,40}\d{4}.{0,20}\d{1,2}[:.]\d{2}.{1,120}<[^<>\s]{1,100}@[^<>\s]{1,150}>\s*"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|napsala?(?:\(a\))?|schreef)\s?[:：]\s{2,}\S.*"  # Yahoo on a phone
    r"|-{3,5}\s?(?:on|am|le|el|il|dne|op|em)\s.{6,200}\s(?:wrote|schrieb|a écrit|escribió|ha scritto|napsala?(?:\(a\))?|schreef|escreveu)\s?-{3,5}"
    r"|>>>\s?\S.{4,200}\d{1,2}[:.]\d{2}.{0,20}>>>",  # GroupWise
    re.IGNORECASE,
)
# Right above quoted lines: somebody's address and a date, or "Quoting", in whatever language the program speaks.
_ABOVE_QUOTE = re.compile(
    r"(?=.*\d{1,2}[:.]\d{2}|.*\d{4}).{3,250}[<(][^<>()\s]{1,100}@[^<>()\s]{1,150}[>)].{0,40}\s?[:：]"
    r"|\d{4}[/-]\d{1,2}[/-]\d{1,2}\s.{1,100}<[^<>\s]{1,100}@[^<>\s]{1,150}>"  # Gmail, years ago
    r"|(?:quoting|citando|zitat von|citation de)\s.{1,150}[:：]|in reply to .{1,150} message of .{6,60}[:：]"
    r"|.{1,150}\s(?:wrote|schrieb|a écrit|napsala?(?:\(a\))?)\s\(?(?:on\s|am\s|le\s|dne\s)?.{0,20}\d.{3,60}[:：]",
    re.IGNORECASE,
)
_DASHED_NAME = re.compile(r"-[^\W\d_][\w.'’]{0,30}(?: [^\W\d_][\w.'’]{0,30}){0,3}")
# What no tree can hold, as a character or by its number.
_NO_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F]))(?![\da-fA-F]);?"
)
_LIST_FOOTER = re.compile(r"mailing list|unsubscribe|odhlásit|listinfo|abmelden|désabonner|afmelden", re.IGNORECASE)
_SIGNATURE = re.compile(r"(?:--|—|–-|__)\s*")
_WROTE = tuple(
    re.compile(
        (rf"{start}\b.{{0,350}}?" if start else r".{1,350}?") + rf"(?:\b|(?<=[^\w])|(?<=\d)){end}\s*(?:[:：]|$).{{0,3}}",
        re.IGNORECASE,
    )
    for start, end in phrases.WROTE
)


# With what the first line of an introduction begins: a word of its language and a date, or a date.
_STARTS = "|".join(sorted({start for start, _ in phrases.WROTE if start}, key=len, reverse=True))
_BEGINS = re.compile(
    rf"(?:{_STARTS})\s.{{0,40}}\d|[^\W\d_]{{2,10}}[.,]{{0,2}}\s\d{{1,2}}[. ]|\d{{1,4}}[./年-]"
    r"|[^<>]{1,60}<[^<>\s]{1,100}@[^<>\s]{1,150}>.*\d{1,2}[:.]\d{2}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Block:
    is_quote: bool
    lines: list[str]
    is_announced: bool = False  # "On … wrote:", a header or a rule says whose words they are

    @property
    def has_text(self) -> bool:
        return any(line.strip() for line in self.lines)


def reply_of(text: str, html: str = "") -> str:
    """The new part of a reply. `text`: the plain text of the mail; `html`: its HTML, "" when there is none."""
    trimmed = trimmed_text(text)
    if html and (not text.strip() or trimmed == _tidy(text)):
        cut = cut_html(html)
        if cut is not None and cut.strip():
            return trimmed_text(cut) or trimmed
    return trimmed


def trimmed_text(text: str) -> str:
    """The same for plain text alone."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        return _tidy(text)
    blocks = _blocks(lines)
    shown = _without_signature(_shown(blocks))
    return _tidy("\n".join(shown)) or _tidy(text)


def _tidy(text: str) -> str:
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _shown(blocks: list[_Block]) -> list[str]:
    """The rules at the top of this file."""
    own = [number for number, block in enumerate(blocks) if not block.is_quote and block.has_text]
    quotes = [number for number, block in enumerate(blocks) if block.is_quote]
    if not own or not quotes:
        return [line for block in blocks for line in block.lines]
    between = [q for q in quotes if own[0] < q < own[-1]]
    leading = quotes[0] < own[0]
    pasted = [q for q in between if not blocks[q].is_announced]  # the lines of a log, somebody's words: part of what is said
    if len(between) + leading >= 2 or pasted:
        return [line for block in blocks[: own[-1] + 1] for line in block.lines]
    return [line for number in own for line in [*blocks[number].lines, ""]]


def _blocks(lines: list[str]) -> list[_Block]:
    """Texts and quotes in turn."""
    blocks: list[_Block] = []
    here: list[str] = []
    number = 0

    def close(is_quote: bool, content: list[str]) -> None:
        if content:
            blocks.append(_Block(is_quote, content, is_quote and not _QUOTED.match(content[0])))

    while number < len(lines):
        length, to_the_end = _quote_at(lines, number)
        if not length:
            here.append(lines[number])
            number += 1
            continue
        rule = bool(here) and bool(_RULE.fullmatch(here[-1]))
        close(False, here[:-1] if rule else here)
        here = []
        end = len(lines) if to_the_end else number + length
        close(True, lines[number:end])
        number = end
    close(False, here)
    return blocks


def _quote_at(lines: list[str], number: int) -> tuple[int, bool]:
    """Does a quote begin at this line? How many lines it takes, and whether everything below belongs to it."""
    line = lines[number]
    if not line.strip():
        return 0, False
    if phrases.FORWARDED.fullmatch(line.strip()):
        return 0, False
    if phrases.ORIGINAL.fullmatch(line) or phrases.ABOVE.fullmatch(line.strip()) or _ONE_LINE.fullmatch(line.strip()):
        return 1, True
    if _RULE.fullmatch(line) and _is_header_block(lines, _next_text(lines, number + 1)):
        return 1, True
    if _is_header_block(lines, number) and not _is_forward(lines, number):
        return 1, True
    introduction = _introduction(lines, number)
    if introduction:
        after = _next_text(lines, number + introduction)
        if after >= len(lines):
            return introduction, True
        if _QUOTED.match(lines[after]):
            return after - number + _quoted_run(lines, after), False
        return introduction, True
    if _QUOTED.match(line):
        return _quoted_run(lines, number), False
    return 0, False


def _next_text(lines: list[str], number: int) -> int:
    while number < len(lines) and not lines[number].strip():
        number += 1
    return number


def _quoted_run(lines: list[str], number: int) -> int:
    """How many lines from here on are quoted: with empty lines between, and with the ends of lines that a program wrapped."""
    end = number
    while end < len(lines):
        if _QUOTED.match(lines[end]):
            end += 1
            continue
        following = _next_text(lines, end)
        if following < len(lines) and following > end and _QUOTED.match(lines[following]):
            end = following
            continue
        if _is_wrapped(lines, end):
            end += 1
            continue
        break
    return end - number


def _is_wrapped(lines: list[str], number: int) -> bool:
    """The rest of a quoted line that was too long: short, right below a long quoted line, right above another quoted one; or one
    long word (a key, a sequence) that no program could break."""
    if number + 1 >= len(lines) or not lines[number].strip():
        return False
    above, below = lines[number - 1], lines[number + 1]
    if len(lines[number].strip()) >= LONG_WORD and not re.search(r"\s", lines[number].strip()):
        return True
    return bool(_QUOTED.match(above) and _QUOTED.match(below)) and len(above) >= 60 and len(lines[number]) < len(above)


def _introduction(lines: list[str], number: int) -> int:
    """The lines of "On … wrote:", which mail programs wrap; 0 when there is none here."""
    joined = ""
    for count in range(1, 5):
        if number + count > len(lines) or not lines[number + count - 1].strip():
            return 0
        part = lines[number + count - 1].strip().strip("*_").lstrip("-–— ")
        if count > 1 and _QUOTED.match(part):
            return 0
        joined = f"{joined} {part}".strip()
        if len(joined) > LONGEST_INTRODUCTION:
            return 0
        if count == 1 and _ABOVE_QUOTE.fullmatch(joined) and _is_quoted_below(lines, number + 1):
            return 1
        if _announces(joined):
            return count if count == 1 or not _begins_below(lines[number : number + count]) else 0
    return 0


def _is_quoted_below(lines: list[str], number: int) -> bool:
    below = _next_text(lines, number)
    return below < len(lines) and bool(_QUOTED.match(lines[below]))


def _begins_below(lines: list[str]) -> bool:
    """Is the first of these lines somebody's own words, right above an introduction that is whole without it?"""
    if not _DATE_OR_ADDRESS.search(lines[0]) and "<" not in lines[0] and not _BEGINS.match(lines[0].strip()):
        return True
    return any(
        _BEGINS.match(line.strip()) and _announces(" ".join(map(str.strip, lines[at:]))) for at, line in enumerate(lines) if at
    )


def _announces(text: str) -> bool:
    if not text.endswith((":", "：")) and not re.search(r"(wrote|écrit|schrieb|napsala?(\(a\))?)\W{0,3}$", text):
        return False
    if not _DATE_OR_ADDRESS.search(text):
        return False
    return bool(_DATE_AND_ADDRESS.fullmatch(text)) or any(pattern.fullmatch(text) for pattern in _WROTE)


def _header_word(line: str) -> str:
    found = _HEADER.match(line)
    return found[1].strip().lower() if found else ""


def _is_header_block(lines: list[str], number: int) -> bool:
    """From, sent, to, subject one below the other: what Outlook and others put above the mail that they answer."""
    if number >= len(lines):
        return False
    first = _header_word(lines[number])
    if first not in phrases.SENDER_WORDS and first not in phrases.DATE_WORDS:
        return False
    kinds = set()
    for line in [line for line in lines[number : number + 12] if line.strip()][:8]:
        word = _header_word(line)
        for kind, words in enumerate((phrases.SENDER_WORDS, phrases.DATE_WORDS, phrases.TO_WORDS, phrases.OTHER_WORDS)):
            if word in words:
                kinds.add(kind)
                break
    return len(kinds) >= 3 and 0 in kinds


def _is_forward(lines: list[str], number: int) -> bool:
    above = [line for line in lines[max(0, number - 4) : number] if line.strip()]
    return bool(above) and bool(phrases.FORWARDED.fullmatch(above[-1].strip()))


def _without_signature(lines: list[str]) -> list[str]:
    """Without what stands below `-- `, and without "Sent from my phone"; never without everything."""
    end, below = len(lines), 0
    for number in range(len(lines) - 1, 0, -1):
        if _SIGNATURE.fullmatch(lines[number]):
            end = number
        below += bool(lines[number].strip())
        if below > SIGNATURE_LINES:
            break
    kept = _without_empty_end(_without_list_footer(lines[:end]))
    for _ in range(2):
        if len(kept) > 1 and (_is_mobile(kept[-1]) or _is_dashed_name(kept)):
            kept = _without_empty_end(kept[:-1])
    return kept if any(line.strip() for line in kept) else lines


def _without_empty_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _without_list_footer(lines: list[str]) -> list[str]:
    """Without what a mailing list puts at the end: a rule, and a few lines that say how to leave it."""
    for number in range(max(0, len(lines) - 8), len(lines)):
        if _RULE.fullmatch(lines[number]) and _LIST_FOOTER.search("\n".join(lines[number + 1 :])):
            return lines[:number]
    return lines


def _is_dashed_name(lines: list[str]) -> bool:
    """`-Jana Nováková` alone at the end. In a list of points there would be another line with a dash above it."""
    above = lines[-2].strip() if len(lines) > 1 else ""
    return (
        not above
        and bool(_DASHED_NAME.fullmatch(lines[-1].strip()))
        and not any(line.lstrip().startswith("-") for line in lines[:-1])
    )


def _is_mobile(line: str) -> bool:
    text = line.strip()
    return bool(phrases.MOBILE.fullmatch(text)) and not phrases.NOT_MOBILE.match(text) and len(text) <= 160


# What mail programs mark their quotes with. (XPath, does everything after it belong to the quote too?)
_CUTS: tuple[tuple[str, bool], ...] = (
    ("//*[@id='divRplyFwdMsg' or @id='appendonsend' or @id='OLK_SRC_BODY_SECTION' or @id='mail-editor-reference-message-container']", True),
    ("//*[contains(concat(' ', normalize-space(@class), ' '), ' gmail_quote ')]", False),
    ("//*[contains(@class, 'gmail_quote_container') or contains(@class, 'gmail_extra')]", False),
    ("//*[contains(@class, 'protonmail_quote') or contains(@class, 'yahoo_quoted') or contains(@class, 'tutanota_quote')]", False),
    ("//*[contains(@class, 'zmail_extra') or contains(@class, 'moz-cite-prefix') or contains(@class, 'ms-outlook-mobile-reference-message')]", False),
    ("//blockquote[@type='cite']", False),
    ("//div[contains(@style, 'border-top:solid #') and contains(@style, 'padding:3.0pt')]", True),
    ("//div[contains(@style, 'border-top: 1pt solid') or contains(@style, 'border-top:1pt solid')]", True),
    ("//hr[@id='stopSpelling' or @id='EC_stopSpelling']", True),
)  # fmt: skip


def cut_html(html: str) -> str | None:
    """The text of the HTML without the quotes that mail programs mark; None when none is marked or nothing would be left."""
    if len(html) > LONGEST or depth(html) > DEEPEST or not html.strip():
        return None
    from lxml import html as lxml_html  # five megabytes that only a process which reads mail needs
    from lxml.etree import LxmlError, ParserError

    try:
        tree = lxml_html.document_fromstring(
            _NO_TEXT.sub("", html).encode("utf-8", "replace"), parser=lxml_html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
        return _without_cuts(tree)
    except (LxmlError, ParserError, ValueError, AssertionError):
        return None


def _without_cuts(tree: "HtmlElement") -> str | None:
    from lxml import html as lxml_html

    found = False
    for path, to_the_end in _CUTS:
        for element in tree.xpath(path):
            if element.getparent() is None or _says_forward(element):
                continue
            found = True
            if to_the_end:
                _drop_following(element)
            _drop(element)
    if not found:
        return None
    left = text_of(lxml_html.tostring(tree, encoding="unicode"))
    return left if left.strip() else None


def _says_forward(element: "HtmlElement") -> bool:
    start = " ".join(element.text_content()[:200].split())
    return bool(phrases.FORWARDED.match(start))


def _drop(element: "HtmlElement") -> None:
    """Take the element out; the text behind it stays."""
    element.drop_tree()


def _drop_following(element: "HtmlElement") -> None:
    """Everything after this element in its parents belongs to the quote, except in the body's own frame of layout."""
    node = element
    node.tail = None
    while node is not None and node.tag not in ("body", "html"):
        for following in list(node.itersiblings()):
            following.getparent().remove(following)
        node.tail = None
        node = node.getparent()
