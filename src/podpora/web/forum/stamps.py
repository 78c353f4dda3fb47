"""What a form that writes carries: a word for a double submit, and when it was drawn and for whom (FO-18)."""

from typing import Any

from django.core import signing

from podpora.base.codes import unguessable
from podpora.web.request import Request

SALT = "forum"
LIFE = 7 * 24 * 3600  # seconds: a form that was open for longer says nothing


def stamps(request: Request) -> dict[str, Any]:
    return {"once": unguessable(), "began": began(request)}


def began(request: Request) -> str:
    """When this form was drawn, for this person."""
    return signing.dumps([request.now.timestamp(), request.user.pk], salt=SALT)


def seconds_since(stamp: str, request: Request) -> float:
    """Since the form was drawn; 0 for a stamp that is missing, old or not his: that was no page of ours."""
    try:
        drawn, person = signing.loads(stamp, salt=SALT, max_age=LIFE)
        return max(0.0, request.now.timestamp() - float(drawn)) if person == request.user.pk else 0.0
    except (signing.BadSignature, ValueError, TypeError):
        return 0.0
