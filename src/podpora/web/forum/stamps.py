"""What a form that writes carries: a word for a double submit, and when it was drawn (FO-18)."""

from typing import Any

from django.core import signing

from podpora.base.codes import unguessable
from podpora.web.request import Request

SALT = "forum"


def stamps(request: Request) -> dict[str, Any]:
    return {"once": unguessable(), "began": began(request)}


def began(request: Request) -> str:
    """When this form was drawn."""
    return signing.dumps(request.now.timestamp(), salt=SALT)


def seconds_since(began: str, request: Request) -> float:
    """Since the form was drawn; 0 for a stamp that is missing or not ours: that was no page of ours."""
    try:
        return max(0.0, request.now.timestamp() - float(signing.loads(began, salt=SALT, max_age=7 * 24 * 3600)))
    except (signing.BadSignature, ValueError, TypeError):
        return 0.0
