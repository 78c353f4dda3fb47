"""Levels of support and the vendor's rules. History stays."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.catalog import rules
from podpora.catalog.models import Plan, PolicyRow, Product
from podpora.catalog.values import Channel, Level, Policy, Tier

# The first row of a cell holds since ever: what was promised before the system was set up is not known, so the first thing that the
# vendor says counts for the time before it too (licences of an older shop are imported with their old dates).
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlanPromise:
    """What a cell of the plan matrix says."""

    level: Level
    promise_cs: str = ""
    promise_en: str = ""
    first_answer_hours: int | None = None


@transaction.atomic
def set_plan(product: Product, tier: Tier, channel: Channel, promise: PlanPromise, *, by: Actor, at: datetime) -> Plan:
    """Change a cell of the plan matrix from `at` on: the old row is closed and a new one opened, so history stays."""
    rules.check_hours(promise.first_answer_hours)
    Product.objects.select_for_update().get(pk=product.pk)
    old = Plan.objects.filter(product=product, tier=tier, channel=channel, valid_to__isnull=True).first()
    if old and _promise_of(old) == promise:
        return old
    if old:
        # Two changes at the same instant: the later one wins, and an empty period stays out of the history.
        Plan.objects.filter(pk=old.pk).update(valid_to=max(at, old.valid_from))
        Plan.objects.filter(pk=old.pk, valid_to__lte=F("valid_from")).delete()
    row = Plan.objects.create(
        product=product, tier=tier, channel=channel, level=promise.level, promise_cs=promise.promise_cs, promise_en=promise.promise_en,
        first_answer_hours=promise.first_answer_hours, valid_from=max(at, old.valid_from) if old else BEGINNING,
    )  # fmt: skip
    before = _written(_promise_of(old)) if old else None
    audit.record("plan.changed", f"plan:{product.code}-{tier}-{channel}", by=by, at=at, before=before, after=_written(promise))
    return row


def _promise_of(row: Plan) -> PlanPromise:
    return PlanPromise(Level(row.level), row.promise_cs, row.promise_en, row.first_answer_hours)


def _written(promise: PlanPromise) -> dict[str, Any]:
    return {field.name: getattr(promise, field.name) for field in fields(promise)}


@transaction.atomic
def set_policy(product: Product, changes: Mapping[str, Any], *, by: Actor, at: datetime) -> Policy:
    """Change some of the vendor's choices. What was sold under the old ones keeps them where a rule says so (VIP-6)."""
    rules.check_policy(changes)
    row, _ = PolicyRow.objects.select_for_update().get_or_create(product=product)
    before = {name: getattr(row, name) for name in changes}
    if before != dict(changes):
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()
        audit.record("policy.changed", f"policy:{product.code}", by=by, at=at, before=before, after=dict(changes))
    return rules.policy_from({f.name: getattr(row, f.name) for f in fields(Policy) if f.name != "zone"}, settings.VENDOR_ZONE)
