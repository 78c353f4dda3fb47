"""Tables of files."""

from django.db import models

from podpora.base.codes import public_code


def file_code() -> str:
    return public_code("F", 12)


class StoredFile(models.Model):
    """A file that is whole on the disk before its row is written: size and sha256 say what it must be."""

    code = models.CharField(max_length=20, unique=True, default=file_code)
    name = models.CharField(max_length=150)  # safe to show and to save under; never a path here
    content_type = models.CharField(max_length=130)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=120, unique=True)  # where the storage keeps it
    width = models.PositiveIntegerField(null=True, blank=True)  # set only for a picture that was decoded
    height = models.PositiveIntegerField(null=True, blank=True)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=254)
    person_id = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.width is not None
