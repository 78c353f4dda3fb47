"""Trials: started and continued by a program, without a key and without a name (A-15)."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router
from pydantic import StringConstraints

from podpora.api import limits
from podpora.api.access import activation_of, anybody, caller_of, device, token
from podpora.api.envelope import answer
from podpora.api.v1.programs import ActivatedOut, DeviceIn, Nonce, ProductCode, activated_json, contact_of
from podpora.api.v1.schemas import AppVersion, Made, Strict, Token
from podpora.base.actors import Actor, ActorKind
from podpora.base.addresses import address_of, neighbourhood
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.journeys import claiming, trials
from podpora.licensing import queries
from podpora.licensing.rules.claims import may_claim
from podpora.licensing.values import CLAIM_SECONDS, LicenceKind
from podpora.people import queries as people
from podpora.people.permissions import may

router = Router(tags=["device"])
# S36: new trials of one network address in a day. A whole office may try the program at once; who invents devices does not get far.
NEW_TRIALS = limits.Limit("trials", 20, 86_400)


class TrialIn(Strict):
    product: ProductCode
    device: DeviceIn
    app_version: AppVersion
    nonce: Nonce | None = None


@router.post("trials", auth=anybody, response={201: ActivatedOut, 200: ActivatedOut})
def start(request: HttpRequest, body: TrialIn) -> HttpResponse:
    """Start this device's trial: 201; or go on with it: 200. A reinstalled program finds its trial again and it does not start anew.

    409 `licence.expired` when the trial has ended, with the ways on: FREE, PRO, the forum.
    """
    at, address = request.now, address_of(request)  # type: ignore[attr-defined]
    product = _product(body.product)
    facts = body.device.facts()
    if queries.trial_of(product, facts.fingerprint) is None:
        limits.count(NEW_TRIALS, neighbourhood(address), at=at)
    by = Actor(ActorKind.DEVICE, facts.name or "device", address=address)
    started = trials.start(product, facts, contact_of(body.app_version, body.nonce), by=by, at=at)
    return answer(activated_json(started.done), 201 if started.is_new else 200)


def _product(code: str) -> Product:
    found = catalog.products().filter(code=code).first()
    if found is None:
        raise InvalidInput({"product": ["unknown"]})
    return found


class ClaimIn(Strict):
    """`customer`: for which of the caller's customers; his private one if left out."""

    claim: Token
    customer: Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)] | None = None


@router.post("activations/me/claims", auth=device, response={201: Made})
def offer_claim(request: HttpRequest) -> HttpResponse:
    """A link with which a person who is signed in makes this device's trial his own: `{url, claim, expires_in}`; good for an hour.

    409 `licence.trial_only` for a licence that was bought, `licence.trial_claimed` for a trial that has its owner.
    """
    at = request.now  # type: ignore[attr-defined]
    licence = activation_of(request).licence
    may_claim(LicenceKind(licence.kind), licence.customer_id is not None, code=licence.code).or_refuse()
    claim = queries.claim_of(licence, at=at)
    url = f"{settings.SITE_URL}{reverse('portal:claim', args=[claim])}"
    return answer({"url": url, "claim": claim, "expires_in": CLAIM_SECONDS}, 201)


@router.post("trials/claims", auth=token("licences"), response=Made)
def claim(request: HttpRequest, body: ClaimIn) -> HttpResponse:
    """Make a trial the caller's own, with the text that its program handed out. 422 when that is not or no longer good."""
    caller, at = caller_of(request), request.now  # type: ignore[attr-defined]
    trial = queries.claimable(body.claim, at=at)
    if trial is None:
        raise InvalidInput({"claim": ["not_valid"]})
    mine = [one for one in people.customers_of(caller.person) if may(caller.person, "devices", one)]
    wanted = normalised(body.customer) if body.customer else None
    customer = next((one for one in mine if wanted in (None, one.code)), None)
    if customer is None:
        raise InvalidInput({"customer": ["unknown" if wanted else "required"]})
    licence = claiming.claim(trial, customer, by=caller.actor, at=at)
    return answer({"licence": licence.code, "customer": customer.code})
