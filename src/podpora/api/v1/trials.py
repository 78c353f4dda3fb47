"""Trials: started and continued by a program, without a key and without a name (A-15)."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from podpora.api import limits
from podpora.api.access import anybody
from podpora.api.envelope import answer
from podpora.api.idempotency import address_of
from podpora.api.v1.programs import ActivatedOut, DeviceIn, Nonce, ProductCode, activated_json, contact_of
from podpora.api.v1.schemas import AppVersion, Strict
from podpora.base.actors import Actor, ActorKind
from podpora.base.addresses import neighbourhood
from podpora.base.errors import InvalidInput
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.journeys import trials
from podpora.licensing import queries

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
