"""May a machine of ours answer this address now? (AU-4, S43, S44)"""

from dataclasses import dataclass
from datetime import timedelta

HOUR, WINDOW, DAY = timedelta(hours=1), timedelta(hours=3), timedelta(hours=24)
MOST_TO_PROVEN = 10  # in three hours, to an address whose domain confirmed it
MOST_SAME_SUBJECT = 2
MOST_TO_DOMAIN = 300  # in three hours
MOST_TO_ALL = 1_000  # in an hour
FLOOD_AFTER = 3_000  # mails of one sender in an hour
MOST_IN_A_DAY = 1024 * 1024 * 1024  # bytes of one sender


@dataclass(frozen=True, slots=True)
class Answered:
    """How many automatic answers went out: to the address in three hours and in a day, to its domain, to everybody in an hour."""

    to_address: int = 0
    to_address_in_a_day: int = 0
    same_subject: int = 0
    to_domain: int = 0
    to_all: int = 0


def may_answer(answered: Answered, *, is_proven: bool) -> bool:
    """One a day to an address that anybody may have written; more to one whose domain vouched for the mail (AU-4)."""
    if answered.to_all >= MOST_TO_ALL or answered.to_domain >= MOST_TO_DOMAIN:
        return False
    if not is_proven:
        return answered.to_address_in_a_day < 1
    return answered.to_address < MOST_TO_PROVEN and answered.same_subject < MOST_SAME_SUBJECT
