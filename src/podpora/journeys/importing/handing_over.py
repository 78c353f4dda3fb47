"""Licences of an export that went from one customer to another (A-17) or were bought for somebody else (ORG-6).

Orders come in before the licences that they made, each judged as on its day; so what an order of the new owner needs, that the licence
was his by then, is noted from the rows of the licences first and done when its day comes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from podpora.base.actors import Actor
from podpora.base.errors import InvalidInput
from podpora.entitlements import actions as entitlements
from podpora.jobs.values import NO_SUCH_CUSTOMER
from podpora.journeys.importing.customers import known_by
from podpora.journeys.importing.reading import Reader, Row, Sources
from podpora.licensing import actions
from podpora.licensing.actions import History, PastTransfer
from podpora.licensing.models import Licence

FIELDS = ("reseller", "reseller_sees", "owned_since", "transfers", "frozen_at", "frozen_why")
ONE = ("code", "from", "to", "to_email", "is_resale", "offered_at", "expires_at", "accepted_at", "cancelled_at")


def note(row: Row, sources: Sources) -> None:
    """Remember when this licence went to whom, for the orders that come before it."""
    moves = []
    for told in Reader(row, row).rows("transfers"):
        accepted_at = Reader(told, told).instant("accepted_at")
        if accepted_at is not None:
            moves.append((accepted_at, str(told.get("to", ""))))
    if moves:
        sources.moves[str(row.get("code", ""))] = sorted(moves)


def until(codes: Iterable[str], day: datetime, sources: Sources, *, by: Actor, at: datetime) -> None:
    """Every one of these licences belongs to whom it belonged on that day."""
    for code in codes:
        past = [to for when, to in sources.moves.get(code, ()) if when <= day]
        owner = known_by(past[-1]) if past else None
        licence = Licence.objects.filter(code=code).first() if owner else None
        if owner and licence and licence.customer_id != owner.pk:
            actions.take_owner(licence, owner, by=by, at=at)
            entitlements.move_ledger(code, to=owner, by=by, at=at)


def read(reader: Reader) -> History | None:
    """What the licence's row says of those who had it and sold it; None of another system's row. Problems go to the reader."""
    row = reader.row
    if not row.get("transfers") and not row.get("reseller") and not row.get("frozen_at"):
        return None
    reseller = reader.text("reseller", most=100)
    history = History(
        reseller=known_by(reseller) if reseller else None, reseller_sees=reader.flag("reseller_sees"),
        owned_since=reader.instant("owned_since"), frozen_at=reader.instant("frozen_at"),
        frozen_why=reader.text("frozen_why", most=300),
        transfers=tuple(filter(None, (_transfer(reader, told, number) for number, told in enumerate(reader.rows("transfers"))))),
    )  # fmt: skip
    if reseller and history.reseller is None:
        reader.problems.add("reseller", NO_SUCH_CUSTOMER)
    return history


def _transfer(reader: Reader, told: Mapping[str, Any], number: int) -> PastTransfer | None:
    part = Reader(told, ONE)
    ends = {name: part.text(name, most=100) for name in ("from", "to")}
    giver, taker = (known_by(ends[name]) if ends[name] else None for name in ("from", "to"))
    for name, found in (("from", giver), ("to", taker)):
        if found is None and (ends[name] or name == "from"):
            part.problems.add(name, NO_SUCH_CUSTOMER)
    offered_at, expires_at = part.instant("offered_at", required=True), part.instant("expires_at", required=True)
    email, is_resale = part.text("to_email", most=254, required=True), part.flag("is_resale")
    accepted_at, cancelled_at, code = part.instant("accepted_at"), part.instant("cancelled_at"), part.text("code", most=20)
    reader.problems.include(InvalidInput(part.problems.fields, part.problems.facts), inside=f"transfers.{number}.")
    if giver is None or offered_at is None or expires_at is None:
        return None
    return PastTransfer(code, giver, taker, email, is_resale, offered_at, expires_at, accepted_at, cancelled_at)
