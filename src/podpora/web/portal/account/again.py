"""Doors that open only to somebody who has signed in a moment ago: whoever sits at an open session is not always its person."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.decorators import reauthentication_required

View = Callable[..., Any]


def proven_again(view: View) -> View:
    """Password, passkey or code once more, when that was too long ago."""
    return cast(View, reauthentication_required(view))
