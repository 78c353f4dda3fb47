"""FO-23: the secret part of an address for answers, one for each mail; and our Message-IDs."""

from hashlib import sha256
from hmac import compare_digest

from podpora.base.sealing import keyed_hash

MARK = "f"  # begins every token of the forum, which no token of a ticket does


def token_of(nonce: str) -> str:
    """124 bits as 31 hexadecimal digits behind the mark. Whoever reads the table alone can't make it."""
    return MARK + keyed_hash(nonce, "forum-reply")[:31]


def digest_of_token(token: str) -> str:
    return sha256(f"podpora/forum-reply/{token.lower()}".encode()).hexdigest()


def message_id(topic: int, post: int, domain: str) -> str:
    """Stable, so that mail programs thread a topic: `<topic-12.3.…@forum.vendor.example>`."""
    seal = keyed_hash(f"{topic}/{post}", "forum-message")[:16]
    return f"<topic-{topic}.{post}.{seal}@{domain}>"


def with_token(address: str, token: str) -> str:
    """`support@vendor.example` -> `support+<token>@vendor.example`."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{token}@{domain}"


def leave_token(person: int, topic: int) -> str:
    """Of the address by which one click in a mail ends the mails of a topic, or of the digest (topic 0)."""
    return f"{person}-{topic}-{keyed_hash(f'{person}/{topic}', 'forum-leave')[:32]}"


def left_by(token: str) -> tuple[int, int] | None:
    """(person, topic) of such an address; None for one that is not ours."""
    person, _dash, rest = token.partition("-")
    topic, _dash, _seal = rest.partition("-")
    if not (person.isdecimal() and topic.isdecimal() and len(token) < 80):
        return None
    ends = compare_digest(token.encode(), leave_token(int(person), int(topic)).encode())
    return (int(person), int(topic)) if ends else None
