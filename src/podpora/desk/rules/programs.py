"""What the program says about itself, and where its questions go."""

import json
from typing import Any

from podpora.catalog.values import Level, Tier
from podpora.desk.rules.secrets import _SECRET_NAME, MASK, masked, without_secrets
from podpora.desk.values import (
    MAX_DIAGNOSTICS,
    PREVIEW_LENGTH,
    Cleaned,
    Purpose,
    Upload,
)


def cleaned(upload: Upload, name: str, content_type: str) -> Cleaned:
    """An upload as it is stored: without secrets (SC-11)."""
    if not upload.is_diagnostics:
        return without_secrets(upload.content, name=name, content_type=content_type)
    try:
        value = json.loads(upload.content)
        value, count = _without_secrets_inside(value)
        return Cleaned(json.dumps(value, ensure_ascii=False, indent=2).encode(), count)
    except (ValueError, RecursionError):
        return without_secrets(upload.content, name=name, content_type="text/plain")


def diagnostics_of(raw: bytes) -> Upload | None:
    """What a program sent as its diagnostics: text or JSON, to be read in the ticket. None when it is neither, or too long."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or "\x00" in text or len(raw) > MAX_DIAGNOSTICS:
        return None
    is_json = text.lstrip()[:1] in ("{", "[")
    kind = ("diagnostics.json", "application/json") if is_json else ("diagnostics.txt", "text/plain")
    return Upload(kind[0], text.encode(), kind[1], is_diagnostics=True)


def preview_of(content: bytes) -> str:
    """The beginning of diagnostics, for the conversation."""
    return content.decode("utf-8", "replace").replace("\x00", "")[:PREVIEW_LENGTH]


def _without_secrets_inside(value: Any) -> tuple[Any, int]:
    """JSON stays JSON: a value under a telling name is masked whole, whatever it is; other texts are looked through."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        parts = [_without_secrets_inside(each) for each in value]
        return [part for part, _ in parts], sum(count for _, count in parts)
    if not isinstance(value, dict):
        return value, 0
    found, total = {}, 0
    for name, inside in value.items():
        if _SECRET_NAME.search(name) and inside not in (None, "", True, False):
            found[name], count = MASK, 1
        else:
            found[name], count = _without_secrets_inside(inside)
        total += count
    return found, total


def purpose_of_report(wanted: Purpose, *, is_open: bool, tier: Tier, by_mail: Level) -> Purpose:
    """Where a question from the program goes (S2, VIP-10).

    Those who have the support centre use it. Trial and FREE users are answered by e-mail; PRO owners whose VIP support has ended
    meet the gate, which tells them the ways out. Licence, billing and general questions go their own way (SC-6).
    """
    if wanted is not Purpose.VIP or is_open or tier is Tier.PRO or by_mail is Level.NO:
        return wanted
    return Purpose.TECHNICAL
