"""Customers, licences, orders, tickets, articles, problems and the forum of an older system come in, one row at a time, each whole or not at all.

Every row has an `external_id`, its name in the other system: told again it is known, told again with another content it is refused.
"""

from podpora.journeys.importing import customers, licences, orders, tickets
from podpora.journeys.importing.reading import Outcome, Row, Sources
from podpora.journeys.importing.running import NOUNS, QUIET, STEPS, Done, bring_in, grouped

__all__ = [
    "NOUNS",
    "QUIET",
    "STEPS",
    "Done",
    "Outcome",
    "Row",
    "Sources",
    "bring_in",
    "customers",
    "grouped",
    "licences",
    "orders",
    "tickets",
]
