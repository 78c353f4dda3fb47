"""One line of somebody's words (a title, a name) that stays where it stands: it can't turn, hide or paint over what is beside it."""

import re
import unicodedata

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # would turn the rest of the line round
# Would make two names look the same.
_UNSEEN = re.compile("[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED = re.compile(f"({_MARK}{{2}}){_MARK}+")


def one_line(text: str) -> str:
    """Blanks made one, control characters out, letters with at most two marks. NUL stays: the caller refuses it by name."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _UNSEEN.sub("", _TURNING.sub("", unicodedata.normalize("NFC", text)))
    text = "".join(char if char.isprintable() or char == "\x00" or char in "\u200c\u200d" else " " for char in text)
    line = " ".join(_PILED.sub(r"\1", text).split())
    return line if line.strip(" \u200c\u200d") else ""
