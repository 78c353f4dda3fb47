"""Addresses for answers by mail."""

from podpora.forum.models import MailToken
from podpora.forum.rules import digest_of_token


def token_with(token: str) -> MailToken | None:
    """FO-23: whose it is, and where it leads; also a revoked one, which the caller refuses with words."""
    if not token.startswith("f") or len(token) != 32:
        return None
    rows = MailToken.objects.select_related("person", "topic__category", "category")
    return rows.filter(digest=digest_of_token(token)).first()
