"""FREE: its key by e-mail, for whoever asks."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import StringConstraints

from podpora.api import limits
from podpora.api.access import anybody
from podpora.api.envelope import answer
from podpora.api.v1.programs import ProductCode
from podpora.api.v1.schemas import Made, Strict
from podpora.base.addresses import address_of, neighbourhood
from podpora.journeys import registration

router = Router(tags=["device"])
ASKED = limits.Limit("registrations", 30, 3600)  # from one network address: mails to other people's mailboxes


class RegistrationIn(Strict):
    """`language` of the mail: cs or en; another one gives the vendor's."""

    product: ProductCode
    email: Annotated[str, StringConstraints(min_length=1, max_length=320)]
    language: Annotated[str, StringConstraints(max_length=10)] = ""


@router.post("registrations", auth=anybody, response={202: Made})
def register(request: HttpRequest, body: RegistrationIn) -> HttpResponse:
    """Send the FREE key to this address. Always 202 with the same body, whoever asks and whoever is known; the mail has the rest.

    The same address again gets the same key; using it on another computer moves FREE there. 429 for too many from one network address.
    """
    at = request.now  # type: ignore[attr-defined]
    limits.count(ASKED, neighbourhood(address_of(request)), at=at)
    registration.ask(body.product, body.email, body.language, at=at)
    return answer({"state": "accepted", "message": _("If the address is right, the key is on its way to it.")}, 202)
