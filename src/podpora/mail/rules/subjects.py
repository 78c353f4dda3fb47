"""Subjects: without the prefixes of answers, and the ticket that they name. Bounded, never raises."""

import re

# Prefixes of answers and forwarded mails in some fifteen languages.
_PREFIX = re.compile(
    r"\s*(?:re|fw|fwd|aw|wg|antw|antwort|odp|pd|sv|vs|vl|vb|tr|rv|res|enc|ynt|ilt|doorst|i|r|rif|ref|bls|továbbítás|válasz|"
    r"ответ|на|пересл|отв|回复|回覆|转发|轉寄|返信|転送)\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:：]",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\[(?:T-|#)(\d{1,12})\]", re.IGNORECASE)
_LIST = re.compile(r"\s*\[[^\[\]]{1,40}\]")
LONGEST = 1_000


def tickets_in(subject: str) -> tuple[str, ...]:
    """`Re: [T-1042] …` -> ("T-1042",): what a subject says, which proves nothing (TH-6)."""
    return tuple(dict.fromkeys(f"T-{int(number)}" for number in _TOKEN.findall(subject[:LONGEST])))[:5]


def cleaned(subject: str) -> str:
    """Without prefixes and our token: what a new ticket is called (TH-10)."""
    text = _TOKEN.sub(" ", subject[:LONGEST])
    while found := _PREFIX.match(text):
        text = text[found.end() :]
    return " ".join(text.split())


def normalised(subject: str) -> str:
    """By what two subjects are compared (TH-8): cleaned, without a list's name, in one case, letters and digits only."""
    text = cleaned(subject)
    text = _LIST.sub("", text, count=1) if _LIST.match(text) else text
    return " ".join(re.findall(r"\w+", cleaned(text).casefold()))


def _weighty(text: str) -> set[str]:
    """Words that say something: the short ones are in every subject."""
    words = set(text.split())
    return {word for word in words if len(word) > 3} or words


def is_other_topic(subject: str, known: str) -> bool:
    """TH-8: quite another subject. Neither is a part of the other, and they share less than a third of their words."""
    one, other = normalised(subject), normalised(known)
    if not one or not other or one in other or other in one:
        return False
    words, others = _weighty(one), _weighty(other)
    return len(words & others) * 3 < min(len(words), len(others))
