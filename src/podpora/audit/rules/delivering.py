"""Webhooks: signatures (Standard Webhooks), and when a delivery is tried again or given up."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta

from podpora.audit.values import SECRET_PREFIX, Verdict

# After the first failure, the second …: about three days in all, as Standard Webhooks recommends.
WAITS = (
    timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=20),
)  # fmt: skip
GIVE_UP_AFTER = timedelta(days=3)
JITTER = 0.2  # of the wait, either way: a thousand deliveries that failed together do not come back together
LONGEST_WAIT = timedelta(hours=24)
SHOWN = 1000  # characters of an answer that the log keeps


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """`v1,…`: HMAC-SHA256 over `id.timestamp.body` with the bytes of a `whsec_` secret."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Sequence[str], id_: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a delivery. While a secret is exchanged there are two signatures: the receiver accepts either."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Podpora-Webhooks/1",
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, id_, timestamp, body) for secret in secrets),
    }


def judge(status: int | None) -> Verdict:
    """What an answer means: 2xx delivered, 410 never again, everything else (also a redirect: it is not followed) later."""
    if status is not None and 200 <= status < 300:
        return Verdict.DELIVERED
    return Verdict.GONE if status == 410 else Verdict.LATER


def next_try(failures: int, share: float, retry_after: str = "") -> timedelta:
    """How long to wait after so many failures. `share`: a random number from 0 to 1; `retry_after`: what the receiver asked for."""
    wait = WAITS[min(max(failures, 1), len(WAITS)) - 1]
    spread = wait * (1 + JITTER * (2 * share - 1))
    asked = (
        timedelta(seconds=int(retry_after)) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 7 else None
    )
    return min(max(spread, asked or spread), LONGEST_WAIT)


def excerpt(body: bytes, headers: Mapping[str, str]) -> str:
    """What the log keeps of an answer: a piece of readable text."""
    kind = headers.get("Content-Type", "")
    text = body[: SHOWN * 4].decode("utf-8", "replace").replace("\x00", "�")
    return f"{kind[:100]}\n\n{text}".strip()[:SHOWN]
