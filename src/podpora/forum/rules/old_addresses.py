"""Addresses of another forum, as they are kept and as people open them."""

import re

LONGEST_PATH = 300
_OF_DISCOURSE = re.compile(r"/t/(?:[^/?]*[^/?\d][^/?]*/)?(\d{1,12})(?:/(\d{1,9}))?(?:\.json)?")


def old_path(address: str) -> str:
    """An address of another forum as it is kept: the path with its question mark, without host, anchor and last slash.

    `https://forum.example/t/why-so/12/` -> `/t/why-so/12`; "" for one that is too long or leads nowhere.
    """
    path = re.sub(r"^[a-z]+://[^/?#]*", "", address.strip(), flags=re.IGNORECASE).partition("#")[0]
    head, mark, asked = path.partition("?")
    found = f"/{head.strip('/')}{mark}{asked}"
    return "" if found == "/" or len(found) > LONGEST_PATH or "\x00" in found else found


def ways_of(path: str) -> list[tuple[str, int]]:
    """Under which keys an address that somebody opens may be known, the closest first; with the post that it names.

    A topic of Discourse has many addresses (`/t/12`, `/t/words/12`, `/t/words/12/3`): they are kept as `/t/12`.
    """
    key = old_path(path)
    if not key:
        return []
    ways = [(key, 0), (key.partition("?")[0], 0)]
    if found := _OF_DISCOURSE.fullmatch(key.partition("?")[0]):
        ways.append((f"/t/{found[1]}", int(found[2] or 0)))
    return list(dict.fromkeys(ways))
