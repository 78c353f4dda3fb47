"""What somebody may do in the forum at all: work in it, or decide about what others wrote."""

from typing import Any

from podpora.people.permissions import staff_may


def works(person: Any) -> bool:
    """The vendor's people who read along: queues, details, whispers, solutions."""
    return staff_may(person, "forum")


def moderates(person: Any) -> bool:
    """Who decides about reports, silence and what comes back."""
    return staff_may(person, "moderate")
