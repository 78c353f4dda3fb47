"""Licences that nobody pays for: trials and FREE ones. Like every licence they stand in the ledger, and run on one device."""

from datetime import datetime

from django.db import transaction

from podpora.base.actors import Actor
from podpora.base.clock import vendor_date
from podpora.catalog import queries as catalog
from podpora.catalog.models import Edition, Product
from podpora.entitlements import actions as entitlements
from podpora.entitlements.values import Entry, EntryKind
from podpora.licensing import actions
from podpora.licensing.models import Licence
from podpora.licensing.values import LicenceKind, licence_code
from podpora.people.models import Customer

EDITIONS = {LicenceKind.TRIAL: "pro", LicenceKind.FREE: "free"}  # the trial shows the whole program


def edition_given(product: Product, kind: LicenceKind) -> Edition | None:
    """The edition that a trial or a FREE licence of this product has; None when the vendor gives none."""
    return Edition.objects.filter(product=product, code=EDITIONS[kind]).first()


@transaction.atomic
def give(product: Product, kind: LicenceKind, customer: Customer | None, *, by: Actor, at: datetime) -> Licence:
    """Issue a trial or a FREE licence, with its entry in the ledger. A trial's days begin today (A-15)."""
    edition = edition_given(product, kind)
    assert edition is not None  # asked before
    policy = catalog.policy_of(product)
    code = licence_code()
    entry = Entry(
        f"{kind}:{code}", EntryKind(kind.value), at, vendor_date(at, policy.zone), seats_each=1, covers_all=True,
        run_days=policy.trial_days if kind is LicenceKind.TRIAL else 0,
    )  # fmt: skip
    entitlements.record_entries(code, customer, [entry], by=by, at=at)
    actions.issue(
        code=code, customer=customer, product=product, edition=edition, offer="", kind=kind, seats=1, source=entry.source, by=by, at=at
    )  # fmt: skip
    return Licence.objects.select_related("customer", "product", "edition").get(code=code)
