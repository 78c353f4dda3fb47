"""People are reminded before and after something of theirs ends (VIP-14, COMMERCE "Renewals"): the right ones, once, in one letter.

The ledger knows the ends (entitlements), orders know what is on its way (orders), people know who may buy. Run as often as you like:
each step is sent once for every end, whatever the restarts.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby

from podpora.base.clock import vendor_date
from podpora.entitlements import actions, rules
from podpora.entitlements import queries as entitlements
from podpora.entitlements.models import Standing
from podpora.entitlements.values import Due, ReminderLine, Rights
from podpora.journeys.rights import Facts, facts_of, replayed
from podpora.licensing.models import Licence
from podpora.orders import queries as orders

BEFORE, AFTER = timedelta(days=30), timedelta(days=14)


def remind_all(*, at: datetime) -> int:
    """Send what is due at this instant; how many letters. One customer is one letter and one transaction, so a crash loses none."""
    on = orders.today(at)
    rows = entitlements.ending_around(on - AFTER, on + BEFORE).select_related("customer")
    letters = 0
    facts: dict[int, Facts] = {}
    for _, group in groupby(rows, key=lambda row: row.customer_id):
        mine = list(group)
        for row in mine:
            facts.setdefault(row.product_id, facts_of(row.product_id))
        customer = mine[0].customer
        lines = _lines(mine, facts, on=on, at=at)
        if customer is not None and lines:
            letters += actions.remind(customer, lines, at=at)
    return letters


def _lines(rows: Iterable[Standing], facts: dict[int, Facts], *, on: date, at: datetime) -> list[ReminderLine]:
    """What there is to say about these licences of one customer: decided by the ledgers, not by what is kept for lists."""
    products = {row.licence: row.product_id for row in rows}
    sent = entitlements.reminded(products)
    ledgers = entitlements.ledgers(products)
    found: dict[str, tuple[Rights, Due]] = {}
    for code, entries in ledgers.items():
        rights = replayed(entries, facts[products[code]], at=at)
        due = rules.due(rights, on=vendor_date(at, facts[products[code]].policy.zone))
        if (
            due
            and (code, due.ending.value, due.through, due.step) not in sent
            and _may_go_on(rights, code, facts[products[code]], on=on)
        ):
            found[code] = (rights, due)
    waiting = orders.licences_waited_for(found, on) if found else set()
    names = dict(Licence.objects.filter(code__in=found).values_list("code", "name")) if found else {}
    return [
        ReminderLine(
            licence=code, name=names.get(code, ""), due=due, never_ends=rights.run.until is None and rights.run.covers_all,
            ended_major=rules.ended_major(rights, facts[products[code]].versions, on=on),
        )
        for code, (rights, due) in found.items()
        if code not in waiting and code in names
    ]  # fmt: skip


def _may_go_on(rights: Rights, code: str, facts: Facts, *, on: date) -> bool:
    """Never a reminder before its button works: what can't be renewed for its version is upgraded (EOL-3), all else stays silent."""
    if rights.base in (None, "trial"):
        return rights.base is not None
    decision = rules.may_renew(rights, rights, facts.versions, licence=code, on=on, policy=facts.policy)
    return all(reason.code == "version.end_of_life" for reason in decision.reasons if reason.blocks)
