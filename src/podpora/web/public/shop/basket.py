"""The cart: a signed cookie. A reader who has put nothing into it gets no cookie and no session."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from podpora.orders.values import MAX_LINES, CartLine

COOKIE = "cart"
DAYS = 30
SALT = "podpora.cart"


def read(request: HttpRequest) -> list[CartLine]:
    """What is in the cart; a cookie that was tampered with or is too old is an empty cart."""
    try:
        rows = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 3600)
        return [CartLine(str(offer), int(quantity), str(licence)) for offer, quantity, licence in rows][:MAX_LINES]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def write(response: HttpResponse, lines: Iterable[CartLine]) -> None:
    rows = [[line.offer, line.quantity, line.licence] for line in lines]
    if not rows:
        clear(response)
        return
    value = signing.dumps(rows, salt=SALT, compress=True)
    response.set_cookie(COOKIE, value, max_age=DAYS * 24 * 3600, samesite="Lax", secure=settings.SITE_HTTPS, httponly=True)


def clear(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def with_line(lines: Sequence[CartLine], new: CartLine, *, counted: bool) -> list[CartLine]:
    """The cart with one more line. The same thing again adds up where it can be counted, else it stays once."""
    same = next((line for line in lines if (line.offer, line.licence) == (new.offer, new.licence)), None)
    if same is None:
        return [*lines, new][:MAX_LINES]
    quantity = same.quantity + new.quantity if counted else 1
    return [CartLine(line.offer, quantity, line.licence) if line is same else line for line in lines]


def with_quantity(lines: Sequence[CartLine], place: int, quantity: int) -> list[CartLine]:
    """The cart with another quantity in one line; zero takes the line away."""
    changed = [
        CartLine(line.offer, quantity, line.licence) if position == place else line for position, line in enumerate(lines, start=1)
    ]
    return [line for line in changed if line.quantity > 0]


def quantity_of(text: str, *, most: int = 10_000) -> int | None:
    """A count that a person typed; None for anything that is not one (C22)."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        return None
    number = int(text)
    return number if number <= most else None
