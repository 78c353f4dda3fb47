"""From the text of a template to a letter: subject, paragraphs, one action; and the same as HTML.

A template is plain text. Its first line is `Subject: …`; paragraphs are separated by empty lines; a line
`Action: label | address` is the one button. Lines that begin with `- ` are a list, with `> ` a quotation, with four
spaces something to copy (a key).
"""

import re
from dataclasses import dataclass
from html import escape

# Stands for a line end inside a fact: what a person wrote can never become a line of ours (`Subject:`, `Action:`).
LINE = "\u2028"
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list, quotation or thing to copy; `lines` are plain text."""

    kind: str  # text, list, quote, copy
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A notification in one language."""

    subject: str
    blocks: tuple[Block, ...]
    action_label: str = ""
    action_url: str = ""

    @property
    def first_words(self) -> str:
        """The first paragraph, for the inbox and for the preview line of mail programs."""
        return next((" ".join(block.lines) for block in self.blocks[1:] + self.blocks[:1] if block.kind == "text"), "")


def guarded(text: str) -> str:
    """A fact whose line ends cannot start a line of the template."""
    return re.sub(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2029]", LINE, text)


def parse(source: str) -> Written:
    """ValueError when the text does not begin with `Subject:`."""
    lines = source.strip("\n").split("\n")
    if not lines or not lines[0].startswith("Subject:"):
        raise ValueError("a mail template begins with a line `Subject: …`")
    subject = lines[0].removeprefix("Subject:").replace(LINE, " ").strip()
    label = url = ""
    body: list[str] = []
    for line in lines[1:]:
        if line.startswith("Action:"):
            label, _bar, url = (part.strip() for part in line.removeprefix("Action:").replace(LINE, " ").rpartition("|"))
        else:
            body.append(line.rstrip())
    return Written(subject, tuple(_blocks(body)), label, url if url.startswith(("http://", "https://")) else "")


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    for line in [*lines, ""]:
        kind, text = _read(line)
        if kind and blocks and blocks[-1].kind == kind and blocks[-1].lines:
            blocks[-1] = Block(kind, (*blocks[-1].lines, *text))
        elif kind:
            blocks.append(Block(kind, text))
        else:
            blocks.append(Block("", ()))
    return [block for block in blocks if block.kind]


def _read(line: str) -> tuple[str, tuple[str, ...]]:
    for mark, kind in (("- ", "list"), ("> ", "quote"), ("    ", "copy")):
        if line.startswith(mark):
            text = line.removeprefix(mark)
            return kind, (text.replace(LINE, " "),) if kind == "list" else tuple(text.split(LINE))
    return ("text", tuple(line.strip().split(LINE))) if line.strip() else ("", ())


def plain(written: Written, footer: str) -> str:
    """The text part."""
    parts = [_plain_block(block) for block in written.blocks]
    if written.action_url:
        parts.append(f"{written.action_label}:\n{written.action_url}")
    return "\n\n".join([*parts, f"-- \n{footer}"]) + "\n"


def _plain_block(block: Block) -> str:
    marks = {"list": "- ", "quote": "> ", "copy": "    "}
    return "\n".join(marks.get(block.kind, "") + line for line in block.lines)


def linked(text: str) -> str:
    """Plain text as HTML in which addresses can be followed."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        url = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{url}">{url}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])
