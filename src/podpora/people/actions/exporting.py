"""What is known of a person, on its way to him (A18): asked for, made by a job, fetched, forgotten after a week."""

from datetime import datetime

from django.db import IntegrityError, transaction

from podpora.audit import actions as audit
from podpora.base.actors import Actor
from podpora.files import actions as files
from podpora.files.models import StoredFile
from podpora.people import notices
from podpora.people.models import DataExport, Person
from podpora.people.values import EXPORT_LIFE, ExportState


def ask_export(person: Person, *, by: Actor, at: datetime) -> tuple[DataExport, bool]:
    """The export that is being made, and whether it is new: asked twice it is made once."""
    try:
        with transaction.atomic():
            export = DataExport.objects.create(person=person, asked_at=at)
            audit.record("person.export_asked", f"person:{person.code}", by=by, at=at)
            return export, True
    except IntegrityError:
        return DataExport.objects.get(person=person, state=ExportState.MAKING), False


def note_export_step(export: DataExport, step: int, steps: int) -> None:
    """How far it is, for whoever waits for it."""
    DataExport.objects.filter(pk=export.pk).update(step=step, steps=steps)


@transaction.atomic
def keep_export(export: DataExport, stored: StoredFile, *, by: Actor, at: datetime) -> None:
    """The file is there; its person is told. Older ones go."""
    for older in DataExport.objects.filter(person_id=export.person_id).exclude(pk=export.pk).select_related("file"):
        _forget(older)
    export.state, export.file, export.made_at, export.expires_at = ExportState.READY, stored, at, at + EXPORT_LIFE
    export.step = export.steps
    export.save()
    audit.record("person.export_made", f"person:{export.person.code}", by=by, at=at)
    notices.export_ready(export.person, expires_at=export.expires_at, at=at)


def fail_export(export: DataExport) -> None:
    """It could not be made; the person may ask again."""
    DataExport.objects.filter(pk=export.pk, state=ExportState.MAKING).update(state=ExportState.FAILED)


def note_fetched(export: DataExport, *, by: Actor, at: datetime) -> None:
    audit.record("person.export_fetched", f"person:{export.person.code}", by=by, at=at)


def forget_exports(*, at: datetime) -> int:
    """Files whose week is over are removed. How many."""
    old = list(DataExport.objects.filter(expires_at__lte=at).select_related("file"))
    for export in old:
        _forget(export)
    return len(old)


@transaction.atomic
def _forget(export: DataExport) -> None:
    stored = export.file
    export.delete()
    if stored is not None:
        files.discard(stored)
