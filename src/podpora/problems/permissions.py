"""May this actor write about problems at all?"""

from typing import Any

from podpora.people.permissions import staff_may

WRITE = "knowledge"


def may_write(person: Any) -> bool:
    return staff_may(person, WRITE)


def may_read_internal(person: Any) -> bool:
    """Problems that are not public: everybody who works for the vendor."""
    return bool(person is not None and getattr(person, "is_authenticated", False) and person.is_active and person.staff_role)
