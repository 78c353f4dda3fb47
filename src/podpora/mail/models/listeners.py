"""`podpora mail listen` processes: one that ended by itself leaves no row, so a row that grows old is one that died."""

from django.db import models


class Listener(models.Model):
    name = models.CharField(max_length=200, unique=True)  # what it speaks, and on which machine
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
