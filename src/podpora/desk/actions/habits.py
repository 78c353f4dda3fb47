"""How a technician works: his own settings of the desk. Nobody else is affected, so nothing is written into the books."""

from collections.abc import Iterable

from django.db import transaction

from podpora.base.errors import InvalidInput
from podpora.desk.models import Habit
from podpora.desk.values import UNDO_LONGEST, Column
from podpora.people.models import Person


@transaction.atomic
def set_undo_seconds(person: Person, seconds: int) -> None:
    """How long this technician can take an answer back; 0: not at all."""
    if not 0 <= seconds <= UNDO_LONGEST:
        raise InvalidInput({"undo_seconds": ["out_of_range"]}, {"undo_seconds": {"least": 0, "most": UNDO_LONGEST}})
    Habit.objects.update_or_create(person=person, defaults={"undo_seconds": seconds})


@transaction.atomic
def set_columns(person: Person, columns: Iterable[str]) -> None:
    """What the lines of this technician's lists show; none: the usual ones. InvalidInput for what is no column."""
    given = set(columns)
    if given - set(Column):
        raise InvalidInput({"columns": ["unknown"]})
    Habit.objects.update_or_create(person=person, defaults={"columns": [column.value for column in Column if column in given]})
