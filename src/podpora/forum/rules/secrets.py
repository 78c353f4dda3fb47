"""FB-3: licence keys that somebody pasted into a post."""

import re

from podpora.licensing.rules import key_meant

MASK = "PK***-*****-*****-*****-*****"
_LIKE_A_KEY = re.compile(r"\bP\W?K(?:[\s\-\u2010-\u2015]{0,2}[0-9A-Za-z]){23}\b", re.IGNORECASE)


def without_keys(text: str) -> tuple[str, int]:
    """The text with every key masked whose check characters are right, and how many there were."""
    count = 0

    def mask(found: re.Match[str]) -> str:
        nonlocal count
        if key_meant(found[0]) is None:
            return found[0]
        count += 1
        return MASK

    return _LIKE_A_KEY.sub(mask, text), count
