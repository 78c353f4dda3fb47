"""What an administrator prepares before he publishes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from podpora.base.decisions import refuse
from podpora.catalog.models import Product
from podpora.fleet import queries
from podpora.fleet.models import Draft, Profile
from podpora.fleet.rules import entry_json, read_entries
from podpora.fleet.values import Layer
from podpora.people.models import Customer, Person


@transaction.atomic
def ensure_profile(customer: Customer, product: Product) -> Profile:
    """The company's settings for this product, made at first need."""
    profile, _ = Profile.objects.select_related("customer", "product").get_or_create(customer=customer, product=product)
    return profile


@transaction.atomic
def save_layer(
    profile: Profile, layer: Layer, given: Mapping[str, Any], *, person: Person, based_on: int | None = None, at: datetime
) -> Draft:
    """The person's draft of one layer: all of its entries. InvalidInput names each key that does not fit (CS-13, CS-21).

    `based_on`: the revision that he saw; of a layer that he has a draft of already it stays what it was.
    """
    row = queries.newest_schema(profile.product)
    if row is None:
        refuse("settings.none", product=profile.product.name).or_refuse()
        raise AssertionError
    entries = read_entries(queries.read(row), given)
    first = Draft.objects.filter(profile=profile, person=person).order_by("pk").first()
    seen = first.based_on if first else (profile.revision if based_on is None else min(based_on, profile.revision))
    draft, _ = Draft.objects.update_or_create(
        profile=profile, person=person, layer=layer.key,
        defaults={"entries": {key: entry_json(entry) for key, entry in entries.items()}, "based_on": seen, "changed_at": at},
    )  # fmt: skip
    return draft


@transaction.atomic
def discard_drafts(profile: Profile, person: Person, layer: Layer | None = None) -> int:
    """Away with what was not published: of one layer, or all of it. Returns how many layers."""
    mine = Draft.objects.filter(profile=profile, person=person)
    count, _ = (mine.filter(layer=layer.key) if layer else mine).delete()
    return count
