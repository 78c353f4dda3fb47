"""Who met the closed gate of the support centre."""

from django.db import models

from podpora.people.models import Person


class Refusal(models.Model):
    """A person who wanted to ask and was told why not, once a day: for the report of how many there are and where they were sent."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(db_index=True)  # the vendor's date
    code = models.CharField(max_length=60)  # the first reason
    ways = models.CharField(max_length=100, blank=True)  # kinds of the ways out that were shown: "buy,forum,ask"
    via = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on", "code"], name="refusal_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on}: {self.code}"
