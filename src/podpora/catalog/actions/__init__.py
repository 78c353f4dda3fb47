"""Writing the catalogue. Every change is in the audit, with what was before."""

from podpora.catalog.actions.offers import (
    OfferFacts,
    OfferTexts,
    change_offer,
    create_offer,
    set_price_list,
    withdraw_price_list,
)
from podpora.catalog.actions.plans import BEGINNING, PlanPromise, set_plan, set_policy
from podpora.catalog.actions.products import create_edition, create_product
from podpora.catalog.actions.releases import FileFacts, ReleaseMore, ReleaseNotes, publish_release, withdraw_release
from podpora.catalog.actions.versions import set_coverage, set_life, set_version

__all__ = [
    "BEGINNING", "FileFacts", "OfferFacts", "OfferTexts", "PlanPromise", "ReleaseMore", "ReleaseNotes", "change_offer", "create_edition",
    "create_offer", "create_product", "publish_release", "set_coverage", "set_life", "set_plan", "set_policy", "set_price_list",
    "set_version", "withdraw_price_list", "withdraw_release",
]  # fmt: skip
