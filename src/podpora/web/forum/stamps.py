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
