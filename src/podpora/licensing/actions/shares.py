"""Seats that belong to teams: given, taken back, and followed when devices come and go.

All of it happens under the lock of the licence's row, with conditional UPDATEs besides, so that shares never add up to more than the
licence has and a team never gets a seat too many.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput, NotYours
from podpora.licensing import queries
from podpora.licensing.actions.licence_keys import new_key
from podpora.licensing.models import Device, Licence, SeatShare
from podpora.licensing.rules.shares import ShareFacts, may_share, trimmed
from podpora.licensing.values import SHARE_TOO_BIG, TEAM_KEY_REPLACED, TEAM_LIMIT
from podpora.people.models import Team


def facts_of(share: SeatShare) -> ShareFacts:
    return ShareFacts(share.pk, share.seats, share.seats_used)


@transaction.atomic
def share_seats(licence: Licence, team: Team, seats: int, *, by: Actor, at: datetime) -> SeatShare:
    """Give the team so many of the licence's seats, or change how many it has. Its devices bring their seats with them."""
    licence = queries.locked(licence)
    if team.customer_id != licence.customer_id:
        raise NotYours
    if not 1 <= seats <= 1_000_000:
        raise InvalidInput({"seats": ["out_of_range"]}, {"seats": {"least": 1, "most": licence.seats}})
    shares = list(queries.shares_of(licence))
    share = next((each for each in shares if each.team_id == team.pk), None)
    in_team = Device.objects.filter(licence=licence, team=team, holds_seat=True).count()
    others = [facts_of(each) for each in shares if each is not share]
    may_share(seats=licence.seats, used=licence.seats_used, others=others, in_team=in_team, wanted=seats).or_refuse()
    before = share.seats if share else 0
    _reserve(licence, seats - before)
    if share is None:
        share = SeatShare(licence=licence, team=team, created_at=at, **new_key())
    share.seats, share.seats_used = seats, in_team
    share.save()
    facts, changed = {"team": team.name, "code": team.code}, {"seats": seats}
    if before != seats:
        audit.record(
            "licence.shared", f"licence:{licence.code}", by=by, at=at, facts=facts, before={"seats": before}, after=changed
        )
    return share


def _reserve(licence: Licence, more: int) -> None:
    """The rule has decided already; this makes it impossible to be wrong."""
    rows = Licence.objects.filter(pk=licence.pk, seats__gte=F("seats_shared") + more)
    if not rows.update(seats_shared=F("seats_shared") + more):
        raise Refused(refuse(SHARE_TOO_BIG, free=licence.seats - licence.seats_shared, wanted=more))


@transaction.atomic
def end_share(share: SeatShare, *, by: Actor, at: datetime) -> None:
    """Take the team's seats back. Its devices stay where they are, on seats of the whole licence; its key is unknown from now on."""
    licence = queries.locked(share.licence)
    row = SeatShare.objects.filter(pk=share.pk).select_related("team").first()
    if row is None:
        return
    Licence.objects.filter(pk=licence.pk).update(seats_shared=F("seats_shared") - row.seats)
    facts = {"team": row.team.name, "code": row.team.code}
    audit.record("licence.share_ended", f"licence:{licence.code}", by=by, at=at, facts=facts, before={"seats": row.seats})
    row.delete()


def trim_shares(licence: Licence, seats: int, *, by: Actor, at: datetime) -> None:
    """The licence is about to have only `seats`: shares give back what does not fit any more. Under the licence's lock."""
    if licence.seats_shared <= seats:
        return
    shares = {share.pk: share for share in queries.shares_of(licence)}
    for pk, left in trimmed([facts_of(share) for share in shares.values()], seats).items():
        share = shares[pk]
        subject, facts = f"licence:{licence.code}", {"team": share.team.name}
        before, after = {"seats": share.seats}, {"seats": left}
        audit.record("licence.share_trimmed", subject, by=by, at=at, facts=facts, before=before, after=after)
        if left:
            SeatShare.objects.filter(pk=pk).update(seats=left)
        else:
            share.delete()
    licence.seats_shared = seats
    licence.save(update_fields=["seats_shared"])


def take_share(share: SeatShare) -> None:
    """One more device sits in the share; refused when it is full. Under the licence's lock."""
    if not SeatShare.objects.filter(pk=share.pk, seats_used__lt=F("seats")).update(seats_used=F("seats_used") + 1):
        raise Refused(
            refuse(TEAM_LIMIT, team=share.team.name, seats=share.seats, used=share.seats_used, licence=share.licence.code)
        )


def leave_share(licence: Licence, team_id: int | None) -> None:
    """A device of this team leaves its seat, or the team. Under the licence's lock."""
    if team_id is not None and licence.seats_shared:
        SeatShare.objects.filter(licence=licence, team=team_id, seats_used__gt=0).update(seats_used=F("seats_used") - 1)


@transaction.atomic
def show_share_key(share: SeatShare, *, by: Actor, at: datetime) -> str:
    """The team's key, for its lead and for those who look after devices. Who saw it stands in the audit; the key does not."""
    facts = {"team": share.team.name, "key": share.key_hint}
    audit.record("licence.share_key_shown", f"licence:{share.licence.code}", by=by, at=at, facts=facts)
    return queries.share_key_of(share)


@transaction.atomic
def replace_share_key(share: SeatShare, *, instead_of: str = "", by: Actor, at: datetime) -> SeatShare:
    """The team gets a new key; the old one is unknown from now on. Devices that are active go on.

    `instead_of`: the hint of the key that the caller saw; refused when another one took its place meanwhile (a double click).
    """
    licence = queries.locked(share.licence)
    share.refresh_from_db(fields=["key_hint"])
    before = share.key_hint
    if instead_of and instead_of != before:
        raise Refused(refuse(TEAM_KEY_REPLACED, hint=before))
    for name, value in new_key().items():
        setattr(share, name, value)
    share.save(update_fields=["key_hash", "key_sealed", "key_hint"])
    facts, after = {"team": share.team.name}, {"hint": share.key_hint}
    subject = f"licence:{licence.code}"
    audit.record("licence.share_key_replaced", subject, by=by, at=at, facts=facts, before={"hint": before}, after=after)
    return share
