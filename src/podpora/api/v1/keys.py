"""The public keys that certificates are checked with."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api.access import anybody
from podpora.api.envelope import answer
from podpora.licensing import queries

router = Router(tags=["device"])


@router.get("keys", auth=anybody)
def keys(request: HttpRequest) -> HttpResponse:
    """A JWK set (RFC 7517, 8037), newest first, and `announcements`: each new key in a statement signed by the one before."""
    found = queries.jwk_set(at=request.now)  # type: ignore[attr-defined]
    return answer(found, headers={"Cache-Control": "public, max-age=300"})
