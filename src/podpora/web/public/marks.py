"""A mark of a reader without an account: enough to count him once, nothing that tells who he is, another one next month."""

from hashlib import blake2b

from django.conf import settings

from podpora.base.addresses import address_of, neighbourhood
from podpora.web.request import Request


def reader_mark(request: Request) -> str:
    """The same for the same person, or browser at the same place, within a month."""
    if request.user.is_authenticated:
        said = f"person:{request.user.pk}"
    else:
        place = neighbourhood(address_of(request))
        said = f"{request.now:%Y-%m}:{place}:{request.META.get('HTTP_USER_AGENT', '')[:200]}"
    return blake2b(said.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
