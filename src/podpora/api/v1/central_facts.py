"""Central settings in the API: whose they are, and how each thing is told."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema

from podpora.api.access import caller_of
from podpora.base.clock import format_instant
from podpora.base.codes import normalised
from podpora.base.errors import InvalidInput, NotYours
from podpora.catalog import queries as catalog
from podpora.catalog.models import Product
from podpora.fleet import actions, queries
from podpora.fleet.models import Group, Profile, Proposal, Revision, RollOut
from podpora.fleet.rules import entry_json, read_plan
from podpora.fleet.values import Change, Outcome, Plan, Setting
from podpora.licensing import queries as licences
from podpora.people import queries as people
from podpora.people.models import Customer


class WhoseIn(Schema):
    """Whose settings: needed only where the caller belongs to several companies, or owns several products."""

    customer: str = ""
    product: str = ""


def product_of(code: str) -> Product:
    if code:
        return catalog.product(code[:50])
    found = catalog.products().first()
    if found is None:
        raise NotYours
    return found


def profile_of(request: HttpRequest, whose: WhoseIn, permission: str) -> Profile:
    """The settings of the caller's company; a stranger's are not there (CS-24)."""
    caller = caller_of(request)
    if caller.sees_all:
        raise NotYours  # drafts and revisions have an author: a token of a person
    mine = people.customers_with(caller.person, permission)
    customer = people.customer_in(mine, normalised(whose.customer)[:20]) if whose.customer else _only(mine)
    product = product_of(whose.product) if whose.product else _owned(customer)
    return queries.profile_or_empty(customer, product) if permission == "see" else actions.ensure_profile(customer, product)


def _only(mine: QuerySet[Customer]) -> Customer:
    """The one company of the caller that owns something, or himself; of several he has to say which."""
    owners = mine.filter(pk__in=licences.all_licences().values("customer"))
    found = list(owners.filter(person=None)[:20]) or list(owners[:1])
    if not found:
        raise NotYours
    if len(found) > 1:
        raise InvalidInput({"customer": ["required"]}, {"customer": {"choices": ", ".join(each.code for each in found)}})
    return found[0]


def _owned(customer: Customer) -> Product:
    licence = licences.all_licences().filter(customer=customer).order_by("pk").first()
    if licence is None:
        raise NotYours
    product: Product = licence.product
    return product


def group_of(request: HttpRequest, whose: WhoseIn, code: str) -> Group:
    return queries.group_in(profile_of(request, whose, "settings"), normalised(code)[:20])


def checked_number(number: int) -> int:
    if not 0 < number < 2**31:
        raise NotYours
    return number


def known_revision(profile: Profile, number: int) -> int:
    """A revision that is there; 0 is the empty one before the first."""
    if number == 0:
        return 0
    return queries.revision(profile, checked_number(number)).number


def setting_json(setting: Setting) -> dict[str, Any]:
    said = {
        "key": setting.key, "type": setting.type.value, "default": setting.default, "modes": [mode.value for mode in setting.modes],
        "title": dict(setting.title), "help": dict(setting.help), "page": setting.page,
    }  # fmt: skip
    more = {
        "enum": list(setting.choices), "enum_titles": {name: dict(each) for name, each in setting.choice_titles.items()},
        "minimum": setting.minimum, "maximum": setting.maximum, "min_length": setting.min_length, "max_length": setting.max_length,
        "pattern": setting.pattern, "atomic_group": setting.atomic_group, "since": setting.since, "deprecated": setting.deprecated,
        "until": setting.until, "restart": setting.needs_restart, "sensitive": setting.is_sensitive,
    }  # fmt: skip
    return said | {name: value for name, value in more.items() if value not in (None, "", [], {}, False)}


def revision_json(row: Revision) -> dict[str, Any]:
    return {
        "revision": row.number, "comment": row.comment, "published_at": format_instant(row.published_at), "by": row.by_name,
        "content_of": row.content_of,
    }  # fmt: skip


def change_json(change: Change) -> dict[str, Any]:
    before, after = (entry_json(each) if each else None for each in (change.before, change.after))
    return {"layer": change.layer.key, "key": change.key, "before": before, "after": after}


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    values = {
        key: {
            "value": found.entry.value, "mode": found.entry.mode.value, "from": found.layer.key,
            "losers": [_loser(each) for each in found.losers],
        }
        for key, found in sorted(outcome.values.items())
    }  # fmt: skip
    return {"values": values, "skipped": {key: [_loser(each) for each in lost] for key, lost in outcome.skipped.items()}}


def _loser(loser: Any) -> dict[str, Any]:
    return {"from": loser.layer.key, "value": loser.entry.value, "mode": loser.entry.mode.value, "why": loser.why.value}


def group_json(group: Group) -> dict[str, Any]:
    return {
        "code": group.code,
        "name": group.name,
        "priority": group.priority,
        "rule": group.rule,
        "devices": group.members.count(),
    }


def plan_of(profile: Profile, given: dict[str, Any]) -> Plan:
    """A roll-out's plan from outside; InvalidInput names what does not fit."""
    codes = frozenset(queries.groups_of(profile).values_list("code", flat=True)) if profile.pk else frozenset()
    return read_plan(given, groups=codes, zone=settings.VENDOR_ZONE.key)


def rollout_json(row: RollOut) -> dict[str, Any]:
    progress = queries.progress_of(row)
    return {
        "code": row.code, "revision": row.revision, "settled": row.settled, "state": row.state, "wave": row.wave, **row.plan,
        "started_at": format_instant(row.started_at), "wave_at": format_instant(row.wave_at),
        "next_at": format_instant(row.next_at) if row.next_at else None,
        "ended_at": format_instant(row.ended_at) if row.ended_at else None, "held": row.is_held,
        "progress": {
            "devices": progress.total, "reached": progress.reached, "given": progress.given, "applied": progress.applied,
            "errors": progress.errors,
        },
        "halted": row.why_halted or None, "by": row.by_name,
    }  # fmt: skip


def proposal_json(row: Proposal) -> dict[str, Any]:
    return {
        "code": row.code, "state": row.state, "based_on": row.based_on, "comment": row.comment, "layers": row.layers, "keys": row.keys,
        "rollout": row.plan or None, "by": row.by_name, "asked_at": format_instant(row.asked_at),
        "decided_by": row.decided_name or None, "decided_at": format_instant(row.decided_at) if row.decided_at else None,
        "revision": row.revision,
    }  # fmt: skip
