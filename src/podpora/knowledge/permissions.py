"""May this actor write articles at all?"""

from typing import Any

from podpora.people.permissions import staff_may

WRITE = "knowledge"


def may_write(person: Any) -> bool:
    return staff_may(person, WRITE)


def may_read_internal(person: Any) -> bool:
    """Articles for the vendor's staff: everybody who works there."""
    return bool(person is not None and getattr(person, "is_authenticated", False) and person.is_active and person.staff_role)
