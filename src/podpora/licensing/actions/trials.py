"""Trials: held while a new one may begin, and claimed by an owner."""

from datetime import datetime

from django.db import transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.catalog.models import Product
from podpora.licensing import queries
from podpora.licensing.models import Licence
from podpora.licensing.rules.claims import may_claim
from podpora.licensing.values import LicenceKind
from podpora.people.models import Customer


def hold_trials(product: Product) -> None:
    """Until this transaction ends nobody else begins a trial of the product: two first calls at once make one.

    Only first calls come here, so they queue behind each other and nobody else. References to the product are not held up.
    """
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)


@transaction.atomic
def claim_trial(licence: Licence, customer: Customer, *, by: Actor, at: datetime) -> tuple[Licence, bool]:
    """Give the trial an owner; True when it had none. Refused for another's trial, and for what is no trial."""
    licence = queries.locked(licence)
    if licence.customer_id == customer.pk and licence.kind == LicenceKind.TRIAL:
        return licence, False
    may_claim(LicenceKind(licence.kind), licence.customer_id is not None, code=licence.code).or_refuse()
    licence.customer = customer
    licence.save(update_fields=["customer"])
    audit.record("licence.claimed", f"licence:{licence.code}", by=by, at=at, facts={"customer": customer.code})
    return licence, True
